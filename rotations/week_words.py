"""`week [region] [of <day> | next | last]` → seven of the asker's days. Never resolves who is on call."""

from __future__ import annotations

from datetime import date, time, timedelta

from rotations.mentions import paged_schedule, read_region
from rotations.moments import day_of
from rotations.questions import Asking, Week
from rotations.refusals import Unclear
from rotations.spoken import read_day_or_moment
from rotations.wallclock import instant, local
from rotations.words import Words

_WEEKS_AHEAD = {"this": 0, "next": 1, "last": -1}


def read_week(words: Words, asking: Asking, weeks_ahead: int = 0) -> Week:
    """From today on, from a day that is named, or so many weeks from now. Raises Unclear, Ambiguity."""
    schedule = paged_schedule(asking.organisation)
    first = read_region(words, schedule)
    start = _start(words, asking, weeks_ahead)
    region = first or read_region(words, schedule)
    word = words.peek()
    if word is not None:
        names = [each.name for each in schedule.regions]
        raise words.unclear(word, f'"{words.rest()}" is no region and no day', names)
    return Week(instant(start, time(0), asking.zone), region)


def _start(words: Words, asking: Asking, weeks_ahead: int) -> date:
    today = local(asking.now, asking.zone).date()
    words.skip("of", "from")
    word, head = words.peek(), words.place
    try:
        spoken = read_day_or_moment(words, asking.now)
    except Unclear:
        words.place = head
        if word is not None and word.folded in _WEEKS_AHEAD:
            words.place += 1
            weeks_ahead = _WEEKS_AHEAD[word.folded]
        return today + timedelta(weeks=weeks_ahead)
    return day_of(spoken, asking.zone, asking.now)

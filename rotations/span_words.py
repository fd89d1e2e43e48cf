"""`<from>–<to> [place] [reason]` as people type it → instants. A day alone is the whole local day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from rotations.model import Organisation
from rotations.moments import place
from rotations.places import read_place
from rotations.questions import Asking
from rotations.refusals import Ambiguity, Unclear
from rotations.spoken import Spoken, read_day_or_moment
from rotations.wallclock import instant, local
from rotations.words import DASHES, Words

_UNTIL = (*DASHES, "to", "until", "till")
_END_OF_DAY = time(23, 59)


class SpanAsked(NamedTuple):
    """`[start, end)`, the zone it was read in, and the words after it."""

    start: datetime
    end: datetime
    zone: str
    reason: str


def read_span(words: Words, asking: Asking) -> SpanAsked:
    """Two times, or one day. Raises Unclear with a position, Ambiguity where it reads in two ways."""
    first = read_day_or_moment(words, asking.now)
    early = _zone_of_the_first(words, asking.organisation)
    has_end = words.skip(*_UNTIL)
    if not has_end and not first.is_day:
        raise Unclear("The end is missing; write the times like 18:00–20:00.", first.end)
    last = read_day_or_moment(words, asking.now) if has_end else first
    zone = _zone_or_reason(words, asking.organisation) or early or asking.zone
    start, end = day_or_moment(first, early or zone, asking.now)
    if last is not first:
        _, end = day_or_moment(last, zone, asking.now, after=start)
    if end <= start:
        raise Unclear("It ends before it begins.", last.start)
    return SpanAsked(start, end, zone, read_reason(words))


def day_or_moment(
    spoken: Spoken, zone: str, now: datetime, after: datetime | None = None
) -> tuple[datetime, datetime]:
    """The first and last instant that are meant: of a day its midnights, of a clock time itself twice."""
    if not spoken.is_day:
        at = place(spoken, zone, now, after)
        return at, at
    on = local(place(replace(spoken, at=_END_OF_DAY), zone, now, after), zone).date()
    return instant(on, time(0), zone), instant(on + timedelta(days=1), time(0), zone)


def read_reason(words: Words) -> str:
    """What is left, without the word that leads it in."""
    words.skip("because", "for", ":")
    return words.rest()


def _zone_of_the_first(words: Words, organisation: Organisation) -> str | None:
    """`18:00 UTC–20:00 UTC`: a place between the two times is the first one's, and the second's unless it has
    its own."""
    head, at = words.place, words.peek()
    if at is None or at.folded in _UNTIL:
        return None
    found, word = read_place(words, organisation), words.peek()
    if found is not None and word is not None and word.folded in _UNTIL:
        return found.zone
    words.place = head
    return None


def _zone_or_reason(words: Words, organisation: Organisation) -> str | None:
    """A city before further words may be the place of the times or the first word of the reason: ask."""
    at = words.peek()
    found = read_place(words, organisation)
    if found is None or at is None:
        return None
    if found.is_exact or not words.rest():
        return found.zone
    raise Ambiguity(
        f"Is {found.typed} the place of these times, or part of the reason?",
        (at.start, at.start + len(found.typed)),
        (f"in {found.zone}", f"because {found.typed}"),
    )

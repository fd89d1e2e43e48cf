"""The words after /oncall → one question of a closed union. Pure: takes now and the asker's zone.

Raises Unclear with the position of the word in the way; what reads in two ways comes back as Clarify.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from rotations.change_words import VERBS as CHANGES
from rotations.change_words import read_change
from rotations.mentions import is_mention, paged_schedule, read_person, read_region
from rotations.moments import place, place_before
from rotations.places import need_place_or_end
from rotations.questions import (
    Asking,
    At,
    Clarify,
    Doubt,
    Help,
    History,
    Holes,
    Holidays,
    Load,
    Next,
    Now,
    Question,
    ShiftsOf,
    Why,
)
from rotations.refusals import Ambiguity, ClocksChange, Unclear
from rotations.spoken import read_moment
from rotations.week_words import read_week
from rotations.words import Words

Read = Callable[[Words, Asking], Question]


def read(line: str, asking: Asking) -> Question:
    """The question of the words after /oncall. Raises Unclear."""
    words = Words(line)
    try:
        return _question(words, asking)
    except Ambiguity as ambiguity:
        start, end = ambiguity.span
        readings = tuple(f"{line[:start]}{reading}{line[end:]}".strip() for reading in ambiguity.readings)
        return Clarify(str(ambiguity), readings)


def verbs() -> tuple[str, ...]:
    """What may stand first after /oncall; the last four open forms and are read elsewhere."""
    return (*_QUESTIONS, *CHANGES, "ladder", "test", "notices", "calendar", "edit")


def _question(words: Words, asking: Asking) -> Question:
    first = words.peek()
    if first is None:
        return Now()
    if is_mention(first):
        return _ended(words, ShiftsOf(read_person(words, asking.organisation).key))
    verb = _ALSO.get(first.folded, first.folded)
    if verb in CHANGES:
        words.place += 1
        return read_change(words, asking, verb)
    if verb in _QUESTIONS:
        words.place += 1
        return _QUESTIONS[verb](words, asking)
    return _without_verb(words, asking)


def _without_verb(words: Words, asking: Asking) -> Question:
    """A region alone is asked back; a time alone is a time. Everything else is not understood."""
    word, people = words.take("A question"), asking.organisation.people
    words.place -= 1
    schedule = asking.organisation.paged_schedule()
    if schedule is not None and (region := read_region(words, schedule)) is not None and not words.rest():
        readings = (f"next {region}", f"week {region}")
        raise Ambiguity(f"What about {region}?", (word.start, len(words.line)), readings)
    words.place = 0
    try:
        return _at(words, asking)
    except Unclear as unclear:
        if unclear.position > word.start or unclear.instead:
            raise
    options = (*verbs(), *(f"@{person.key}" for person in people))
    raise words.unclear(word, f'"{word.text}" is not something to ask', options)


def _now(words: Words, asking: Asking) -> Question:
    return _ended(words, Now())


def _help(words: Words, asking: Asking) -> Question:
    return Help()


def _load(words: Words, asking: Asking) -> Question:
    return _ended(words, Load())


def _mine(words: Words, asking: Asking) -> Question:
    if not asking.me:
        raise Unclear("You are on no schedule here. Ask for somebody: /oncall @bo.", 0)
    return _ended(words, ShiftsOf(asking.me))


def _next(words: Words, asking: Asking) -> Question:
    word = words.peek()
    if word is None:
        return Next()
    if is_mention(word):
        return _ended(words, Next(person=read_person(words, asking.organisation).key))
    if word.folded == "week":
        words.place += 1
        return read_week(words, asking, weeks_ahead=1)
    return _ended(words, Next(region=_region(words, asking)))


def _holes(words: Words, asking: Asking) -> Question:
    return _ended(words, Holes(_region(words, asking) if words.peek() else None))


def _holidays(words: Words, asking: Asking) -> Question:
    word = words.peek()
    if word is None:
        return Holidays()
    if is_mention(word):
        return _ended(words, Holidays(person=read_person(words, asking.organisation).key))
    return _ended(words, Holidays(_region(words, asking)))


def _region(words: Words, asking: Asking) -> str:
    """The region that must stand here; somebody's key without its @ is understood as a slip."""
    schedule = paged_schedule(asking.organisation)
    word = words.take("A region")
    words.place -= 1
    region = read_region(words, schedule)
    if region is None:
        names = [region.name for region in schedule.regions]
        people = [f"@{person.key}" for person in asking.organisation.people]
        raise words.unclear(word, f'There is no region "{words.rest()}"', names, people)
    return region


def _at(words: Words, asking: Asking) -> Question:
    return At(*_moment(words, asking))


def _why(words: Words, asking: Asking) -> Question:
    if words.peek() is None:
        return Why(asking.now)
    words.skip("at")
    return Why(*_moment(words, asking))


def _history(words: Words, asking: Asking) -> Question:
    """Of a time that has passed: "sat 02:00" is last Saturday here."""
    words.skip("at")
    first = words.peek()
    spoken = read_moment(words, asking.now)
    zone = need_place_or_end(words, asking.organisation)
    at, doubt = _by_rule(words, lambda: place_before(spoken, zone or asking.zone, asking.now))
    if at > asking.now:
        raise Unclear("That is still to come. Ask /oncall at …", first.start if first else 0)
    return History(at, zone, doubt)


def _moment(words: Words, asking: Asking) -> tuple[datetime, str | None, Doubt | None]:
    spoken = read_moment(words, asking.now)
    zone = need_place_or_end(words, asking.organisation)
    there = zone or asking.zone
    at, doubt = _by_rule(words, lambda: place(spoken, there, asking.now, asker=asking.zone))
    return at, zone, doubt


def _by_rule(words: Words, placed: Callable[[], datetime]) -> tuple[datetime, Doubt | None]:
    """A question is answered by the engine's rule where the clocks change, and says so; a change asks."""
    try:
        return placed(), None
    except ClocksChange as change:
        start, end = change.span
        other = f"{words.line[:start]}{change.readings[1]}{words.line[end:]}".strip()
        return change.by_rule, Doubt(change.sentence, other)


def _ended(words: Words, question: Question) -> Question:
    word = words.peek()
    if word is not None:
        raise Unclear(f'"{words.rest()}" is too much here.', word.start)
    return question


_QUESTIONS: Mapping[str, Read] = {
    "now": _now,
    "next": _next,
    "at": _at,
    "week": read_week,
    "me": _mine,
    "holes": _holes,
    "load": _load,
    "holidays": _holidays,
    "why": _why,
    "history": _history,
    "help": _help,
}
_ALSO = {
    "?": "help",
    "who": "now",
    "mine": "me",
    "gaps": "holes",
    "hole": "holes",
    "gap": "holes",
    "coverage": "holes",
    "fairness": "load",
    "holiday": "holidays",
    "then": "history",
}
"""Other words for the same questions."""

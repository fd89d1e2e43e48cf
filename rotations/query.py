"""The words after /oncall → one question of a closed union. Pure: takes now and the asker's zone.

Raises Unclear with the position of the word in the way; what reads in two ways comes back as Clarify.
"""

from __future__ import annotations

from rotations.mentions import is_mention, paged_schedule, read_person, read_region
from rotations.moments import Ambiguity, place, read_moment
from rotations.override_words import read_override
from rotations.places import need_place_or_end
from rotations.questions import Asking, At, Clarify, Help, Next, Now, Question
from rotations.refusals import Unclear
from rotations.wording import did_you_mean
from rotations.words import Words

VERBS = ("next", "at", "override", "ladder", "help")
"""What may stand first after /oncall; nothing at all asks who is on now."""


def read(line: str, asking: Asking) -> Question:
    """The question of the words after /oncall. Raises Unclear."""
    words = Words(line)
    try:
        return _question(words, asking)
    except Ambiguity as ambiguity:
        start, end = ambiguity.span
        readings = tuple(f"{line[:start]}{reading}{line[end:]}".strip() for reading in ambiguity.readings)
        return Clarify(str(ambiguity), readings)


def _question(words: Words, asking: Asking) -> Question:
    verb = words.peek()
    if verb is None:
        return Now()
    words.place += 1
    if verb.folded == "at":
        return _at(words, asking)
    if verb.folded == "override":
        return read_override(words, asking)
    if verb.folded == "next":
        return _ended(words, _next(words, asking))
    if verb.folded == "now":
        return _ended(words, Now())
    if verb.folded in ("help", "?"):
        return Help()
    raise Unclear(f'"{verb.text}" is not something to ask{did_you_mean(verb.folded, VERBS)}', verb.start)


def _next(words: Words, asking: Asking) -> Next:
    word = words.peek()
    if word is None:
        return Next()
    if is_mention(word):
        return Next(person=read_person(words, asking.organisation).key)
    schedule = paged_schedule(asking.organisation)
    region = read_region(words, schedule)
    if region is None:
        names = [region.name for region in schedule.regions]
        raise Unclear(f'There is no region "{words.rest()}"{did_you_mean(words.rest(), names)}', word.start)
    return Next(region=region)


def _at(words: Words, asking: Asking) -> At:
    spoken = read_moment(words, asking.now)
    zone = need_place_or_end(words, asking.organisation)
    return At(place(spoken, zone or asking.zone, asking.now), zone)


def _ended(words: Words, question: Now | Next) -> Now | Next:
    word = words.peek()
    if word is not None:
        raise Unclear(f'"{words.rest()}" is too much here.', word.start)
    return question

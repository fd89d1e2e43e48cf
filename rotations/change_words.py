"""The words of a change after /oncall → a wish: cover, swap, absent, undo; overrides have their own room."""

from __future__ import annotations

from rotations.mentions import is_mention, paged_schedule, read_person
from rotations.override_words import read_override, read_span_or_hint, read_where, refuse_unknown_seat
from rotations.places import read_place
from rotations.questions import Asking, Wish
from rotations.refusals import Unclear
from rotations.span_words import day_or_moment, read_reason, read_span
from rotations.spoken import read_day_or_moment
from rotations.wishes import AbsenceWish, CoverWish, NamedShift, SwapWish, UndoWish
from rotations.words import DASHES, Words

VERBS = ("override", "cover", "swap", "absent", "undo")

_FOR = (*DASHES, "for", "with", "against", "/")


def read_change(words: Words, asking: Asking, verb: str) -> Wish:
    """The wish of the words after one of VERBS.

    Raises Unclear with a position, Ambiguity where the words read in two ways.
    """
    match verb:
        case "override":
            return read_override(words, asking)
        case "cover":
            return _cover(words, asking)
        case "swap":
            return _swap(words, asking)
        case "absent":
            return _absent(words, asking)
        case _:
            return _undo(words)


def _cover(words: Words, asking: Asking) -> CoverWish:
    """`cover me | @ana [region] [seat] <from>–<to> [place] [reason]`."""
    schedule = paged_schedule(asking.organisation)
    person = _me_or_person(words, asking)
    region, seat = read_where(words, schedule)
    if region is not None and seat is not None:
        refuse_unknown_seat(schedule, region, seat)
    span = read_span_or_hint(words, asking, schedule)
    return CoverWish(person, schedule.name, span.start, span.end, span.zone, region, seat, span.reason)


def _absent(words: Words, asking: Asking) -> AbsenceWish:
    """`absent [me | @ana] <from>–<to> [place] [reason]`."""
    word = words.peek()
    is_named = word is not None and (is_mention(word) or word.folded == "me")
    person = _me_or_person(words, asking) if is_named else None
    span = read_span(words, asking)
    return AbsenceWish(person, span.start, span.end, span.zone, span.reason)


def _swap(words: Words, asking: Asking) -> SwapWish:
    """`swap @bob [<my shift> [for] <their shift> [place] [reason]]`, a shift by a day or time within it."""
    schedule = paged_schedule(asking.organisation)
    person = read_person(words, asking.organisation).key
    if words.peek() is None:
        return SwapWish(person, schedule.name, asking.zone)
    mine = read_day_or_moment(words, asking.now)
    words.skip(*_FOR)
    if words.peek() is None:
        raise Unclear("Their shift is missing; write both like 7 Dec for 14 Dec.", len(words.line))
    theirs = read_day_or_moment(words, asking.now)
    place = read_place(words, asking.organisation)
    zone = place.zone if place else asking.zone
    my_shift, their_shift = (NamedShift(*day_or_moment(each, zone, asking.now)) for each in (mine, theirs))
    return SwapWish(person, schedule.name, zone, my_shift, their_shift, read_reason(words))


def _undo(words: Words) -> UndoWish:
    word = words.peek()
    if word is not None:
        raise Unclear(f'"{words.rest()}" is too much here; undo takes back your last change.', word.start)
    return UndoWish()


def _me_or_person(words: Words, asking: Asking) -> str | None:
    return None if words.skip("me", "myself") else read_person(words, asking.organisation).key

"""`override [add | remove] @person [region] [seat] <from>–<to> [place] [reason]` → an OverrideRequest."""

from __future__ import annotations

from datetime import datetime

from rotations.mentions import is_mention, paged_schedule, read_person, read_region
from rotations.model import Organisation, OverrideKind, Schedule, Seat
from rotations.questions import Asking, OverrideRequest
from rotations.refusals import Unclear
from rotations.shifts import resolver_of
from rotations.span_words import SpanAsked, read_span
from rotations.wording import did_you_mean
from rotations.words import Words


def read_override(words: Words, asking: Asking) -> OverrideRequest:
    """The request. It replaces unless it says add or remove; the seat is primary unless named, the region the
    one that holds when it starts.

    Raises Unclear with a position, Ambiguity where the words read in two ways.
    """
    schedule = paged_schedule(asking.organisation)
    kind = _kind(words)
    people = _people(words, asking.organisation)
    region, seat = read_where(words, schedule)
    span = read_span_or_hint(words, asking, schedule)
    held = region or _region_holding(asking.organisation, schedule, span.start)
    seat = seat or Seat.PRIMARY
    refuse_unknown_seat(schedule, held, seat)
    return OverrideRequest(
        people, schedule.name, held, seat, span.start, span.end, span.zone, span.reason, kind
    )


def read_where(words: Words, schedule: Schedule) -> tuple[str | None, Seat | None]:
    """A region and a seat, in either order, both optional."""
    region = read_region(words, schedule)
    seat = _seat(words)
    region = region or read_region(words, schedule)
    return region, seat or _seat(words)


def read_span_or_hint(words: Words, asking: Asking, schedule: Schedule) -> SpanAsked:
    """A span; a word in its place that is spelled like a region or seat is said to be none."""
    word = words.peek()
    try:
        return read_span(words, asking)
    except Unclear as unclear:
        if word is None or unclear.position != word.start or not word.text.isalpha():
            raise
        hint = did_you_mean(word.text, [*Seat, *(region.name for region in schedule.regions)])
        raise Unclear(f'"{word.text}" is no region, seat or time{hint}', word.start) from None


def refuse_unknown_seat(schedule: Schedule, region: str, seat: Seat) -> None:
    """Raises Unclear where the region has no such seat."""
    found = schedule.region(region)
    seats = list(found.all_seats()) if found else []
    if seat not in seats:
        raise Unclear(f"{region} has no {seat} seat{did_you_mean(seat, seats)}", 0)


def _kind(words: Words) -> OverrideKind:
    word = words.peek()
    if word is None or word.folded not in tuple(OverrideKind):
        return OverrideKind.REPLACE
    words.place += 1
    return OverrideKind(word.folded)


def _people(words: Words, organisation: Organisation) -> tuple[str, ...]:
    keys = [read_person(words, organisation).key]
    while (word := words.peek()) and is_mention(word):
        keys.append(read_person(words, organisation).key)
    return tuple(dict.fromkeys(keys))


def _seat(words: Words) -> Seat | None:
    word = words.peek()
    if word is None or word.folded not in tuple(Seat):
        return None
    words.place += 1
    return Seat(word.folded)


def _region_holding(organisation: Organisation, schedule: Schedule, start: datetime) -> str:
    region = resolver_of(organisation, schedule.name).current_region(start)
    if region is None:
        raise Unclear("No region holds then; name the region.", 0)
    return region.name

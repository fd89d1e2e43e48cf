"""`override @person [region] [seat] <from>–<to> [place] [reason]` → an OverrideRequest; changes nothing."""

from __future__ import annotations

from datetime import datetime

from rotations.mentions import is_mention, paged_schedule, read_person, read_region
from rotations.model import Organisation, Schedule, Seat
from rotations.moments import Ambiguity, Spoken, place, read_moment
from rotations.places import read_place
from rotations.questions import Asking, OverrideRequest
from rotations.refusals import Unclear
from rotations.shifts import Resolver
from rotations.wording import did_you_mean
from rotations.words import DASHES, Words

_UNTIL = (*DASHES, "to", "until", "till")


def read_override(words: Words, asking: Asking) -> OverrideRequest:
    """The request. The seat is primary unless named, the region the one that holds when it starts.

    Raises Unclear with a position, Ambiguity where the words read in two ways.
    """
    schedule = paged_schedule(asking.organisation)
    people = _people(words, asking.organisation)
    region, seat = _region_and_seat(words, schedule)
    at = words.peek()
    first = _first_time(words, schedule, asking.now)
    if not words.skip(*_UNTIL):
        raise Unclear("The end is missing; write the times like 18:00–20:00.", first.end)
    last = read_moment(words, asking.now)
    zone = _zone_or_reason(words, asking.organisation) or asking.zone
    start = place(first, zone, asking.now)
    end = place(last, zone, asking.now, after=start)
    if end <= start:
        raise Unclear("The override ends before it begins.", at.start if at else 0)
    held = region or _region_holding(schedule, start)
    _refuse_unknown_seat(schedule, held, seat)
    return OverrideRequest(people, schedule.name, held, seat, start, end, zone, _reason(words))


def _people(words: Words, organisation: Organisation) -> tuple[str, ...]:
    keys = [read_person(words, organisation).key]
    while (word := words.peek()) and is_mention(word):
        keys.append(read_person(words, organisation).key)
    return tuple(dict.fromkeys(keys))


def _region_and_seat(words: Words, schedule: Schedule) -> tuple[str | None, Seat]:
    """A region and a seat, in either order, both optional."""
    region = read_region(words, schedule)
    seat = _seat(words)
    region = region or read_region(words, schedule)
    return region, seat or _seat(words) or Seat.PRIMARY


def _seat(words: Words) -> Seat | None:
    word = words.peek()
    if word is None or word.folded not in tuple(Seat):
        return None
    words.place += 1
    return Seat(word.folded)


def _first_time(words: Words, schedule: Schedule, now: datetime) -> Spoken:
    word = words.peek()
    try:
        return read_moment(words, now)
    except Unclear:
        if word is None or not word.text.isalpha():
            raise
        hint = did_you_mean(word.text, [*Seat, *(region.name for region in schedule.regions)])
        raise Unclear(f'"{word.text}" is no region, seat or time{hint}', word.start) from None


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


def _region_holding(schedule: Schedule, start: datetime) -> str:
    region = Resolver(schedule).current_region(start)
    if region is None:
        raise Unclear("No region holds then; name the region.", 0)
    return region.name


def _refuse_unknown_seat(schedule: Schedule, region: str, seat: Seat) -> None:
    found = schedule.region(region)
    seats = list(found.seats) if found else []
    if seat not in seats:
        raise Unclear(f"{region} has no {seat} seat{did_you_mean(seat, seats)}", 0)


def _reason(words: Words) -> str:
    words.skip("because", "for", ":")
    return words.rest()

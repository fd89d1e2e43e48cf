"""The cells of a roster's line: a person, a seat, two times and their zone, each read or refused in words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from rotations.model import Organisation, Schedule, Seat
from rotations.wallclock import instant, local
from rotations.wording import did_you_mean, listed
from rotations.zones import city, nearest_zones, zones_named

LONGEST = timedelta(days=366)

_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2})?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")


class Unreadable(Exception):
    """Why nothing of a line can be taken, as a sentence."""


class Place(Struct, frozen=True):
    """A seat, and the regions it can be in: the named one, or all that have a seat of this name.

    `zone` is that of the one region, where it is one.
    """

    seat: Seat
    regions: tuple[str, ...]
    zone: str | None


class Span(Struct, frozen=True):
    """`[start, end)` in UTC; `note` says what the clocks do to it, or ""."""

    start: datetime
    end: datetime
    note: str = ""


def person_in(cell: str, organisation: Organisation) -> str:
    """The key of somebody named by key, name, Slack id or e-mail address. Raises Unreadable."""
    mention = _MENTION.fullmatch(cell)
    wanted = (mention[1] if mention else cell.removeprefix("@")).casefold()
    if not wanted:
        raise Unreadable("It names no person.")
    found = {
        person.key
        for person in organisation.people
        if wanted in (person.key.casefold(), person.name.casefold(), (person.slack or "").casefold())
    }
    if len(found) == 1:
        return found.pop()
    if found:
        raise Unreadable(f'"{cell}" is the name of {listed(sorted(found))}: write the one you mean.')
    known = [word for person in organisation.people for word in (person.key, person.name)]
    raise Unreadable(f'There is no person "{cell[:80]}"{did_you_mean(wanted, known)}')


def place_in(cell: str, schedule: Schedule, region: str | None) -> Place:
    """`primary`, or with its region: `AMER primary`. Raises Unreadable."""
    *before, word = cell.split() or [""]
    seats = [seat.value for seat in Seat]
    seat = next((each for each in Seat if each.value == word.casefold()), None)
    if seat is None:
        raise Unreadable(f'There is no seat "{word[:80]}"{did_you_mean(word, seats)}')
    wanted = " ".join(before) or region
    if wanted:
        named = next((each for each in schedule.regions if each.name.casefold() == wanted.casefold()), None)
        if named is None:
            known = [each.name for each in schedule.regions]
            raise Unreadable(f'There is no region "{wanted[:80]}"{did_you_mean(wanted, known)}')
        return Place(seat, (named.name,), named.zone)
    having = [each for each in schedule.regions if seat in each.all_seats()]
    if not having and len(schedule.regions) == 1:
        having = list(schedule.regions)
    if not having:
        example = schedule.regions[0].name
        raise Unreadable(f"No region has a {seat} yet: say which, as in “{example} {seat}”.")
    return Place(seat, tuple(each.name for each in having), having[0].zone if len(having) == 1 else None)


def span_in(starts: str, ends: str, zone: str, usual: str | None) -> Span:
    """Times without an offset are local to `zone`, where the cell is empty to `usual`. Raises Unreadable."""
    place = _zone(zone) if zone else usual
    start, start_note = _moment(starts, "start", place)
    end, end_note = _moment(ends, "end", place)
    if end <= start:
        raise Unreadable("It ends before it begins: the end has to be later than the start.")
    if end - start > LONGEST:
        raise Unreadable("It is longer than a year.")
    notes = [start_note, end_note]
    if place and local(start, place).utcoffset() != local(end, place).utcoffset():
        notes.append(f"The clocks of {city(place)} change during it.")
    return Span(start, end, " ".join(filter(None, notes)))


def _zone(cell: str) -> str:
    found = zones_named(cell)
    if len(found) == 1:
        return found[0]
    if found:
        raise Unreadable(f'"{cell}" may be {listed(found)}: write the one you mean.')
    near = nearest_zones(cell)
    hint = f" Did you mean {' or '.join(near)}?" if near else " Zones read like Europe/Dublin."
    raise Unreadable(f'There is no time zone "{cell[:80]}".{hint}')


def _moment(cell: str, what: str, zone: str | None) -> tuple[datetime, str]:
    """The instant, and what is odd about its local time."""
    found = _MOMENT.fullmatch(cell.strip())
    if found is None:
        raise Unreadable(f'The {what} "{cell[:80]}" is no time: write it like 2026-12-01 09:00.')
    try:
        on, at = date.fromisoformat(found[1]), time(int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        raise Unreadable(f'The {what} "{cell[:80]}" is on no calendar or clock.') from None
    if not 1970 <= on.year <= 2190:
        raise Unreadable(f'The {what} "{cell[:80]}" is too far away.')
    if found[4]:
        offset = found[4].upper().replace("Z", "+00:00")
        return datetime.fromisoformat(f"{on}T{at:%H:%M}{offset}").astimezone(UTC), ""
    if zone is None:
        raise Unreadable("It names no zone, and several regions have this seat: write Europe/Dublin or such.")
    return instant(on, at, zone), _odd(on, at, zone)


def _odd(on: date, at: time, zone: str) -> str:
    """A clock time that the day has not, or has twice."""
    there = local(instant(on, at, zone), zone)
    if there.time() != at:
        return f"{at:%H:%M} does not exist that day in {city(zone)}: it is {there:%H:%M}."
    if there.replace(fold=1).utcoffset() != there.utcoffset():
        return f"{at:%H:%M} comes twice that day in {city(zone)}: the first is meant."
    return ""

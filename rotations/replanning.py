"""What a lead changes without a file: members and their order from a date, a person more, a roster.

Each is a value; `replanned` answers the organisation after it, past answers kept. Tells and asks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from rotations.holds import served_days
from rotations.model import (
    Member,
    Organisation,
    Person,
    Region,
    Roster,
    RosterShift,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
    Weekdays,
)
from rotations.refusals import DomainError, UnknownSchedule, UnknownSeat
from rotations.revision import revised
from rotations.roster_csv import SeatOf
from rotations.shifts import Resolver
from rotations.turns import TurnCount
from rotations.wallclock import instant, local

WEEKLY = Turn(1, TurnUnit.WEEK)


class NotAnOrder(DomainError):
    """The members cannot be changed like this."""


class Place(Struct, frozen=True):
    """One seat of one region of one schedule."""

    schedule: str
    region: str
    seat: Seat


class NewOrder(Struct, frozen=True):
    """These members, in this order, from a local date on: the first of them serves the turn of that date."""

    place: Place
    members: tuple[Member, ...]
    since_on: date


class NewPerson(Struct, frozen=True):
    """Somebody more; in each place they come last, behind whoever serves on that date and the others."""

    person: Person
    places: tuple[Place, ...]
    since_on: date


class NewShifts(Struct, frozen=True):
    """Explicit shifts for seats of one schedule. From the first to the last of a seat they say everything:
    what stood there gives way. A rotation goes on until the first of them, and not behind the last.

    Within `says` they say everything, too: a seat without shifts is then nobody's there.
    """

    schedule: str
    shifts: Mapping[SeatOf, tuple[RosterShift, ...]]
    says: tuple[datetime, datetime] | None = None


Replan = NewOrder | NewPerson | NewShifts


def replanned(standing: Organisation, edit: Replan, now: datetime) -> Organisation:
    """The organisation after the edit. Raises UnknownSchedule, UnknownSeat, NotAnOrder."""
    match edit:
        case NewOrder():
            return _reordered(standing, edit, now)
        case NewPerson():
            return _joined(standing, edit, now)
        case NewShifts():
            return _planned(standing, edit, now)
        case _:
            assert_never(edit)


def order_on(organisation: Organisation, place: Place, since_on: date) -> tuple[Member, ...]:
    """The members as they follow each other, whoever serves the turn of that date first; () for no rotation.

    Raises UnknownSchedule, UnknownSeat.
    """
    schedule, region = _found(organisation, place)
    rotation = region.seats.get(place.seat)
    if rotation is None:
        return ()
    version = rotation.versions[-1]
    at = instant(since_on, version.at, region.zone)
    count = TurnCount(version, region.zone, served_days(schedule.mode, region))
    first = count.number(max(at, count.start(0))) % len(version.members)
    return (*version.members[first:], *version.members[:first])


def turn_after(organisation: Organisation, place: Place, now: datetime) -> date:
    """The local date of the region on which the next turn begins; without turns tomorrow.

    Raises UnknownSchedule, UnknownSeat.
    """
    schedule, region = _found(organisation, place)
    rotation = region.seats.get(place.seat)
    if rotation is None:
        return date.fromordinal(local(now, region.zone).toordinal() + 1)
    count = TurnCount(rotation.versions[-1], region.zone, served_days(schedule.mode, region))
    first = count.start(0)
    following = count.start(count.number(now) + 1) if now >= first else first
    return local(following, region.zone).date()


def _reordered(standing: Organisation, edit: NewOrder, now: datetime) -> Organisation:
    if not edit.members:
        raise NotAnOrder("Somebody has to be left. Name at least one person.")
    schedule, region = _found(standing, edit.place)
    if edit.place.seat in region.rosters:
        raise NotAnOrder(
            f"{region.name} {edit.place.seat} is planned shift by shift. Paste the shifts instead."
        )
    old = region.seats.get(edit.place.seat)
    new = _version(edit, old, (region, served_days(schedule.mode, region)), now)
    if old is not None and _says_the_same(old.versions[-1], new):
        return standing
    kept = () if old is None else tuple(v for v in old.versions if _is_before(v, new))
    seats = {**region.seats, edit.place.seat: Rotation((*kept, new))}
    return _with_region(standing, schedule, replace(region, seats=seats))


def _version(
    edit: NewOrder, old: Rotation | None, where: tuple[Region, Weekdays], now: datetime
) -> RotationVersion:
    """Turns go on beginning where they did: the anchor is the begin of the turn that holds on the date."""
    region, days = where
    if old is None:
        since = max(now, instant(edit.since_on, region.starts, region.zone))
        return RotationVersion(edit.members, WEEKLY, edit.since_on, region.starts, since)
    last = old.versions[-1]
    since = max(now, instant(edit.since_on, last.at, region.zone))
    count = TurnCount(last, region.zone, days)
    starts_on = edit.since_on
    if since >= count.start(0):
        starts_on = local(count.start(count.number(since)), region.zone).date()
    return RotationVersion(edit.members, last.turn, starts_on, last.at, since)


def _says_the_same(last: RotationVersion, new: RotationVersion) -> bool:
    return replace(last, effective_from=None) == replace(new, effective_from=None)


def _is_before(version: RotationVersion, new: RotationVersion) -> bool:
    since = new.effective_from
    return version.effective_from is None or since is None or version.effective_from < since


def _joined(standing: Organisation, edit: NewPerson, now: datetime) -> Organisation:
    others = tuple(person for person in standing.people if person.key != edit.person.key)
    after = replace(standing, people=(*others, edit.person))
    for place in edit.places:
        members = order_on(after, place, edit.since_on)
        if not any(edit.person.key in member for member in members):
            order = NewOrder(place, (*members, (edit.person.key,)), edit.since_on)
            after = _reordered(after, order, now)
    return after


def _planned(standing: Organisation, edit: NewShifts, now: datetime) -> Organisation:
    after = standing
    for (name, seat), shifts in edit.shifts.items():
        schedule, region = _found(after, Place(edit.schedule, name, seat))
        says = _said(shifts, edit.says)
        stood = _stood(standing, schedule, region, seat, (now, says[0]))
        roster = Roster(_laid_over(stood, shifts, says))
        seats = {other: rotation for other, rotation in region.seats.items() if other is not seat}
        changed = replace(region, seats=seats, rosters={**region.rosters, seat: roster})
        after = _with_region(after, schedule, changed)
    return _emptied(revised(standing, after, now), after, edit)


def _emptied(revision: Organisation, wanted: Organisation, edit: NewShifts) -> Organisation:
    """A file's empty roster is filled elsewhere, so what was filled in stays; here it is meant as it is."""
    for name, seat in edit.shifts:
        _, meant = _found(wanted, Place(edit.schedule, name, seat))
        schedule, region = _found(revision, Place(edit.schedule, name, seat))
        if not meant.rosters[seat].shifts and region.rosters[seat].shifts:
            rosters = {**region.rosters, seat: Roster(())}
            revision = _with_region(revision, schedule, replace(region, rosters=rosters))
    return revision


def _stood(
    standing: Organisation, schedule: Schedule, region: Region, seat: Seat, until: tuple[datetime, datetime]
) -> tuple[RosterShift, ...]:
    """The shifts of the seat as planned: a roster's own, or a rotation's turns, swapped ones too, until then.

    Overrides go on lying over them.
    """
    if seat in region.rosters:
        return region.rosters[seat].shifts
    if seat not in region.seats:
        return ()
    rows, _ = Resolver(schedule, swaps=standing.swaps).between(*until)
    mine = (row for row in rows if (row.region, row.seat) == (region.name, seat) and row.people)
    return tuple(RosterShift(row.people, row.start, row.end) for row in mine)


def _said(
    shifts: tuple[RosterShift, ...], says: tuple[datetime, datetime] | None
) -> tuple[datetime, datetime]:
    """From the first to the last of what says something; there is something."""
    spans = [(shift.start, shift.end) for shift in shifts] + ([says] if says else [])
    return min(start for start, _ in spans), max(end for _, end in spans)


def _laid_over(
    stood: tuple[RosterShift, ...], new: tuple[RosterShift, ...], says: tuple[datetime, datetime]
) -> tuple[RosterShift, ...]:
    opens, closes = says
    kept: list[RosterShift] = []
    for shift in stood:
        kept += [replace(shift, end=min(shift.end, opens))] if shift.start < opens else []
        kept += [replace(shift, start=max(shift.start, closes))] if closes < shift.end else []
    return tuple(sorted({*kept, *new}, key=lambda shift: (shift.start, shift.end, shift.people)))


def _found(organisation: Organisation, place: Place) -> tuple[Schedule, Region]:
    schedule = organisation.schedule(place.schedule)
    if schedule is None:
        raise UnknownSchedule(f"There is no schedule {place.schedule}.")
    region = schedule.region(place.region)
    if region is None:
        raise UnknownSeat(f"There is no region {place.region}.")
    return schedule, region


def _with_region(organisation: Organisation, schedule: Schedule, changed: Region) -> Organisation:
    regions = tuple(changed if one.name == changed.name else one for one in schedule.regions)
    with_it = replace(schedule, regions=regions)
    schedules = tuple(with_it if one.name == schedule.name else one for one in organisation.schedules)
    return replace(organisation, schedules=schedules)

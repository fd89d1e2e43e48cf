"""A person's own shifts: what the resolver answers for each seat, told person by person. No rule of its own.

Whatever an override, a swap or a cover has moved is moved here too, for it asks the one resolver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from rotations.model import Seat
from rotations.shifts import Resolver
from rotations.wallclock import utc

APART = timedelta(days=1)
"""Free for so long, and the next shift on the same seat begins a new stretch."""


class OwnShift(Struct, frozen=True):
    """`person` is on call on this seat in `[start, end)`, whatever the reasons and turns within."""

    person: str
    schedule: str
    region: str
    seat: Seat
    start: datetime
    end: datetime

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Whose seat it is: what two shifts of one stretch have in common."""
        return self.person, self.schedule, self.region, self.seat.value


def own_shifts(resolver: Resolver, start: datetime, end: datetime) -> tuple[OwnShift, ...]:
    """Everybody's shifts in `[start, end)`, clipped to it, by their start; what touches is one shift."""
    rows, _ = resolver.between(start, end)
    name = resolver.schedule.name
    joined: dict[tuple[str, str, Seat], list[OwnShift]] = {}
    for row in rows:
        for person in row.people:
            mine = joined.setdefault((person, row.region, row.seat), [])
            if mine and mine[-1].end == row.start:
                mine[-1] = replace(mine[-1], end=row.end)
            else:
                mine.append(OwnShift(person, name, row.region, row.seat, row.start, row.end))
    return tuple(sorted((shift for mine in joined.values() for shift in mine), key=_by_start))


def free_before(shifts: Iterable[OwnShift]) -> dict[OwnShift, timedelta | None]:
    """How long each person was off that seat before each of these shifts; None: it is their first there."""
    last: dict[tuple[str, str, str, str], datetime] = {}
    found: dict[OwnShift, timedelta | None] = {}
    for shift in sorted(shifts, key=_by_start):
        ended = last.get(shift.place)
        found[shift] = None if ended is None else shift.start - ended
        last[shift.place] = shift.end
    return found


def stretch_from(resolver: Resolver, first: OwnShift, longest: timedelta) -> tuple[OwnShift, ...]:
    """The shifts that follow the first of a stretch without a free day between, it among them.

    None later than `longest` after its start; () where nobody like that begins there any more.
    """
    found: list[OwnShift] = []
    for shift in _same_place(own_shifts(resolver, first.start, first.start + longest), first):
        if not found and shift.start != first.start:
            break
        if found and shift.start - found[-1].end >= APART:
            break
        found.append(shift)
    return tuple(found)


def still_begins(resolver: Resolver, told: OwnShift) -> bool:
    """Whether the person's shift still begins then: not moved, not given away, not begun before."""
    start = utc(told.start)
    around = own_shifts(resolver, start - timedelta(minutes=1), start + timedelta(minutes=1))
    return any(shift.start == start for shift in _same_place(around, told))


def _same_place(shifts: Iterable[OwnShift], like: OwnShift) -> Iterator[OwnShift]:
    return (shift for shift in shifts if shift.place == like.place)


def _by_start(shift: OwnShift) -> tuple[datetime, str, str, str]:
    return shift.start, shift.region, shift.seat.value, shift.person

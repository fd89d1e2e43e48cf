"""Absences beside the schedule: who is away when, and which shifts fall on it. They warn, never reassign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from rotations.model import Absence, Organisation, Seat
from rotations.served import shifts_by_person
from rotations.shifts import Resolver
from rotations.wallclock import utc


class Clash(NamedTuple):
    """The part `[start, end)` of a shift in which the person on the seat is away."""

    person: str
    absence: Absence
    region: str
    seat: Seat
    start: datetime
    end: datetime


def of(organisation: Organisation, person: str, start: datetime, end: datetime) -> tuple[Absence, ...]:
    """The absences of a person, by key, that touch `[start, end)`, in order."""
    start, end = utc(start), utc(end)
    theirs = (absence for absence in organisation.absences if absence.person == person)
    touching = (absence for absence in theirs if absence.start < end and start < absence.end)
    return tuple(sorted(touching, key=lambda absence: absence.start))


def clashes(
    organisation: Organisation, resolver: Resolver, start: datetime, end: datetime
) -> tuple[Clash, ...]:
    """The shifts on paged seats in `[start, end)` that fall on an absence of the person who has them."""
    return tuple(sorted(_clashes(organisation, resolver, start, end), key=lambda clash: clash.start))


def _clashes(
    organisation: Organisation, resolver: Resolver, start: datetime, end: datetime
) -> Iterator[Clash]:
    for person, shifts in shifts_by_person(resolver, start, end).items():
        for shift in shifts:
            for absence in of(organisation, person, shift.start, shift.end):
                opens, closes = max(shift.start, absence.start), min(shift.end, absence.end)
                yield Clash(person, absence, shift.region, shift.seat, opens, closes)

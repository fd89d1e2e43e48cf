"""Fairness: what each person has carried: hours, nights, weekends, holidays, pages. Spread, never ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from statistics import median

from msgspec import Struct

from rotations.model import Organisation, Person, Seat
from rotations.public_holidays import days_of, weekend_from
from rotations.served import calendar, crew, shifts_by_person, spans_of
from rotations.shifts import Resolver, Shift
from rotations.spans import total

LOOKED_BACK = timedelta(days=90)
"""The time over which load is compared."""

NIGHT, WEEKEND, HOLIDAY, PAGE, GRAVE = 2.0, 1.5, 3.0, 1.0, 2.0
"""Points for a night, a weekend, a public holiday, a page, and what a page at SEV0 or SEV1 adds."""


class Load(Struct, frozen=True):
    """What one person carried: hours on call, nights, weekends and public holidays by their own calendar.

    `seats` are those they served, none where somebody else took every shift; `pages` counts all pages,
    `grave` those at SEV0 or SEV1.
    """

    person: str
    seats: tuple[Seat, ...]
    hours: float
    nights: int
    weekends: int
    holidays: int
    pages: int
    grave: int

    @property
    def points(self) -> float:
        return (
            NIGHT * self.nights
            + WEEKEND * self.weekends
            + HOLIDAY * self.holidays
            + PAGE * self.pages
            + GRAVE * self.grave
        )


class Spread(Struct, frozen=True):
    """How far people lie apart: the least, the middle and the most of one figure."""

    least: float
    middle: float
    most: float


def report(
    organisation: Organisation,
    resolver: Resolver,
    start: datetime,
    end: datetime,
    pages: Mapping[str, int] | None = None,
    grave: Mapping[str, int] | None = None,
) -> tuple[Load, ...]:
    """The load of everybody who serves in `[start, end)`, or is named to at its end, in file order.

    `pages` and `grave` map a person's key to how often they were paged, and how often at SEV0 or SEV1.
    """
    served = shifts_by_person(resolver, start, end)
    keys = served.keys() | crew(resolver.schedule, end)
    people = [person for person in organisation.people if person.key in keys]
    # Somebody who has left the file since keeps what they carried.
    people += [Person(key, key) for key in served if organisation.person(key) is None]
    paged = (pages or {}, grave or {})
    return tuple(_load(person, served.get(person.key, ()), (start, end), paged) for person in people)


def comparable(loads: Iterable[Load]) -> tuple[Load, ...]:
    """Those without the people who served the lead's seat alone: it is theirs all year, and would widen any
    spread.
    """
    return tuple(load for load in loads if load.seats != (Seat.LEAD,))


def spread(figures: Iterable[float]) -> Spread:
    """The spread of one figure; nothing at all is a spread of zero."""
    ordered = sorted(figures) or [0.0]
    return Spread(ordered[0], median(ordered), ordered[-1])


def _load(
    person: Person,
    shifts: tuple[Shift, ...],
    asked: tuple[datetime, datetime],
    paged: tuple[Mapping[str, int], Mapping[str, int]],
) -> Load:
    spans = spans_of(shifts)
    seats = tuple(seat for seat in Seat if any(shift.seat is seat for shift in shifts))
    days, nights, weekends = calendar(spans, person.zone, weekend_from(person))
    pages, grave = (counts.get(person.key, 0) for counts in paged)
    on_holidays = days & days_of(person, *asked).keys()
    hours = total(spans) / timedelta(hours=1)
    return Load(person.key, seats, hours, len(nights), len(weekends), len(on_holidays), pages, grave)

"""Public holidays by a person's country and subdivision, and the shifts that fall on one. They warn only.

The `holidays` library is imported when a question needs it, never at start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from rotations.model import Organisation, Person, Seat
from rotations.served import SATURDAY, calendar, day, shifts_by_person
from rotations.shifts import Resolver, Shift
from rotations.spans import Span
from rotations.wallclock import local
from rotations.zones import rules_of

_FRIDAY = 4
_DAY = timedelta(days=1)


class Holiday(NamedTuple):
    """A public holiday on a local date, by its English name where the library has one."""

    on: date
    name: str


class Collision(NamedTuple):
    """A shift `[start, end)` of somebody that falls on a public holiday where they are; of one that is longer
    than a day, the part on that day.
    """

    person: str
    holiday: Holiday
    region: str
    seat: Seat
    start: datetime
    end: datetime


def of(person: Person, start_on: date, end_on: date) -> tuple[Holiday, ...]:
    """The public holidays of `[start_on, end_on)` where a person is; none where the country is not known.

    `country` is ISO 3166, such as US or US-CA. A subdivision the library does not have counts as its country.
    """
    if person.country is None or start_on >= end_on:
        return ()
    return _of_country(person.country, start_on, end_on)


def collisions(
    organisation: Organisation, resolver: Resolver, start: datetime, end: datetime
) -> tuple[Collision, ...]:
    """The shifts in `[start, end)` on paged seats that serve an hour or more of a public holiday."""
    found = [
        collision
        for key, shifts in shifts_by_person(resolver, start, end).items()
        if (person := organisation.person(key)) is not None
        for collision in _collisions(person, shifts, days_of(person, start, end))
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.holiday.on)))


def days_of(person: Person, start: datetime, end: datetime) -> dict[date, str]:
    """Local date → name of the public holidays that `[start, end)` touches in a person's own zone."""
    first, last = local(start, person.zone).date(), local(end, person.zone).date()
    return dict(of(person, first, last + timedelta(days=1)))


def weekend_from(person: Person) -> int:
    """The weekday on which a person's weekend begins: Friday in some countries, else Saturday."""
    if person.country is None:
        return SATURDAY
    import holidays

    country = person.country.partition("-")[0]
    if country not in holidays.list_supported_countries():
        return SATURDAY
    is_friday = holidays.country_holidays(country).weekend == {_FRIDAY, SATURDAY}
    return _FRIDAY if is_friday else SATURDAY


def _collisions(person: Person, shifts: tuple[Shift, ...], days: Mapping[date, str]) -> Iterator[Collision]:
    for shift in shifts:
        span = Span(shift.start, shift.end)
        for on in sorted(calendar([span], person.zone).days & days.keys()):
            part = span if span.length <= _DAY else _part(span, day(on, rules_of(person.zone)))
            yield Collision(person.key, Holiday(on, days[on]), shift.region, shift.seat, *part)


def _part(span: Span, of_day: Span) -> Span:
    return Span(max(span.start, of_day.start), min(span.end, of_day.end))


def _of_country(code: str, start_on: date, end_on: date) -> tuple[Holiday, ...]:
    import holidays

    country, _, subdivision = code.partition("-")
    known = holidays.list_supported_countries()
    if country not in known:
        return ()
    named = holidays.country_holidays(
        country,
        subdiv=subdivision if subdivision in known[country] else None,
        years=range(start_on.year, end_on.year + 1),
        language="en_US",
    )
    return tuple(Holiday(on, name) for on, name in sorted(named.items()) if start_on <= on < end_on)

"""What a person serves, counted on their own local calendar: days, nights, weekends. Knows no points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rotations.model import Region, Schedule, Seat
from rotations.shifts import Resolver, Shift
from rotations.spans import Span, merged
from rotations.wallclock import instant_in
from rotations.zones import rules_of

PAGED_SEATS = (Seat.PRIMARY, Seat.BACKUP, Seat.LEAD)
"""Everybody who can be paged: a shadow never is, and serves nothing."""

COUNTS_FROM = timedelta(hours=1)
"""A day, night or weekend counts when at least an hour of it is served: one that ends at 00:10 is none."""

NIGHT_FROM, NIGHT_UNTIL = time(22), time(6)
SATURDAY = 5
"""As `date.weekday()` counts: the first day of a weekend, unless a country says otherwise."""


class Calendar(NamedTuple):
    """The local days, nights (by the day on which they begin) and weekends (by their first day) served."""

    days: frozenset[date]
    nights: frozenset[date]
    weekends: frozenset[date]


def shifts_by_person(resolver: Resolver, start: datetime, end: datetime) -> dict[str, tuple[Shift, ...]]:
    """Every person who is on a paged seat in `[start, end)`, with their shifts in order."""
    found: dict[str, list[Shift]] = defaultdict(list)
    for shift in resolver.between(start, end)[0]:
        if shift.seat in PAGED_SEATS:
            for person in shift.people:
                found[person].append(shift)
    return {person: tuple(shifts) for person, shifts in found.items()}


def spans_of(shifts: Iterable[Shift]) -> tuple[Span, ...]:
    """When somebody with these shifts is on call, two seats at once counted once."""
    return merged(Span(shift.start, shift.end) for shift in shifts)


def named_for(region: Region, seat: Seat, at: datetime) -> Iterator[str]:
    """Everybody who is named for a seat: by the rotations in force at an instant, and by its roster."""
    rotations = [layer.rotation for layer in region.layers if layer.seat is seat]
    if seat in region.seats:
        rotations.append(region.seats[seat])
    for rotation in rotations:
        in_force = [v for v in rotation.versions if v.effective_from is None or v.effective_from <= at]
        yield from chain.from_iterable((in_force or rotation.versions)[-1].members)
    if seat in region.rosters:
        yield from chain.from_iterable(shift.people for shift in region.rosters[seat].shifts)


def crew(schedule: Schedule, at: datetime) -> frozenset[str]:
    """Everybody who is named for a paged seat of a schedule."""
    places = product(schedule.regions, PAGED_SEATS)
    return frozenset(key for region, seat in places for key in named_for(region, seat, at))


def calendar(spans: Iterable[Span], zone: str, weekend_from: int = SATURDAY) -> Calendar:
    """What merged spans touch for an hour or more on the calendar of a zone; weekends are two days."""
    place = rules_of(zone)
    days: dict[date, timedelta] = defaultdict(timedelta)
    nights: dict[date, timedelta] = defaultdict(timedelta)
    weekends: dict[date, timedelta] = defaultdict(timedelta)
    for span in spans:
        for on in _days_touched(span, place):
            served = _within(span, day(on, place))
            days[on] += served
            nights[on] += _within(span, _night(on, place))
            into_weekend = (on.weekday() - weekend_from) % 7
            if into_weekend < 2:
                weekends[on - timedelta(days=into_weekend)] += served
    return Calendar(_counting(days), _counting(nights), _counting(weekends))


def day(on: date, zone: ZoneInfo) -> Span:
    """A local day: 23 or 25 hours where the clocks change."""
    return Span(instant_in(on, time(), zone), instant_in(on + timedelta(days=1), time(), zone))


def _days_touched(span: Span, zone: ZoneInfo) -> Iterator[date]:
    """From the day before the first, whose night may reach into it."""
    first, last = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
    return map(date.fromordinal, range(first.toordinal() - 1, last.toordinal() + 1))


def _night(on: date, zone: ZoneInfo) -> Span:
    return Span(instant_in(on, NIGHT_FROM, zone), instant_in(on + timedelta(days=1), NIGHT_UNTIL, zone))


def _within(span: Span, window: Span) -> timedelta:
    return max(min(span.end, window.end) - max(span.start, window.start), timedelta())


def _counting(served: dict[date, timedelta]) -> frozenset[date]:
    return frozenset(on for on, time_served in served.items() if time_served >= COUNTS_FROM)

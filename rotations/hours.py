"""Local hours that begin on some weekdays, as steps of open and shut. Knows neither regions nor people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from rotations.model import Hours, Weekdays
from rotations.wallclock import instant_in
from rotations.zones import rules_of


def openings(
    hours: Iterable[Hours], zone: str, opens: datetime, closes: datetime
) -> list[tuple[datetime, bool]]:
    """The steps of `[opens, closes)`, the first exactly at `opens`; hours that touch or overlap are one."""
    steps = {opens: False}
    last = opens
    for start, end in sorted(_windows(hours, zone, opens, closes)):
        start, end = max(start, last), min(end, closes)
        if start < end:
            # Windows that touch, or overlap in the week of a clock change, are one.
            steps[start] = True
            steps[end] = False
            last = end
    return sorted((at, is_open) for at, is_open in steps.items() if at < closes)


def weekdays_of(hours: Iterable[Hours]) -> Weekdays:
    """The weekdays on which any of the hours begin."""
    return tuple(sorted({day for each in hours for day in each.days}))


def days_between(opens: datetime, closes: datetime) -> Iterator[date]:
    """The local dates, in any zone, whose hours can touch `[opens, closes)`."""
    # Three days back is enough to know what holds at the first instant, in any zone.
    first, last = opens.date() - timedelta(days=3), closes.date() + timedelta(days=1)
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _windows(
    hours: Iterable[Hours], zone: str, opens: datetime, closes: datetime
) -> Iterator[tuple[datetime, datetime]]:
    place, days = rules_of(zone), tuple(days_between(opens, closes))
    for each in hours:
        overnight = timedelta(days=1 if each.ends <= each.starts else 0)
        for on in days:
            if on.weekday() in each.days:
                yield instant_in(on, each.starts, place), instant_in(on + overnight, each.ends, place)

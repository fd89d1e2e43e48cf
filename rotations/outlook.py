"""What the team reads on Mondays: the open shifts of the next 14 days, and the clocks that change this week.

Pure. It says what it is about and where it repeats itself, never in whose words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct

from rotations import coverage
from rotations.daylight import ClockChange, Difference, changes, differences
from rotations.model import Seat
from rotations.shifts import Gap, Resolver

AHEAD = timedelta(days=14)
WEEK = timedelta(days=7)
POSTED_AT = time(8, tzinfo=UTC)
"""The first full hour at which it is Monday from Auckland to San Francisco, in summer and in winter."""
HELPS_FOR = timedelta(days=1)


class Hole(Struct, frozen=True):
    """An open shift, or several of one seat at the same hours of the day: the first, and how many in all.

    `region` and `seat` are None where no region holds; `last_end` is the end of the last.
    """

    region: str | None
    seat: Seat | None
    start: datetime
    end: datetime
    count: int
    last_end: datetime


class Outlook(Struct, frozen=True):
    """One schedule, seen from a Monday. `differences` come of the clock changes of its week."""

    schedule: str
    holes: tuple[Hole, ...]
    clocks: tuple[ClockChange, ...]
    differences: tuple[Difference, ...]


def monday_before(now: datetime) -> datetime:
    """The last instant, now or earlier, at which the team was to be told."""
    today = datetime.combine(now.astimezone(UTC).date(), POSTED_AT)
    found = today - timedelta(days=today.weekday())
    return found if found <= now else found - WEEK


def outlook(resolver: Resolver, monday: datetime, now: datetime) -> Outlook:
    """From `monday` for its week and the 14 days; of holes those that are not over at `now`."""
    schedule, until = resolver.schedule, monday + AHEAD
    zones = (region.zone for region in schedule.regions)
    clocks = changes(zones, monday, monday + WEEK)
    differing = differences(schedule, monday, until) if clocks else ()
    return Outlook(
        schedule.name,
        repeated(coverage.report(resolver, max(monday, now), until).gaps),
        clocks,
        tuple(one for one in differing if set(one.causes) & set(clocks)),
    )


def repeated(gaps: Iterable[Gap]) -> tuple[Hole, ...]:
    """Holes by their first start; those of one seat, as long and a whole number of days apart, as one."""
    found: dict[tuple[object, ...], Hole] = {}
    for gap in gaps:
        key = (gap.region, gap.seat, gap.end - gap.start, gap.start.time())
        first = found.get(key)
        if first is None:
            found[key] = Hole(gap.region, gap.seat, gap.start, gap.end, 1, gap.end)
        else:
            found[key] = Hole(
                first.region,
                first.seat,
                first.start,
                first.end,
                first.count + 1,
                max(first.last_end, gap.end),
            )
    return tuple(sorted(found.values(), key=lambda hole: hole.start))

"""The resolver against a slow second opinion: pytz for every local time, the calendar day by day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.model import EVERY_DAY, Mode, Region, Rotation, RotationVersion, Schedule, Seat, Turn, TurnUnit
from rotations.shifts import Resolver
from rotations.zones import use_bundled_tzdata
from tests.support.second_opinion import second_opinion

ZONES = (
    "America/New_York",
    "America/Santiago",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/London",
    "UTC",
)
# Both changes of America, Europe, Chile and Lord Howe, Ramadan in Morocco, and the end of a year.
CHANGES = tuple(
    date.fromisoformat(on)
    for on in (
        "2026-02-15",
        "2026-03-08",
        "2026-03-22",
        "2026-03-29",
        "2026-04-05",
        "2026-09-06",
        "2026-10-04",
        "2026-10-25",
        "2026-11-01",
        "2026-12-31",
    )
)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True, scope="module")
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
turns = st.builds(Turn, st.integers(1, 3), st.sampled_from(list(TurnUnit)))
week_days = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days)))


@st.composite
def regions(draw: st.DrawFn, name: str) -> Region:
    members = tuple((f"{name}{number}",) for number in range(draw(st.integers(1, 4))))
    since = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 30)))
    starts = draw(clocks)
    at = draw(st.one_of(st.just(starts), clocks))
    version = RotationVersion(members, draw(turns), since, at)
    seats = {Seat.PRIMARY: Rotation((version,))}
    return Region(name, draw(st.sampled_from(ZONES)), starts, seats, draw(clocks), draw(week_days))


schedules = st.builds(
    Schedule,
    st.just("safety"),
    st.sampled_from(list(Mode)),
    st.integers(1, 3).flatmap(lambda count: st.tuples(*(regions("ABC"[place]) for place in range(count)))),
)


class Oracle:
    """Lists every local start by walking the calendar day by day, and looks through the list from the end."""

    def __init__(self, schedule: Schedule, until: date) -> None:
        self._schedule = schedule
        days = [
            date(2025, 12, 25) + timedelta(days=day) for day in range((until - date(2025, 12, 25)).days + 3)
        ]
        self._starts = [
            (second_opinion(on, region.starts, region.zone), order)
            for on in days
            for order, region in enumerate(schedule.regions)
        ]
        self._starts.sort()
        self._windows = [list(self._hours(region, days)) for region in schedule.regions]
        self._turns = [list(self._turn_starts(region, days)) for region in schedule.regions]

    def at(self, t: datetime) -> list[tuple[str, str]]:
        """(region, person) pairs; person "" where the rotation has not begun."""
        return [(self._schedule.regions[order].name, self._person(order, t)) for order in self._holding(t)]

    def every_minute(self, begin: datetime, end: datetime) -> Iterator[tuple[str, str]]:
        """The one region of a chain and its person, minute by minute."""
        starts = [start for start, _ in self._starts]
        at, holds, numbers = begin, bisect_right(starts, begin) - 1, [0] * len(self._turns)
        while at < end:
            while holds + 1 < len(starts) and starts[holds + 1] <= at:
                holds += 1
            order = self._starts[holds][1]
            turn_starts = self._turns[order]
            while numbers[order] < len(turn_starts) and turn_starts[numbers[order]] <= at:
                numbers[order] += 1
            yield self._schedule.regions[order].name, self._member(order, numbers[order] - 1)
            at += MINUTE

    def _holding(self, t: datetime) -> list[int]:
        if self._schedule.mode is Mode.CHAIN:
            return [next(order for start, order in reversed(self._starts) if start <= t)]
        return [
            order
            for order, windows in enumerate(self._windows)
            if any(start <= t < end for start, end in windows)
        ]

    def _person(self, order: int, t: datetime) -> str:
        return self._member(order, sum(start <= t for start in self._turns[order]) - 1)

    def _member(self, order: int, number: int) -> str:
        version = self._schedule.regions[order].seats[Seat.PRIMARY].versions[0]
        return version.members[number % len(version.members)][0] if number >= 0 else ""

    def _hours(self, region: Region, days: list[date]) -> Iterator[tuple[datetime, datetime]]:
        ends = region.ends or time(0)
        for on in days:
            last = on if ends > region.starts else on + timedelta(days=1)
            if on.weekday() in region.days:
                yield (
                    second_opinion(on, region.starts, region.zone),
                    second_opinion(last, ends, region.zone),
                )

    def _turn_starts(self, region: Region, days: list[date]) -> Iterator[datetime]:
        version = region.seats[Seat.PRIMARY].versions[0]
        served = region.days if self._schedule.mode is Mode.WINDOWS else EVERY_DAY
        counted = 0
        for on in days:
            if on < version.starts_on:
                continue
            counts = on.weekday() in served or version.turn.unit is not TurnUnit.SERVED_DAY
            length = version.turn.count * (7 if version.turn.unit is TurnUnit.WEEK else 1)
            is_first = on == version.starts_on
            if is_first or (counts and counted % length == 0 and counted > 0):
                yield second_opinion(on, version.at, region.zone)
            counted += counts


@settings(max_examples=25, deadline=None)
@given(schedule=schedules, change=st.sampled_from(CHANGES))
def test_every_minute_around_a_clock_change_is_answered_as_the_oracle_does(
    schedule: Schedule, change: date
) -> None:
    oracle, resolver = Oracle(schedule, change + timedelta(days=3)), Resolver(schedule)
    start = datetime.combine(change, time(0), UTC) - timedelta(hours=20)
    for minute in range(0, 44 * 60, 5 if change.month == 12 else 1):
        t = start + minute * MINUTE
        rows = [(row.region, row.people[0] if row.people else "") for row in resolver.at(t)]
        assert rows == oracle.at(t), t


@settings(max_examples=6, deadline=None)
@given(schedule=schedules.filter(lambda schedule: schedule.mode is Mode.CHAIN))
def test_every_minute_of_a_year_has_the_person_the_oracle_names(schedule: Schedule) -> None:
    begin, end = datetime(2026, 2, 10, tzinfo=UTC), datetime(2027, 2, 10, tzinfo=UTC)
    oracle = Oracle(schedule, end.date())
    rows, _ = Resolver(schedule).between(begin, end)
    expected = oracle.every_minute(begin, end)
    for row in rows:
        person = row.people[0] if row.people else ""
        for minute in range((row.end - row.start) // MINUTE):
            assert next(expected) == (row.region, person), row.start + minute * MINUTE
    assert next(expected, None) is None

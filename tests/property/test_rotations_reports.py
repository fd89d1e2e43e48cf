"""The reports beside a slow count: coverage and calendar by quarters of an hour, clock changes by pytz."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from rotations import coverage, daylight
from rotations.model import EVERY_DAY, Mode, Region, Rotation, RotationVersion, Schedule, Seat, Turn, TurnUnit
from rotations.served import calendar
from rotations.shifts import Resolver
from rotations.spans import Span, merged
from rotations.zones import use_bundled_tzdata
from tests.support.second_opinion import FIRST, LAST, clock_changes

ZONES = ("America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Dublin", "Africa/Casablanca")
STEP = timedelta(minutes=15)
# Every odd day of these zones in spring and autumn of 2026 is near one of these instants.
BEGINS = st.sampled_from([datetime(2026, 3, day, tzinfo=UTC) for day in (7, 21, 28)]) | st.sampled_from(
    [datetime(2026, month, day, tzinfo=UTC) for month, day in ((4, 4), (10, 3), (10, 24), (10, 31))]
)

quarters = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
week_days = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days)))


@pytest.fixture(autouse=True, scope="module")
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


@st.composite
def regions(draw: st.DrawFn, name: str) -> Region:
    # Some rotations begin in the middle of what is asked: until then the seat is open.
    anchor = draw(st.dates(date(2026, 2, 1), date(2026, 4, 5)))
    version = RotationVersion((("a",), ("b",)), Turn(1, TurnUnit.DAY), anchor, draw(quarters))
    seats = {Seat.PRIMARY: Rotation((version,))}
    return Region(name, draw(st.sampled_from(ZONES)), draw(quarters), seats, draw(quarters), draw(week_days))


schedules = st.builds(
    Schedule,
    st.just("safety"),
    st.sampled_from(list(Mode)),
    st.integers(1, 3).flatmap(lambda count: st.tuples(*(regions("ABC"[place]) for place in range(count)))),
)


@settings(max_examples=30, deadline=None)
@given(schedules, BEGINS)
def test_coverage_is_the_share_of_moments_with_a_primary(schedule: Schedule, begin: datetime) -> None:
    end = begin + timedelta(days=4)
    resolver = Resolver(schedule)
    report = coverage.report(resolver, begin, end)
    moments = [begin + step * STEP for step in range((end - begin) // STEP)]
    rows = {t: resolver.at(t) for t in moments}
    answered = [t for t in moments if any(row.people for row in rows[t])]
    assert report.percent == pytest.approx(100 * len(answered) / len(moments))
    for seat in report.seats:
        held = [row for t in moments for row in rows[t] if row.region == seat.region]
        assert (seat.held, seat.filled) == (len(held) * STEP, sum(bool(row.people) for row in held) * STEP)


@settings(max_examples=30, deadline=None)
@given(schedules, BEGINS)
def test_gaps_and_overlaps_are_exactly_the_moments_without_and_with_two(
    schedule: Schedule, begin: datetime
) -> None:
    end = begin + timedelta(days=4)
    resolver = Resolver(schedule)
    report = coverage.report(resolver, begin, end)
    for step in range((end - begin) // STEP):
        t = begin + step * STEP
        rows = resolver.at(t)
        gaps = {gap.region for gap in report.gaps if gap.start <= t < gap.end}
        assert gaps == ({row.region for row in rows if not row.people} if rows else {None}), t
        pairs = {overlap.regions for overlap in report.overlaps if overlap.start <= t < overlap.end}
        held = [row.region for row in rows]
        assert pairs == {(one, other) for at, one in enumerate(held) for other in held[at + 1 :]}, t


def test_every_clock_change_of_the_catalogue_is_found_at_its_second() -> None:
    begin, end = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(LAST + 1, 1, 1, tzinfo=UTC)
    behaviours = {tuple(clock_changes(zone)): zone for zone in pytz.all_timezones}
    for changes, zone in behaviours.items():
        place = pytz.timezone(zone)
        offsets = [change.astimezone(place).utcoffset() for change in changes]
        # What only renames the zone or moves between winter and standard time changes no clock.
        before = [(change - timedelta(seconds=1)).astimezone(place).utcoffset() for change in changes]
        expected = [(t, was, now) for t, was, now in zip(changes, before, offsets, strict=True) if was != now]
        found = daylight.changes([zone], begin, end)
        assert [(one.at, one.before, one.after) for one in found] == expected, zone


spans = st.lists(
    st.builds(
        lambda start, length: Span(start, start + length * STEP),
        st.builds(lambda begin, steps: begin + steps * STEP, BEGINS, st.integers(0, 400)),
        st.integers(1, 300),
    ),
    min_size=1,
    max_size=4,
).map(merged)


@settings(max_examples=60, deadline=None)
@given(spans, st.sampled_from(ZONES))
def test_days_nights_and_weekends_served_are_those_of_an_hour_or_more_by_the_local_clock(
    served: tuple[Span, ...], zone: str
) -> None:
    days: dict[date, int] = {}
    nights: dict[date, int] = {}
    for span in served:
        for step in range((span.end - span.start) // STEP):
            there = (span.start + step * STEP).astimezone(pytz.timezone(zone))
            days[there.date()] = days.get(there.date(), 0) + 1
            if there.hour >= 22 or there.hour < 6:
                evening = there.date() - timedelta(days=there.hour < 6)
                nights[evening] = nights.get(evening, 0) + 1
    weekends: dict[date, int] = {}
    for on, steps in days.items():
        if on.weekday() >= 5:
            saturday = on - timedelta(days=on.weekday() - 5)
            weekends[saturday] = weekends.get(saturday, 0) + steps
    found = calendar(served, zone)
    for counted, steps_by_day in ((found.days, days), (found.nights, nights), (found.weekends, weekends)):
        assert counted == {on for on, steps in steps_by_day.items() if steps >= 4}

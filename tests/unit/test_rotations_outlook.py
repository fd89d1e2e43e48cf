"""What the team reads on Mondays: holes of the next 14 days, and the clocks that change this week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rotations.daylight import Measure
from rotations.model import OverrideKind, Seat
from rotations.outlook import POSTED_AT, monday_before, outlook
from rotations.shifts import Resolver
from tests.support.schedules import WEEKDAYS, chain, override, region, rotation, utc, windows

NEW_YORK, DUBLIN, TOKYO = "America/New_York", "Europe/Dublin", "Asia/Tokyo"
MONDAY = utc("2026-11-30 08:00")
SUN = chain(
    region("AMER", NEW_YORK, "12:00", primary=rotation("ana", at="12:00")),
    region("APAC", TOKYO, "10:00", primary=rotation("kenji", at="10:00")),
    region("EMEA", DUBLIN, "09:00", primary=rotation("niamh", at="09:00")),
)


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-30 08:00", "2026-11-30 08:00"),
        ("2026-11-30 07:59", "2026-11-23 08:00"),
        ("2026-12-06 23:59", "2026-11-30 08:00"),
    ],
)
def test_the_team_is_told_on_mondays_at_eight_utc(now: str, monday: str) -> None:
    assert monday_before(utc(now)) == utc(monday)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Asia/Tokyo", "Europe/London", "America/Los_Angeles"])
@pytest.mark.parametrize("on", [datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 7, 6, tzinfo=UTC)])
def test_it_is_monday_everywhere_where_it_is_read(zone: str, on: datetime) -> None:
    assert datetime.combine(on.date(), POSTED_AT).astimezone(ZoneInfo(zone)).weekday() == 0


def test_a_full_rota_has_no_hole_and_no_clock_changes_in_december() -> None:
    seen = outlook(Resolver(SUN), MONDAY, MONDAY)
    assert (seen.schedule, seen.holes, seen.clocks, seen.differences) == ("safety", (), (), ())


def test_an_open_seat_of_the_next_fortnight_is_a_hole() -> None:
    gone = override("niamh", "2026-12-03 09:00", "2026-12-03 17:00", "EMEA primary", OverrideKind.REMOVE)
    late = override("niamh", "2026-12-14 09:00", "2026-12-14 17:00", "EMEA primary", OverrideKind.REMOVE)
    seen = outlook(Resolver(SUN, [gone, late]), MONDAY, MONDAY)
    assert [(hole.region, hole.seat, hole.start, hole.count) for hole in seen.holes] == [
        ("EMEA", Seat.PRIMARY, utc("2026-12-03 09:00"), 1)
    ]


def test_a_hole_that_is_over_when_a_late_post_leaves_is_left_away() -> None:
    gone = override("niamh", "2026-11-30 09:00", "2026-11-30 17:00", "EMEA primary", OverrideKind.REMOVE)
    resolver = Resolver(SUN, [gone])
    assert outlook(resolver, MONDAY, MONDAY).holes
    assert not outlook(resolver, MONDAY, MONDAY + timedelta(hours=9)).holes


def test_the_same_hole_every_day_is_one_with_its_number() -> None:
    office = windows(region("LON", "Europe/London", "09:00-17:00", WEEKDAYS, primary=rotation("zoe")))
    holes = outlook(Resolver(office), MONDAY, MONDAY).holes
    by_length = {hole.end - hole.start: hole for hole in holes}
    nights, weekends = by_length[timedelta(hours=16)], by_length[timedelta(hours=64)]
    assert (nights.region, nights.count, nights.last_end) == (None, 8, utc("2026-12-11 09:00"))
    assert (weekends.count, weekends.start) == (1, utc("2026-12-04 17:00"))


def test_new_york_s_change_is_announced_the_monday_before_with_what_it_does() -> None:
    seen = outlook(Resolver(SUN), utc("2026-03-02 08:00"), utc("2026-03-02 08:00"))
    assert [(one.zone, one.at) for one in seen.clocks] == [(NEW_YORK, utc("2026-03-08 07:00"))]
    (emea,) = (one for one in seen.differences if one.regions == ("EMEA",))
    assert (emea.measure, emea.before, emea.after) == (
        Measure.LENGTH,
        timedelta(hours=8),
        timedelta(hours=7),
    )


def test_a_week_without_a_change_of_its_own_repeats_no_older_one() -> None:
    seen = outlook(Resolver(SUN), utc("2026-03-09 08:00"), utc("2026-03-09 08:00"))
    assert (seen.clocks, seen.differences) == ((), ())


def test_an_office_that_opens_on_the_monday_after_is_announced_before_too() -> None:
    office = windows(
        region("AMER", NEW_YORK, "09:00-17:00", WEEKDAYS, primary=rotation("ana")),
        region("EMEA", "Europe/London", "09:00-17:00", WEEKDAYS, primary=rotation("zoe")),
    )
    seen = outlook(Resolver(office), utc("2026-03-02 08:00"), utc("2026-03-02 08:00"))
    overlaps = [one for one in seen.differences if one.measure is Measure.OVERLAP]
    assert [(one.start, one.before, one.after) for one in overlaps] == [
        (utc("2026-03-09 13:00"), timedelta(hours=3), timedelta(hours=4))
    ]

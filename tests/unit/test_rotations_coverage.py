"""Coverage: the share of every seat, every hole and every overlap; double cover never hides a hole."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from rotations.coverage import Coverage, Overlap, report
from rotations.model import Epoch, Mode, OverrideKind, Schedule, Seat
from rotations.shifts import Gap, Resolver
from tests.support.schedules import WEEKDAYS, chain, override, region, rotation, utc, windows

MONDAY, TUESDAY, NEXT_MONDAY = utc("2026-02-02"), utc("2026-02-03"), utc("2026-02-09")


def of(schedule: Schedule, start: datetime = MONDAY, end: datetime = TUESDAY) -> Coverage:
    return report(Resolver(schedule), start, end)


def twelve_hours_twice() -> Schedule:
    """Two regions for the same half of the day, none for the other."""
    return windows(
        region("EMEA", "UTC", "06:00-18:00", primary=rotation("niamh")),
        region("AMER", "UTC", "06:00-18:00", primary=rotation("ana")),
    )


def around_the_clock() -> Schedule:
    return chain(
        region("AMER", "UTC", "12:00", primary=rotation("ana"), backup=rotation("bo")),
        region("EMEA", "UTC", "06:00", primary=rotation("niamh")),
    )


def test_twelve_hours_of_double_cover_and_twelve_of_none_are_50_percent() -> None:
    assert of(twelve_hours_twice()).percent == 50


def test_a_chain_with_a_primary_everywhere_is_covered_whole() -> None:
    found = of(around_the_clock())
    assert (found.percent, found.gaps, found.overlaps, found.worst) == (100, (), (), None)


def test_each_seat_has_its_own_share_of_the_time_its_region_holds() -> None:
    late = chain(
        region("AMER", "UTC", "12:00", primary=rotation("ana"), backup=rotation("bo", since="2026-02-03")),
        region("EMEA", "UTC", "06:00", primary=rotation("niamh")),
    )
    found = of(late, MONDAY, utc("2026-02-04"))
    assert [(seat.region, seat.seat, seat.held, seat.percent) for seat in found.seats] == [
        ("AMER", Seat.PRIMARY, timedelta(hours=36), 100),
        ("AMER", Seat.BACKUP, timedelta(hours=36), pytest.approx(100 * 12 / 36)),
        ("EMEA", Seat.PRIMARY, timedelta(hours=12), 100),
    ]
    assert found.percent == 100


def test_every_hole_is_named_by_instant_region_and_seat() -> None:
    gone = override("ana", "2026-02-02 14:00", "2026-02-02 15:00", kind=OverrideKind.REMOVE)
    found = report(Resolver(around_the_clock(), [gone]), MONDAY, TUESDAY)
    assert found.gaps == (Gap(utc("2026-02-02 14:00"), utc("2026-02-02 15:00"), "AMER", Seat.PRIMARY),)
    assert found.percent == pytest.approx(100 * 23 / 24)


def test_where_no_region_holds_the_hole_has_no_seat() -> None:
    assert of(twelve_hours_twice()).gaps == (
        Gap(MONDAY, utc("2026-02-02 06:00"), None, None),
        Gap(utc("2026-02-02 18:00"), TUESDAY, None, None),
    )


def test_a_seat_that_is_empty_for_two_reasons_in_a_row_is_one_hole() -> None:
    schedule = chain(region("AMER", "UTC", "09:00", primary=rotation("ana", since="2026-02-02")))
    removed = override("ana", "2026-02-02 09:00", "2026-02-02 12:00", kind=OverrideKind.REMOVE)
    found = report(Resolver(schedule, [removed]), MONDAY, TUESDAY)
    assert found.gaps == (Gap(MONDAY, utc("2026-02-02 12:00"), "AMER", Seat.PRIMARY),)


def test_an_open_shadow_is_no_hole_and_a_shadow_alone_answers_nothing() -> None:
    late = rotation("zoe", since="2026-03-02")
    schedule = chain(region("AMER", "UTC", "09:00", primary=rotation("ana"), shadow=late))
    found = of(schedule)
    assert (found.gaps, found.percent) == ((), 100)
    alone = of(chain(region("AMER", "UTC", "09:00", shadow=rotation("zoe"))))
    assert alone.percent == 0


def test_the_worst_hole_is_the_longest_and_of_equals_the_first() -> None:
    schedule = windows(region("EMEA", "UTC", "08:00-16:00", WEEKDAYS, primary=rotation("niamh")))
    found = of(schedule, MONDAY, utc("2026-02-16"))
    assert found.worst == Gap(utc("2026-02-06 16:00"), utc("2026-02-09 08:00"), None, None)
    assert found.percent == pytest.approx(100 * 80 / 336)


def test_overlaps_are_named_with_both_regions_in_file_order() -> None:
    schedule = windows(
        region("EMEA", "UTC", "08:00-16:00", primary=rotation("niamh")),
        region("AMER", "UTC", "14:00-22:00", primary=rotation("ana bo"), backup=rotation("cy")),
        region("APAC", "UTC", "15:00-17:00", primary=rotation("kenji")),
    )
    assert of(schedule).overlaps == (
        Overlap(utc("2026-02-02 14:00"), utc("2026-02-02 16:00"), ("EMEA", "AMER")),
        Overlap(utc("2026-02-02 15:00"), utc("2026-02-02 16:00"), ("EMEA", "APAC")),
        Overlap(utc("2026-02-02 15:00"), utc("2026-02-02 17:00"), ("AMER", "APAC")),
    )


def test_a_change_of_people_does_not_cut_an_overlap() -> None:
    schedule = windows(
        region("EMEA", "UTC", "08:00-16:00", primary=rotation("niamh tom", at="14:30")),
        region("AMER", "UTC", "14:00-22:00", primary=rotation("ana")),
    )
    assert of(schedule).overlaps == (
        Overlap(utc("2026-02-02 14:00"), utc("2026-02-02 16:00"), ("EMEA", "AMER")),
    )


def test_a_region_that_held_in_the_past_and_is_gone_is_reported_last() -> None:
    past = region("OLD", "UTC", "09:00", primary=rotation("olga"))
    epoch = Epoch(utc("2026-02-05"), Mode.CHAIN, (past,))
    found = of(replace(around_the_clock(), past=(epoch,)), MONDAY, NEXT_MONDAY)
    assert list(dict.fromkeys(seat.region for seat in found.seats)) == ["AMER", "EMEA", "OLD"]
    assert found.seats[-1].held == timedelta(days=3)
    assert found.percent == 100


def test_no_time_at_all_is_covered_and_has_no_seats() -> None:
    found = of(around_the_clock(), TUESDAY, MONDAY)
    assert (found.percent, found.seats, found.start, found.end) == (100, (), TUESDAY, TUESDAY)


def test_a_year_is_asked_about_in_any_offset_and_answered_in_utc() -> None:
    start = datetime.fromisoformat("2026-02-02T01:00:00+01:00")
    found = of(around_the_clock(), start, start + timedelta(weeks=52))
    assert (found.start, found.end) == (MONDAY, utc("2027-02-01"))
    assert found.start.utcoffset() == timedelta()
    assert found.percent == 100

"""What is served is counted on the person's own calendar; spans join, meet and add up."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from rotations.model import EVERY_DAY, Hours, Layer, Region, Roster, RosterShift, Rotation, Seat
from rotations.served import calendar, crew, day, named_for, shifts_by_person, spans_of
from rotations.shifts import Resolver
from rotations.spans import Span, merged, shared, total
from tests.support.schedules import chain, region, rotation, utc, version, windows

FRIDAY = 4
TOKYO = "Asia/Tokyo"
NEW_YORK = "America/New_York"


def span(start: str, end: str) -> Span:
    return Span(utc(start), utc(end))


def morning(hour: int, until: int) -> Span:
    return span(f"2026-03-02 {hour:02}:00", f"2026-03-02 {until:02}:00")


def crowded() -> Region:
    """A region whose primary is a rotation under a layer and whose backup is a roster."""
    shifts = (RosterShift(("joy", "lea"), utc("2026-03-02 00:00"), utc("2026-03-03 00:00")),)
    return replace(
        region("APAC", "UTC", "00:00", primary=rotation("kenji lena+arjun")),
        layers=(Layer("nights", Seat.PRIMARY, rotation("ruby"), (Hours(EVERY_DAY, time(22), time(6)),)),),
        rosters={Seat.BACKUP: Roster(shifts)},
    )


def test_spans_that_touch_or_overlap_are_one() -> None:
    assert merged([morning(5, 7), morning(1, 2), morning(2, 4), morning(5, 6)]) == (
        morning(1, 4),
        morning(5, 7),
    )
    assert merged([]) == ()


def test_what_two_rows_of_spans_share_has_no_empty_part() -> None:
    ones, others = [morning(1, 4), morning(6, 9), morning(10, 11)], [morning(2, 7), morning(9, 10)]
    assert list(shared(ones, others)) == [morning(2, 4), morning(6, 7)]
    assert list(shared(others, ones)) == [morning(2, 4), morning(6, 7)]
    assert list(shared(ones, [])) == []


def test_lengths_add_up() -> None:
    assert total([morning(1, 4), morning(6, 9)]) == timedelta(hours=6)
    assert total([]) == timedelta()


def test_a_person_on_two_seats_at_once_is_on_call_once() -> None:
    schedule = chain(region("AMER", "UTC", "00:00", primary=rotation("ana"), lead=rotation("ana")))
    shifts = shifts_by_person(Resolver(schedule), utc("2026-03-02"), utc("2026-03-03"))["ana"]
    assert [shift.seat for shift in shifts] == [Seat.PRIMARY, Seat.LEAD]
    assert spans_of(shifts) == (span("2026-03-02", "2026-03-03"),)


def test_a_shadow_serves_nothing_and_an_empty_seat_is_nobodys() -> None:
    late = rotation("bo", since="2026-04-06")
    schedule = chain(region("AMER", "UTC", "00:00", primary=late, shadow=rotation("zoe")))
    assert shifts_by_person(Resolver(schedule), utc("2026-03-02"), utc("2026-03-03")) == {}


def test_a_day_counts_where_the_person_is() -> None:
    evening = [span("2026-03-02 16:00", "2026-03-02 23:00")]  # 01:00 to 08:00 of the third in Tokyo
    assert calendar(evening, TOKYO).days == {date(2026, 3, 3)}
    assert calendar(evening, NEW_YORK).days == {date(2026, 3, 2)}


def test_less_than_an_hour_of_a_day_does_not_count_but_several_parts_together_do() -> None:
    assert calendar([span("2026-03-02 20:00", "2026-03-03 00:59")], "UTC").days == {date(2026, 3, 2)}
    assert len(calendar([span("2026-03-02 20:00", "2026-03-03 01:00")], "UTC").days) == 2
    parts = [span("2026-03-02 08:00", "2026-03-02 08:30"), span("2026-03-02 09:00", "2026-03-02 09:30")]
    assert calendar(parts, "UTC").days == {date(2026, 3, 2)}


def test_a_night_is_named_by_the_evening_on_which_it_begins() -> None:
    assert calendar([span("2026-03-03 01:00", "2026-03-03 05:00")], "UTC").nights == {date(2026, 3, 2)}
    assert calendar([span("2026-03-02 22:00", "2026-03-03 06:00")], "UTC").nights == {date(2026, 3, 2)}
    assert calendar([span("2026-03-02 14:00", "2026-03-02 23:00")], "UTC").nights == {date(2026, 3, 2)}
    assert calendar([span("2026-03-02 14:00", "2026-03-02 22:59")], "UTC").nights == frozenset()
    assert calendar([span("2026-03-02 05:30", "2026-03-02 14:00")], "UTC").nights == frozenset()


def test_the_same_hours_are_a_night_in_one_zone_and_a_day_in_another() -> None:
    shift = [span("2026-03-02 14:00", "2026-03-02 20:00")]
    assert calendar(shift, TOKYO).nights == {date(2026, 3, 2)}
    assert calendar(shift, NEW_YORK).nights == frozenset()


def test_a_weekend_is_counted_once_and_begins_on_the_day_the_country_says() -> None:
    week = [span("2026-03-02", "2026-03-09")]  # Monday to Monday
    assert calendar(week, "UTC").weekends == {date(2026, 3, 7)}
    assert calendar(week, "UTC", FRIDAY).weekends == {date(2026, 3, 6)}
    sunday = [span("2026-03-08 08:00", "2026-03-08 16:00")]
    assert calendar(sunday, "UTC").weekends == {date(2026, 3, 7)}
    assert calendar(sunday, "UTC", FRIDAY).weekends == frozenset()


def test_an_hour_on_saturday_and_sunday_together_is_a_weekend() -> None:
    halves = [span("2026-03-07 10:00", "2026-03-07 10:30"), span("2026-03-08 10:00", "2026-03-08 10:30")]
    assert calendar(halves, "UTC").weekends == {date(2026, 3, 7)}
    assert calendar(halves, "UTC").days == frozenset()


def test_local_days_are_23_and_25_hours_long_where_the_clocks_change_and_tile_the_year() -> None:
    zone = ZoneInfo(NEW_YORK)
    days = [day(date(2026, 1, 1) + timedelta(days=number), zone) for number in range(365)]
    assert all(before.end == after.start for before, after in pairwise(days))
    lengths = {one.length for one in days}
    assert lengths == {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)}


def test_people_are_named_for_a_seat_by_rotation_layer_and_roster() -> None:
    at = utc("2026-03-02")
    assert sorted(named_for(crowded(), Seat.PRIMARY, at)) == ["arjun", "kenji", "lena", "ruby"]
    assert sorted(named_for(crowded(), Seat.BACKUP, at)) == ["joy", "lea"]
    assert list(named_for(crowded(), Seat.LEAD, at)) == []


def test_only_the_version_in_force_names_people() -> None:
    edit = version("di", effective_from=utc("2026-03-02"))
    place = region("AMER", "UTC", "00:00", primary=Rotation((version("ana bo"), edit)))
    assert list(named_for(place, Seat.PRIMARY, utc("2026-03-01 23:59"))) == ["ana", "bo"]
    assert list(named_for(place, Seat.PRIMARY, utc("2026-03-02"))) == ["di"]
    planned = region("AMER", "UTC", "00:00", primary=Rotation((edit,)))
    assert list(named_for(planned, Seat.PRIMARY, utc("2026-01-01"))) == ["di"]


def test_the_crew_is_everybody_who_can_be_paged_in_any_region() -> None:
    schedule = windows(
        crowded(),
        region("EMEA", "UTC", "08:00-16:00", lead=rotation("elena"), shadow=rotation("adaeze")),
    )
    assert crew(schedule, utc("2026-03-02")) == {"kenji", "lena", "arjun", "ruby", "joy", "lea", "elena"}

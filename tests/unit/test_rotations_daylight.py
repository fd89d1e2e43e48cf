"""Clock changes and what they do to a follow-the-sun schedule: the facts of 2026, weeks ahead."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rotations.daylight import ClockChange, Difference, Measure, changes, differences, weeks
from rotations.model import Region, Schedule
from tests.support.schedules import WEEKDAYS, chain, region, rotation, utc, windows

YEAR = (utc("2026-01-01"), utc("2027-01-01"))
PLACES = {"AMER": "America/New_York", "EMEA": "Europe/London", "APAC": "Asia/Singapore"}


def regions(hours: str) -> list[Region]:
    return [region(name, zone, hours, primary=rotation("ana")) for name, zone in PLACES.items()]


def night_shift(zone: str) -> Schedule:
    return windows(region("NIGHT", zone, "22:00-06:00", primary=rotation("ana")))


def hours(length: timedelta) -> float:
    return length / timedelta(hours=1)


def told(found: tuple[Difference, ...], measure: Measure, *names: str) -> list[tuple[str, float, float]]:
    """The UTC day on which each difference of a measure begins, with hours before and after."""
    wanted = [one for one in found if (one.measure, one.regions) == (measure, names)]
    return [(one.start.date().isoformat(), hours(one.before), hours(one.after)) for one in wanted]


def days(found: tuple[ClockChange, ...]) -> list[tuple[str, str]]:
    return [(change.at.date().isoformat(), change.zone) for change in found]


def test_emea_is_5_4_5_4_5_hours_long_over_2026_in_a_chain() -> None:
    found = differences(chain(*regions("09:00")), *YEAR)
    assert told(found, Measure.LENGTH, "EMEA") == [
        ("2026-03-08", 5, 4),
        ("2026-03-29", 4, 5),
        ("2026-10-25", 5, 4),
        ("2026-11-01", 4, 5),
    ]


def test_amer_and_emea_share_3_hours_but_4_from_8_to_29_march_and_25_october_to_1_november() -> None:
    found = differences(windows(*regions("09:00-17:00")), *YEAR)
    assert told(found, Measure.OVERLAP, "AMER", "EMEA") == [
        ("2026-03-08", 3, 4),
        ("2026-03-29", 4, 3),
        ("2026-10-25", 3, 4),
        ("2026-11-01", 4, 3),
    ]


def test_the_hole_before_singapore_is_3_hours_in_winter_and_4_from_8_march() -> None:
    found = differences(windows(*regions("09:00-17:00")), *YEAR)
    # New York's Sunday 8 March ends after the change, so the first wider hole is the night to Monday.
    assert told(found, Measure.HOLE, "APAC") == [("2026-03-09", 3, 4), ("2026-11-02", 4, 3)]


def test_the_hours_of_a_region_do_not_change_in_windows_mode() -> None:
    found = differences(windows(*regions("09:00-17:00")), *YEAR)
    assert [one for one in found if one.measure is Measure.LENGTH] == []


def test_a_difference_says_until_when_and_which_clocks_are_the_cause() -> None:
    found = differences(chain(*regions("09:00")), utc("2026-03-02"), utc("2026-03-16"))
    assert [one for one in found if one.regions == ("EMEA",)] == [
        Difference(
            Measure.LENGTH,
            ("EMEA",),
            utc("2026-03-08 09:00"),
            utc("2026-03-29 08:00"),
            timedelta(hours=5),
            timedelta(hours=4),
            (
                ClockChange(
                    utc("2026-03-08 07:00"), "America/New_York", timedelta(hours=-5), timedelta(hours=-4)
                ),
            ),
            "Europe/London",
        )
    ]


def test_an_end_months_ahead_is_known_where_only_two_weeks_are_asked_about() -> None:
    found = differences(chain(*regions("09:00")), utc("2026-03-23"), utc("2026-04-06"))
    ends = {one.regions: one.until for one in found}
    assert ends == {("EMEA",): utc("2026-10-25 09:00"), ("APAC",): utc("2026-10-25 01:00")}


def test_a_difference_that_begins_with_the_time_asked_about_is_in_it_and_one_at_its_end_is_not() -> None:
    begins, instant = utc("2026-03-08 09:00"), timedelta(seconds=1)
    assert [one.regions for one in differences(chain(*regions("09:00")), begins, begins + instant)] == [
        ("EMEA",)
    ]
    assert differences(chain(*regions("09:00")), begins - instant, begins) == ()


def test_weeks_are_named_by_the_monday_before_the_change() -> None:
    found = weeks(chain(*regions("09:00")), *YEAR)
    assert [week.monday for week in found] == [
        date(2026, 3, 2),
        date(2026, 3, 23),
        date(2026, 10, 19),
        date(2026, 10, 26),
    ]
    assert [one.regions for one in found[0].differences] == [("EMEA",), ("AMER",)]


def test_a_week_is_counted_on_the_calendar_of_the_region_concerned() -> None:
    # Sydney's Monday morning, from which London starts too late to meet it, is Sunday in UTC.
    schedule = windows(
        region("APAC", "Australia/Sydney", "08:00-20:00", WEEKDAYS, primary=rotation("kenji")),
        region("EMEA", "Europe/London", "09:00-17:00", WEEKDAYS, primary=rotation("niamh")),
    )
    found = weeks(schedule, utc("2026-10-20"), utc("2026-10-30"))
    overlaps = [(week.monday, told(week.differences, Measure.OVERLAP, "APAC", "EMEA")) for week in found]
    assert overlaps == [(date(2026, 10, 26), [("2026-10-25", 1, 0)])]


def test_regions_that_rest_at_weekends_differ_from_the_monday_after_and_once() -> None:
    schedule = windows(
        region("AMER", "America/New_York", "09:00-17:00", WEEKDAYS, primary=rotation("ana")),
        region("EMEA", "Europe/London", "09:00-17:00", (6, 0, 1, 2, 3), primary=rotation("niamh")),
    )
    found = differences(schedule, utc("2026-03-01"), utc("2026-03-27"))
    # On Fridays the two never meet: that is no difference, neither before the change nor after.
    assert told(found, Measure.OVERLAP, "AMER", "EMEA") == [("2026-03-09", 3, 4)]
    overlap = next(one for one in found if one.measure is Measure.OVERLAP)
    assert [change.zone for change in overlap.causes] == ["America/New_York"]
    assert overlap.until == utc("2026-03-30 13:00")


def test_the_night_of_the_change_itself_is_an_hour_longer_or_shorter_and_only_that_night() -> None:
    found = differences(night_shift("Europe/Berlin"), *YEAR)
    assert told(found, Measure.LENGTH, "NIGHT") == [("2026-03-28", 8, 7), ("2026-10-24", 8, 9)]
    assert [one.until for one in found if one.measure is Measure.LENGTH] == [
        utc("2026-03-29 20:00"),
        utc("2026-10-25 21:00"),
    ]
    assert days(found[0].causes) == [("2026-03-29", "Europe/Berlin")]


def test_zones_that_never_change_differ_in_nothing() -> None:
    fixed = windows(region("APAC", "Asia/Singapore", "09:00-17:00", primary=rotation("kenji")))
    assert weeks(fixed, *YEAR) == ()


def test_a_region_alone_in_a_chain_has_no_hours_that_could_differ() -> None:
    assert weeks(chain(region("AMER", "America/New_York", "09:00", primary=rotation("ana"))), *YEAR) == ()


def test_clock_changes_are_found_to_the_second_in_order_and_each_zone_once() -> None:
    zones = ["Europe/London", "America/New_York", "Asia/Tokyo", "Europe/London"]
    found = changes(zones, *YEAR)
    assert [(change.at, change.zone) for change in found] == [
        (utc("2026-03-08 07:00"), "America/New_York"),
        (utc("2026-03-29 01:00"), "Europe/London"),
        (utc("2026-10-25 01:00"), "Europe/London"),
        (utc("2026-11-01 06:00"), "America/New_York"),
    ]
    assert [hours(change.after - change.before) for change in found] == [1, 1, -1, -1]


def test_a_clock_change_at_the_first_instant_counts_and_one_at_the_end_does_not() -> None:
    def found(start: str, end: str) -> int:
        return len(changes(["Europe/London"], utc(start), utc(end)))

    assert found("2026-03-29 01:00", "2026-03-30 00:00") == 1
    assert found("2026-03-29 00:00", "2026-03-29 01:00") == 0
    assert found("2026-03-29 00:00", "2026-03-29 01:00:01") == 1
    assert found("2026-03-29 01:00:01", "2026-03-30 00:00") == 0


def test_a_half_hour_change_and_a_skipped_day_are_clock_changes_too() -> None:
    howe = changes(["Australia/Lord_Howe"], *YEAR)
    assert [hours(change.after - change.before) for change in howe] == [-0.5, 0.5]
    apia = changes(["Pacific/Apia"], utc("2011-12-20"), utc("2012-01-05"))
    assert [(change.at, hours(change.after - change.before)) for change in apia] == [
        (utc("2011-12-30 10:00"), 24)
    ]


def test_instants_of_any_offset_may_be_asked_about() -> None:
    start = datetime.fromisoformat("2026-03-08T00:00:00-05:00")
    assert days(changes(["America/New_York"], start, start + timedelta(days=1))) == [
        ("2026-03-08", "America/New_York")
    ]

"""A meeting is proposed where it suits all, else where it asks least of whoever is worst off."""

from datetime import timedelta

import icalendar

from rotations.meetings import Meeting, as_calendar, local_times, proposed
from tests.support.schedules import utc

HOUR = timedelta(hours=1)


def test_the_earliest_shared_hour_of_two_regions_is_proposed() -> None:
    found = proposed(["America/New_York", "Europe/Dublin"], utc("2026-12-01 08:10"), HOUR)
    assert found == Meeting(utc("2026-12-02 14:00"), utc("2026-12-02 15:00"), ())


def test_a_weekend_of_anybody_is_left_out() -> None:
    found = proposed(["Europe/Dublin"], utc("2026-12-04 08:00"), HOUR)
    assert found.start == utc("2026-12-07 09:00")


def test_a_day_passes_before_it() -> None:
    assert proposed(["UTC"], utc("2026-12-01 13:30"), HOUR).start == utc("2026-12-02 14:00")


def test_where_no_hour_suits_all_the_worst_off_loses_least() -> None:
    zones = ["America/New_York", "Europe/Dublin", "Asia/Tokyo"]
    found = proposed(zones, utc("2026-12-01 08:00"), HOUR)
    assert (f"{found.start:%H:%M}", found.outside) == ("11:00", ("America/New_York", "Asia/Tokyo"))


def test_the_hours_of_two_regions_whose_clocks_change_apart_are_told_apart() -> None:
    # Between 8 and 29 March New York is an hour nearer to Dublin.
    found = proposed(["America/New_York", "Europe/Dublin"], utc("2026-03-10 01:00"), HOUR)
    assert found.start == utc("2026-03-11 13:00")


def test_the_event_is_read_strictly() -> None:
    meeting = Meeting(utc("2026-12-02 14:00"), utc("2026-12-02 15:00"), ())
    words = [f"AMER: {local_times(meeting, 'America/New_York')}"]
    written = as_calendar(meeting, "u1", "Review; a, b", words, utc("2026-12-01 08:00"))
    (event,) = icalendar.Calendar.from_ical(written.encode()).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("Review; a, b", "TENTATIVE")
    assert str(event["DESCRIPTION"]) == "AMER: Wed 2 Dec, 09:00–10:00 America/New_York"

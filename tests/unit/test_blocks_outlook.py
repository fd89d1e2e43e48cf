"""Monday's post: what the clocks do, told by the days and in the words of whoever lives there."""

from __future__ import annotations

from datetime import timedelta

from handlers.blocks.outlook import difference_line, outlook_post
from handlers.blocks.reader import Reader
from rotations.daylight import Difference, Measure, differences
from rotations.model import Schedule
from rotations.outlook import outlook
from rotations.shifts import Resolver
from tests.support.blocks import texts
from tests.support.schedules import WEEKDAYS, chain, region, rotation, utc, windows

READER = Reader(lambda user: user, utc("2026-03-02 08:00"), "Europe/London")


def sun() -> Schedule:
    return chain(
        region("AMER", "America/New_York", "09:00", primary=rotation("ana")),
        region("EMEA", "Europe/London", "09:00", primary=rotation("niamh")),
        region("APAC", "Asia/Singapore", "09:00", primary=rotation("kenji")),
    )


def lines(schedule: Schedule, start: str, end: str, measure: Measure) -> list[str]:
    found = differences(schedule, utc(start), utc(end))
    return [difference_line(one, READER) for one in found if one.measure is measure]


def test_a_region_that_holds_shorter_is_told_with_both_lengths_and_until_when() -> None:
    assert lines(sun(), "2026-03-02", "2026-03-16", Measure.LENGTH) == [
        "From Sun 8 Mar EMEA holds 4 h instead of 5 h, until Sun 29 Mar",
        "From Sun 8 Mar AMER holds 12 h instead of 11 h, until Sun 1 Nov",
    ]


def test_days_are_those_of_the_region_not_of_utc() -> None:
    # Sydney's Monday morning is Sunday in UTC.
    schedule = windows(
        region("APAC", "Australia/Sydney", "08:00-20:00", WEEKDAYS, primary=rotation("kenji")),
        region("EMEA", "Europe/London", "09:00-17:00", WEEKDAYS, primary=rotation("niamh")),
    )
    assert lines(schedule, "2026-10-20", "2026-10-30", Measure.OVERLAP) == [
        "From Mon 26 Oct APAC and EMEA no longer overlap, 1 h so far, until Mon 29 Mar 2027"
    ]


def test_every_measure_has_its_words_with_and_without_something_so_far() -> None:
    def line(measure: Measure, before: int, after: int) -> str:
        regions = ("AMER", "EMEA") if measure is Measure.OVERLAP else ("APAC",)
        lengths = timedelta(hours=before), timedelta(hours=after)
        return difference_line(
            Difference(measure, regions, utc("2026-03-08 09:00"), None, *lengths, (), "UTC"), READER
        ).removeprefix("From Sun 8 Mar ")

    assert line(Measure.OVERLAP, 3, 4) == "AMER and EMEA overlap 4 h instead of 3 h"
    assert line(Measure.OVERLAP, 0, 1) == "AMER and EMEA overlap 1 h, not at all so far"
    assert line(Measure.HOLE, 3, 4) == "nobody holds for 4 h instead of 3 h before APAC"
    assert line(Measure.HOLE, 0, 1) == "nobody holds for 1 h before APAC"
    assert line(Measure.HOLE, 1, 0) == "the hole of 1 h before APAC is closed"


def test_the_post_of_the_monday_before_names_clocks_and_what_they_do() -> None:
    monday = utc("2026-03-02 08:00")
    message = outlook_post([outlook(Resolver(sun()), monday, monday)], READER)
    said = "\n".join(texts(list(message.blocks)))
    assert "No open shift in the next 14 days" in said
    assert "New York goes forward 1 h" in said
    assert "From Sun 8 Mar EMEA holds 4 h instead of 5 h, until Sun 29 Mar" in said

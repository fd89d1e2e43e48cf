"""Answers are parts with instants and reasons; times are readable in every zone that matters."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from rotations.answers import Answers, OnCallAnswer
from rotations.file import parse
from rotations.model import Organisation, Override, Seat
from rotations.refusals import UnknownSeat
from rotations.shifts import Resolver, resolver_of
from rotations.wording import clock, clock_only, clocks, did_you_mean, listed
from tests.support.schedules import chain, override, region, rotation, utc, windows

EXAMPLE = Path(__file__).parents[2] / "bot" / "example" / "organisation.yaml"
NOW = utc("2026-11-30 19:00")


def answers(*overrides: Override) -> Answers:
    example = replace(parse(EXAMPLE.read_text(), "organisation.yaml"), overrides=overrides)
    return Answers(example, resolver_of(example))


def office() -> Answers:
    schedule = windows(
        region("EMEA", "UTC", "08:00-16:00", primary=rotation("niamh")),
        region("AMER", "UTC", "14:00-22:00", primary=rotation("ana")),
    )
    return Answers(Organisation(schedules=(schedule,)), Resolver(schedule))


def seats(answer: OnCallAnswer) -> list[tuple[str, str]]:
    return [(line.label, line.text) for held in answer.regions for line in held.seats]


def test_who_is_on_now_until_when_and_who_follows() -> None:
    answer = answers().on_call(NOW)
    assert seats(answer) == [("Primary", "Ana Lima"), ("Backup", "Bo Chen"), ("Lead", "Dana Ortiz")]
    assert [(held.region, held.zone, held.until) for held in answer.regions] == [
        ("AMER", "America/New_York", utc("2026-12-01 01:00"))
    ]
    assert [(next_.region, next_.at, next_.seats[0].text) for next_ in answer.next] == [
        ("APAC", utc("2026-12-01 01:00"), "Kenji Mori"),
        ("EMEA", utc("2026-12-01 09:00"), "Niamh Byrne"),
    ]
    assert answer.open_shifts == ()


def test_an_answer_says_when_the_turn_really_ends() -> None:
    line = answers().on_call(NOW).regions[0].seats[0]
    assert (line.until, line.turn_until, line.is_changed) == (
        utc("2026-12-01 01:00"),
        utc("2026-12-07 17:00"),
        False,
    )


def test_an_override_is_told_with_its_reason() -> None:
    covered = answers(override("cy", "2026-11-30 18:00", "2026-11-30 20:00", reason="dentist"))
    line = covered.on_call(NOW).regions[0].seats[0]
    assert (line.text, line.until, line.is_changed) == ("Cy Okafor", utc("2026-11-30 20:00"), True)
    assert line.why == ("Cy Okafor covers: dentist.", "The rotation says Ana Lima.")


def test_open_shifts_of_the_next_week_are_listed() -> None:
    late = chain(region("AMER", "UTC", "09:00", primary=rotation("ana", since="2026-12-02")))
    answer = Answers(Organisation(schedules=(late,)), Resolver(late)).on_call(NOW)
    assert seats(answer) == [("Primary", "nobody")]
    assert [(gap.seat, gap.end) for gap in answer.open_shifts] == [(Seat.PRIMARY, utc("2026-12-02 09:00"))]


def test_where_windows_overlap_the_region_that_began_last_comes_first() -> None:
    assert [held.region for held in office().on_call(utc("2026-02-02 15:00")).regions] == ["AMER", "EMEA"]


def test_the_next_region_after_a_lone_window_is_itself() -> None:
    lone = windows(region("EMEA", "UTC", "08:00-16:00", primary=rotation("niamh")))
    answer = Answers(Organisation(schedules=(lone,)), Resolver(lone)).on_call(utc("2026-02-02 15:00"))
    assert [(next_.region, next_.at) for next_ in answer.next] == [("EMEA", utc("2026-02-03 08:00"))]


def test_next_of_a_region() -> None:
    found = answers().next_of_region("AMER", NOW)
    assert found is not None
    assert (found.at, found.seats[0].text) == (utc("2026-12-01 17:00"), "Ana Lima")
    with pytest.raises(UnknownSeat, match="no region ASIA"):
        answers().next_of_region("ASIA", NOW)


def test_next_shift_of_a_person_who_is_on_now_is_the_one_after() -> None:
    found = answers().next_of_person("ana", NOW)
    assert found is not None
    assert (found.at, found.region, [line.seat for line in found.seats]) == (
        utc("2026-12-01 17:00"),
        "AMER",
        [Seat.PRIMARY],
    )


def test_somebody_without_a_shift_in_sight_has_no_next() -> None:
    assert answers().next_of_person("milan", NOW) is None


def test_a_schedule_that_never_changes_has_no_next_region() -> None:
    lone = chain(region("AMER", "UTC", "09:00", primary=rotation("ana")))
    alone = Answers(Organisation(schedules=(lone,)), Resolver(lone))
    assert alone.on_call(NOW).next == ()
    assert alone.next_of_person("bo", NOW) is None


def test_a_time_is_told_with_its_day_and_city_and_once_per_zone() -> None:
    assert clock(utc("2026-12-04 16:00"), "Asia/Tokyo") == "Sat 5 Dec 01:00 Tokyo"
    assert clocks(utc("2026-12-04 16:00"), ["Asia/Tokyo", "America/New_York", "Asia/Tokyo"]) == (
        "Sat 5 Dec 01:00 Tokyo · Fri 4 Dec 11:00 New York · Fri 4 Dec 16:00 UTC"
    )


def test_a_clock_time_alone_has_its_city() -> None:
    assert clock_only(utc("2026-12-04 16:00"), "Asia/Tokyo") == "01:00 Tokyo"


def test_an_open_shadow_is_no_open_shift() -> None:
    late = chain(
        region("AMER", "UTC", "09:00", primary=rotation("ana"), shadow=rotation("bo", since="2026-12-02"))
    )
    assert Answers(Organisation(schedules=(late,)), Resolver(late)).on_call(NOW).open_shifts == ()


def test_names_stand_in_a_row() -> None:
    assert [listed(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_a_near_miss_is_offered_else_the_choices_when_they_are_few() -> None:
    assert did_you_mean("primry", ["primary", "lead"]) == '. Did you mean "primary"?'
    assert did_you_mean("xxx", ["primary", "lead"]) == ". There is: primary, lead."
    assert did_you_mean("xxx", [f"name{number}" for number in range(20)]) == "."

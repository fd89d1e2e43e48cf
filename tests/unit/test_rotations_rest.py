"""Rest: eleven hours between shifts and in every day, and never a third weekend in a row."""

from __future__ import annotations

from datetime import datetime

import pytest

from rotations.model import Person, Schedule, Turn, TurnUnit
from rotations.rest import RestFault, RestRule, after, after_all
from rotations.shifts import Resolver
from rotations.spans import Span
from tests.support.schedules import WEEK, WEEKDAYS, chain, region, rotation, utc, windows

ANA = Person("ana", "Ana Lima", zone="America/New_York")
OMAR = Person("omar", "Omar Said", zone="Africa/Cairo", country="EG")


def office(members: str = "ana", days: tuple[int, ...] = WEEKDAYS) -> Schedule:
    """09:00 to 17:00 UTC, taken in turns by the week."""
    return windows(region("EMEA", "UTC", "09:00-17:00", days, primary=rotation(members, turn=WEEK)))


def faults(
    start: str, end: str, schedule: Schedule | None = None, person: Person = ANA
) -> tuple[RestFault, ...]:
    return after(Resolver(schedule or office()), person, utc(start), utc(end))


def rules(start: str, end: str, schedule: Schedule | None = None, person: Person = ANA) -> list[RestRule]:
    return [fault.rule for fault in faults(start, end, schedule, person)]


def test_eleven_hours_on_either_side_are_rest_enough() -> None:
    # Between Tuesday 17:00 and Wednesday 09:00 there are 16 hours: nothing fits between two shifts.
    assert rules("2026-02-06 04:00", "2026-02-06 05:00") == [RestRule.SHORT_REST]
    # After Friday 17:00 there is the weekend.
    assert rules("2026-02-07 04:00", "2026-02-07 10:00") == []
    assert rules("2026-02-08 18:00", "2026-02-08 22:00") == []


@pytest.mark.parametrize(
    ("start", "end", "short"),
    [
        ("2026-02-07 03:59", "2026-02-07 06:00", [RestRule.SHORT_REST]),
        ("2026-02-07 04:00", "2026-02-07 06:00", []),
        ("2026-02-08 20:00", "2026-02-08 22:01", [RestRule.SHORT_REST]),
        ("2026-02-08 20:00", "2026-02-08 22:00", []),
    ],
)
def test_the_rest_before_and_after_is_measured_to_the_minute(
    start: str, end: str, short: list[RestRule]
) -> None:
    assert rules(start, end) == short


def test_a_short_rest_is_told_with_both_shifts_in_the_persons_own_time() -> None:
    found = faults("2026-02-07 00:30", "2026-02-07 06:00")
    assert found == (
        RestFault(
            RestRule.SHORT_REST,
            utc("2026-02-06 17:00"),
            utc("2026-02-07 00:30"),
            "Only 7 h 30 min of rest between the shift that ends Fri 6 Feb 12:00 New York and the one that "
            "starts Fri 6 Feb 19:30 New York; 11 h are needed.",
        ),
    )


def test_both_sides_are_told() -> None:
    assert rules("2026-02-03 22:00", "2026-02-04 02:00") == [RestRule.SHORT_REST, RestRule.SHORT_REST]


def test_an_hour_more_at_the_end_of_a_shift_is_no_short_rest() -> None:
    assert rules("2026-02-06 17:00", "2026-02-06 22:00") == []


def test_a_stretch_of_more_than_thirteen_hours_leaves_no_eleven_of_rest_in_the_day() -> None:
    found = faults("2026-02-06 17:00", "2026-02-06 22:01")
    assert [(fault.rule, fault.start, fault.end) for fault in found] == [
        (RestRule.LONG_STRETCH, utc("2026-02-06 09:00"), utc("2026-02-06 22:01"))
    ]
    assert found[0].text == "On call for 13 h 1 min without 11 h of rest."


def test_a_seat_that_is_held_day_and_night_is_not_too_long_by_itself() -> None:
    legal = chain(region("Legal", "UTC", "09:00", primary=rotation("iris marcus omar")))
    # Omar's weeks begin on 9 February and 2 March: a day between is well rested, the day before one is not.
    assert rules("2026-02-25 00:00", "2026-02-26 00:00", legal, OMAR) == []
    assert rules("2026-02-08 09:00", "2026-02-09 09:00", legal, OMAR) == [RestRule.LONG_STRETCH]


def test_hours_of_a_seat_that_leave_little_between_its_days_are_not_the_persons_fault() -> None:
    days = tuple(Span(utc(f"2026-02-{on} 06:00"), utc(f"2026-02-{on} 22:00")) for on in ("14", "15"))
    assert after_all(Resolver(office("bo")), ANA, days) == ()
    # Beside a shift of their own, the short night is one.
    own = Resolver(windows(region("X", "UTC", "06:00-22:00", (6,), primary=rotation("ana"))))
    assert [fault.rule for fault in after_all(own, ANA, days[:1]) if fault.rule is RestRule.SHORT_REST] != []


def test_what_was_wrong_before_and_is_elsewhere_is_not_told() -> None:
    # 20:00 to 12:00 each day leaves eight hours of rest: not the fault of an hour two weeks later.
    hard = windows(region("X", "UTC", "20:00-12:00", WEEKDAYS, primary=rotation("ana bo")))
    assert rules("2026-02-13 17:00", "2026-02-13 18:00", hard) == []


def test_a_third_weekend_in_a_row_is_too_many() -> None:
    everyday = office("ana bo cy", days=(0, 1, 2, 3, 4, 5, 6))
    # Ana has the weekends of 10 and 31 January. One more beside each is a second; the one between two, fine.
    assert rules("2026-01-17 09:00", "2026-01-17 17:00", everyday) == []
    own = (
        Span(utc("2026-01-17 09:00"), utc("2026-01-17 17:00")),
        Span(utc("2026-01-24 09:00"), utc("2026-01-24 17:00")),
    )
    found = after_all(Resolver(everyday), ANA, own)
    assert [(fault.rule, fault.start, fault.end) for fault in found] == [
        (RestRule.WEEKENDS, utc("2026-01-10 05:00"), utc("2026-02-02 05:00"))
    ]
    assert found[0].text == "4 weekends in a row; 2 at most."


def test_a_weekend_between_two_others_makes_three() -> None:
    every_other = office("ana bo", days=(0, 1, 2, 3, 4, 5, 6))
    assert rules("2026-01-17 09:00", "2026-01-17 17:00", every_other) == [RestRule.WEEKENDS]
    assert rules("2026-01-14 20:00", "2026-01-14 21:00", every_other) == []


def test_two_weekends_before_are_seen_and_two_after() -> None:
    fortnights = chain(region("X", "UTC", "09:00", primary=rotation("ana bo", turn=Turn(2, TurnUnit.WEEK))))
    # Ana has the weekends of 10 and 17 January, and of 7 and 14 February.
    assert RestRule.WEEKENDS in rules("2026-01-24 09:00", "2026-01-24 17:00", fortnights)
    assert RestRule.WEEKENDS in rules("2026-01-31 09:00", "2026-01-31 17:00", fortnights)


def test_weekends_are_those_of_the_persons_country() -> None:
    fridays = windows(region("X", "UTC", "09:00-17:00", (4,), primary=rotation("ana+omar bo")))
    # The Fridays of 9 and 23 January are theirs; that of 16 January would be between them.
    assert rules("2026-01-16 09:00", "2026-01-16 17:00", fridays, OMAR) == [RestRule.WEEKENDS]
    assert rules("2026-01-16 09:00", "2026-01-16 17:00", fridays, ANA) == []


def test_somebody_who_serves_nothing_has_all_the_rest() -> None:
    assert rules("2026-02-03 22:00", "2026-02-04 02:00", office("bo")) == []


def test_no_time_is_no_fault() -> None:
    assert after_all(Resolver(office()), ANA, ()) == ()


def test_whether_the_shift_is_theirs_already_makes_no_difference() -> None:
    resolver = Resolver(office("ana bo"))
    assert after(resolver, ANA, utc("2026-01-05 09:00"), utc("2026-01-05 17:00")) == ()
    late = Resolver(windows(region("X", "UTC", "06:00-20:00", primary=rotation("ana"))))
    own = after(late, ANA, utc("2026-01-07 06:00"), utc("2026-01-07 20:00"))
    assert [fault.rule for fault in own if fault.rule is not RestRule.WEEKENDS] == [RestRule.SHORT_REST] * 2


def test_instants_of_any_offset_are_understood() -> None:
    start = datetime.fromisoformat("2026-02-06T23:30:00-01:00")
    found = after(Resolver(office()), ANA, start, datetime.fromisoformat("2026-02-07T06:00:00+00:00"))
    assert [fault.end for fault in found] == [utc("2026-02-07 00:30")]

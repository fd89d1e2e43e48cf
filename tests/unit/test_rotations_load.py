"""Fairness: what each person carried by their own calendar, in points, as a spread and never a rank."""

from __future__ import annotations

from collections.abc import Mapping

from rotations.load import Load, Spread, comparable, report, spread
from rotations.model import Organisation, Person, Schedule, Seat
from rotations.shifts import Resolver
from tests.support.schedules import DAY, chain, override, region, rotation, utc, windows

MONDAY, NEXT_MONDAY = utc("2026-02-02"), utc("2026-02-09")
TOKYO = "Asia/Tokyo"


def loads(
    schedule: Schedule,
    people: tuple[Person, ...] = (),
    pages: Mapping[str, int] | None = None,
    grave: Mapping[str, int] | None = None,
    weeks: str = "2026-02-09",
) -> dict[str, Load]:
    found = report(Organisation(people), Resolver(schedule), MONDAY, utc(weeks), pages, grave)
    return {load.person: load for load in found}


def somebody(key: str, zone: str = "UTC", country: str | None = None) -> Person:
    return Person(key, key.capitalize(), zone=zone, country=country)


def nights(members: str = "ana") -> Schedule:
    return windows(region("AMER", "UTC", "22:00-06:00", primary=rotation(members)))


def test_hours_nights_and_weekends_are_counted_over_the_time_asked_about() -> None:
    load = loads(nights(), (somebody("ana"),))["ana"]
    # Monday 00:00 to Monday 00:00: seven nights, cut at both ends, and the night before the first Monday.
    assert (load.hours, load.nights, load.weekends, load.holidays) == (56, 8, 1, 0)


def test_the_same_shift_is_a_night_only_for_whoever_sleeps_then() -> None:
    people = somebody("ana", "America/Los_Angeles"), somebody("kenji", TOKYO)
    schedule = windows(region("X", "UTC", "14:00-20:00", primary=rotation("ana+kenji")))
    found = loads(schedule, people)
    assert (found["ana"].nights, found["kenji"].nights) == (0, 7)
    assert found["ana"].hours == found["kenji"].hours == 42


def test_a_weekend_is_that_of_the_persons_country() -> None:
    friday = windows(region("X", "UTC", "08:00-16:00", (4,), primary=rotation("ana+omar")))
    found = loads(friday, (somebody("ana", country="US"), somebody("omar", country="EG")))
    assert (found["ana"].weekends, found["omar"].weekends) == (0, 1)


def test_a_public_holiday_counts_for_the_person_whose_country_keeps_it() -> None:
    schedule = windows(region("X", "UTC", "08:00-16:00", primary=rotation("ana+kenji")))
    people = somebody("ana", country="US"), somebody("kenji", country="JP")
    found = loads(schedule, people, weeks="2026-02-23")
    # Presidents' Day on the 16th; National Foundation Day on the 11th and nothing on the 16th.
    assert (found["ana"].holidays, found["kenji"].holidays) == (1, 1)


def test_points_are_2_a_night_1_5_a_weekend_3_a_holiday_1_a_page_and_2_more_when_it_was_grave() -> None:
    load = Load("ana", (Seat.PRIMARY,), 40, nights=2, weekends=3, holidays=2, pages=5, grave=2)
    assert load.points == 2 * 2 + 3 * 1.5 + 2 * 3 + 5 * 1 + 2 * 2


def test_pages_are_those_that_are_given() -> None:
    found = loads(nights("ana bo"), (somebody("ana"), somebody("bo")), {"ana": 3}, {"ana": 1})
    assert (found["ana"].pages, found["ana"].grave) == (3, 1)
    assert (found["bo"].pages, found["bo"].grave) == (0, 0)


def test_two_seats_at_once_are_one_time_on_call_and_both_are_named() -> None:
    schedule = chain(region("X", "UTC", "00:00", primary=rotation("ana"), lead=rotation("ana")))
    load = loads(schedule, (somebody("ana"),))["ana"]
    assert (load.hours, load.seats) == (168, (Seat.PRIMARY, Seat.LEAD))


def test_people_stand_in_the_order_of_the_file_whatever_they_carried() -> None:
    people = tuple(somebody(key) for key in ("zoe", "ana", "bo"))
    schedule = chain(region("X", "UTC", "00:00", primary=rotation("bo zoe ana", turn=DAY)))
    assert list(loads(schedule, people)) == ["zoe", "ana", "bo"]


def test_somebody_whose_every_shift_was_covered_is_there_with_nothing() -> None:
    schedule = chain(region("AMER", "UTC", "00:00", primary=rotation("ana")))
    cover = override("bo", "2026-02-01 00:00", "2026-02-10 00:00")
    people = somebody("ana"), somebody("bo"), somebody("uninvolved")
    found = report(Organisation(people), Resolver(schedule, [cover]), MONDAY, NEXT_MONDAY)
    assert [(load.person, load.hours, load.seats) for load in found] == [
        ("ana", 0, ()),
        ("bo", 168, (Seat.PRIMARY,)),
    ]


def test_a_shadow_carries_nothing_and_is_not_listed() -> None:
    schedule = chain(region("X", "UTC", "00:00", primary=rotation("ana"), shadow=rotation("zoe")))
    assert list(loads(schedule, (somebody("zoe"), somebody("ana")))) == ["ana"]


def test_somebody_who_has_left_the_file_keeps_what_they_carried_by_utc() -> None:
    found = loads(nights("gone"), (somebody("ana"),))
    assert (found["gone"].hours, found["gone"].nights) == (56, 8)


def test_people_who_only_lead_are_not_compared_with_those_who_take_turns() -> None:
    schedule = chain(
        region(
            "X", "UTC", "00:00", primary=rotation("ana bo"), backup=rotation("dana"), lead=rotation("elena")
        )
    )
    found = report(Organisation(), Resolver(schedule), MONDAY, NEXT_MONDAY)
    assert {load.person for load in comparable(found)} == {"ana", "bo", "dana"}


def test_a_spread_is_the_least_the_middle_and_the_most() -> None:
    assert spread([9, 1, 2]) == Spread(1, 2, 9)
    assert spread([4, 2]) == Spread(2, 3, 4)
    assert spread([]) == Spread(0, 0, 0)

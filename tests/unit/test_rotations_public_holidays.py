"""Public holidays where a person is, in English, and the shifts that fall on them."""

from __future__ import annotations

from datetime import date

from rotations import public_holidays
from rotations.model import EVERY_DAY, Organisation, Person, Schedule, Seat, Turn, TurnUnit
from rotations.public_holidays import Collision, Holiday, collisions, days_of, of, weekend_from
from rotations.shifts import Resolver
from tests.support.schedules import DAY, chain, region, rotation, utc, windows

YEAR = (date(2026, 1, 1), date(2027, 1, 1))
ADVENT = (utc("2026-12-20"), utc("2027-01-03"))
FRIDAY, SATURDAY = 4, 5


def somebody(country: str | None, zone: str = "UTC", key: str = "ana") -> Person:
    return Person(key, key.capitalize(), zone=zone, country=country)


def names(country: str | None) -> list[str]:
    return [holiday.name for holiday in of(somebody(country), *YEAR)]


def found(schedule: Schedule, *people: Person) -> tuple[Collision, ...]:
    return collisions(Organisation(people, (schedule,)), Resolver(schedule), *ADVENT)


def offices(**seats: str) -> Schedule:
    """09:00 to 17:00 UTC each day."""
    rotations = {seat: rotation(members, turn=DAY) for seat, members in seats.items()}
    return windows(region("EMEA", "UTC", "09:00-17:00", EVERY_DAY, **rotations))


def test_a_countrys_holidays_are_named_in_english_and_in_order() -> None:
    assert of(somebody("JP"), date(2026, 1, 1), date(2026, 2, 1)) == (
        Holiday(date(2026, 1, 1), "New Year's Day"),
        Holiday(date(2026, 1, 12), "Coming of Age Day"),
    )
    assert "Tag der Deutschen Einheit" not in names("DE")
    assert "German Unity Day" in names("DE")


def test_the_last_day_asked_about_is_not_included() -> None:
    christmas = date(2026, 12, 25)
    assert of(somebody("US"), date(2026, 12, 20), christmas) == ()
    assert [one.on for one in of(somebody("US"), christmas, date(2026, 12, 26))] == [christmas]
    assert of(somebody("US"), christmas, christmas) == ()


def test_a_question_over_new_year_reaches_into_both_years() -> None:
    days = of(somebody("DE"), date(2026, 12, 25), date(2027, 1, 2))
    assert [one.on for one in days] == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]


def test_a_subdivision_has_its_own_days_beside_its_countrys() -> None:
    assert "Epiphany" in names("DE-BY")
    assert "Epiphany" not in names("DE-BE")
    assert "Epiphany" not in names("DE")
    assert set(names("DE")) < set(names("DE-BY"))


def test_a_subdivision_the_library_does_not_have_counts_as_its_country() -> None:
    assert names("FR-75") == names("FR") != []


def test_without_a_country_or_with_one_the_library_does_not_have_there_are_none() -> None:
    assert names(None) == []
    assert names("SX-XX") == names("SX")
    assert names("XX") == []


def test_a_weekend_begins_on_friday_in_cairo_and_on_saturday_elsewhere() -> None:
    assert weekend_from(somebody("EG")) == FRIDAY
    assert weekend_from(somebody("US-CA")) == SATURDAY
    assert [weekend_from(somebody(country)) for country in ("HK", "XX", None)] == [SATURDAY] * 3


def test_holidays_are_those_of_the_persons_own_days() -> None:
    instant = utc("2026-12-24 20:00")
    assert days_of(somebody("JP", "Asia/Tokyo"), instant, instant) == {}
    assert days_of(somebody("US", "America/New_York"), instant, instant) == {}
    assert days_of(somebody("AU", "Australia/Sydney"), instant, instant) == {
        date(2026, 12, 25): "Christmas Day"
    }


def test_a_shift_on_a_public_holiday_is_found_with_its_day_and_name() -> None:
    assert found(offices(primary="tom"), somebody("GB", key="tom"))[0] == Collision(
        "tom",
        Holiday(date(2026, 12, 25), "Christmas Day"),
        "EMEA",
        Seat.PRIMARY,
        utc("2026-12-25 09:00"),
        utc("2026-12-25 17:00"),
    )


def test_only_the_holidays_of_whoever_is_on_count() -> None:
    # They take turns by the day, and Christmas Day is Tom's: of Kenji's days New Year alone is one.
    people = somebody("GB", key="tom"), somebody("JP", key="kenji")
    rows = found(offices(primary="tom kenji"), *people)
    assert [(row.person, row.holiday.on.isoformat()) for row in rows] == [
        ("tom", "2026-12-25"),
        ("kenji", "2027-01-01"),
    ]


def test_collisions_stand_in_order_of_time_over_all_people() -> None:
    people = somebody("GB", key="tom"), somebody("DE", key="lea")
    rows = found(offices(primary="tom", backup="lea"), *people)
    days = [(row.person, row.holiday.on.day) for row in rows]
    assert days[:5] == [("tom", 25), ("lea", 25), ("tom", 26), ("lea", 26), ("tom", 28)]


def test_shadows_and_people_the_file_does_not_know_have_no_collisions() -> None:
    assert found(offices(primary="stranger", shadow="tom"), somebody("GB", key="tom")) == ()


def test_less_than_an_hour_of_a_holiday_is_no_collision() -> None:
    def late(ends: str) -> Schedule:
        return windows(region("EMEA", "UTC", f"16:00-{ends}", primary=rotation("tom")))

    tom = somebody("GB", key="tom")
    on_eve = [row for row in found(late("00:30"), tom) if row.start < utc("2026-12-25")]
    assert on_eve == []
    assert found(late("01:30"), tom)[0].start == utc("2026-12-24 16:00")


def test_a_shift_of_a_day_is_named_whole_and_a_longer_one_by_its_day() -> None:
    lea = somebody("DE", key="lea")
    daily = chain(region("X", "UTC", "09:00", primary=rotation("lea bo", turn=DAY)))
    row = found(daily, lea)[0]
    assert (row.start, row.end) == (utc("2026-12-25 09:00"), utc("2026-12-26 09:00"))
    two_days = chain(region("X", "UTC", "09:00", primary=rotation("bo lea", turn=Turn(2, TurnUnit.DAY))))
    row = found(two_days, lea)[0]
    assert (row.start, row.end) == (utc("2026-12-25 09:00"), utc("2026-12-26 00:00"))


def test_of_a_shift_that_lasts_a_week_only_the_day_is_named() -> None:
    schedule = chain(region("Legal", "Europe/London", "09:00", primary=rotation("iris")))
    rows = found(schedule, somebody("DE", "Europe/Berlin", "iris"))
    assert [(row.start, row.end) for row in rows] == [
        (utc("2026-12-24 23:00"), utc("2026-12-25 23:00")),
        (utc("2026-12-25 23:00"), utc("2026-12-26 23:00")),
        (utc("2026-12-31 23:00"), utc("2027-01-01 23:00")),
    ]


def test_the_library_of_holidays_is_read_when_somebody_asks_and_not_at_start() -> None:
    assert "holidays" not in vars(public_holidays)

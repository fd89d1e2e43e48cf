"""Absences and the shifts they fall on; nobody is ever taken off a seat by one."""

from __future__ import annotations

from datetime import datetime

from rotations.absences import Clash, clashes, of
from rotations.model import Absence, Organisation, Schedule, Seat
from rotations.shifts import Resolver, resolver_of
from tests.support.schedules import WEEKDAYS, override, region, rotation, utc, windows

MONDAY, NEXT_MONDAY = utc("2026-02-02"), utc("2026-02-09")


def away(key: str, start: str, end: str, person: str = "ana") -> Absence:
    return Absence(key, person, utc(start), utc(end))


def office() -> Schedule:
    rotations = {"primary": rotation("ana"), "shadow": rotation("zoe")}
    return windows(region("AMER", "UTC", "09:00-17:00", WEEKDAYS, **rotations))


def found(*absences: Absence) -> tuple[Clash, ...]:
    organisation = Organisation((), (office(),), absences=absences)
    return clashes(organisation, resolver_of(organisation), MONDAY, NEXT_MONDAY)


def test_the_absences_that_touch_the_time_are_given_in_order() -> None:
    late, early = away("late", "2026-02-05", "2026-02-06"), away("early", "2026-02-01", "2026-02-03")
    beside = away("before", "2026-01-01", "2026-02-02"), away("after", "2026-02-09", "2026-03-01")
    organisation = Organisation(absences=(late, *beside, early, away("bo", "2026-02-02", "2026-02-03", "bo")))
    assert of(organisation, "ana", MONDAY, NEXT_MONDAY) == (early, late)


def test_any_offset_may_be_asked_about() -> None:
    absence = away("a", "2026-02-02", "2026-02-03")
    start = datetime.fromisoformat("2026-02-01T20:00:00-05:00")
    end = datetime.fromisoformat("2026-02-01T21:00:00-05:00")
    assert of(Organisation(absences=(absence,)), "ana", start, end) == (absence,)


def test_the_part_of_each_shift_that_falls_on_an_absence_is_named() -> None:
    absence = away("a", "2026-02-03 12:00", "2026-02-04 10:00")
    assert found(absence) == (
        Clash("ana", absence, "AMER", Seat.PRIMARY, utc("2026-02-03 12:00"), utc("2026-02-03 17:00")),
        Clash("ana", absence, "AMER", Seat.PRIMARY, utc("2026-02-04 09:00"), utc("2026-02-04 10:00")),
    )


def test_an_absence_between_shifts_clashes_with_nothing() -> None:
    assert found(away("a", "2026-02-03 17:00", "2026-02-04 09:00")) == ()


def test_a_shadows_absence_is_no_clash() -> None:
    assert found(away("z", "2026-02-02", "2026-02-09", "zoe")) == ()


def test_a_shift_that_is_covered_clashes_no_more() -> None:
    absence = away("a", "2026-02-03", "2026-02-04")
    organisation = Organisation((), (office(),), absences=(absence,))
    covered = Resolver(office(), [override("bo", "2026-02-03 09:00", "2026-02-03 17:00")])
    assert clashes(organisation, covered, MONDAY, NEXT_MONDAY) == ()


def test_clashes_stand_in_order_of_time() -> None:
    rows = found(away("b", "2026-02-05", "2026-02-06"), away("a", "2026-02-03", "2026-02-04"))
    assert [row.absence.id for row in rows] == ["a", "b"]

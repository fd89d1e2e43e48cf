"""On call on a public holiday or while absent: who is warned, of what, and when."""

from __future__ import annotations

from datetime import datetime, time

from msgspec.structs import replace

from rotations.clashes import absence_notices, holiday_notices, leads_of, still_clashes
from rotations.model import Absence, Organisation, Override, Person, Region, Seat
from rotations.notices import Listener, Listeners, Notice, NoticeKind, Preferences, Quiet, is_due
from rotations.own_shifts import OwnShift
from rotations.shifts import Resolver
from tests.support.schedules import chain, override, region, rotation, utc

DUBLIN, NEW_YORK, ROME = "Europe/Dublin", "America/New_York", "Europe/Rome"
PEOPLE = (
    Person("niamh", "Niamh Byrne", zone=DUBLIN, country="IE", region="EMEA"),
    Person("tom", "Tom Becker", zone="Europe/Berlin", country="DE", region="EMEA"),
    Person("elena", "Elena Rossi", zone=ROME, country="IT", region="EMEA", lead=True),
    Person("ana", "Ana Lima", zone=NEW_YORK, country="US", region="AMER"),
    Person("nowhere", "No Where", zone="UTC", region="AMER"),
)
ZONES = {person.key: Listener(person.zone) for person in PEOPLE}
THREE_WEEKS_BEFORE = utc("2026-12-04 12:00")


def emea(primary: str = "niamh", backup: str = "tom") -> Region:
    seats = rotation(primary), rotation(backup), rotation("ana")
    return region("EMEA", DUBLIN, "09:00", primary=seats[0], backup=seats[1], shadow=seats[2])


def rota(*changes: Override, primary: str = "niamh", absences: tuple[Absence, ...] = ()) -> Organisation:
    amer = region("AMER", NEW_YORK, "12:00", primary=rotation("nowhere", at="12:00"))
    return Organisation(PEOPLE, (chain(emea(primary), amer),), changes, absences=absences)


def resolver(organisation: Organisation) -> Resolver:
    return Resolver(organisation.schedules[0], organisation.overrides, organisation.names())


def holidays(
    now: datetime, organisation: Organisation | None = None, listeners: Listeners = ZONES
) -> list[Notice]:
    """Those whose instant has come."""
    there = organisation or rota()
    found = holiday_notices(there, resolver(there), listeners, now)
    return [one for one in found if one.due <= now]


def away(start: str, end: str, person: str = "niamh") -> Absence:
    return Absence("a-1", person, utc(start), utc(end))


def absences(now: datetime, absence: Absence, *changes: Override) -> list[Notice]:
    there = rota(*changes, absences=(absence,))
    return list(absence_notices(there, resolver(there), ZONES, now))


def test_the_person_and_the_lead_are_warned_three_weeks_before_in_their_own_morning() -> None:
    found = {one.to: one for one in holidays(THREE_WEEKS_BEFORE) if one.shift.person == "niamh"}
    assert set(found) == {"niamh", "elena"}
    assert found["niamh"].due == utc("2026-12-04 10:00")
    assert found["elena"].due == utc("2026-12-04 09:00")
    assert found["niamh"].until == utc("2026-12-11 10:00")


def test_days_in_a_row_are_one_warning() -> None:
    (found,) = (one for one in holidays(THREE_WEEKS_BEFORE) if one.to == "niamh")
    assert found.about == "Christmas Day and Saint Stephen's Day"
    assert (found.shift.start, found.shift.end) == (utc("2026-12-25 09:00"), utc("2026-12-26 17:00"))


def test_a_month_without_public_holidays_warns_nobody() -> None:
    assert not holidays(utc("2026-08-30 12:00"))


def test_days_apart_are_two_warnings() -> None:
    found = [one for one in holidays(utc("2026-12-14 12:00")) if one.to == "niamh"]
    assert [one.about for one in found] == ["Christmas Day and Saint Stephen's Day", "New Year's Day"]


def test_the_second_of_two_days_in_a_row_is_not_told_once_more() -> None:
    since, now = utc("2026-12-01 00:00"), utc("2026-12-16 12:00")
    due = [one for one in holidays(now) if one.to == "niamh" and is_due(one, since, now)]
    assert [one.about for one in due] == ["New Year's Day"]


def test_whoever_has_no_country_or_is_not_known_to_slack_is_not_warned() -> None:
    assert not [one for one in holidays(THREE_WEEKS_BEFORE) if one.shift.person == "nowhere"]
    assert not holidays(THREE_WEEKS_BEFORE, listeners={})


def test_a_shift_that_was_given_away_is_its_new_owner_s_holiday() -> None:
    change = override("tom", "2026-12-25 00:00", "2026-12-27 00:00", where="EMEA primary")
    there = rota(change)
    found = [one for one in holidays(THREE_WEEKS_BEFORE, there) if one.to == "tom"]
    assert {(one.shift.seat, one.about) for one in found} == {
        (Seat.PRIMARY, "Christmas Day and Second Day of Christmas"),
        (Seat.BACKUP, "Christmas Day and Second Day of Christmas"),
    }
    assert not [one for one in holidays(THREE_WEEKS_BEFORE, there) if one.to == "niamh"]


def test_a_lead_on_call_is_warned_once_of_their_own() -> None:
    found = holidays(utc("2026-12-04 12:00"), rota(primary="elena"))
    assert len([one for one in found if one.to == "elena" and one.shift.person == "elena"]) == 1


def test_a_region_without_a_lead_has_them_all() -> None:
    shift = OwnShift("ana", "safety", "AMER", Seat.PRIMARY, utc("2026-12-25 17:00"), utc("2026-12-26 01:00"))
    assert leads_of(shift, rota()) == ("elena",)


def test_holiday_warnings_keep_quiet_hours_and_can_be_switched_off() -> None:
    quiet = Listener(DUBLIN, Preferences(quiet=Quiet(time(9), time(12))))
    off = Listener(DUBLIN, Preferences(frozenset({NoticeKind.HOLIDAY})))
    (found,) = holidays(utc("2026-12-04 12:00"), listeners={"niamh": quiet})
    assert found.due == utc("2026-12-04 12:00")
    assert not holidays(THREE_WEEKS_BEFORE, listeners={"niamh": off})


def test_an_absence_is_told_as_one_from_its_first_shift_to_the_end_of_its_last() -> None:
    found = absences(utc("2026-11-01 00:00"), away("2026-11-24 00:00", "2026-11-27 00:00"))
    assert {(one.to, one.shift.start, one.shift.end) for one in found} == {
        (to, utc("2026-11-24 09:00"), utc("2026-11-26 17:00")) for to in ("niamh", "elena")
    }
    assert {one.due.date().isoformat() for one in found} == {"2026-11-03"}


def test_one_shift_in_an_absence_ends_where_it_ends_and_a_part_counts() -> None:
    (found, *_) = absences(utc("2026-11-20 00:00"), away("2026-11-24 12:00", "2026-11-25 00:00"))
    assert (found.shift.start, found.shift.end) == (utc("2026-11-24 12:00"), utc("2026-11-24 17:00"))


def test_an_absence_set_late_is_due_at_once_and_as_long_as_it_helps() -> None:
    now = utc("2026-11-23 20:00")
    (found, *_) = absences(now, away("2026-11-24 00:00", "2026-11-25 00:00"))
    assert is_due(found, now, now)
    assert not is_due(found, now, utc("2026-11-24 09:00"))


def test_nobody_is_warned_where_they_are_not_on_call_or_it_is_far_off_or_over() -> None:
    now = utc("2026-11-01 00:00")
    assert not absences(now, away("2026-11-03 00:00", "2026-11-04 00:00", "ana"))  # shadow is never paged
    assert not absences(now, away("2027-03-01 00:00", "2027-03-08 00:00"))
    assert not absences(now, away("2026-10-01 00:00", "2026-11-01 00:00"))
    cover = override("tom", "2026-11-03 00:00", "2026-11-04 00:00", where="EMEA primary")
    assert not absences(now, away("2026-11-03 00:00", "2026-11-04 00:00"), cover)


def test_what_was_told_still_clashes_until_somebody_else_has_it() -> None:
    now, absence = utc("2026-11-20 00:00"), away("2026-11-24 00:00", "2026-11-25 00:00")
    (told, *_) = absences(now, absence)
    cover = override("tom", "2026-11-24 00:00", "2026-11-25 00:00", where="EMEA primary")
    standing, covered = rota(absences=(absence,)), rota(cover, absences=(absence,))
    assert still_clashes(standing, resolver(standing), told)
    assert not still_clashes(covered, resolver(covered), told)
    assert not still_clashes(replace(standing, absences=()), resolver(standing), told)


def test_a_holiday_still_clashes_while_the_person_is_on_that_seat() -> None:
    (told,) = (one for one in holidays(THREE_WEEKS_BEFORE) if one.to == "niamh")
    change = override("tom", "2026-12-25 00:00", "2026-12-27 00:00", where="EMEA primary")
    assert still_clashes(rota(), resolver(rota()), told)
    assert not still_clashes(rota(change), resolver(rota(change)), told)

"""What somebody is told of their own shifts beforehand: when, how often, and when not."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from msgspec.structs import replace

from rotations.model import Override, Roster, RosterShift, Seat, Swap
from rotations.notices import (
    Listener,
    Listeners,
    Notice,
    NoticeKind,
    Preferences,
    Quiet,
    is_due,
    leaves_at,
    shift_notices,
)
from rotations.own_shifts import OwnShift, own_shifts, still_begins, stretch_from
from rotations.shifts import Resolver
from tests.support.schedules import DAY, WEEKDAYS, chain, override, region, rotation, utc, windows

NEW_YORK, TOKYO, DUBLIN = "America/New_York", "Asia/Tokyo", "Europe/Dublin"
ANA_FROM = utc("2026-12-07 17:00")  # Monday 12:00 in New York
WEEKS = timedelta(days=10)


def rota(*changes: Override) -> Resolver:
    """AMER 12:00–20:00 New York, APAC from 10:00 Tokyo; the primaries change on Mondays."""
    return Resolver(
        chain(
            region("AMER", NEW_YORK, "12:00", primary=rotation("ana bo", at="12:00"), lead=rotation("dana")),
            region("APAC", TOKYO, "10:00", primary=rotation("lena kenji", at="10:00")),
        ),
        changes,
    )


def told(
    to: str, at: datetime, resolver: Resolver | None = None, listener: Listener | None = None
) -> dict[NoticeKind, Notice]:
    """The next notice of each kind for one person, by what is known at an instant."""
    listeners: Listeners = {to: listener or Listener(NEW_YORK)}
    found = sorted(shift_notices(resolver or rota(), listeners, at), key=lambda one: one.due, reverse=True)
    return {one.kind: one for one in found if one.until > at}


def quiet(starts: str, ends: str, zone: str = NEW_YORK) -> Listener:
    hours = Quiet(time.fromisoformat(starts), time.fromisoformat(ends))
    return Listener(zone, Preferences(quiet=hours))


def test_a_stretch_is_told_a_week_ahead_the_evening_before_and_an_hour_before() -> None:
    found = told("ana", ANA_FROM - timedelta(days=8))
    assert found[NoticeKind.WEEK].due == utc("2026-11-30 17:00")
    assert found[NoticeKind.EVENING].due == utc("2026-12-06 23:00")
    assert found[NoticeKind.HOUR].due == utc("2026-12-07 16:00")
    assert {one.shift.start for one in found.values()} == {ANA_FROM}


def test_later_days_of_a_week_on_call_are_told_by_their_hour_alone() -> None:
    found = told("ana", ANA_FROM + timedelta(hours=1))
    assert set(found) == {NoticeKind.HOUR}
    assert found[NoticeKind.HOUR].due == utc("2026-12-08 16:00")


def test_whoever_leads_every_day_is_not_told_so_every_day() -> None:
    assert not told("dana", ANA_FROM)


def test_a_new_week_after_a_free_weekend_is_told_anew() -> None:
    office = windows(region("LON", "Europe/London", "09:00-17:00", WEEKDAYS, primary=rotation("zoe")))
    found = told("zoe", utc("2026-12-04 18:00"), Resolver(office), Listener("Europe/London"))
    assert found[NoticeKind.EVENING].shift.start == utc("2026-12-07 09:00")


def test_a_zone_ahead_of_utc_counts_its_own_days() -> None:
    found = told("lena", utc("2026-12-05 00:00"), listener=Listener(TOKYO))
    assert found[NoticeKind.EVENING].due == utc("2026-12-06 09:00")  # Sunday 18:00 in Tokyo
    assert found[NoticeKind.EVENING].shift.start == utc("2026-12-07 01:00")


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        ("12:00", "2026-11-30 12:00"),
        ("02:00", "2026-11-29 18:00"),
        ("22:00", "2026-11-30 18:00"),
        ("00:00", "2026-11-29 18:00"),
    ],
)
def test_a_week_ahead_is_told_by_day(starts: str, due: str) -> None:
    rows = chain(
        region("A", "UTC", starts, primary=rotation("ana bo", at=starts)), region("B", "UTC", "08:30")
    )
    found = told("ana", utc("2026-11-29 12:00"), Resolver(rows), Listener("UTC"))
    assert found[NoticeKind.WEEK].due == utc(due)


def test_a_week_ahead_keeps_the_hour_over_a_clock_change() -> None:
    rows = chain(region("EMEA", DUBLIN, "09:00", primary=rotation("tom niamh", at="09:00")))
    found = told("tom", utc("2026-03-22 00:00"), Resolver(rows), Listener(DUBLIN))
    assert found[NoticeKind.WEEK].due == utc("2026-03-23 09:00")
    assert found[NoticeKind.WEEK].shift.start == utc("2026-03-30 08:00")


def test_a_night_shift_after_midnight_is_told_in_the_evening_before_it() -> None:
    rows = chain(region("A", "UTC", "00:30", primary=rotation("ana bo", at="00:30")))
    found = told("ana", utc("2026-12-06 12:00"), Resolver(rows), Listener("UTC"))
    evening = found[NoticeKind.EVENING]
    assert (evening.due, evening.until) == (utc("2026-12-06 18:00"), utc("2026-12-07 00:00"))


def test_whoever_takes_a_shift_over_is_told_and_whoever_gave_it_away_is_not() -> None:
    change = override("di", "2026-12-07 17:00", "2026-12-08 01:00")
    at = ANA_FROM - timedelta(days=2)
    assert told("di", at, rota(change))[NoticeKind.EVENING].shift.start == ANA_FROM
    assert told("ana", at, rota(change))[NoticeKind.EVENING].shift.start == utc("2026-12-08 17:00")


def test_a_swap_moves_the_notices_of_both_turns() -> None:
    plain = rota()
    ana, bo = (plain.turn_at("AMER", Seat.PRIMARY, at) for at in (ANA_FROM, ANA_FROM + timedelta(days=7)))
    assert ana is not None
    assert bo is not None
    swap = Swap("s-1", "safety", ana, bo, "ana")
    swapped = Resolver(plain.schedule, swaps=[swap])
    at = ANA_FROM - timedelta(days=2)
    assert told("ana", at, swapped).keys() == set()
    mine = told("ana", ANA_FROM + timedelta(days=5), swapped)
    assert mine[NoticeKind.EVENING].shift.start == ANA_FROM + timedelta(days=7)


def test_a_cover_of_an_absence_moves_its_notices_too() -> None:
    cover = replace(override("di", "2026-12-08 12:00", "2026-12-09 12:00"), cover=True, instead_of="ana")
    found = told("di", ANA_FROM, rota(cover))
    assert found[NoticeKind.EVENING].shift.start == utc("2026-12-08 17:00")
    assert told("ana", ANA_FROM, rota(cover))[NoticeKind.HOUR].shift.start == utc("2026-12-09 17:00")


def test_a_roster_is_told_shift_by_shift() -> None:
    planned = RosterShift(("zoe",), utc("2026-12-07 09:00"), utc("2026-12-07 17:00"))
    desk = replace(region("LON", "UTC", "09:00"), rosters={Seat.PRIMARY: Roster((planned,))})
    found = told("zoe", utc("2026-12-06 00:00"), Resolver(chain(desk)), Listener("UTC"))
    assert {one.shift.start for one in found.values()} == {planned.start}
    assert set(found) == {NoticeKind.EVENING, NoticeKind.HOUR}


def test_coming_back_within_a_day_is_told_by_its_hour() -> None:
    change = override("bo", "2026-12-08 18:00", "2026-12-08 20:00")
    found = told("ana", utc("2026-12-08 17:30"), rota(change))
    assert found[NoticeKind.HOUR].shift.start == utc("2026-12-08 20:00")
    assert NoticeKind.EVENING not in found


def test_coming_back_within_the_hour_is_not_told_to_somebody_who_is_there() -> None:
    found = told("ana", utc("2026-12-08 17:30"), rota(override("bo", "2026-12-08 18:00", "2026-12-08 18:30")))
    assert found[NoticeKind.HOUR].shift.start == utc("2026-12-09 17:00")


def test_pieces_with_different_reasons_are_one_shift() -> None:
    change = override("ana", "2026-12-07 18:00", "2026-12-07 20:00", reason="hers")
    shifts = own_shifts(rota(change), ANA_FROM, ANA_FROM + timedelta(hours=8))
    assert [(one.start, one.end) for one in shifts if one.person == "ana"] == [
        (ANA_FROM, ANA_FROM + timedelta(hours=8))
    ]


def test_two_who_serve_together_are_both_told() -> None:
    rows = chain(region("A", "UTC", "09:00", primary=rotation("ana+cy bo", at="09:00")))
    both = {one: told(one, utc("2026-12-06 00:00"), Resolver(rows)) for one in ("ana", "cy")}
    assert both["ana"].keys() == both["cy"].keys() == {NoticeKind.EVENING, NoticeKind.HOUR}


def test_whoever_slack_does_not_know_is_told_nothing() -> None:
    assert not list(shift_notices(rota(), {}, ANA_FROM - timedelta(days=2)))


def test_what_is_switched_off_does_not_come_and_the_rest_does() -> None:
    listener = Listener(NEW_YORK, Preferences(frozenset({NoticeKind.EVENING})))
    found = told("ana", ANA_FROM - timedelta(days=8), listener=listener)
    assert set(found) == {NoticeKind.WEEK, NoticeKind.HOUR}


def test_a_notice_waits_until_quiet_hours_are_over() -> None:
    found = told("ana", ANA_FROM - timedelta(days=8), listener=quiet("17:30", "19:15"))
    assert found[NoticeKind.EVENING].due == utc("2026-12-07 00:15")


def test_where_waiting_is_too_late_the_evening_is_told_before_quiet_hours() -> None:
    evening = told("ana", ANA_FROM - timedelta(days=8), listener=quiet("17:00", "09:00"))[NoticeKind.EVENING]
    assert (evening.due, evening.until) == (utc("2026-12-06 21:30"), utc("2026-12-06 22:00"))


def test_an_hour_s_notice_never_breaks_quiet_hours_nor_comes_early() -> None:
    found = told("ana", ANA_FROM - timedelta(days=8), listener=quiet("10:00", "13:00"))
    assert set(found) == {NoticeKind.WEEK, NoticeKind.EVENING}


def test_an_hour_s_notice_waits_where_the_shift_has_not_begun_by_then() -> None:
    found = told("ana", ANA_FROM - timedelta(hours=3), listener=quiet("22:00", "11:30"))
    assert found[NoticeKind.HOUR].due == utc("2026-12-07 16:30")


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        ("2026-12-07 02:59", None),
        ("2026-12-07 03:00", ("2026-12-07 03:00", "2026-12-07 12:00")),
        ("2026-12-07 11:59", ("2026-12-07 03:00", "2026-12-07 12:00")),
        ("2026-12-07 12:00", None),
    ],
)
def test_quiet_hours_over_midnight_are_half_open_in_the_person_s_own_time(
    t: str, expected: tuple[str, str] | None
) -> None:
    span = Quiet(time(22), time(7)).around(utc(t), NEW_YORK)
    assert span == (expected and (utc(expected[0]), utc(expected[1])))


def test_quiet_hours_are_as_long_as_the_wall_says() -> None:
    assert Quiet(time(22), time(7)).length == timedelta(hours=9)
    assert Quiet(time(1), time(5)).length == timedelta(hours=4)
    assert Quiet(time(7), time(7)).length == timedelta(0)


def test_quiet_hours_follow_the_clock_change() -> None:
    span = Quiet(time(22), time(7)).around(utc("2026-03-08 06:00"), NEW_YORK)
    assert span == (utc("2026-03-08 03:00"), utc("2026-03-08 11:00"))  # eight hours, not nine


def notice(kind: NoticeKind = NoticeKind.HOUR) -> Notice:
    shift = OwnShift("ana", "safety", "AMER", Seat.PRIMARY, ANA_FROM, ANA_FROM + timedelta(hours=8))
    return Notice(kind, "ana", shift, ANA_FROM - timedelta(hours=1), ANA_FROM, "absence-1")


@pytest.mark.parametrize(
    ("since", "now", "due"),
    [
        (timedelta(hours=-2), timedelta(hours=-1), True),
        (timedelta(hours=-2), timedelta(minutes=-61), False),  # not yet
        (timedelta(hours=-1), timedelta(minutes=-30), False),  # the change that brought it has told it
        (timedelta(hours=-9), timedelta(minutes=-1), True),  # late, and it still helps
        (timedelta(hours=-9), timedelta(0), False),  # it has begun
    ],
)
def test_a_notice_is_due_once_it_falls_due_and_as_long_as_it_helps(
    since: timedelta, now: timedelta, due: bool
) -> None:
    assert is_due(notice(), ANA_FROM + since, ANA_FROM + now) is due


def test_an_absence_is_due_whenever_it_comes_up() -> None:
    late = notice(NoticeKind.ABSENCE)
    assert is_due(late, ANA_FROM - timedelta(minutes=10), ANA_FROM - timedelta(minutes=9))


def test_a_late_notice_does_not_break_quiet_hours() -> None:
    at = ANA_FROM - timedelta(minutes=50)
    assert leaves_at(notice(), Listener(NEW_YORK), at) == at
    assert leaves_at(notice(), quiet("11:00", "11:30"), at) == ANA_FROM - timedelta(minutes=30)
    assert leaves_at(notice(), quiet("11:00", "13:00"), at) is None


def test_every_notice_has_a_slot_of_its_own_and_an_absence_one_for_all_its_shifts() -> None:
    hour, evening = notice(), notice(NoticeKind.EVENING)
    next_day = replace(hour, shift=replace(hour.shift, start=ANA_FROM + timedelta(days=1)))
    assert len({hour.slot, evening.slot, next_day.slot}) == 3
    away = notice(NoticeKind.ABSENCE)
    assert away.slot == replace(away, shift=next_day.shift).slot


def test_a_stretch_is_followed_to_its_end() -> None:
    first = OwnShift("ana", "safety", "AMER", Seat.PRIMARY, ANA_FROM, ANA_FROM + timedelta(hours=8))
    stretch = stretch_from(rota(), first, WEEKS)
    assert (len(stretch), stretch[-1].end) == (7, utc("2026-12-14 01:00"))
    assert stretch_from(rota(), replace(first, start=ANA_FROM - timedelta(hours=1)), WEEKS) == ()


def test_a_stretch_ends_where_a_free_day_follows() -> None:
    rows = chain(region("A", "UTC", "09:00", primary=rotation("ana bo", turn=DAY)))
    first = next(one for one in own_shifts(Resolver(rows), ANA_FROM, ANA_FROM + WEEKS) if one.person == "ana")
    begins = own_shifts(Resolver(rows), first.end - timedelta(days=1), first.end)[0]
    assert stretch_from(Resolver(rows), begins, WEEKS) == (begins,)


def test_a_shift_that_moved_is_not_the_one_that_was_told() -> None:
    shift = notice().shift
    change = override("bo", "2026-12-07 17:00", "2026-12-07 18:00")
    assert still_begins(rota(), shift)
    assert not still_begins(rota(change), shift)
    assert still_begins(rota(change), replace(shift, start=utc("2026-12-07 18:00")))

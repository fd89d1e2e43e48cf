"""One resolver answers everywhere: precedence, reasons, versions, open seats, windows, transitions."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from rotations.model import EVERY_DAY, Organisation, OverrideKind, Rotation, Seat, Turn, TurnUnit
from rotations.overrides import admit
from rotations.refusals import BeyondCalendar, OverlappingOverride, UnknownSchedule
from rotations.shifts import Resolver, resolver_of
from tests.support.schedules import (
    SERVED_DAY,
    WEEKDAYS,
    chain,
    override,
    primaries,
    region,
    rotation,
    utc,
    version,
    windows,
)

NAMES = {"ana": "Ana Lima", "bo": "Bo Chen", "di": "Di Xu"}


def alone(members: str, backup: str = "zoe") -> Resolver:
    seats = {"primary": rotation(members), "backup": rotation(backup)}
    return Resolver(chain(region("AMER", "UTC", "09:00", EVERY_DAY, **seats)))


def with_override(kind: OverrideKind, people: str, members: str = "ana bo", reason: str = "") -> Resolver:
    change = override(people, "2026-01-06 00:00", "2026-01-08 00:00", kind=kind, reason=reason)
    return Resolver(alone(members).schedule, [change], NAMES)


def test_the_answer_is_the_widest_interval_while_the_region_holds() -> None:
    resolver = Resolver(
        chain(
            region("AMER", "UTC", "12:00", primary=rotation("ana bo", at="12:00")),
            region("EMEA", "UTC", "06:00", primary=rotation("niamh", at="06:00")),
        )
    )
    row = resolver.at(utc("2026-01-07 20:00"))[0]
    assert (row.start, row.end) == (utc("2026-01-07 12:00"), utc("2026-01-08 06:00"))
    assert row.turn_until == utc("2026-01-12 12:00")


def test_somebody_alone_has_no_end_in_sight_but_a_turn() -> None:
    row = alone("ana").at(utc("2026-06-03 12:00"))[0]
    assert (row.start, row.end, row.turn_until) == (utc("2026-01-05 09:00"), None, utc("2026-06-08 09:00"))


def test_nobody_is_on_call_before_a_rotation_begins_and_the_seat_is_listed() -> None:
    row = alone("ana").at(utc("2026-01-05 08:59"))[0]
    assert (row.people, row.start, row.end) == ((), None, utc("2026-01-05 09:00"))
    assert row.why == ("Nobody: the rotation begins on 2026-01-05 at 09:00 UTC.",)


def test_a_group_is_on_call_together() -> None:
    row = alone("ana+bo").at(utc("2026-01-06 00:00"))[0]
    assert (row.people, row.why) == (("ana", "bo"), ("The rotation says ana and bo.",))


def test_the_same_person_twice_in_a_row_is_one_shift() -> None:
    resolver = alone("ana ana bo")
    assert resolver.at(utc("2026-01-06 00:00"))[0].end == utc("2026-01-19 09:00")
    assert resolver.at(utc("2026-01-06 00:00"))[0].turn_until == utc("2026-01-12 09:00")


def test_replace_puts_somebody_else_on_the_seat_and_says_why() -> None:
    row = with_override(OverrideKind.REPLACE, "di", reason="dentist").at(utc("2026-01-06 00:00"))[0]
    assert (row.people, row.end, row.turn_until) == (
        ("di",),
        utc("2026-01-08 00:00"),
        utc("2026-01-08 00:00"),
    )
    assert row.why == ("Di Xu covers: dentist.", "The rotation says Ana Lima.")


def test_add_keeps_the_rotation_and_adds_once() -> None:
    row = with_override(OverrideKind.ADD, "ana di", reason="Busy night.").at(utc("2026-01-06 00:00"))[0]
    assert (row.people, row.turn_until) == (("ana", "di"), utc("2026-01-12 09:00"))
    assert row.why[0] == "Ana Lima and Di Xu are added: Busy night."


def test_add_on_an_open_seat_ends_with_the_override() -> None:
    later = Resolver(
        chain(region("AMER", "UTC", "09:00", primary=rotation("ana", since="2026-02-02"))),
        [override("di", "2026-01-06 00:00", "2026-01-08 00:00", kind=OverrideKind.ADD)],
    )
    row = later.at(utc("2026-01-07 00:00"))[0]
    assert (row.people, row.turn_until) == (("di",), utc("2026-01-08 00:00"))


def test_remove_takes_one_of_a_group_off() -> None:
    row = with_override(OverrideKind.REMOVE, "bo", "ana+bo").at(utc("2026-01-06 00:00"))[0]
    assert (row.people, row.turn_until) == (("ana",), utc("2026-01-12 09:00"))
    assert row.why[0] == "Bo Chen is taken off."


def test_remove_of_the_only_person_leaves_an_open_seat_and_a_gap() -> None:
    resolver = with_override(OverrideKind.REMOVE, "ana")
    assert resolver.at(utc("2026-01-06 00:00"))[0].turn_until is None
    _, gaps = resolver.between(utc("2026-01-05 09:00"), utc("2026-01-19 09:00"))
    assert [(gap.region, gap.seat, gap.start) for gap in gaps] == [
        ("AMER", Seat.PRIMARY, utc("2026-01-06 00:00"))
    ]


def test_an_override_across_a_handoff_says_for_whom_in_each_half() -> None:
    across = override("di", "2026-01-12 08:00", "2026-01-12 10:00")
    shifts, _ = Resolver(alone("ana bo").schedule, [across]).between(across.start, across.end)
    assert [(row.people, row.why[-1]) for row in shifts if row.seat is Seat.PRIMARY] == [
        (("di",), "The rotation says ana."),
        (("di",), "The rotation says bo."),
    ]


def test_an_override_of_another_schedule_or_of_a_seat_that_is_gone_changes_nothing() -> None:
    elsewhere = replace(override("di", "2026-01-06 00:00", "2026-01-08 00:00"), schedule="legal")
    gone = override("di", "2026-01-06 00:00", "2026-01-08 00:00", where="AMER shadow")
    resolver = Resolver(alone("ana").schedule, [elsewhere, gone])
    assert primaries(resolver, utc("2026-01-06 00:00")) == ["AMER ana"]


def test_two_overrides_on_one_seat_may_not_overlap() -> None:
    first = override("di", "2026-01-06 00:00", "2026-01-08 00:00")
    second = override("bo", "2026-01-07 00:00", "2026-01-07 12:00")
    with pytest.raises(OverlappingOverride) as refused:
        admit((first,), second)
    assert refused.value.standing_id == first.id
    assert str(refused.value) == (
        "The override AMER primary, bo, 2026-01-07 00:00 to 12:00 UTC overlaps one that stands: "
        "AMER primary, di, 2026-01-06 00:00 to 2026-01-08 00:00 UTC."
    )


def test_overrides_that_touch_or_sit_on_other_seats_stand_together() -> None:
    first = override("di", "2026-01-06 00:00", "2026-01-08 00:00")
    touching = override("bo", "2026-01-08 00:00", "2026-01-09 00:00")
    beside = override("bo", "2026-01-06 00:00", "2026-01-08 00:00", where="AMER backup")
    assert admit((first, touching), beside) == (first, touching, beside)


def test_an_edit_is_a_version_and_the_past_keeps_its_answers() -> None:
    edited = Rotation((version("ana"), version("bo", effective_from=utc("2026-03-04 15:00"))))
    resolver = Resolver(chain(region("AMER", "UTC", "09:00", primary=edited)))
    before, after = (resolver.at(utc(f"2026-03-04 {at}"))[0] for at in ("14:59", "15:00"))
    assert (before.people, before.end, before.turn_until) == (
        ("ana",),
        utc("2026-03-04 15:00"),
        utc("2026-03-04 15:00"),
    )
    assert (after.people, after.start, after.turn_until) == (
        ("bo",),
        utc("2026-03-04 15:00"),
        utc("2026-03-09 09:00"),
    )


def test_a_turn_of_served_days_runs_to_the_next_served_day() -> None:
    resolver = Resolver(
        windows(region("EMEA", "UTC", "09:00-17:00", WEEKDAYS, primary=rotation("a b", turn=SERVED_DAY)))
    )
    friday = resolver.at(utc("2026-01-09 12:00"))[0]
    assert (friday.people, friday.end, friday.turn_until) == (
        ("a",),
        utc("2026-01-09 17:00"),
        utc("2026-01-12 09:00"),
    )


def test_served_days_may_be_anchored_on_a_day_that_does_not_serve() -> None:
    saturday = rotation("a b", since="2026-01-03", turn=Turn(2, TurnUnit.SERVED_DAY))
    resolver = Resolver(windows(region("EMEA", "UTC", "09:00-17:00", WEEKDAYS, primary=saturday)))
    shifts, _ = resolver.between(utc("2026-01-03 00:00"), utc("2026-01-10 00:00"))
    assert ["".join(shift.people) for shift in shifts] == ["a", "a", "b", "b", "a"]


def test_in_a_chain_every_day_is_served() -> None:
    days = region("EMEA", "UTC", "09:00-17:00", WEEKDAYS, primary=rotation("a b", turn=SERVED_DAY))
    assert primaries(Resolver(chain(days)), utc("2026-01-10 12:00")) == ["EMEA b"]


def test_windows_over_midnight_belong_to_the_day_they_start_on() -> None:
    night = region("APAC", "UTC", "22:00-06:00", WEEKDAYS, primary=rotation("a", since="2026-01-01"))
    resolver = Resolver(windows(night))
    assert primaries(resolver, utc("2026-01-10 05:59")) == ["APAC a"]
    assert primaries(resolver, utc("2026-01-10 22:00")) == []


def test_windows_that_touch_are_one_hold() -> None:
    resolver = Resolver(windows(region("ALL", "UTC", "09:00-09:00", primary=rotation("a b"))))
    row = resolver.at(utc("2026-01-07 00:00"))[0]
    assert (row.start, row.end) == (utc("2026-01-05 09:00"), utc("2026-01-12 09:00"))
    assert resolver.holds_until("ALL", utc("2026-01-07 00:00")) is None


def test_a_window_that_a_clock_change_swallows_is_not_held() -> None:
    night = region("AMER", "America/New_York", "02:30-03:00", primary=rotation("a", since="2026-03-01"))
    shifts, _ = Resolver(windows(night)).between(utc("2026-03-07 00:00"), utc("2026-03-10 00:00"))
    assert [shift.start.day for shift in shifts] == [7, 9]


def test_where_windows_overlap_the_region_that_began_last_is_current() -> None:
    resolver = Resolver(
        windows(
            region("EMEA", "UTC", "08:00-16:00", primary=rotation("niamh")),
            region("AMER", "UTC", "14:00-22:00", primary=rotation("ana")),
        )
    )
    current = resolver.current_region(utc("2026-02-02 15:00"))
    assert current is not None
    assert current.name == "AMER"
    assert [held.name for held in resolver.holding_regions(utc("2026-02-02 15:00"))] == ["EMEA", "AMER"]
    assert resolver.current_region(utc("2026-02-02 23:00")) is None


def test_an_interval_across_new_year_is_not_cut() -> None:
    resolver = alone("ana bo")
    row = resolver.at(utc("2027-01-01 00:00"))[0]
    assert (row.start, row.end) == (utc("2026-12-28 09:00"), utc("2027-01-04 09:00"))
    shifts, _ = resolver.between(utc("2026-12-30 00:00"), utc("2027-01-02 00:00"))
    assert {(shift.start, shift.end) for shift in shifts} == {
        (utc("2026-12-30 00:00"), utc("2027-01-02 00:00"))
    }


def test_a_turn_that_starts_with_the_year_is_cut_there() -> None:
    resolver = Resolver(
        chain(region("AMER", "UTC", "00:00", primary=rotation("ana bo", "2026-12-25", "00:00")))
    )
    row = resolver.at(utc("2026-12-31 12:00"))[0]
    assert row.end == utc("2027-01-01 00:00")
    assert resolver.at(utc("2027-01-01 00:00"))[0].start == utc("2027-01-01 00:00")


def test_one_region_may_be_asked_about_alone() -> None:
    resolver = Resolver(
        windows(
            region(
                "EMEA", "UTC", "08:00-12:00", primary=rotation("niamh"), lead=rotation("eve", "2027-01-04")
            ),
            region("AMER", "UTC", "14:00-22:00", primary=rotation("ana")),
        )
    )
    day = utc("2026-02-02 00:00"), utc("2026-02-03 00:00")
    shifts, gaps = resolver.between(*day, region="EMEA")
    assert [(shift.region, shift.people) for shift in shifts] == [("EMEA", ("niamh",)), ("EMEA", ())]
    assert [(gap.region, gap.seat) for gap in gaps] == [("EMEA", Seat.LEAD)]
    assert resolver.between(*day, region="APAC") == ((), ())


def test_shifts_of_nothing_are_nothing() -> None:
    assert alone("ana").between(utc("2026-02-01 00:00"), utc("2026-02-01 00:00")) == ((), ())


def test_a_seat_can_be_asked_while_its_region_rests() -> None:
    resolver = Resolver(windows(region("EMEA", "UTC", "08:00-16:00", primary=rotation("niamh"))))
    occupancy = resolver.seat_at("EMEA", Seat.PRIMARY, utc("2026-02-02 23:00"))
    assert occupancy is not None
    assert occupancy.people == ("niamh",)
    assert resolver.seat_at("EMEA", Seat.LEAD, utc("2026-02-02 23:00")) is None


def test_transitions_are_the_changes_of_region_and_people_only() -> None:
    resolver = Resolver(
        chain(
            region("AMER", "UTC", "12:00", primary=rotation("ana", at="15:00"), backup=rotation("bo cy")),
            region("EMEA", "UTC", "06:00", primary=rotation("niamh")),
        )
    )
    found = resolver.next_transitions(utc("2026-01-12 07:00"), 3)
    assert [(change.at.hour, change.is_region_change) for change in found] == [
        (12, True),
        (6, True),
        (12, True),
    ]
    assert all(before.after == later.before for before, later in pairwise(found))


def test_a_change_of_backup_is_a_transition_but_no_handoff() -> None:
    resolver = alone("ana", "bo cy")
    change = resolver.next_transitions(utc("2026-01-06 00:00"), 1)[0]
    assert (change.at, change.is_region_change) == (utc("2026-01-12 09:00"), False)
    assert alone("ana").next_handoff(utc("2026-01-06 00:00")) is None


def test_a_change_of_reason_alone_is_no_transition() -> None:
    itself = override("ana", "2026-01-06 00:00", "2026-01-08 00:00")
    assert Resolver(alone("ana").schedule, [itself]).next_transitions(utc("2026-01-05 12:00"), 1) == ()


def test_a_change_is_sought_for_400_days() -> None:
    resolver = alone("ana", "bo cy")
    found = list(resolver.transitions(utc("2026-01-06 00:00")))
    assert len(found) == 57
    assert found[-1].at == utc("2027-02-08 09:00")


def test_a_transition_out_of_a_hole_comes_when_the_next_window_opens() -> None:
    resolver = Resolver(windows(region("EMEA", "UTC", "08:00-16:00", primary=rotation("niamh"))))
    handoff = resolver.next_handoff(utc("2026-02-02 23:00"))
    assert handoff is not None
    assert (handoff.at, handoff.before) == (utc("2026-02-03 08:00"), ())


def test_the_resolver_of_an_organisation_is_the_paged_schedules() -> None:
    schedule = alone("ana").schedule
    organisation = Organisation(schedules=(replace(schedule, name="legal"), schedule), paged="safety")
    assert resolver_of(organisation).schedule is schedule
    assert resolver_of(organisation, "legal").schedule.name == "legal"


def test_a_schedule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownSchedule, match="no schedule nope"):
        resolver_of(Organisation(), "nope")
    with pytest.raises(UnknownSchedule, match="no schedule yet"):
        resolver_of(Organisation())


def test_years_without_a_calendar_are_refused() -> None:
    with pytest.raises(BeyondCalendar):
        alone("ana").at(utc("2201-01-01 00:00"))


def test_the_last_year_is_answered_with_open_ends() -> None:
    at = utc("2200-12-31 00:00")
    assert alone("ana").at(at)[0].end is None
    assert alone("ana").at(at - timedelta(days=1))[0].people == ("ana",)

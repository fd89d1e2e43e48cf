"""Whatever a new file changes, what was answered about the past stays so."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from msgspec.structs import replace

from rotations.model import (
    Absence,
    Epoch,
    Hours,
    Layer,
    Organisation,
    Roster,
    RosterShift,
    Rotation,
    Schedule,
    Seat,
    Swap,
    TurnRef,
)
from rotations.revision import revised
from rotations.shifts import Holding, resolver_of
from tests.support.schedules import chain, override, region, rotation, utc, version, windows

SINCE, NOW, UNTIL = utc("2026-05-20 00:00"), utc("2026-06-03 12:00"), utc("2026-07-01 00:00")
LATER = utc("2026-06-10 12:00")
AMER = region("AMER", "America/New_York", "09:00", primary=rotation("ana bo"), backup=rotation("cy di"))
EMEA = region("EMEA", "Europe/Dublin", "08:00", primary=rotation("niamh"))
STANDING = Organisation(schedules=(chain(AMER, EMEA),))
NIGHTS = Layer("nights", Seat.PRIMARY, rotation("vic"), (Hours((0, 1, 2, 3, 4, 5, 6), time(22), time(6)),))


def shift(people: str, start: str, end: str) -> RosterShift:
    return RosterShift(tuple(people.split()), utc(start), utc(end))


def rostered(*shifts: RosterShift) -> Organisation:
    return Organisation(schedules=(chain(replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(shifts)})),))


def answers(organisation: Organisation, start: datetime, end: datetime) -> object:
    """All that is answered but how long a turn was to last: an edit may cut it short."""
    shifts, gaps = resolver_of(organisation).between(start, end)
    return [(shift[:5], shift.why) for shift in shifts], gaps


def with_schedule(schedule: Schedule) -> Organisation:
    return Organisation(schedules=(schedule,))


EDITS = {
    "other hours": chain(replace(AMER, starts=time(10)), EMEA),
    "another zone": chain(replace(AMER, zone="America/Los_Angeles"), EMEA),
    "another mode": windows(replace(AMER, ends=time(17)), replace(EMEA, ends=time(17))),
    "a region gone": chain(AMER),
    "a region more": chain(AMER, EMEA, region("APAC", "Asia/Tokyo", "09:00", primary=rotation("kenji"))),
    "a seat gone": chain(replace(AMER, seats={Seat.PRIMARY: AMER.seats[Seat.PRIMARY]}), EMEA),
    "a seat more": chain(AMER, replace(EMEA, seats={**EMEA.seats, Seat.LEAD: rotation("dana")})),
    "another order": chain(EMEA, AMER),
    "a layer": chain(replace(AMER, layers=(NIGHTS,)), EMEA),
    "a roster": chain(replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(())}), EMEA),
    "other people": chain(replace(AMER, seats={Seat.PRIMARY: rotation("bo ana")}), EMEA),
}


@pytest.mark.parametrize("edit", EDITS)
def test_the_past_keeps_its_answers_and_from_now_on_the_new_file_counts(edit: str) -> None:
    desired = with_schedule(EDITS[edit])
    edited = revised(STANDING, desired, NOW)
    assert answers(edited, SINCE, NOW) == answers(STANDING, SINCE, NOW)
    before, after = resolver_of(edited), resolver_of(desired)
    hours = [utc(f"2026-06-{day:02} {hour:02}:30") for day in range(4, 30) for hour in range(24)]
    assert [_who(before.at(t)) for t in hours] == [_who(after.at(t)) for t in hours]


@pytest.mark.parametrize("edit", EDITS)
def test_the_same_file_again_changes_nothing(edit: str) -> None:
    desired = with_schedule(EDITS[edit])
    edited = revised(STANDING, desired, NOW)
    assert revised(edited, desired, LATER) == edited


def test_two_edits_leave_two_pasts() -> None:
    first = revised(STANDING, with_schedule(EDITS["other hours"]), NOW)
    second = revised(first, with_schedule(EDITS["another mode"]), LATER)
    assert answers(second, SINCE, LATER) == answers(first, SINCE, LATER)
    assert [epoch.until for epoch in second.schedules[0].past] == [NOW, LATER]


def test_an_edit_at_the_same_instant_as_the_last_keeps_only_what_was_ever_in_force() -> None:
    first = revised(STANDING, with_schedule(EDITS["other hours"]), NOW)
    second = revised(first, with_schedule(EDITS["another mode"]), NOW)
    assert [epoch.regions for epoch in second.schedules[0].past] == [(AMER, EMEA)]


def test_a_shift_that_goes_on_through_an_edit_stays_one_shift() -> None:
    edited = revised(STANDING, with_schedule(EDITS["a seat more"]), NOW)
    on_call = resolver_of(edited).at(NOW)[0]
    assert (on_call.region, on_call.start, on_call.end) == (
        "EMEA",
        utc("2026-06-03 07:00"),
        utc("2026-06-03 13:00"),
    )


def test_what_lies_ahead_begins_at_its_local_time_in_a_new_zone() -> None:
    planned = with_schedule(chain(replace(AMER, seats={Seat.PRIMARY: rotation("cy", "2026-06-22")})))
    waiting = revised(with_schedule(chain(AMER)), planned, NOW)
    (schedule,) = planned.schedules
    moved = with_schedule(chain(replace(schedule.regions[0], zone="America/Los_Angeles")))
    resolver = resolver_of(revised(waiting, moved, LATER))
    sits = [resolver.seat_at("AMER", Seat.PRIMARY, utc(f"2026-06-22 {at}")) for at in ("15:59", "16:00")]
    assert [each and each.people for each in sits] == [("bo",), ("cy",)]


def test_an_order_from_a_date_keeps_that_date_in_a_new_zone() -> None:
    # As a lead's form makes it: in force at a turn that its anchor precedes by weeks.
    planned = Rotation(
        (*rotation("ana").versions, version("cy", "2026-06-01", effective_from=utc("2026-06-22 13:00")))
    )
    waiting = with_schedule(chain(replace(AMER, seats={Seat.PRIMARY: planned})))
    moved = with_schedule(
        chain(replace(AMER, zone="America/Los_Angeles", seats={Seat.PRIMARY: Rotation(planned.versions[1:])}))
    )
    resolver = resolver_of(revised(waiting, moved, NOW))
    sits = [resolver.seat_at("AMER", Seat.PRIMARY, utc(f"2026-06-22 {at}")) for at in ("15:59", "16:00")]
    assert [each and each.people for each in sits] == [("ana",), ("cy",)]


def test_a_layer_is_edited_as_a_rotation_is() -> None:
    standing = with_schedule(chain(replace(AMER, layers=(NIGHTS,))))
    desired = with_schedule(chain(replace(AMER, layers=(replace(NIGHTS, rotation=rotation("wes")),))))
    edited = revised(standing, desired, NOW)
    assert edited.schedules[0].past == ()
    assert answers(edited, SINCE, NOW) == answers(standing, SINCE, NOW)
    assert _who(resolver_of(edited).at(utc("2026-06-05 03:00")))[0] == ("AMER", Seat.PRIMARY, ("wes",))


class TestRosters:
    EARLY = shift("mei", "2026-06-01 00:00", "2026-06-02 00:00")
    RUNNING = shift("joy", "2026-06-03 00:00", "2026-06-04 00:00")
    AHEAD = shift("mei", "2026-06-08 00:00", "2026-06-09 00:00")

    def test_an_empty_roster_of_a_file_leaves_what_was_imported(self) -> None:
        standing = rostered(self.EARLY, self.RUNNING, self.AHEAD)
        assert revised(standing, rostered(), NOW) == standing

    def test_shifts_that_are_added_ahead_need_no_epoch(self) -> None:
        desired = rostered(self.EARLY, self.RUNNING, self.AHEAD)
        assert revised(rostered(self.EARLY, self.RUNNING), desired, NOW) == desired

    def test_a_new_plan_leaves_the_shifts_that_were_served(self) -> None:
        standing = rostered(self.EARLY, self.RUNNING)
        edited = revised(standing, rostered(self.AHEAD), NOW)
        assert answers(edited, SINCE, NOW) == answers(standing, SINCE, NOW)
        assert resolver_of(edited).at(NOW)[0].people == ()
        assert revised(edited, rostered(self.AHEAD), LATER) == edited

    def test_an_epoch_keeps_no_more_shifts_than_it_needs(self) -> None:
        first = revised(rostered(self.EARLY, self.RUNNING), rostered(self.AHEAD), NOW)
        second = revised(first, rostered(self.RUNNING), LATER)
        kept = [epoch.regions[0].rosters[Seat.PRIMARY].shifts for epoch in second.schedules[0].past]
        assert kept == [(self.EARLY, self.RUNNING), (self.AHEAD,)]


class TestOverrides:
    RUNNING = override("eve", "2026-06-03 00:00", "2026-06-05 00:00")

    def standing(self) -> Organisation:
        return replace(STANDING, overrides=(self.RUNNING,))

    def test_one_that_is_taken_out_of_the_file_ends_now(self) -> None:
        edited = revised(self.standing(), STANDING, NOW)
        assert edited.overrides == (replace(self.RUNNING, end=NOW),)
        assert revised(edited, STANDING, LATER) == edited

    def test_one_that_is_changed_under_way_is_changed_from_now_on(self) -> None:
        desired = replace(STANDING, overrides=(replace(self.RUNNING, people=("fay",)),))
        edited = revised(self.standing(), desired, NOW)
        assert answers(edited, SINCE, NOW) == answers(self.standing(), SINCE, NOW)
        assert resolver_of(edited).seat_at("AMER", Seat.PRIMARY, NOW) == resolver_of(desired).seat_at(
            "AMER", Seat.PRIMARY, NOW
        )
        assert revised(edited, desired, LATER) == edited

    def test_one_that_is_over_cannot_be_changed(self) -> None:
        desired = replace(STANDING, overrides=(replace(self.RUNNING, people=("fay",)),))
        edited = revised(self.standing(), desired, LATER)
        assert answers(edited, SINCE, LATER) == answers(self.standing(), SINCE, LATER)
        assert revised(edited, desired, UNTIL) == edited

    def test_one_that_is_added_for_a_time_that_has_begun_counts_from_now(self) -> None:
        edited = revised(STANDING, self.standing(), NOW)
        assert edited.overrides == (replace(self.RUNNING, start=NOW),)
        assert revised(edited, self.standing(), LATER) == edited

    def test_a_new_schedule_may_bring_its_history(self) -> None:
        assert revised(Organisation(), self.standing(), NOW) == self.standing()


def test_swaps_stay_and_absences_stay_while_they_are_made_in_chat_or_over() -> None:
    swap = Swap(
        "s1",
        "safety",
        TurnRef("AMER", Seat.PRIMARY, 22, "ana"),
        TurnRef("AMER", Seat.PRIMARY, 23, "bo"),
        "U1",
    )
    over = Absence("a1", "ana", SINCE, utc("2026-05-25 00:00"))
    chat = Absence("a2", "bo", NOW, UNTIL, by="U1")
    dropped = Absence("a3", "cy", NOW, UNTIL)
    listed = Absence("a4", "di", NOW, UNTIL)
    standing = replace(STANDING, swaps=(swap,), absences=(over, chat, dropped, listed))
    edited = revised(standing, replace(STANDING, absences=(listed,)), NOW)
    assert (edited.swaps, edited.absences) == ((swap,), (over, chat, listed))
    assert revised(edited, edited, LATER) == edited


def _who(rows: tuple[Holding, ...]) -> list[tuple[str, Seat, tuple[str, ...]]]:
    return [row[:3] for row in rows]


def test_a_clock_that_was_set_back_makes_an_epoch_of_no_length() -> None:
    early, late = EDITS["other hours"], EDITS["another zone"]
    past = (Epoch(LATER, late.mode, late.regions), Epoch(NOW, early.mode, early.regions))
    schedule = replace(chain(AMER, EMEA), past=past)
    assert answers(with_schedule(schedule), SINCE, LATER) == answers(with_schedule(late), SINCE, LATER)
    assert [held.name for held in resolver_of(with_schedule(schedule)).holding_regions(LATER)] == ["EMEA"]


def test_a_region_of_the_past_is_answered_as_it_was() -> None:
    edited = revised(STANDING, with_schedule(EDITS["another zone"]), NOW)
    resolver = resolver_of(edited)
    zones = [
        region.zone
        for at in ("2026-06-02 18:00", "2026-06-04 18:00")
        for region in resolver.holding_regions(utc(at))
    ]
    assert zones == ["America/New_York", "America/Los_Angeles"]


def test_what_an_edit_leaves_alone_is_not_resolved_anew() -> None:
    before = resolver_of(STANDING)
    before.between(NOW, UNTIL)
    desired = with_schedule(
        chain(replace(AMER, seats={**AMER.seats, Seat.PRIMARY: rotation("bo ana")}), EMEA)
    )
    after = resolver_of(revised(STANDING, desired, NOW), before=before)
    lines = [("AMER", Seat.PRIMARY), ("AMER", Seat.BACKUP), ("EMEA", Seat.PRIMARY)]
    kept = [after.seat_at(*line, LATER) is before.seat_at(*line, LATER) for line in lines]
    assert kept == [False, True, True]


def test_a_resolver_of_another_schedule_is_not_taken_over() -> None:
    legal = resolver_of(with_schedule(replace(chain(EMEA), name="legal")))
    assert resolver_of(STANDING, before=legal).at(NOW) == resolver_of(STANDING).at(NOW)

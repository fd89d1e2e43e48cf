"""An import taken back: from then on the plan is as it was before, whatever the import had done to it."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec.structs import replace

from rotations.model import Organisation, Override, OverrideKind, Person, Roster, RosterShift, Schedule, Seat
from rotations.putting_back import ChangedSince, put_back
from rotations.replanning import NewOrder, NewShifts, Place, replanned
from rotations.revision import revised
from rotations.shifts import resolver_of
from tests.support.schedules import chain, override, region, rotation, utc, windows

IMPORTED, NOW, UNTIL = utc("2026-06-01 12:00"), utc("2026-06-03 12:00"), utc("2026-08-01 00:00")
AMER = region("AMER", "America/New_York", "09:00", primary=rotation("ana bo"), backup=rotation("cy di"))
EMEA = region("EMEA", "Europe/Dublin", "08:00", primary=rotation("niamh"))
PLAN = Organisation(schedules=(chain(AMER, EMEA),))
PLACE = Place("safety", "AMER", Seat.PRIMARY)
SHIFT = RosterShift(("zoe",), utc("2026-06-02 13:00"), utc("2026-06-20 13:00"))


def imported(plan: Organisation, shift: RosterShift = SHIFT) -> Organisation:
    return replanned(plan, NewShifts("safety", {("AMER", Seat.PRIMARY): (shift,)}), IMPORTED)


def answers(plan: Organisation, since: datetime = NOW, until: datetime = UNTIL) -> list[object]:
    """Who is on which seat and when; a stretch that began earlier counts from `since`."""
    rows, _ = resolver_of(plan, "safety").between(since, until)
    return [(row.region, row.seat, row.people, max(row.start, since), row.end) for row in rows]


def test_from_now_on_the_plan_is_as_it_was_and_what_was_served_stays() -> None:
    after = imported(PLAN)
    back = put_back(after, PLAN, after, NOW)
    assert answers(back) == answers(PLAN)
    assert answers(back, IMPORTED, NOW) == answers(after, IMPORTED, NOW)


def test_a_rotation_that_had_given_way_comes_with_what_was_planned_for_later() -> None:
    later = NewOrder(PLACE, (("bo",), ("cy",)), utc("2026-07-01 12:00").date())
    plan = replanned(PLAN, later, IMPORTED)
    after = imported(plan)
    assert answers(put_back(after, plan, after, NOW)) == answers(plan)


def test_a_roster_that_was_empty_is_empty_again() -> None:
    plan = Organisation(schedules=(chain(replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(())}), EMEA),))
    after = imported(plan)
    back = put_back(after, plan, after, NOW)
    assert answers(back) == answers(plan)
    assert answers(back, IMPORTED, NOW) == answers(after, IMPORTED, NOW)


def test_shifts_that_an_import_replaced_are_there_again() -> None:
    first = imported(PLAN)
    after = imported(first, replace(SHIFT, people=("yan",)))
    assert answers(put_back(after, first, after, NOW)) == answers(first)


def test_a_schedule_and_a_region_that_came_with_an_import_go() -> None:
    apac = region("APAC", "Asia/Tokyo", "09:00", primary=rotation("kei"))
    legal = Schedule(
        "legal", windows().mode, (region("Legal", "Europe/London", "09:00", primary=rotation("cy")),)
    )
    desired = Organisation((Person("kei", "Kei"),), (chain(AMER, EMEA, apac), legal))
    after = revised(PLAN, desired, IMPORTED)
    spoken = replace(override("zoe", "2026-06-10 12:00", "2026-06-11 12:00"), id="o1", by="UANA")
    standing = replace(after, overrides=(spoken, replace(spoken, id="o2", schedule="legal")))
    back = put_back(standing, PLAN, after, NOW)
    assert [schedule.name for schedule in back.schedules] == ["safety"]
    assert back.person("kei") is not None
    assert [one.id for one in back.overrides] == ["o1"]
    assert answers(replace(back, overrides=())) == answers(PLAN)


def test_a_schedule_that_an_import_took_away_is_there_again() -> None:
    after = revised(PLAN, Organisation(schedules=(chain(EMEA),)), IMPORTED)
    assert answers(put_back(after, PLAN, after, NOW)) == answers(PLAN)
    nothing = revised(PLAN, Organisation(), IMPORTED)
    assert answers(put_back(nothing, PLAN, nothing, NOW)) == answers(PLAN)


def test_overrides_of_an_import_go_and_others_stay() -> None:
    mine = Override(
        "x1", "safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE, ("zoe",), utc("2026-06-10 12:00"), UNTIL
    )
    after = replace(PLAN, overrides=(mine,))
    back = put_back(after, PLAN, after, NOW)
    assert answers(back) == answers(PLAN)


def test_a_plan_that_was_changed_since_is_left_alone() -> None:
    after = imported(PLAN)
    other = NewOrder(Place("safety", "EMEA", Seat.PRIMARY), (("ana",),), utc("2026-07-01 12:00").date())
    with pytest.raises(ChangedSince, match="changed again"):
        put_back(replanned(after, other, NOW), PLAN, after, NOW)

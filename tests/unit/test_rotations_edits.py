"""What comes and goes beside the schedules: who is moved by it, what the past keeps, what may be covered."""

from datetime import time, timedelta

import pytest
from msgspec.structs import replace

from rotations.changes import Moved, moved
from rotations.covers import cover_by, override_holding
from rotations.edits import Edit, edited, joined, moved_by
from rotations.eligibility import Need
from rotations.model import (
    EVERY_DAY,
    Absence,
    Hours,
    Layer,
    Organisation,
    Override,
    OverrideKind,
    Person,
    Seat,
    Swap,
)
from rotations.own_turns import turns_ahead
from rotations.refusals import OverlappingOverride
from rotations.shifts import resolver_of
from rotations.swap_rest import rest_after
from rotations.withdrawn import without
from tests.support.schedules import DAY, chain, region, rotation, utc, windows

NOW = utc("2026-01-05 12:00")
PEOPLE = tuple(Person(key, key.capitalize()) for key in ("ana", "bo", "cy"))
# Weeks from Monday 5 January: Ana, Bo, Cy; from 09:00 to 17:00 UTC each day.
DAYS = windows(region("AMER", "UTC", "09:00-17:00", primary=rotation("ana bo cy")))
OFFICE = Organisation(PEOPLE, (DAYS,))


def override(start: str, end: str, name: str = "o1", **fields: object) -> Override:
    made = Override(name, "safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE, ("cy",), utc(start), utc(end))
    return replace(made, **fields)  # type: ignore[arg-type]


def moves(edit: Edit, organisation: Organisation = OFFICE) -> list[tuple[str, str, str, str]]:
    return [
        (f"{row.start:%d %H}", f"{row.end:%d %H}", "+".join(row.before), "+".join(row.after))
        for row in moved_by(organisation, edit, NOW)
    ]


def test_the_same_change_day_after_day_is_one_row_and_each_turn_its_own() -> None:
    edit = Edit(overrides=(override("2026-01-06 00:00", "2026-01-16 00:00"),))
    assert moves(edit) == [("06 09", "11 17", "ana", "cy"), ("12 09", "15 17", "bo", "cy")]


def test_a_shift_of_somebody_else_between_two_parts_them() -> None:
    daily = Organisation(
        PEOPLE, (windows(region("AMER", "UTC", "09:00-17:00", primary=rotation("ana bo", turn=DAY))),)
    )
    edit = Edit(overrides=(override("2026-01-07 00:00", "2026-01-10 00:00", instead_of="ana"),))
    assert moves(edit, daily) == [("07 09", "07 17", "ana", "cy"), ("09 09", "09 17", "ana", "cy")]


def test_what_has_passed_is_not_moved() -> None:
    edit = Edit(overrides=(override("2026-01-05 09:00", "2026-01-05 17:00"),))
    assert moves(edit) == [("05 12", "05 17", "ana", "cy")]
    assert moves(Edit(overrides=(override("2026-01-05 00:00", "2026-01-05 11:00"),))) == []


def test_an_absence_moves_nobody() -> None:
    away = Absence("a1", "ana", NOW, NOW + timedelta(days=3))
    assert moves(Edit(absences=(away,))) == []
    assert edited(OFFICE, Edit(absences=(away,)), NOW).absences == (away,)


def test_what_is_withdrawn_counts_no_more_and_the_past_keeps_it() -> None:
    standing = replace(OFFICE, overrides=(override("2026-01-05 09:00", "2026-01-07 00:00"),))
    edit = Edit(withdrawn=("o1",))
    assert moves(edit, standing) == [("05 12", "06 17", "cy", "ana")]
    (left,) = edited(standing, edit, NOW).overrides
    assert (left.start, left.end) == (utc("2026-01-05 09:00"), NOW)


def test_what_had_not_begun_is_gone_whole_and_what_is_over_stays() -> None:
    past, future = (
        override("2026-01-01 00:00", "2026-01-02 00:00", "past"),
        override("2026-02-01 00:00", "2026-02-02 00:00", "future"),
    )
    assert without((past, future), {"past": NOW, "future": NOW}) == (past,)


def test_overrides_do_not_overlap_after_an_edit_either() -> None:
    standing = replace(OFFICE, overrides=(override("2026-01-06 00:00", "2026-01-07 00:00"),))
    with pytest.raises(OverlappingOverride):
        edited(standing, Edit(overrides=(override("2026-01-06 12:00", "2026-01-08 00:00", "o2"),)), NOW)
    replaced = Edit(overrides=(override("2026-01-06 12:00", "2026-01-08 00:00", "o2"),), withdrawn=("o1",))
    assert [one.id for one in edited(standing, replaced, NOW).overrides] == ["o2"]


def test_a_swap_moves_both_turns_and_back() -> None:
    resolver = resolver_of(OFFICE)
    one = turns_ahead(resolver, "bo", NOW, NOW + timedelta(weeks=3))[0]
    other = turns_ahead(resolver, "cy", NOW, NOW + timedelta(weeks=3))[0]
    swap = Swap("s1", "safety", one.ref, other.ref, "UBO")
    assert moves(Edit(swaps=(swap,))) == [("12 09", "18 17", "bo", "cy"), ("19 09", "25 17", "cy", "bo")]
    standing = replace(OFFICE, swaps=(swap,))
    assert moves(Edit(withdrawn=("s1",)), standing)[0] == ("12 09", "18 17", "cy", "bo")
    assert edited(standing, Edit(withdrawn=("s1",)), NOW).swaps == ()


def test_a_swap_of_turns_that_never_come_moves_nobody() -> None:
    turn = turns_ahead(resolver_of(OFFICE), "bo", NOW, NOW + timedelta(weeks=3))[0].ref
    gone = replace(turn, region="EMEA")
    assert moves(Edit(swaps=(Swap("s1", "safety", gone, gone, "UBO"),))) == []


def test_an_edit_names_what_it_makes() -> None:
    away = Absence("a1", "ana", NOW, NOW + timedelta(days=3))
    assert Edit((override("2026-01-06 00:00", "2026-01-07 00:00"),), (), (away,)).made == ("o1", "a1")


def test_rows_of_several_schedules_are_joined_apart() -> None:
    both = replace(OFFICE, schedules=(DAYS, replace(DAYS, name="legal")))
    rows = [
        Moved(name, "AMER", Seat.PRIMARY, start, start + timedelta(hours=8), ("ana",), ("cy",))
        for name in ("safety", "legal")
        for start in (utc("2026-01-06 09:00"), utc("2026-01-07 09:00"))
    ]
    found = joined(rows, both, NOW, NOW + timedelta(days=4))
    assert [(row.schedule, row.end - row.start) for row in found] == [
        ("safety", timedelta(hours=32)),
        ("legal", timedelta(hours=32)),
    ]


def test_only_turns_that_have_not_begun_can_be_swapped() -> None:
    ahead = turns_ahead(resolver_of(OFFICE), "ana", NOW, NOW + timedelta(weeks=8))
    assert [f"{turn.start:%d %b}" for turn in ahead] == ["26 Jan", "16 Feb"]


def test_a_swap_that_costs_somebody_their_rest_says_so() -> None:
    emea = region("EMEA", "UTC", "18:00-23:00", primary=rotation("dan ana bo"))
    two = Organisation(PEOPLE, (windows(DAYS.regions[0], emea),))
    resolver = resolver_of(two)
    theirs = next(
        turn
        for turn in turns_ahead(resolver, "bo", NOW, NOW + timedelta(weeks=5))
        if turn.ref.region == "AMER"
    )
    mine = next(
        turn
        for turn in turns_ahead(resolver, "ana", NOW, NOW + timedelta(weeks=5))
        if turn.ref.region == "AMER"
    )
    found = rest_after(two, Swap("s1", "safety", mine.ref, theirs.ref, "UANA"), NOW)
    assert found["ana"]
    assert set(found) == {"ana", "bo"}


def test_nobody_and_no_turn_have_no_rest_to_lose() -> None:
    turn = turns_ahead(resolver_of(OFFICE), "bo", NOW, NOW + timedelta(weeks=3))[0].ref
    swap = Swap("s1", "safety", replace(turn, region="EMEA"), replace(turn, person="dan"), "UBO")
    assert rest_after(OFFICE, swap, NOW) == {"bo": (), "dan": ()}


def test_cover_stands_in_for_one_person_and_fills_a_hole() -> None:
    need = Need("AMER", Seat.PRIMARY, NOW, NOW + timedelta(hours=4), "ana")
    made = cover_by(need, "safety", "cy", "o9")
    assert (made.cover, made.instead_of, made.people) == (True, "ana", ("cy",))
    hole = cover_by(replace(need, instead_of=None), "safety", "cy", "o9")
    assert (hole.cover, hole.instead_of) == (True, "")


def test_whoever_is_there_by_an_override_is_found_out() -> None:
    need = Need("AMER", Seat.PRIMARY, utc("2026-01-06 09:00"), utc("2026-01-06 17:00"), "cy")
    there = override("2026-01-06 12:00", "2026-01-06 13:00")
    assert override_holding(replace(OFFICE, overrides=(there,)), need, "safety") == there
    others = (
        replace(there, cover=True),
        replace(there, kind=OverrideKind.REMOVE),
        replace(there, people=("bo",)),
        replace(there, region="EMEA"),
        replace(there, start=utc("2026-01-06 17:00"), end=utc("2026-01-06 18:00")),
        replace(there, start=utc("2026-01-06 08:00"), end=utc("2026-01-06 09:00")),
    )
    assert override_holding(replace(OFFICE, overrides=others), need, "safety") is None


def test_a_chain_is_joined_over_the_hours_of_others() -> None:
    amer = region("AMER", "UTC", "09:00", primary=rotation("ana"))
    apac = region("APAC", "UTC", "21:00", primary=rotation("bo", at="21:00"))
    world = Organisation(PEOPLE, (chain(amer, apac),))
    edit = Edit(overrides=(override("2026-01-06 00:00", "2026-01-08 00:00"),))
    assert moves(edit, world) == [("06 09", "07 21", "ana", "cy")]


def test_the_same_people_day_after_day_are_one_row_though_nights_are_open() -> None:
    """As an imported desk that has people by day alone, in a region that holds all day."""
    day = Layer("day", Seat.PRIMARY, rotation("ana"), (Hours(EVERY_DAY, time(9), time(17)),))
    desk = replace(region("AMER", "UTC", "00:00"), layers=(day,))
    after = Organisation(PEOPLE, (chain(desk),))
    rows = moved(Organisation(PEOPLE, ()), after, NOW, NOW + timedelta(days=4))
    assert len(rows) == 5
    [one] = joined(rows, after, NOW, NOW + timedelta(days=4))
    assert (one.before, one.after) == ((), ("ana",))

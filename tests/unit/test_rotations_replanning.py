"""What a lead changes without a file: an order from a date, a person more, shifts; the past stays."""

from collections.abc import Mapping, Sequence
from datetime import date, time

import pytest
from msgspec.structs import replace

from rotations.model import (
    Organisation,
    Override,
    Person,
    Region,
    Roster,
    RosterShift,
    Schedule,
    Seat,
    Swap,
    Turn,
    TurnUnit,
)
from rotations.refusals import UnknownSchedule, UnknownSeat
from rotations.replanning import (
    NewOrder,
    NewPerson,
    NewShifts,
    NotAnOrder,
    Place,
    order_on,
    replanned,
    turn_after,
)
from rotations.shifts import resolver_of
from tests.support.schedules import WEEKDAYS, chain, override, region, rotation, utc, windows

NOW = utc("2026-11-25 12:00")  # a Wednesday; ana bo cy in turn, each from Monday 09:00 New York
AMER = region("AMER", "America/New_York", "09:00", primary=rotation("ana bo cy", "2026-11-23"))
PRIMARY = Place("safety", "AMER", Seat.PRIMARY)
PEOPLE = (Person("ana", "Ana"), Person("bo", "Bo"), Person("cy", "Cy"))


def plan(schedule: Schedule | None = None) -> Organisation:
    return Organisation(PEOPLE, (schedule or chain(AMER),))


def on(organisation: Organisation, at: str, seat: Seat = Seat.PRIMARY) -> str:
    rows = resolver_of(organisation).at(utc(at))
    return next(("+".join(row.people) or "-" for row in rows if row.seat is seat), "no such seat")


def mondays(organisation: Organisation) -> list[str]:
    """Who is on at noon UTC of Wednesdays, four weeks from now on."""
    return [on(organisation, f"2026-{day} 15:00") for day in ("11-25", "12-02", "12-09", "12-16")]


def order(members: str, since: str, place: Place = PRIMARY) -> NewOrder:
    groups = tuple(tuple(group.split("+")) for group in members.split())
    return NewOrder(place, groups, date.fromisoformat(since))


def test_the_first_of_a_new_order_serves_the_turn_of_that_date_and_turns_go_on_beginning_where_they_did() -> (
    None
):
    after = replanned(plan(), order("cy ana bo", "2026-12-03"), NOW)
    assert mondays(after) == ["ana", "bo", "ana", "bo"]
    assert (on(after, "2026-12-03 13:00"), on(after, "2026-12-03 14:00")) == ("bo", "cy")
    assert (on(after, "2026-12-07 13:00"), on(after, "2026-12-07 14:00")) == ("cy", "ana")


def test_from_today_on_the_past_keeps_its_answers() -> None:
    after = replanned(plan(), order("bo+cy ana", "2026-11-20"), NOW)
    assert on(after, "2026-11-25 11:59") == "ana"
    assert mondays(after) == ["bo+cy", "ana", "bo+cy", "ana"]


def test_a_later_edit_takes_the_place_of_one_that_was_planned_for_later_still() -> None:
    planned = replanned(plan(), order("cy ana bo", "2026-12-14"), NOW)
    after = replanned(planned, order("bo cy", "2026-12-07"), NOW)
    assert mondays(after) == ["ana", "bo", "bo", "cy"]


def test_the_same_order_again_changes_nothing() -> None:
    standing = plan()
    assert replanned(standing, order("ana bo cy", "2026-11-25"), NOW) is standing


def test_a_rotation_that_has_not_begun_begins_on_the_date_that_is_given() -> None:
    late = plan(chain(replace(AMER, seats={Seat.PRIMARY: rotation("ana", "2027-01-04")})))
    after = replanned(late, order("bo", "2026-12-01"), NOW)
    assert (on(after, "2026-12-01 13:00"), on(after, "2026-12-01 14:00")) == ("-", "bo")


def test_a_seat_that_had_nobody_is_filled_weekly_from_the_date_on() -> None:
    after = replanned(plan(), order("bo cy", "2026-12-01", replace(PRIMARY, seat=Seat.BACKUP)), NOW)
    assert [on(after, f"2026-{day} 15:00", Seat.BACKUP) for day in ("11-30", "12-01", "12-08")] == [
        "-",
        "bo",
        "cy",
    ]


def test_served_days_go_on_being_counted() -> None:
    daily = rotation("ana bo cy", "2026-11-23", turn=Turn(1, TurnUnit.SERVED_DAY))
    office = region("AMER", "America/New_York", "09:00-17:00", WEEKDAYS, primary=daily)
    after = replanned(plan(windows(office)), order("cy bo", "2026-11-30"), NOW)
    assert [on(after, f"2026-{day} 15:00") for day in ("11-27", "11-30", "12-01", "12-02")] == [
        "bo",
        "cy",
        "bo",
        "cy",
    ]


@pytest.mark.parametrize(
    ("edit", "refusal", "why"),
    [
        (NewOrder(PRIMARY, (), date(2026, 12, 1)), NotAnOrder, "at least one person"),
        (order("bo", "2026-12-01", Place("legal", "AMER", Seat.PRIMARY)), UnknownSchedule, "legal"),
        (order("bo", "2026-12-01", Place("safety", "EMEA", Seat.PRIMARY)), UnknownSeat, "EMEA"),
    ],
)
def test_what_cannot_be_is_refused(edit: NewOrder, refusal: type[Exception], why: str) -> None:
    with pytest.raises(refusal, match=why):
        replanned(plan(), edit, NOW)


def test_a_seat_planned_shift_by_shift_has_no_order() -> None:
    tokyo = Region("AMER", "UTC", time(9), {}, rosters={Seat.PRIMARY: Roster(())})
    with pytest.raises(NotAnOrder, match="shift by shift"):
        replanned(plan(chain(tokyo)), order("bo", "2026-12-01"), NOW)
    assert order_on(plan(chain(tokyo)), PRIMARY, date(2026, 12, 1)) == ()


def test_the_order_on_a_date_begins_with_whoever_serves_then() -> None:
    assert order_on(plan(), PRIMARY, date(2026, 12, 1)) == (("bo",), ("cy",), ("ana",))
    assert order_on(plan(), PRIMARY, date(2020, 1, 1)) == (("ana",), ("bo",), ("cy",))


def test_the_next_turn_begins_on_a_local_date_of_the_region() -> None:
    assert turn_after(plan(), PRIMARY, NOW) == date(2026, 11, 30)
    assert turn_after(plan(), PRIMARY, utc("2026-11-30 13:59")) == date(2026, 11, 30)
    assert turn_after(plan(), PRIMARY, utc("2026-11-30 14:00")) == date(2026, 12, 7)
    assert turn_after(plan(), PRIMARY, utc("2020-01-01 12:00")) == date(2026, 11, 23)
    assert turn_after(plan(), replace(PRIMARY, seat=Seat.BACKUP), utc("2026-11-26 04:00")) == date(
        2026, 11, 26
    )


def test_somebody_more_comes_last_and_nobody_else_moves_before_that() -> None:
    joining = NewPerson(Person("di", "Di"), (PRIMARY,), date(2026, 12, 1))
    after = replanned(plan(), joining, NOW)
    assert after.person("di") == Person("di", "Di")
    assert mondays(after) == ["ana", "bo", "cy", "ana"]
    assert on(after, "2026-12-23 15:00") == "di"
    assert replanned(after, joining, NOW) == after


def test_a_person_is_known_anew_without_a_place() -> None:
    after = replanned(plan(), NewPerson(Person("bo", "Bo Chen", lead=True), (), date(2026, 12, 1)), NOW)
    assert [(person.key, person.lead) for person in after.people] == [
        ("ana", False),
        ("cy", False),
        ("bo", True),
    ]


def shifts(*rows: tuple[str, str, str]) -> Mapping[tuple[str, Seat], Sequence[RosterShift]]:
    made = tuple(RosterShift((person,), utc(start), utc(end)) for person, start, end in rows)
    return {("AMER", Seat.PRIMARY): made}


def planned(standing: Organisation, *rows: tuple[str, str, str]) -> Organisation:
    return replanned(standing, NewShifts("safety", shifts(*rows)), NOW)  # type: ignore[arg-type]


def test_a_rotation_goes_on_until_the_first_shift_and_not_behind_the_last() -> None:
    after = planned(plan(), ("cy", "2026-12-01 08:00", "2026-12-02 08:00"))
    assert [on(after, at) for at in ("2026-11-20 15:00", "2026-11-25 15:00", "2026-11-30 15:00")] == [
        "-",
        "ana",
        "bo",
    ]
    assert [on(after, at) for at in ("2026-12-01 08:00", "2026-12-02 07:59", "2026-12-02 08:00")] == [
        "cy",
        "cy",
        "-",
    ]
    assert on(after, "2026-11-24 15:00") == "ana"


def test_a_swap_before_the_first_shift_is_still_served() -> None:
    standing = plan()
    resolver = resolver_of(standing)
    mine = resolver.turn_at("AMER", Seat.PRIMARY, utc("2026-12-01 15:00"))
    theirs = resolver.turn_at("AMER", Seat.PRIMARY, utc("2026-12-08 15:00"))
    assert mine is not None
    assert theirs is not None
    swapped = replace(standing, swaps=(Swap("s1", "safety", mine, theirs, "UBO"),))
    assert on(swapped, "2026-12-01 15:00") == "cy"
    after = planned(swapped, ("ana", "2026-12-05 08:00", "2026-12-06 08:00"))
    assert [on(after, f"2026-12-0{day} 15:00") for day in (1, 4, 5)] == ["cy", "cy", "ana"]


def test_between_the_first_and_the_last_shift_a_roster_says_everything() -> None:
    first = planned(
        plan(),
        ("ana", "2026-12-01 00:00", "2026-12-03 00:00"),
        ("bo", "2026-12-03 00:00", "2026-12-05 00:00"),
        ("cy", "2026-12-05 00:00", "2026-12-09 00:00"),
    )
    after = planned(
        first, ("cy", "2026-12-02 00:00", "2026-12-03 00:00"), ("ana", "2026-12-04 00:00", "2026-12-06 00:00")
    )
    days = [on(after, f"2026-12-{day:02} 12:00") for day in range(1, 9)]
    assert days == ["ana", "cy", "-", "ana", "ana", "cy", "cy", "cy"]


def test_the_same_shifts_again_change_nothing() -> None:
    rows = (("ana", "2026-12-01 00:00", "2026-12-03 00:00"), ("bo", "2026-12-02 00:00", "2026-12-04 00:00"))
    once = planned(plan(), *rows)
    assert planned(once, *rows) == once
    assert on(once, "2026-12-02 12:00") == "ana+bo"


WEEK = utc("2026-12-01 00:00"), utc("2026-12-09 00:00")


def test_shifts_may_say_more_than_from_the_first_to_the_last_of_them() -> None:
    rows = (("ana", "2026-12-01 00:00", "2026-12-09 00:00"), ("bo", "2026-12-09 00:00", "2026-12-11 00:00"))
    only = NewShifts("safety", shifts(("cy", "2026-12-03 00:00", "2026-12-05 00:00")), WEEK)  # type: ignore[arg-type]
    after = replanned(planned(plan(), *rows), only, NOW)
    assert [on(after, f"2026-12-0{day} 12:00") for day in (2, 4, 6, 9)] == ["-", "cy", "-", "bo"]


def test_a_span_without_a_shift_is_emptied() -> None:
    standing = planned(plan(), ("ana", "2026-11-20 00:00", "2026-12-11 00:00"))
    after = replanned(standing, NewShifts("safety", {("AMER", Seat.PRIMARY): ()}, WEEK), NOW)
    days = ("11-24", "11-30", "12-02", "12-08", "12-10")
    assert [on(after, f"2026-{day} 12:00") for day in days] == ["ana", "ana", "-", "-", "ana"]


def test_a_roster_that_lies_ahead_alone_is_emptied_too() -> None:
    """Of a file an empty roster is one that is filled elsewhere."""
    ahead = Roster((RosterShift(("ana",), *WEEK),))
    standing = plan(chain(replace(AMER, seats={}, rosters={Seat.PRIMARY: ahead})))
    after = replanned(standing, NewShifts("safety", {("AMER", Seat.PRIMARY): ()}, WEEK), NOW)
    assert on(standing, "2026-12-02 15:00") == "ana"
    assert on(after, "2026-12-02 15:00") == "-"
    assert after.schedules[0].regions[0].rosters[Seat.PRIMARY] == Roster(())


def test_a_seat_that_there_was_not_gets_its_shifts() -> None:
    edit = NewShifts("safety", {("AMER", Seat.BACKUP): (RosterShift(("bo",), NOW, utc("2026-11-26 12:00")),)})
    assert on(replanned(plan(), edit, NOW), "2026-11-25 15:00", Seat.BACKUP) == "bo"


def test_overrides_made_in_chat_stay_where_shifts_are_planned() -> None:
    made: Override = replace(override("bo", "2026-12-01 10:00", "2026-12-01 12:00"), by="UDANA")
    standing = replace(plan(), overrides=(made,))
    after = planned(standing, ("cy", "2026-12-01 08:00", "2026-12-02 08:00"))
    assert [on(after, f"2026-12-01 {hour}:00") for hour in ("09", "11", "13")] == ["cy", "bo", "cy"]

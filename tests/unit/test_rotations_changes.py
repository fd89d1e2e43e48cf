"""What applying a file would change is said line by line, and nothing where nothing differs."""

from datetime import time

from msgspec.structs import astuple, replace

from rotations.changes import Moved, changes, moved
from rotations.escalation import Level, Policy, Reach, When
from rotations.model import (
    Absence,
    Channels,
    Layer,
    Organisation,
    Person,
    Roster,
    RosterShift,
    Rotation,
    Seat,
)
from tests.support.schedules import chain, override, region, rotation, utc, windows

SINCE, UNTIL = utc("2026-03-09 00:00"), utc("2026-03-16 00:00")

LEAD = Level(0, (Reach("lead"),))
SEV1 = Policy(When((1,)), (LEAD,))
AMER = region("AMER", "America/New_York", "09:00", primary=rotation("ana bo"))
BEFORE = Organisation((Person("ana", "Ana"), Person("bo", "Bo")), (chain(AMER),), escalation=(SEV1,))


def test_the_same_is_no_change() -> None:
    assert changes(BEFORE, BEFORE) == ()


def test_the_first_file_is_new_throughout() -> None:
    assert changes(Organisation(), BEFORE) == (
        "Person ana: new.",
        "Person bo: new.",
        "Schedule safety: new.",
        "Escalation of SEV1: new: 0 min lead, phone at once.",
    )


def test_people_hours_rotations_overrides_and_settings_are_told_apart() -> None:
    later = replace(
        AMER, starts=time(10), seats={**AMER.seats, **region("", "UTC", "09:00", backup=rotation("bo")).seats}
    )
    after = replace(
        BEFORE,
        people=(Person("ana", "Ana Lima"),),
        schedules=(chain(later),),
        overrides=(override("bo", "2026-03-09 12:00", "2026-03-09 15:00"),),
        channels=Channels(announce="all"),
    )
    assert changes(BEFORE, after) == (
        "Person ana: changed.",
        "Person bo: gone.",
        "Schedule safety: changed.",
        "Schedule safety: AMER backup: new.",
        "Override safety AMER primary from 2026-03-09T12:00:00Z: new.",
        "Meridian: channels: changed.",
    )


def test_layers_rosters_and_absences_are_told_too() -> None:
    nights, weekend = (Layer(name, Seat.PRIMARY, rotation("bo")) for name in ("nights", "weekend"))
    planned = Roster((RosterShift(("bo",), SINCE, UNTIL),))
    was = replace(AMER, layers=(nights, weekend), rosters={Seat.BACKUP: Roster(())})
    is_ = replace(AMER, layers=(weekend,), rosters={Seat.BACKUP: planned})
    before = replace(BEFORE, schedules=(chain(was),))
    after = replace(BEFORE, schedules=(chain(is_),), absences=(Absence("a1", "ana", SINCE, UNTIL),))
    assert changes(before, after) == (
        "Schedule safety: AMER backup: changed.",
        "Schedule safety: AMER primary, layer nights: gone.",
        "Schedule safety: AMER primary, layer weekend: changed.",
        "Absence ana from 2026-03-09T00:00:00Z: new.",
    )


class TestWhoseShiftsMove:
    """Ana and Bo take turns in AMER at 09:00 in New York; from 9 March 13:00 UTC it is Bo's week."""

    def test_the_same_moves_nobody(self) -> None:
        assert moved(BEFORE, BEFORE, SINCE, UNTIL) == ()

    def test_an_override_moves_the_hours_it_covers(self) -> None:
        made = override("ana", "2026-03-10 12:00", "2026-03-10 15:00")
        assert moved(BEFORE, replace(BEFORE, overrides=(made,)), SINCE, UNTIL) == (
            Moved("safety", "AMER", Seat.PRIMARY, made.start, made.end, ("bo",), ("ana",)),
        )

    def test_what_moves_is_clipped_to_what_was_asked_and_joined_where_nothing_more_changes(self) -> None:
        days = [
            override("ana", f"2026-03-{day:02} 00:00", f"2026-03-{day + 1:02} 00:00") for day in (7, 8, 9, 10)
        ]
        found = moved(BEFORE, replace(BEFORE, overrides=tuple(days)), SINCE, UNTIL)
        assert [(row.start, row.end) for row in found] == [(utc("2026-03-09 13:00"), utc("2026-03-11 00:00"))]

    def test_two_people_for_one_another_in_a_row_are_two_rows(self) -> None:
        swapped = replace(BEFORE, schedules=(chain(replace(AMER, seats=_primary("bo ana"))),))
        assert [astuple(row)[3:] for row in moved(BEFORE, swapped, SINCE, UNTIL)] == [
            (SINCE, utc("2026-03-09 13:00"), ("ana",), ("bo",)),
            (utc("2026-03-09 13:00"), UNTIL, ("bo",), ("ana",)),
        ]

    def test_the_order_of_a_group_moves_nobody(self) -> None:
        one, two = (
            replace(BEFORE, schedules=(chain(replace(AMER, seats=_primary(m))),))
            for m in ("ana+bo", "bo+ana")
        )
        assert moved(one, two, SINCE, UNTIL) == ()

    def test_a_seat_or_schedule_that_comes_or_goes_moves_everybody_on_it(self) -> None:
        nothing = Organisation()
        gone, new = moved(BEFORE, nothing, SINCE, UNTIL), moved(nothing, BEFORE, SINCE, UNTIL)
        assert [(row.before, row.after) for row in gone] == [(("ana",), ()), (("bo",), ())]
        assert [(row.before, row.after) for row in new] == [((), ("ana",)), ((), ("bo",))]

    def test_an_open_seat_that_stays_open_moves_nobody(self) -> None:
        unbegun = replace(BEFORE, schedules=(chain(replace(AMER, seats=_primary("ana", "2027-01-04"))),))
        assert moved(Organisation(), unbegun, SINCE, UNTIL) == ()

    def test_other_hours_move_what_lies_between(self) -> None:
        day = replace(AMER, ends=time(17))
        before, after = (replace(BEFORE, schedules=(windows(r),)) for r in (day, replace(day, ends=time(18))))
        assert [astuple(row)[3:] for row in moved(before, after, SINCE, utc("2026-03-10 12:00"))] == [
            (utc("2026-03-09 21:00"), utc("2026-03-09 22:00"), (), ("bo",)),
        ]


def _primary(members: str, since: str = "2026-01-05") -> dict[Seat, Rotation]:
    return {Seat.PRIMARY: rotation(members, since)}


def test_a_changed_ladder_is_said_in_words() -> None:
    after = replace(BEFORE, escalation=(replace(SEV1, repeats=1), Policy(When((0,)), (LEAD,))))
    assert changes(BEFORE, after) == (
        "Escalation of SEV1: 0 min lead, phone at once → 0 min lead, phone at once · once more.",
        "Escalation of SEV0: new: 0 min lead, phone at once.",
    )
    assert changes(after, BEFORE)[1:] == ("Escalation of SEV0: gone.",)


def test_the_order_in_which_policies_are_asked_is_a_change() -> None:
    other = Policy(When(harms=("fraud",)), (LEAD,))
    one, two = replace(BEFORE, escalation=(SEV1, other)), replace(BEFORE, escalation=(other, SEV1))
    assert changes(one, two) == ("Escalation: the policies are asked in another order.",)


def test_what_was_changed_in_chat_is_said_to_go_on_or_to_be_in_the_file_now() -> None:
    made = replace(SEV1, repeats=2, by="UDANA")
    chat = replace(BEFORE, escalation=(made, SEV1))
    kept = replace(chat, people=chat.people[:1])
    assert "Escalation of SEV1: the change made in chat goes on counting." in changes(chat, kept)
    same = replace(BEFORE, escalation=(replace(made, by=""),))
    assert "Escalation of SEV1: the file says what was changed in chat." in changes(chat, same)

"""Overrides, absences and undo: who may, what is confirmed how often, who is told, what the past keeps."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import Tell
from incidents.errors import IncidentError, NotAllowed, NotAPerson, NothingToDo
from incidents.operations import covering, rota_changes, taking_back
from incidents.people import Actor, Ask
from incidents.rota_changes import ProposalTooOld
from rotations.edits import Edit
from rotations.model import OverrideKind, Seat
from rotations.questions import OverrideRequest
from rotations.refusals import OverlappingOverride
from rotations.wishes import AbsenceWish
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import ANA, BO, DANA, KENJI, PRIYA, told
from tests.support.rota import confirmed, overridden


def wish(
    person: str,
    start: float = 0,
    hours: float = 2,
    seat: Seat = Seat.PRIMARY,
    kind: OverrideKind = OverrideKind.REPLACE,
) -> OverrideRequest:
    """This person on AMER's seat, `start` hours from Monday 19:00 UTC on."""
    begins = MONDAY + timedelta(hours=start)
    ends = begins + timedelta(hours=hours)
    return OverrideRequest((person,), "safety", "AMER", seat, begins, ends, "UTC", "dentist", kind)


def on_call(there: TestHouse, hours: float = 0, seat: Seat = Seat.PRIMARY) -> tuple[str, ...]:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    sits = there.house.rotas.resolver(organisation, "safety").seat_at(
        "AMER", seat, MONDAY + timedelta(hours=hours)
    )
    assert sits is not None
    return sits.people


def test_an_override_within_a_day_is_confirmed_twice_before_it_counts(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo"))
    assert not change.is_done
    assert on_call(there) == ("ana",)
    change = rota_changes.confirm(there.house, Ask(ANA), change.id, 0)
    assert not change.is_done
    assert on_call(there) == ("ana",)
    assert rota_changes.confirm(there.house, Ask(ANA), change.id, 1).is_done
    assert on_call(there) == ("bo",)


def test_a_later_override_that_touches_others_is_confirmed_once(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo", start=48))
    assert rota_changes.confirm(there.house, Ask(ANA), change.id, 0).is_done
    assert on_call(there, 48) == ("bo",)


def test_one_button_pressed_twice_confirms_once(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo"))
    for delivery in ("press:1", "press:2"):
        again = rota_changes.confirm(there.house, Ask(ANA, delivery), change.id, 0)
    assert again.confirmed == 1
    assert not again.is_done


def test_only_who_proposed_it_confirms_it_and_only_for_an_hour(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo", start=48))
    with pytest.raises(NotAllowed):
        rota_changes.confirm(there.house, Ask(DANA), change.id, 0)
    with pytest.raises(NothingToDo):
        rota_changes.confirm(there.house, Ask(ANA), "nothing", 0)
    there.clock.advance(minutes=61)
    with pytest.raises(ProposalTooOld):
        rota_changes.confirm(there.house, Ask(ANA), change.id, 0)


def test_what_the_schedule_changed_since_is_shown_anew(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(DANA), wish("bo", start=48, hours=4))
    swapped = Edit(overrides=(replace(change.edit.overrides[0], id="cover", people=("cy",), cover=True),))
    there.store.write(lambda unit: unit.schedules.add_override(swapped.overrides[0], MONDAY))
    again = rota_changes.confirm(there.house, Ask(DANA), change.id, 0)
    assert (again.is_done, again.confirmed) == (False, 0)
    assert {row.before for row in again.moved} == {("cy",)}
    assert rota_changes.confirm(there.house, Ask(DANA), change.id, 0).is_done


def test_an_overlap_that_came_first_is_named(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(DANA), wish("bo", start=48))
    overridden(there, DANA, wish("priya", start=48))
    with pytest.raises(OverlappingOverride, match="priya"):
        rota_changes.confirm(there.house, Ask(DANA), change.id, 0)


def test_both_are_told_and_the_lead_where_it_is_soon(there: TestHouse) -> None:
    overridden(there, ANA, wish("bo"))
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {BO, DANA}
    overridden(there, DANA, wish("priya", start=48))
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {ANA, PRIYA}


def test_somebody_is_added_beside_and_taken_off(there: TestHouse) -> None:
    overridden(there, ANA, wish("bo", start=48, kind=OverrideKind.ADD))
    assert on_call(there, 48) == ("ana", "bo")
    overridden(there, DANA, wish("ana", start=72, hours=1, kind=OverrideKind.REMOVE))
    assert on_call(there, 72) == ()


def test_what_touches_nobody_else_and_is_far_off_lands_at_once(there: TestHouse) -> None:
    assert rota_changes.override(
        there.house, Ask(DANA), wish("dana", start=48, kind=OverrideKind.ADD)
    ).is_done
    assert on_call(there, 48) == ("ana", "dana")
    assert told(there.slack(), Tell.SHIFTS_MOVED) == set()


def test_leaving_a_seat_empty_is_confirmed_even_by_the_person_alone(there: TestHouse) -> None:
    change = rota_changes.override(
        there.house, Ask(ANA), wish("ana", start=72, hours=1, kind=OverrideKind.REMOVE)
    )
    assert not change.is_done
    confirmed(there, ANA, change)
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {DANA}


@pytest.mark.parametrize("by", [BO, KENJI])
def test_nobody_else_changes_who_is_on_call(there: TestHouse, by: str) -> None:
    with pytest.raises(NotAllowed, match="Only a lead, or the person concerned"):
        rota_changes.override(there.house, Ask(by), wish("bo"))


def test_nobody_is_put_on_call_whom_a_page_cannot_reach(there: TestHouse) -> None:
    gone = Actor(BO, "Bo Chen", is_deactivated=True)
    there.store.write(lambda unit: unit.people.put_profiles([gone], MONDAY))
    with pytest.raises(NotAPerson, match="Bo Chen is not in this workspace"):
        rota_changes.override(there.house, Ask(DANA), wish("bo", start=48))


def test_what_changes_nobodys_shift_is_refused(there: TestHouse) -> None:
    with pytest.raises(NothingToDo, match="changes nobody"):
        rota_changes.override(there.house, Ask(DANA), wish("ana"))


def test_a_redelivered_change_is_the_same_one(there: TestHouse) -> None:
    first = rota_changes.override(there.house, Ask(ANA, "slash:1"), wish("bo"))
    again = rota_changes.override(there.house, Ask(ANA, "slash:1"), wish("bo"))
    assert again == first


def test_undo_takes_the_last_change_back_and_the_past_keeps_it(there: TestHouse) -> None:
    overridden(there, ANA, wish("bo", hours=4))
    there.slack()
    there.clock.advance(hours=1)
    confirmed(there, ANA, taking_back.undo(there.house, Ask(ANA)))
    assert on_call(there, 0.5) == ("bo",)
    assert on_call(there, 1.5) == ("ana",)
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {BO, DANA}
    with pytest.raises(NothingToDo, match="changed nothing"):
        taking_back.undo(there.house, Ask(ANA))


def test_undo_goes_back_one_change_at_a_time(there: TestHouse) -> None:
    overridden(there, DANA, wish("bo", start=48))
    overridden(there, DANA, wish("priya", start=72))
    confirmed(there, DANA, taking_back.undo(there.house, Ask(DANA)))
    assert (on_call(there, 48), on_call(there, 72)) == (("bo",), ("ana",))
    confirmed(there, DANA, taking_back.undo(there.house, Ask(DANA)))
    assert on_call(there, 48) == ("ana",)


def test_what_is_over_is_not_taken_back(there: TestHouse) -> None:
    overridden(there, ANA, wish("bo", hours=1))
    there.clock.advance(hours=2)
    with pytest.raises(NothingToDo, match="is over"):
        taking_back.undo(there.house, Ask(ANA))


def test_what_was_undone_in_two_windows_is_undone_once(there: TestHouse) -> None:
    overridden(there, ANA, wish("bo", start=48))
    one, two = taking_back.undo(there.house, Ask(ANA)), taking_back.undo(there.house, Ask(ANA))
    confirmed(there, ANA, one)
    with pytest.raises(NothingToDo, match="already"):
        confirmed(there, ANA, two)


def test_an_absence_moves_nobody_and_is_taken_back(there: TestHouse) -> None:
    away = AbsenceWish(None, MONDAY, MONDAY + timedelta(days=2), "UTC", "flu")
    assert rota_changes.absent(there.house, Ask(ANA), away).is_done
    assert absences(there) == ["ana"]
    assert on_call(there) == ("ana",)
    assert taking_back.undo(there.house, Ask(ANA)).is_done
    assert absences(there) == []


def test_a_lead_notes_an_absence_and_the_person_is_told(there: TestHouse) -> None:
    away = AbsenceWish("ana", MONDAY, MONDAY + timedelta(days=2), "UTC")
    rota_changes.absent(there.house, Ask(DANA), away)
    assert told(there.slack(), Tell.ABSENCE) == {ANA}
    with pytest.raises(NotAllowed):
        rota_changes.absent(there.house, Ask(BO), away)


def test_who_is_on_no_schedule_has_nothing_to_change(there: TestHouse) -> None:
    there.store.write(lambda unit: unit.people.put_profiles([Actor("USAM", "Sam")], MONDAY))
    away = AbsenceWish(None, MONDAY, MONDAY + timedelta(days=2), "UTC")
    with pytest.raises(NotAPerson):
        rota_changes.absent(there.house, Ask("USAM"), away)


@pytest.mark.parametrize(
    ("start", "hours", "why"),
    [(-2, 1, "passed already"), (3, -2, "before it begins"), (0, 9000, "longer than a year")],
)
def test_times_that_make_no_sense_are_refused(there: TestHouse, start: float, hours: float, why: str) -> None:
    with pytest.raises(IncidentError, match=why):
        rota_changes.override(there.house, Ask(DANA), wish("cy", start, hours))


def test_what_was_asked_and_is_kept_no_more_holds_up_no_undoing(there: TestHouse) -> None:
    change = overridden(there, DANA, wish("bo", start=48))
    there.store.write(lambda unit: unit.requests.save(replace(change, asks=("gone",))))
    confirmed(there, DANA, taking_back.undo(there.house, Ask(DANA)))
    assert on_call(there, 48) == ("ana",)


def test_a_delivery_that_was_about_something_else_is_done_already(there: TestHouse) -> None:
    rota_changes.override(there.house, Ask(ANA, "slash:1"), wish("bo", start=48))
    with pytest.raises(NothingToDo, match="done already"):
        covering.take(there.house, Ask(ANA, "slash:1"), "k1")


def test_every_change_is_on_the_audit_trail(there: TestHouse) -> None:
    change = overridden(there, ANA, wish("bo", start=48))
    (entry,) = there.store.read(lambda unit: unit.audit.of(f"rota:{change.id}"))
    assert (entry.by, entry.action) == (ANA, "rota override")
    assert entry.detail["made"] == change.edit.overrides[0].id


def absences(there: TestHouse) -> list[str]:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    return [one.person for one in organisation.absences]

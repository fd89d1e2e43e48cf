"""Take 20: who holds it meanwhile, how it ends, and who hears of it."""

from datetime import timedelta

import pytest

from incidents import care
from incidents.decision import Decision
from incidents.effects import EffectKind, Tell, Timer, TimerKind
from incidents.errors import NotAllowed, NothingToDo, NotInThisStatus
from incidents.ladder import Candidate
from incidents.model import Care, EntryKind, Incident, Role, RoleHolding, Status
from tests.support.incidents import (
    ANA,
    BO,
    CY,
    DANA,
    NOW,
    effects,
    entries,
    incident,
    managed,
    person,
    roster,
    told,
)

LATER = NOW + timedelta(minutes=20)
KEPT = Care(ANA, BO, NOW, LATER)


def candidates(*who: object) -> tuple[Candidate, ...]:
    return tuple(Candidate(one, "AMER backup", "") for one in who)  # type: ignore[arg-type]


def resting(**fields: object) -> Incident:
    return managed(**{"care": KEPT, **fields})


def taken(of: Incident, *who: object, busy: tuple[str, ...] = ()) -> Decision:
    return care.take(of, ANA, candidates(*(who or (person(BO),))), roster(busy=busy), NOW)


def test_the_backup_holds_it_for_twenty_minutes() -> None:
    decision = taken(managed())
    assert decision.incident.care == KEPT
    assert decision.incident.answering == BO
    assert decision.incident.holder == ANA
    assert BO in decision.incident.responders
    assert told(decision.effects, Tell.CARE) == {BO}
    assert [entry.data for entry in entries(decision, EntryKind.CARE)] == [{"user": ANA, "stand_in": BO}]
    assert [(each.kind, each.due_at) for each in decision.timers] == [(TimerKind.CARE_ENDS, LATER)]
    assert effects(decision, EffectKind.UPDATE_CARD)
    assert effects(decision, EffectKind.INVITE)


def test_the_first_who_is_free_holds_it() -> None:
    assert taken(managed(), person(CY), person(BO)).incident.answering == CY
    assert taken(managed(), person(CY), person(BO), busy=(CY,)).incident.answering == BO


@pytest.mark.parametrize(
    "who",
    [
        person(ANA),
        person(BO, is_deactivated=True),
        person(BO, is_bot=True),
        person(BO, is_stranger=True),
    ],
)
def test_where_nobody_can_hold_it_nothing_changes_and_it_says_so(who: object) -> None:
    with pytest.raises(care.NobodyToHold, match="Nobody is there to hold INC-1 for you"):
        taken(managed(), who)


def test_a_restricted_incident_is_held_by_nobody_from_outside() -> None:
    with pytest.raises(care.NobodyToHold):
        taken(managed(restricted=True), person(BO, is_vendor=True))
    assert taken(managed(), person(BO, is_vendor=True)).incident.answering == BO


def test_only_the_incident_manager_rests() -> None:
    with pytest.raises(NotAllowed, match="Only the incident manager of INC-1"):
        care.take(managed(), DANA, candidates(person(BO)), roster(), NOW)
    with pytest.raises(NothingToDo, match="taking 20 minutes already"):
        taken(resting())
    with pytest.raises(NotInThisStatus):
        taken(managed(status=Status.RESOLVED))


def timer_of(of: Incident) -> Timer:
    return taken(of).timers[0]


def test_after_twenty_minutes_it_is_back_by_itself_and_both_are_told() -> None:
    decision = care.time_over(resting(), timer_of(managed()), LATER)
    assert decision.incident.care is None
    assert told(decision.effects, Tell.CARE_OVER) == {ANA, BO}
    assert [entry.data["how"] for entry in entries(decision, EntryKind.CARE_OVER)] == [care.TIME]
    assert decision.cancel == ("care:",)


def test_the_timer_of_an_earlier_rest_ends_nothing() -> None:
    again = resting(care=Care(ANA, BO, LATER, LATER + care.LASTS))
    assert care.time_over(again, timer_of(managed()), LATER) == Decision(again)
    assert care.time_over(managed(), timer_of(managed()), LATER) == Decision(managed())


def test_coming_back_early_tells_the_stand_in_alone() -> None:
    decision = care.back(resting(), ANA, LATER)
    assert told(decision.effects, Tell.CARE_OVER) == {BO}
    with pytest.raises(NothingToDo, match="You are not taking 20 minutes from INC-1"):
        care.back(resting(), BO, LATER)
    with pytest.raises(NothingToDo):
        care.back(managed(), ANA, LATER)


def test_a_stand_in_who_cannot_gives_it_back_at_once() -> None:
    decision = care.cannot(resting(), BO, LATER)
    assert decision.incident.answering == ANA
    assert told(decision.effects, Tell.CARE_OVER) == {ANA}
    with pytest.raises(NothingToDo, match="You are not holding INC-1 for anybody"):
        care.cannot(resting(), ANA, LATER)
    with pytest.raises(NothingToDo):
        care.cannot(managed(), BO, LATER)


def test_it_ends_with_command_and_with_the_incident() -> None:
    assert care.follow(managed(), NOW) == Decision(managed())
    assert care.follow(resting(), NOW) == Decision(resting())
    for moved in (
        resting(roles=(RoleHolding(Role.MANAGER, DANA, NOW),)),
        resting(status=Status.RESOLVED),
        resting(roles=()),
    ):
        decision = care.follow(moved, LATER)
        assert decision.incident.care is None
        assert told(decision.effects, Tell.CARE_OVER) == {BO}


def test_ending_what_has_not_begun_changes_nothing() -> None:
    assert care.end(incident(), NOW, care.TIME) == Decision(incident())


def test_a_silent_stand_in_and_the_manager_both_hear_of_it() -> None:
    assert told(care.end(resting(), LATER, care.SILENT).effects, Tell.CARE_OVER) == {ANA, BO}

"""What people answer to a handoff on both databases: a refusal, a question, the phone; and who reads what."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from handlers.calls import Call
from handlers.outbound import render
from incidents.effects import EffectKind, Tell
from incidents.errors import NothingToDo
from incidents.handoff import HandoffState, Reason
from incidents.handoff_steps import NotYours
from incidents.model import Severity
from incidents.operations import closing, handoff_papers, handoff_taking
from incidents.operations.handoff_stand_in import stand_in
from incidents.operations.ringing import answered_by_phone
from incidents.people import Ask
from incidents.ports import Unit
from rotations.model import Override, OverrideKind, Seat
from tests.support.handoffs import (
    CHILD,
    LENA,
    OWN,
    actor,
    drafted,
    held,
    letters,
    of_id,
    passes,
    waiting,
    with_phones,
)
from tests.support.house import TestHouse
from tests.support.incidents import ANA, DANA, HARUKA, KENJI, PRIYA, WAVE, told

CHANGE = timedelta(hours=6)  # AMER → APAC: Ana → Kenji


# Refused, asked


def test_a_refusal_pages_the_backup_at_once_and_the_reason_is_kept(there: TestHouse) -> None:
    there.later(hours=6)
    there.slack()
    handoff_taking.refuse(there.house, Ask(KENJI), waiting(there).id, Reason.REST, "back from a flight")
    handoff = waiting(there)
    assert handoff.state is HandoffState.REFUSED
    assert handoff.refusers == frozenset({KENJI})
    assert letters(there.slack()) == [LENA]
    assert {page.user for page in there.declare(WAVE, severity=Severity.SEV1).pages} == {ANA}


def test_whoever_takes_it_for_somebody_who_cannot_is_on_call_in_their_place(there: TestHouse) -> None:
    there.later(hours=6)
    handoff_taking.refuse(there.house, Ask(KENJI), waiting(there).id, Reason.REST)
    accepted = handoff_taking.accept(there.house, Ask(LENA), waiting(there).id)
    there.later(minutes=1)
    assert {page.user for page in there.declare(WAVE, severity=Severity.SEV1).pages} == {LENA}
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    assert [(one.people, one.end) for one in organisation.overrides] == [(("lena",), accepted.until)]


def test_whoever_was_on_call_in_their_place_hands_the_shift_over_at_its_end(there: TestHouse) -> None:
    there.later(hours=6)
    handoff_taking.refuse(there.house, Ask(KENJI), waiting(there).id, Reason.REST)
    handoff_taking.accept(there.house, Ask(LENA), waiting(there).id)
    there.later(hours=7, minutes=30)
    assert drafted(there).outgoing == (LENA,)
    there.later(minutes=30)
    assert waiting(there).outgoing == (LENA,)


def test_who_takes_their_place_after_the_draft_hands_over_and_is_written_to(there: TestHouse) -> None:
    there.later(hours=6)
    taken = waiting(there).id
    passes(there, 30)
    there.later(hours=7, minutes=5)
    assert drafted(there).outgoing == (KENJI,)
    handoff_taking.refuse(there.house, Ask(KENJI), taken, Reason.REST)
    handoff_taking.accept(there.house, Ask(LENA), taken)
    there.slack()
    there.later(minutes=25)
    assert waiting(there).outgoing == (LENA,)
    assert LENA in letters(there.slack())


def test_an_override_of_the_same_hours_stays_as_it_is(there: TestHouse) -> None:
    there.later(hours=6)
    handoff = waiting(there)
    handoff_taking.refuse(there.house, Ask(KENJI), handoff.id, Reason.REST)
    start, end = there.clock.now() + timedelta(hours=1), there.clock.now() + timedelta(hours=2)
    kept = Override("o", "safety", "APAC", Seat.PRIMARY, OverrideKind.REPLACE, ("arjun",), start, end)

    def work(unit: Unit) -> None:
        unit.schedules.hold()
        unit.schedules.add_override(kept, start)

    there.store.write(work)
    handoff_taking.accept(there.house, Ask(LENA), handoff.id)
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    assert [one.id for one in organisation.overrides] == ["o"]


def test_where_the_shift_has_no_end_in_sight_nobody_stands_in(there: TestHouse) -> None:
    there.later(hours=6)
    handoff = handoff_taking.refuse(there.house, Ask(KENJI), waiting(there).id, Reason.REST)
    endless = replace(handoff, until=None)
    there.store.write(lambda unit: stand_in(there.house, unit, endless, actor(there, LENA)))
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    assert organisation.overrides == ()


def test_a_refusal_of_what_a_lead_holds_asks_nobody_more(there: TestHouse) -> None:
    there.later(hours=6)
    passes(there, 30)
    there.slack()
    for user in (KENJI, LENA):
        handoff_taking.refuse(there.house, Ask(user), waiting(there).id, Reason.CONFLICT)
    assert letters(there.slack()) == []
    assert waiting(there).held_by == HARUKA


def test_a_refusal_while_somebody_else_is_asked_already_pages_nobody_more(there: TestHouse) -> None:
    there.later(hours=6)
    there.later(minutes=10)
    there.slack()
    handoff_taking.refuse(there.house, Ask(KENJI), waiting(there).id, Reason.EXPOSURE)
    assert letters(there.slack()) == []


def test_when_all_refuse_somebody_holds_it_all_the_same(there: TestHouse) -> None:
    key = held(there, ANA)
    there.later(hours=6)
    for user in (KENJI, LENA, HARUKA):
        handoff_taking.refuse(there.house, Ask(user), waiting(there).id, Reason.REST)
    handoff = waiting(there)
    assert handoff.state is HandoffState.HELD
    assert handoff.held_by == DANA
    assert there.incident(key).manager == handoff.held_by


def test_a_question_goes_to_whoever_leaves_and_the_answer_back(there: TestHouse) -> None:
    there.later(hours=6)
    there.slack()
    handoff_taking.question(there.house, Ask(KENJI), waiting(there).id, "Which batch?")
    assert told(there.slack(), Tell.HANDOFF_QUESTION) == {ANA}
    assert waiting(there).state is HandoffState.QUESTIONED
    assert handoff_papers.to_answer(there.house, ANA, waiting(there).id).question(1) is not None
    with pytest.raises(NotYours):
        handoff_papers.to_answer(there.house, KENJI, waiting(there).id)
    handoff_taking.answer(there.house, Ask(ANA), waiting(there).id, 1, "Batch 3.")
    assert told(there.slack(), Tell.HANDOFF_ANSWER) == {KENJI}


def test_a_press_that_is_delivered_twice_asks_once(there: TestHouse) -> None:
    there.later(hours=6)
    for _ in range(2):
        handoff_taking.question(there.house, Ask(KENJI, "press:1"), waiting(there).id, "Which batch?")
    assert len(waiting(there).questions) == 1


# By phone


def test_a_quiet_shift_is_taken_by_an_answer_on_the_phone(there: TestHouse) -> None:
    there = with_phones(there)
    there.later(hours=6)
    there.later(minutes=10)
    handoff = waiting(there)
    ring = next(effect for effect in there.slack() if effect.kind is EffectKind.RING)
    assert answered_by_phone(there.house, ring.key, LENA, there.clock.now())
    assert of_id(there, handoff.id).accepted_by == LENA
    assert EffectKind.STOP_RING in {effect.kind for effect in there.slack()}
    assert not answered_by_phone(there.house, ring.key, LENA, there.clock.now())


def test_a_grave_one_is_not_taken_by_phone_and_a_late_answer_changes_nothing(there: TestHouse) -> None:
    there = with_phones(there)
    key = held(there, ANA)
    there.later(hours=6)
    there.later(minutes=10)
    handoff = waiting(there)
    ring = next(e for e in there.slack() if e.kind is EffectKind.RING and e.subject.startswith("handoff:"))
    assert answered_by_phone(there.house, ring.key, LENA, there.clock.now())
    assert waiting(there).state is HandoffState.OFFERED
    handoff_taking.accept(there.house, Ask(KENJI), handoff.id, {key: OWN})
    other = f"ring:handoff:{handoff.id}:{DANA}"
    assert not answered_by_phone(there.house, other, DANA, there.clock.now())


# Restricted


def test_a_restricted_incident_is_read_in_the_form_alone_by_those_who_were_asked(there: TestHouse) -> None:
    key = held(there, ANA, CHILD)
    there.later(hours=6)
    handoff = waiting(there)

    def keys(user: str) -> list[str]:
        papers = handoff_papers.to_take(there.house, user, handoff.id)
        return [one.incident.key for one in papers.briefs]

    assert keys(KENJI) == [key]
    assert keys(DANA) == []
    assert keys(LENA) == []
    handoff_taking.step_in(there.house, Ask(DANA), handoff.id)
    assert keys(DANA) == [key]
    letter = there.store.read(
        lambda unit: handoff_papers.for_reader(unit, waiting(there), actor(there, KENJI))
    )
    assert letter.briefs == ()
    shared = there.store.read(lambda unit: handoff_papers.shared(unit, waiting(there)))
    assert shared.briefs == ()


def test_who_hands_nothing_over_has_nothing_to_write(there: TestHouse) -> None:
    there.later(hours=5, minutes=30)
    with pytest.raises(NothingToDo, match="no open incident"):
        handoff_papers.to_write(there.house, ANA, drafted(there).id)


# What happens meanwhile


def letter_of(there: TestHouse, user: str) -> str:
    """What the newest edit of this person's letter says."""
    effects = [each for each in there.slack() if each.kind is EffectKind.UPDATE_HANDOFF_LETTER]
    mine = [each for each in effects if each.users == (user,)]
    assert mine, "the letter is not edited"
    sent = there.store.read(lambda unit: render(mine[-1], unit, there.house))
    assert isinstance(sent, Call)
    return str(sent.args["blocks"])


def test_a_quiet_draft_follows_what_is_taken_before_the_shift_ends(there: TestHouse) -> None:
    there.later(hours=5, minutes=31)
    there.slack()
    assert drafted(there).readers == (ANA,)
    key = held(there, ANA)
    said = letter_of(there, ANA)
    assert (key in said, "a quiet shift" in said) == (True, False)


def test_a_quiet_offer_follows_what_is_declared_and_what_is_over(there: TestHouse) -> None:
    there.later(hours=6)
    there.slack()
    key = there.declare(WAVE, severity=Severity.SEV1).key
    assert key in letter_of(there, KENJI)
    closing.resolve(there.house, Ask(PRIYA), key, "Over.")
    assert "a quiet shift" in letter_of(there, KENJI)


def test_a_restricted_incident_moves_no_letter(there: TestHouse) -> None:
    there.later(hours=6)
    there.slack()
    there.declare(CHILD, severity=Severity.SEV1)
    assert not [each for each in there.slack() if each.kind is EffectKind.UPDATE_HANDOFF_LETTER]

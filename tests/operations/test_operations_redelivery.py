"""Slack delivers twice what it was not sure of: the second time changes nothing and answers the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec import Struct

from incidents.errors import NotAllowed, NotKnownYet, UnknownIncident
from incidents.model import ActionItem, Incident, Role, Severity, Status, Target
from incidents.operations import closing, commanding, recording, responding
from incidents.people import Ask
from incidents.recording import StepWish
from tests.support.house import TestHouse
from tests.support.incidents import ANA, BO, KENJI, PRIYA, WAVE

Act = Callable[[TestHouse, Ask, str], Incident]

CHANGES: dict[str, Act] = {
    "acknowledge": lambda t, ask, key: responding.acknowledge(t.house, ask, key),
    "decline": lambda t, ask, key: responding.decline(t.house, ask, key),
    "bring in": lambda t, ask, key: responding.bring_in(t.house, ask, key, Target(person=KENJI)),
    "assign": lambda t, ask, key: commanding.assign(t.house, ask, key, Role.SCRIBE, BO),
    "severity": lambda t, ask, key: commanding.change_severity(t.house, ask, key, Severity.SEV0, "life"),
    "status": lambda t, ask, key: commanding.change_status(t.house, ask, key, Status.CONTAINED),
    "update": lambda t, ask, key: recording.update(t.house, ask, key, "Payouts are held"),
    "note": lambda t, ask, key: recording.note(t.house, ask, key, "called the bank"),
    "snooze": lambda t, ask, key: recording.snooze(t.house, ask, key),
    "step": lambda t, ask, key: recording.step(t.house, ask, key, StepWish(first_step(t, key), "done")),
    "resolve": lambda t, ask, key: closing.resolve(t.house, ask, key, "It is over."),
    "fill in": lambda t, ask, key: closing.fill_in(t.house, ask, key, {"harm": "4,100 accounts"}),
    "action": lambda t, ask, key: closing.add_action(t.house, ask, key, ActionItem("Block it")),
}


def first_step(there: TestHouse, key: str) -> str:
    run = there.incident(key).run
    assert run is not None
    return run.steps[0].step_id


class Trace(Struct, frozen=True):
    """All that an operation can leave behind."""

    incident: Incident
    sentences: list[str]
    timers: list[str]
    pending: int


def trace(there: TestHouse, key: str) -> Trace:
    timers, pending = there.store.read(
        lambda unit: ([timer.key for timer in unit.timers.of(key)], unit.outbox.pending_count())
    )
    return Trace(there.incident(key), there.sentences(key), timers, pending)


@pytest.mark.parametrize("name", CHANGES)
def test_a_redelivery_changes_nothing(there: TestHouse, name: str) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    CHANGES[name](there, Ask(ANA, "press:1"), key)
    after = trace(there, key)
    there.clock.advance(seconds=3)
    again = CHANGES[name](there, Ask(ANA, "press:1"), key)
    assert again == after.incident
    assert trace(there, key) == after


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_leaves_a_mark_that_others_can_see(there: TestHouse, name: str) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    before = trace(there, key)
    CHANGES[name](there, Ask(ANA, "press:1"), key)
    assert trace(there, key) != before


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_can_be_done_by_who_is_unknown_or_to_what_is_hidden(there: TestHouse, name: str) -> None:
    key = there.declare("Payout fraud against a child", severity=Severity.SEV1, harm=None).key
    before = trace(there, key)
    with pytest.raises(NotKnownYet):
        CHANGES[name](there, Ask("UNOBODY", "press:1"), key)
    with pytest.raises(UnknownIncident):
        CHANGES[name](there, Ask(KENJI, "press:2"), key)
    assert trace(there, key) == before


def test_a_refused_press_may_be_tried_again_under_its_own_name(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    closing.resolve(there.house, Ask(PRIYA), key, "over")
    texts = {"harm": "a", "contributors": "b", "surprises": "c", "actions": "none"}
    closing.fill_in(there.house, Ask(PRIYA), key, texts)
    with pytest.raises(NotAllowed):
        closing.close(there.house, Ask(PRIYA, "press:1"), key)
    there.clock.advance(minutes=timedelta(minutes=5) / timedelta(minutes=1))
    assert closing.close(there.house, Ask(BO, "press:1"), key).status is Status.CLOSED

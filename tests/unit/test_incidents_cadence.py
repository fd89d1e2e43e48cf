"""Overdue updates: who is reminded when, nobody twice for one update, and never the channel."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from incidents import cadence
from incidents.decision import Decision
from incidents.effects import EffectKind, Tell, Timer, TimerKind
from incidents.ladder import Roster
from incidents.model import Care, Incident, Role, RoleHolding, Severity
from tests.support.incidents import ANA, BO, CY, DANA, NOW, PRIYA, incident, managed, person, roster, told

DUE = NOW + timedelta(minutes=30)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def owing(**fields: object) -> Incident:
    """Ana owes an update at 30 minutes, every 30 (SEV1)."""
    return managed(**{"next_update_at": DUE, **fields})


def first(of: Incident) -> Timer:
    timer = cadence.update_timer(of, NOW)
    assert timer is not None
    return timer


def reminded(of: Incident, minutes: float = 24) -> Decision:
    return cadence.reminder_due(of, first(of), at(minutes))


def late(of: Incident, to: str, minutes: float, who: Roster | None = None) -> Decision:
    timer = next(each for each in reminded(of).timers if each.args["to"] == to)
    return cadence.late_due(of, timer, who or roster(), at(minutes))


def test_the_manager_is_reminded_at_four_fifths_and_the_others_are_set() -> None:
    decision = reminded(owing())
    assert first(owing()).due_at == at(24)
    assert told(decision.effects, Tell.UPDATE_DUE) == {ANA}
    assert [(t.kind, t.args["to"], t.due_at) for t in decision.timers] == [
        (TimerKind.UPDATE_LATE, "deputy", at(30)),
        (TimerKind.UPDATE_LATE, "lead", at(45)),
    ]
    assert all(timer.key.startswith("update:") for timer in decision.timers)


def test_during_rest_the_stand_in_is_reminded() -> None:
    resting = owing(care=Care(ANA, BO, NOW, at(20)))
    assert told(reminded(resting).effects, Tell.UPDATE_DUE) == {BO}
    assert told(late(resting, "deputy", 30).effects, Tell.UPDATE_LATE) == set()


def test_an_outage_does_not_ask_everybody_at_once() -> None:
    decision = reminded(owing(), minutes=40)
    assert [timer.due_at for timer in decision.timers] == [at(46), at(61)]


def test_a_reminder_that_was_put_off_sets_nothing_more() -> None:
    again = replace(first(owing()), args={**first(owing()).args, "again": "x"})
    decision = cadence.reminder_due(owing(), again, at(29))
    assert told(decision.effects, Tell.UPDATE_DUE) == {ANA}
    assert decision.timers == ()


@pytest.mark.parametrize(
    ("now_owed", "minutes"),
    [
        (owing(next_update_at=DUE + timedelta(minutes=5)), 24),  # another update has come since
        (owing(next_update_at=None), 24),
        (owing(severity=Severity.SEV4), 24),
        (owing(), 61),  # a whole cadence has gone by
    ],
)
def test_a_stale_reminder_is_dropped(now_owed: Incident, minutes: float) -> None:
    timer = first(owing())
    assert cadence.reminder_due(now_owed, timer, at(minutes)) == Decision(now_owed)
    to_lead = replace(timer, args={**timer.args, "to": "lead"})
    assert cadence.late_due(now_owed, to_lead, roster(), at(minutes)) == Decision(now_owed)


def test_the_deputy_hears_at_the_whole_and_the_lead_at_one_and_a_half() -> None:
    of = owing(roles=(*managed().roles, RoleHolding(Role.DEPUTY, CY, NOW)))
    assert told(late(of, "deputy", 30).effects, Tell.UPDATE_LATE) == {CY}
    assert told(late(of, "lead", 45).effects, Tell.UPDATE_LATE) == {DANA}
    assert all(effect.kind is EffectKind.TELL for effect in late(of, "lead", 45).effects)


def test_without_a_deputy_whoever_is_backup_is_it() -> None:
    assert told(late(owing(), "deputy", 30).effects, Tell.UPDATE_LATE) == {BO}


def test_nobody_is_asked_twice_by_one_update() -> None:
    bo_has_it = owing(roles=(RoleHolding(Role.MANAGER, BO, NOW),))
    assert late(bo_has_it, "deputy", 30).effects == ()
    both = roster(backup=(person(DANA),))
    assert told(late(owing(), "deputy", 30, both).effects, Tell.UPDATE_LATE) == {DANA}
    assert late(owing(), "lead", 45, both).effects == ()


def test_of_a_restricted_incident_only_its_own_people_hear() -> None:
    closed = owing(restricted=True)
    assert late(closed, "deputy", 30).effects == ()
    assert late(closed, "lead", 45).effects == ()
    inside = replace(closed, responders=(PRIYA, DANA))
    assert told(late(inside, "lead", 45).effects, Tell.UPDATE_LATE) == {DANA}


def test_no_update_is_owed_at_sev4() -> None:
    assert cadence.every(Severity.SEV4) is None
    assert cadence.update_timer(incident(), NOW) is None

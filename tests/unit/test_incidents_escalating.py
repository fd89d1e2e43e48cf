"""By hand: the next people at once, and nobody any more."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents import escalating, ladder
from incidents.decision import Decision
from incidents.effects import Tell
from incidents.errors import NoOneOnCall, NothingToDo, NotInThisStatus
from incidents.ladder import BACKUP, Policy, Roster
from incidents.model import Call, EntryKind, Incident, PageState, Role, Rung, Severity, Status
from incidents.paging import start_call
from tests.support.incidents import (
    ANA,
    BO,
    DANA,
    ELENA,
    IRIS,
    NOW,
    PRIYA,
    called,
    entries,
    incident,
    managed,
    name_of,
    person,
    roster,
    told,
    users,
)

SOON = NOW + timedelta(minutes=2)
LEADS = (person(DANA), person(ELENA))


def escalated(of: Incident, who: Roster | None = None, reason: str = "") -> Decision:
    return escalating.escalate(of, person(PRIYA), reason, who or roster(leads=LEADS), SOON, name_of)


def stopped(of: Incident, by: str = PRIYA, who: Roster | None = None) -> Decision:
    return escalating.stop(of, person(by), " a false alarm ", who or roster(leads=LEADS), SOON)


def test_the_next_level_is_paged_without_waiting() -> None:
    decision = escalated(called(incident(), roster(leads=LEADS)).incident, reason=" nobody answers ")
    assert users(decision.incident.pages) == [ANA, BO]
    assert decision.incident.pages[0].state is PageState.PASSED
    assert [(e.by, e.text) for e in entries(decision, EntryKind.ESCALATED)] == [(PRIYA, "nobody answers")]
    assert decision.incident.pages[1].paged_at == SOON


def test_after_the_last_level_the_leads_are_told_and_then_there_is_nothing_left() -> None:
    who = roster(leads=LEADS)
    at_the_end = called(incident(), who).incident
    for _ in range(3):
        at_the_end = escalated(at_the_end, who).incident
    exhausted = escalated(at_the_end, who)
    assert told(exhausted.effects, Tell.EXHAUSTED) == {DANA, ELENA}
    with pytest.raises(NothingToDo, match="Everybody on the ladder of INC-1 has been paged"):
        escalated(exhausted.incident, who)


def test_somebody_who_has_it_is_not_escalated_over() -> None:
    with pytest.raises(NothingToDo, match="Ana Lima has INC-1, and nobody is being paged"):
        escalated(managed())
    with pytest.raises(NotInThisStatus):
        escalated(managed(status=Status.RESOLVED))


def test_a_specialist_who_does_not_answer_is_escalated_too() -> None:
    who = roster(legal=(person(IRIS),), leads=LEADS)
    call = Call(1, Role.LIAISON, ladder.bring_in(Severity.SEV1, ladder.LEGAL), note="Legal")
    waiting = start_call(managed(), call, who, NOW).incident
    assert users(escalated(waiting, who).incident.pages) == [IRIS, DANA]


def test_paging_that_was_stopped_begins_again() -> None:
    silent = stopped(called(incident(), roster(leads=LEADS)).incident).incident
    again = escalated(silent)
    assert [page.id for page in again.incident.pages] == ["1.0.UANA", "2.0.UANA"]
    assert not any(call.is_open for call in stopped(again.incident).incident.calls)


def test_what_waits_for_the_morning_is_paged_now() -> None:
    night = roster(leads=LEADS, quiet_until=NOW + timedelta(hours=8))
    assert users(escalated(incident(severity=Severity.SEV3), night).incident.pages) == [ANA]


def test_by_hand_it_is_still_the_ladder_of_the_night() -> None:
    at_night = Policy((Rung(0, (BACKUP,)),), night=True, waits_for_morning=True)
    who = replace(roster(quiet_until=NOW + timedelta(hours=8)), policies=(at_night,))
    assert users(escalated(incident(severity=Severity.SEV3), who).incident.pages) == [BO]


def test_where_nobody_is_paged_it_says_so() -> None:
    with pytest.raises(NoOneOnCall, match="Nobody is on call for SEV4"):
        escalated(incident(severity=Severity.SEV4))


def test_stopping_lets_everybody_go_and_tells_the_leads() -> None:
    decision = stopped(called(incident(), roster(leads=LEADS)).incident)
    assert [page.state for page in decision.incident.pages] == [PageState.STANDDOWN]
    assert not any(call.is_open for call in decision.incident.calls)
    assert told(decision.effects, Tell.STOPPED) == {DANA, ELENA}
    assert [entry.text for entry in entries(decision, EntryKind.STOPPED)] == ["a false alarm"]
    assert "call:1:" in decision.cancel


def test_a_lead_who_stops_it_is_not_told_by_themselves() -> None:
    decision = stopped(called(incident(), roster(leads=LEADS)).incident, by=DANA)
    assert told(decision.effects, Tell.STOPPED) == {ELENA}


def test_of_a_restricted_incident_only_its_own_leads_are_told() -> None:
    closed = called(incident(restricted=True), roster(leads=LEADS)).incident
    inside = replace(closed, responders=(*closed.responders, ELENA))
    assert told(stopped(inside).effects, Tell.STOPPED) == {ELENA}


def test_there_is_nothing_to_stop_where_nobody_is_paged() -> None:
    closed = replace(called(incident(), roster()).incident.calls[0], is_open=False)
    with pytest.raises(NothingToDo, match="Nobody is being paged for INC-1"):
        stopped(managed())
    with pytest.raises(NothingToDo):
        stopped(incident(calls=(closed,)))

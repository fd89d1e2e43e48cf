"""Command of an incident: who has it, what severity and status it has, and what follows from a change."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents import ladder
from incidents.command import acknowledge, assign
from incidents.decision import Decision
from incidents.effects import EffectKind, Tell
from incidents.errors import AlreadyAcknowledged, NotAllowed, NothingToDo, NotInThisStatus, ReasonRequired
from incidents.ladder import Roster
from incidents.lifecycle import Change, change_severity, change_status, end_calls, open_up, steps_from
from incidents.model import Call, EntryKind, Incident, PageState, Role, Severity, Status, Target
from incidents.paging import start_call
from incidents.postmortem import resolve
from tests.support.incidents import (
    ANA,
    BO,
    CY,
    DANA,
    IRIS,
    KENJI,
    NOW,
    PRIYA,
    called,
    effects,
    entries,
    incident,
    managed,
    name_of,
    person,
    roster,
    told,
    users,
)

LATER = NOW + timedelta(minutes=10)


def taken(at: Incident, user: str, page: str = "") -> Incident:
    return acknowledge(at, person(user), LATER, name_of, at.page(page)).incident


def severity(at: Incident, to: Severity, reason: str = "", who: Roster | None = None) -> Decision:
    return change_severity(at, to, Change(person(ANA), LATER, reason), who or roster(), name_of)


def status(at: Incident, to: Status, reason: str = "", of: str = "") -> Decision:
    return change_status(at, to, Change(person(PRIYA), LATER, reason), roster(), of)


def with_legal(at: Incident) -> Incident:
    """The same incident with Legal called in and Iris paged; behind her stands nobody but the lead."""
    call = Call(len(at.calls) + 1, Role.LIAISON, ladder.bring_in(at.severity, ladder.LEGAL), note="Legal")
    return start_call(at, call, roster(legal=(person(IRIS),)), NOW).incident


def test_the_first_to_acknowledge_is_incident_manager_and_the_others_may_sleep_on() -> None:
    at = called(incident(severity=Severity.SEV0), roster()).incident
    decision = acknowledge(at, person(ANA), LATER, name_of)
    got = decision.incident
    assert (got.manager, got.status, got.acknowledged_at) == (ANA, Status.ACTIVE, LATER)
    assert [page.state for page in got.pages] == [PageState.ACKNOWLEDGED, PageState.STANDDOWN]
    assert {e.args["page"] for e in effects(decision, EffectKind.UPDATE_PAGE)} == {"1.0.UANA", "1.0.UBO"}
    assert (got.calls[0].is_open, got.calls[0].answered_by) == (False, ANA)
    assert entries(decision, EntryKind.ACKNOWLEDGED)[0].data == {"role": "incident manager"}


def test_the_second_learns_who_has_it_and_the_first_that_they_have_it_already() -> None:
    at = taken(called(incident(), roster()).incident, ANA)
    with pytest.raises(AlreadyAcknowledged, match=r"Ana Lima has INC-1\. Nothing for you to do\."):
        taken(at, BO)
    with pytest.raises(NothingToDo, match="You have INC-1 already"):
        taken(at, ANA)


def test_somebody_who_was_not_paged_takes_command_and_joins() -> None:
    decision = acknowledge(called(incident(), roster()).incident, person(CY), LATER, name_of)
    assert decision.incident.manager == CY
    assert [effect.users for effect in effects(decision, EffectKind.INVITE)] == [(CY,)]
    assert [page.state for page in decision.incident.pages] == [PageState.STANDDOWN]


def test_where_nobody_was_called_command_can_still_be_taken() -> None:
    assert taken(incident(), CY).manager == CY


def test_a_page_that_was_passed_on_or_declined_may_still_be_answered() -> None:
    at = called(incident(), roster()).incident
    passed = at.with_page(replace(at.pages[0], state=PageState.PASSED))
    assert taken(passed, ANA).pages[0].state is PageState.ACKNOWLEDGED


def test_an_old_page_answers_the_graver_call_that_replaced_its_own() -> None:
    at = called(incident(severity=Severity.SEV2), roster()).incident
    raised = severity(at, Severity.SEV1).incident
    got = taken(raised, ANA, "1.0.UANA")
    assert got.manager == ANA
    assert not any(call.is_open for call in got.calls)
    assert got.page("2.0.UANA").state is PageState.ACKNOWLEDGED  # type: ignore[union-attr]


def test_an_old_page_of_somebody_whom_the_graver_call_has_not_reached_yet_counts_too() -> None:
    at = called(incident(severity=Severity.SEV2), roster()).incident
    raised = severity(at, Severity.SEV1, who=roster(primary=(person(CY),))).incident
    got = taken(raised, ANA, "1.0.UANA")
    assert got.manager == ANA
    assert not any(call.is_open for call in got.calls)


def test_legal_comes_as_liaison_and_the_incident_still_waits_for_its_manager() -> None:
    got = taken(with_legal(called(incident(), roster()).incident), IRIS)
    assert got.manager == ""
    assert [(held.role, held.user, held.note) for held in got.roles] == [(Role.LIAISON, IRIS, "Legal")]
    assert [call.is_open for call in got.calls] == [True, False]


def test_who_came_as_liaison_does_not_slip_into_command_by_a_second_press() -> None:
    got = taken(with_legal(called(incident(), roster()).incident), IRIS)
    for page in ("", "2.0.UIRIS"):
        with pytest.raises(NothingToDo, match="You have answered already and are liaison of INC-1"):
            taken(got, IRIS, page)


def test_the_second_of_two_specialists_who_were_called_learns_that_the_first_has_come() -> None:
    call = Call(1, Role.SPECIALIST, ladder.bring_in(Severity.SEV1, ladder.BACKUP), note="AMER backup")
    at = start_call(managed(), call, roster(backup=(person(BO), person(CY))), NOW).incident
    got = taken(at, BO)
    with pytest.raises(AlreadyAcknowledged, match=r"Bo Chen has answered\."):
        taken(got, CY, "1.0.UCY")


def test_paged_in_two_calls_and_answering_by_word_takes_command_first() -> None:
    both = with_legal(called(incident(), roster(primary=(person(IRIS),))).incident)
    got = taken(both, IRIS)
    assert (got.manager, got.in_role(Role.LIAISON)) == (IRIS, ())


def test_paged_in_two_calls_and_pressing_one_button_answers_that_one() -> None:
    both = with_legal(called(incident(), roster(primary=(person(IRIS),))).incident)
    got = taken(both, IRIS, "2.0.UIRIS")
    assert (got.manager, got.in_role(Role.LIAISON)) == ("", (IRIS,))


def test_the_call_that_waits_is_meant_before_the_one_that_was_declined() -> None:
    both = with_legal(called(incident(), roster(primary=(person(IRIS),))).incident)
    declined = both.with_page(replace(both.pages[0], state=PageState.DECLINED))
    assert taken(declined, IRIS).in_role(Role.LIAISON) == (IRIS,)


def test_the_manager_does_not_lose_command_by_answering_for_legal() -> None:
    both = with_legal(called(incident(), roster(primary=(person(IRIS),))).incident)
    got = taken(both, IRIS, "1.0.UIRIS")
    with pytest.raises(NothingToDo, match="hold only that role"):
        taken(got, IRIS, "2.0.UIRIS")


def test_an_incident_that_is_over_is_not_acknowledged() -> None:
    with pytest.raises(NotInThisStatus, match=r"INC-1 is dismissed\. Reopen it first"):
        taken(incident(status=Status.DISMISSED), ANA)


def test_command_is_handed_over_and_the_call_ends() -> None:
    decision = assign(called(incident(), roster()).incident, Role.MANAGER, CY, person(PRIYA), LATER)
    assert (decision.incident.manager, decision.incident.status) == (CY, Status.ACTIVE)
    assert not decision.incident.calls[0].is_open
    assert decision.cancel == ("call:1:",)
    assert told(decision.effects, Tell.ROLE) == {CY}


def test_who_takes_a_role_themselves_is_not_told_so() -> None:
    decision = assign(managed(), Role.SCRIBE, BO, person(BO), LATER)
    assert told(decision.effects, Tell.ROLE) == set()
    assert decision.incident.in_role(Role.SCRIBE) == (BO,)


def test_one_seat_changes_hands_and_specialists_add_up() -> None:
    at = managed()
    for role, user in ((Role.SCRIBE, BO), (Role.SCRIBE, CY), (Role.SPECIALIST, BO), (Role.SPECIALIST, KENJI)):
        at = assign(at, role, user, person(ANA), LATER).incident
    assert at.in_role(Role.SCRIBE) == (CY,)
    assert at.in_role(Role.SPECIALIST) == (BO, KENJI)


def test_the_manager_holds_only_that_role() -> None:
    at = assign(managed(), Role.DEPUTY, BO, person(ANA), LATER).incident
    with pytest.raises(NotAllowed, match="holds only that role"):
        assign(at, Role.SCRIBE, ANA, person(BO), LATER)
    promoted = assign(at, Role.MANAGER, BO, person(ANA), LATER).incident
    assert (promoted.manager, promoted.in_role(Role.DEPUTY)) == (BO, ())


def test_a_role_that_is_held_already_is_not_given_again() -> None:
    with pytest.raises(NothingToDo, match="incident manager of INC-1 already"):
        assign(managed(), Role.MANAGER, ANA, person(BO), LATER)


def test_a_deputy_by_hand_ends_the_call_for_one() -> None:
    raised = severity(managed(), Severity.SEV0, "life at risk").incident
    assert users(raised.pages) == [BO]
    got = assign(raised, Role.DEPUTY, CY, person(ANA), LATER).incident
    assert not any(call.is_open for call in got.calls)


def test_raising_before_anybody_answered_starts_the_graver_ladder_anew() -> None:
    at = called(incident(severity=Severity.SEV2), roster()).incident
    decision = severity(at, Severity.SEV0, "life at risk.")
    got = decision.incident
    assert [(page.call, page.user, page.state) for page in got.pages] == [
        (1, ANA, PageState.STANDDOWN),
        (2, ANA, PageState.WAITING),
        (2, BO, PageState.WAITING),
    ]
    assert "call:1:" in decision.cancel
    assert got.pages[1].why == "Raised to SEV0 by Ana Lima: life at risk. You are AMER primary."


def test_raising_says_who_did_it_where_no_reason_was_given() -> None:
    got = severity(called(incident(severity=Severity.SEV2), roster()).incident, Severity.SEV1).incident
    assert got.pages[-1].why == "Raised to SEV1 by Ana Lima. You are AMER primary."


def test_raising_a_drill_calls_for_a_manager() -> None:
    at = called(incident(severity=Severity.SEV4), roster()).incident
    assert users(severity(at, Severity.SEV2).incident.pages) == [ANA]


def test_raising_a_drill_to_sev3_at_night_lets_people_sleep() -> None:
    who = roster(quiet_until=LATER + timedelta(hours=8))
    assert severity(incident(severity=Severity.SEV4), Severity.SEV3, who=who).incident.pages == ()


def test_raising_what_somebody_has_pages_nobody_until_sev0_which_brings_a_deputy() -> None:
    at = managed(severity=Severity.SEV2)
    assert severity(at, Severity.SEV1).incident.pages == ()
    raised = severity(at, Severity.SEV0, "life at risk").incident
    assert [(raised.calls[0].role, page.user) for page in raised.pages] == [(Role.DEPUTY, BO)]


def test_a_deputy_is_called_once_however_often_it_is_raised() -> None:
    raised = severity(managed(), Severity.SEV0, "life at risk").incident
    lowered = severity(raised, Severity.SEV1, "less grave").incident
    assert len(severity(lowered, Severity.SEV0, "grave again").incident.calls) == 1
    held = assign(managed(), Role.DEPUTY, CY, person(ANA), LATER).incident
    assert severity(held, Severity.SEV0, "grave").incident.calls == ()


def test_raising_without_a_schedule_changes_the_severity_alone() -> None:
    got = severity(incident(severity=Severity.SEV2), Severity.SEV0, "grave", Roster(False)).incident
    assert (got.severity, got.pages) == (Severity.SEV0, ())


def test_lowering_needs_a_reason_and_pages_nobody() -> None:
    with pytest.raises(ReasonRequired, match=r"Say why INC-1 is lowered to SEV3: /incident sev 3 <reason>"):
        severity(managed(), Severity.SEV3, "  ")
    decision = severity(managed(), Severity.SEV3, " contained ")
    assert decision.incident.severity is Severity.SEV3
    assert entries(decision, EntryKind.SEVERITY)[0].text == "contained"


def test_the_same_severity_is_no_change() -> None:
    with pytest.raises(NothingToDo, match="is SEV1 already"):
        severity(managed(), Severity.SEV1)


@pytest.mark.parametrize(
    ("to", "due"),
    [(Severity.SEV0, timedelta(minutes=15)), (Severity.SEV2, timedelta(hours=2)), (Severity.SEV4, None)],
)
def test_a_new_severity_has_its_own_cadence_of_updates(to: Severity, due: timedelta | None) -> None:
    decision = severity(managed(), to, "it changed")
    assert decision.incident.next_update_at == (LATER + due if due else None)
    reminders = [timer.due_at for timer in decision.timers if timer.key.startswith("update:")]
    assert reminders == ([LATER + due * 0.8] if due else [])
    assert "update:" in decision.cancel


@pytest.mark.parametrize("frm", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_the_status_takes_only_the_steps_of_the_lifecycle(frm: Status, to: Status) -> None:
    at = managed()
    at = replace(at, status=frm)
    if to is frm:
        with pytest.raises(NothingToDo, match="already"):
            status(at, to, "why", "INC-9")
    elif to not in steps_from(frm) or to in (Status.RESOLVED, Status.CLOSED):
        with pytest.raises(NotInThisStatus):
            status(at, to, "why", "INC-9")
    else:
        assert status(at, to, "why", "INC-9").incident.status is to


def test_resolving_and_closing_are_named_by_their_own_words() -> None:
    with pytest.raises(NotInThisStatus, match="/incident resolve"):
        status(managed(), Status.RESOLVED)
    with pytest.raises(NotInThisStatus, match="/incident close"):
        status(incident(status=Status.DISMISSED), Status.CLOSED)


def test_dismissing_needs_a_reason_and_a_duplicate_its_twin() -> None:
    with pytest.raises(ReasonRequired, match="Say why INC-1 is no incident"):
        status(managed(), Status.DISMISSED, " ")
    with pytest.raises(ReasonRequired, match="Say which incident INC-1 repeats"):
        status(managed(), Status.DUPLICATE)
    assert status(managed(), Status.DUPLICATE, of="INC-9").incident.duplicate_of == "INC-9"


def test_what_has_ended_calls_and_reminds_nobody_and_says_why() -> None:
    at = with_legal(called(incident(), roster()).incident)
    decision = status(at, Status.DISMISSED, "a load test")
    got = decision.incident
    assert got.ended_why == "a load test"
    assert {page.state for page in got.pages} == {PageState.STANDDOWN}
    assert set(decision.cancel) == {"update:", "call:1:", "call:2:"}
    assert got.next_update_at is None


def test_the_reason_of_a_step_that_ends_nothing_is_not_kept_as_the_end() -> None:
    assert status(managed(), Status.CONTAINED, "payouts held").incident.ended_why == ""


def test_containing_keeps_the_first_instant() -> None:
    first = status(managed(), Status.CONTAINED).incident
    again = status(replace(first, status=Status.ACTIVE), Status.CONTAINED).incident
    assert first.contained_at == LATER
    assert again.contained_at == LATER


def test_reopening_starts_reminders_and_keeps_the_manager() -> None:
    over = resolve(managed(), "Done.", person(ANA), NOW).incident
    decision = status(over, Status.ACTIVE, "it is back")
    got = decision.incident
    assert (got.manager, got.resolved_at, got.next_update_at) == (ANA, None, LATER + timedelta(minutes=30))
    assert entries(decision, EntryKind.REOPENED)[0].text == "it is back"
    assert len(decision.timers) == 1
    assert got.pages == ()


def test_a_drill_is_reopened_without_reminders() -> None:
    over = resolve(managed(severity=Severity.SEV4), "Done.", person(ANA), NOW).incident
    assert status(over, Status.ACTIVE).timers == ()


def test_reopening_what_nobody_ever_had_calls_for_a_manager_anew() -> None:
    over = status(called(incident(), roster()).incident, Status.DISMISSED, "noise").incident
    got = status(over, Status.ACTIVE, "no noise").incident
    assert [(page.call, page.user, page.state) for page in got.pages] == [
        (1, ANA, PageState.STANDDOWN),
        (2, ANA, PageState.WAITING),
    ]
    assert got.pages[-1].why == "Reopened. You are AMER primary."


def test_ending_calls_leaves_those_that_were_answered_as_they_are() -> None:
    at = taken(called(incident(), roster()).incident, ANA)
    assert end_calls(at, LATER).incident == at


def test_opening_up_announces_it_and_only_once() -> None:
    decision = open_up(
        incident(restricted=True, restricted_why="the title mentions a child"), person(ANA), NOW
    )
    assert not decision.incident.restricted
    assert len(effects(decision, EffectKind.ANNOUNCE)) == 1
    with pytest.raises(NothingToDo, match="open to everybody already"):
        open_up(decision.incident, person(ANA), NOW)


def test_a_lead_who_was_asked_for_by_name_is_paged_and_then_nobody_else() -> None:
    whom = Target(person=DANA)
    call = Call(1, Role.SPECIALIST, ladder.bring_in(Severity.SEV1, whom), note="Dana Ortiz")
    who = replace(roster(), holders={**roster().holders, whom: roster().find(ladder.LEAD)})
    assert users(start_call(managed(), call, who, NOW).incident.pages) == [DANA]

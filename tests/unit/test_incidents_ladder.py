"""The walk up a ladder: whom each level reaches, who is passed over and why, what happens at its end."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents import ladder
from incidents.choosing import SPARED
from incidents.effects import EffectKind, Tell
from incidents.ladder import Roster
from incidents.model import Call, EntryKind, Incident, PageState, Role, RoleHolding, Severity, Target
from incidents.paging import also_specialists, call_for_command, climb, no_longer, start_call
from tests.support.incidents import (
    ANA,
    BO,
    CY,
    DANA,
    ELENA,
    HARUKA,
    IRIS,
    KENJI,
    NOW,
    PRIYA,
    called,
    effects,
    entries,
    incident,
    managed,
    person,
    roster,
    told,
    users,
)

VENDOR = person(CY, is_vendor=True)
LEADS = (person(DANA), person(HARUKA), person(ELENA))


def climbed(at: Incident, who: Roster, minutes: list[int]) -> list[tuple[int, str]]:
    """Let the minutes pass without an answer; (minute, person) for every page."""
    decision = called(at, who)
    for minute in minutes:
        now = NOW + timedelta(minutes=minute)
        due = [timer for timer in decision.timers if timer.due_at <= now]
        if due:
            decision = climb(decision.incident, 1, int(due[-1].args["level"]), who, now)
    return [((p.paged_at - NOW) // timedelta(minutes=1), p.user) for p in decision.incident.pages]


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.SEV0, [(0, ANA), (0, BO), (3, DANA), (6, HARUKA), (6, ELENA), (6, PRIYA)]),
        (Severity.SEV1, [(0, ANA), (5, BO), (10, DANA), (15, HARUKA), (15, ELENA)]),
        (Severity.SEV2, [(0, ANA), (15, BO), (30, DANA)]),
        (Severity.SEV3, [(0, ANA)]),
        (Severity.SEV4, []),
    ],
)
def test_each_severity_climbs_in_its_own_minutes(severity: Severity, expected: list[tuple[int, str]]) -> None:
    who = roster(leads=LEADS)
    holders = {**who.holders, ladder.EXECUTIVE: who.find(ladder.PRIMARY)[:0]}
    if severity is Severity.SEV0:
        executive = replace(who.find(ladder.PRIMARY)[0], actor=person(PRIYA), seat="Executive primary")
        holders[ladder.EXECUTIVE] = (executive,)
    assert climbed(incident(severity=severity), replace(who, holders=holders), list(range(61))) == expected


def test_after_an_outage_one_level_is_paged_and_the_next_waits_its_whole_gap() -> None:
    pages = climbed(incident(), roster(leads=LEADS), [40, 41, 44, 45])
    assert pages == [(0, ANA), (40, BO), (45, DANA)]


def test_a_late_level_says_why_it_is_late() -> None:
    decision = called(incident(), roster())
    late = climb(decision.incident, 1, 1, roster(), NOW + timedelta(minutes=12), "7 min late.")
    assert late.incident.pages[-1].late == "7 min late."


def test_a_page_says_until_when_and_who_is_next() -> None:
    page = called(incident(), roster()).incident.pages[0]
    assert page.answer_by == NOW + timedelta(minutes=5)
    assert page.next_user == BO


def test_who_is_next_is_somebody_who_can_be_paged() -> None:
    who = roster(backup=(VENDOR,), lead=(person(DANA),))
    page = called(incident(restricted=True), who).incident.pages[0]
    assert page.next_user == DANA
    alone = roster(backup=(person(ANA),), lead=(person(ANA),))
    assert called(incident(), alone).incident.pages[0].next_user == ""


@pytest.mark.parametrize(
    ("actor", "why"),
    [
        (person(CY, is_deactivated=True), "is no longer in this workspace"),
        (person(CY, is_bot=True), "is not a member of this workspace"),
        (person(CY, is_stranger=True), "is not a member of this workspace"),
    ],
)
def test_who_cannot_come_is_passed_over_with_a_note(actor: object, why: str) -> None:
    decision = called(incident(), roster(primary=(actor,)))  # type: ignore[arg-type]
    assert users(decision.incident.pages) == [BO]
    assert [note.data["why"] for note in entries(decision, EntryKind.SKIPPED)] == [why]


def test_a_vendor_on_call_is_paged_for_an_open_incident_and_never_for_a_restricted_one() -> None:
    who = roster(primary=(VENDOR,))
    assert users(called(incident(), who).incident.pages) == [CY]
    closed = called(incident(restricted=True), who)
    assert users(closed.incident.pages) == [BO]
    assert (
        entries(closed, EntryKind.SKIPPED)[0].data["why"]
        == "is from outside, and this incident is restricted"
    )


def test_a_manager_of_another_grave_incident_is_spared_with_the_reason() -> None:
    decision = called(incident(), roster(busy=(ANA,)))
    assert users(decision.incident.pages) == [BO]
    assert entries(decision, EntryKind.SKIPPED)[0].data == {"user": ANA, "why": SPARED}


def test_when_primary_and_backup_are_both_busy_the_lead_is_paged() -> None:
    assert users(called(incident(), roster(busy=(ANA, BO, DANA))).incident.pages) == [DANA]


def test_a_seat_that_nobody_holds_is_named_and_the_next_is_paged() -> None:
    decision = called(incident(), roster(primary=()))
    assert entries(decision, EntryKind.NOBODY)[0].data == {"seat": "AMER primary"}
    assert users(decision.incident.pages) == [BO]


def test_a_schedule_that_is_not_kept_is_named_by_its_own_name() -> None:
    assert Roster(True).name(ladder.EXECUTIVE) == "Executive primary"
    assert Roster(True).name(ladder.PRIMARY) == "primary"


@pytest.mark.parametrize("severity", [Severity.SEV1, Severity.SEV2, Severity.SEV3])
def test_when_nobody_is_on_call_the_leads_are_paged(severity: Severity) -> None:
    who = roster(primary=(), backup=(), lead=(), leads=LEADS)
    decision = called(incident(severity=severity), who)
    assert users(decision.incident.pages) == [DANA, HARUKA, ELENA]


def test_when_there_is_nobody_at_all_the_declarer_is_told() -> None:
    decision = called(incident(), roster(primary=(), backup=(), lead=()))
    assert decision.incident.pages == ()
    assert told(decision.effects, Tell.NOBODY_ON_CALL) == {PRIYA}
    assert entries(decision, EntryKind.EXHAUSTED)[0].data == {"nobody": "yes"}


def test_when_nobody_has_answered_the_leads_are_told_and_the_last_page_still_stands() -> None:
    who = roster(leads=LEADS)
    decision = called(incident(severity=Severity.SEV2), who)
    for level in (1, 2, 3):
        decision = climb(decision.incident, 1, level, who, NOW + timedelta(minutes=15 * level))
    assert told(decision.effects, Tell.EXHAUSTED) == {DANA, HARUKA, ELENA}
    assert decision.incident.pages[-1].state is PageState.WAITING
    assert [t.args["level"] for t in decision.timers] == []
    again = climb(decision.incident, 1, 3, who, NOW + timedelta(hours=1))
    assert again.incident == decision.incident


def test_the_last_level_is_given_as_long_as_the_one_before() -> None:
    who = roster(leads=LEADS)
    decision = called(incident(), who)
    for level, minute in ((1, 5), (2, 10), (3, 15)):
        decision = climb(decision.incident, 1, level, who, NOW + timedelta(minutes=minute))
    assert [timer.due_at for timer in decision.timers] == [NOW + timedelta(minutes=20)]
    assert decision.incident.pages[-1].answer_by is None


def test_of_a_restricted_incident_leads_are_paged_before_they_are_told() -> None:
    who = roster(leads=(*LEADS, VENDOR))
    at = incident(severity=Severity.SEV2, restricted=True)
    decision = called(at, who)
    for level, minute in ((1, 15), (2, 30), (3, 45)):
        decision = climb(decision.incident, 1, level, who, NOW + timedelta(minutes=minute))
    assert users(decision.incident.pages) == [ANA, BO, DANA, HARUKA, ELENA]
    decision = climb(decision.incident, 1, 4, who, NOW + timedelta(minutes=60))
    assert told(decision.effects, Tell.EXHAUSTED) == {DANA, HARUKA, ELENA}


def test_leads_who_may_not_see_a_restricted_incident_hear_nothing_of_a_specialists_call() -> None:
    call = Call(1, Role.LIAISON, ladder.bring_in(Severity.SEV2, ladder.LEGAL), note="Legal")
    who = roster(lead=(), leads=LEADS)
    decision = start_call(incident(restricted=True), call, who, NOW)
    assert told(decision.effects, Tell.NOBODY_ON_CALL) == {PRIYA}


def test_who_declines_passes_the_page_on_at_once() -> None:
    decision = called(incident(), roster())
    declined = no_longer(decision.incident, decision.incident.pages[0], PageState.DECLINED, roster(), NOW)
    assert users(declined.incident.pages) == [ANA, BO]
    assert entries(declined, EntryKind.DECLINED)[0].data == {"user": ANA}


def test_while_somebody_else_of_the_level_may_still_answer_a_refusal_waits() -> None:
    decision = called(incident(severity=Severity.SEV0), roster())
    declined = no_longer(decision.incident, decision.incident.pages[0], PageState.DECLINED, roster(), NOW)
    assert users(declined.incident.pages) == [ANA, BO]
    second = no_longer(declined.incident, declined.incident.pages[1], PageState.UNREACHABLE, roster(), NOW)
    assert users(second.incident.pages) == [ANA, BO, DANA]
    assert entries(second, EntryKind.SKIPPED)[0].data["why"] == "could not be reached in Slack"


def test_a_refusal_in_a_call_that_is_over_pages_nobody() -> None:
    decision = called(incident(), roster())
    call = replace(decision.incident.calls[0], is_open=False)
    over = decision.incident.with_call(call)
    assert users(no_longer(over, over.pages[0], PageState.DECLINED, roster(), NOW).incident.pages) == [ANA]


def test_a_level_that_was_reached_already_and_an_unknown_call_change_nothing() -> None:
    decision = called(incident(), roster())
    assert climb(decision.incident, 1, 0, roster(), NOW).incident == decision.incident
    assert climb(decision.incident, 7, 0, roster(), NOW).incident == decision.incident


def test_nobody_is_paged_twice_in_one_call() -> None:
    who = roster(backup=(person(ANA), person(BO)))
    decision = called(incident(), who)
    climbed_once = climb(decision.incident, 1, 1, who, NOW + timedelta(minutes=5))
    assert users(climbed_once.incident.pages) == [ANA, BO]


def test_who_was_paged_in_another_call_is_still_paged_in_this_one() -> None:
    legal = Call(1, Role.LIAISON, ladder.bring_in(Severity.SEV1, Target(person=BO)), note="Bo Chen")
    who = replace(roster(), holders={**roster().holders, Target(person=BO): roster().find(ladder.BACKUP)})
    first = start_call(incident(), legal, who, NOW)
    second = called(first.incident, who)
    assert second.incident.pages[-1].next_user == BO
    later = climb(second.incident, 2, 1, who, NOW + timedelta(minutes=5))
    assert [(page.call, page.user) for page in later.incident.pages] == [(1, BO), (2, ANA), (2, BO)]


def test_the_manager_is_not_called_as_their_own_deputy() -> None:
    by_bo = incident(roles=(RoleHolding(Role.MANAGER, BO, NOW),))
    call = Call(1, Role.DEPUTY, ladder.bring_in(Severity.SEV0, ladder.BACKUP))
    decision = start_call(by_bo, call, roster(), NOW)
    assert users(decision.incident.pages) == [DANA]
    assert "incident manager" in entries(decision, EntryKind.SKIPPED)[0].data["why"]


@pytest.mark.parametrize(
    ("first", "reached"),
    [
        (Target("primary", schedule="legal"), [("primary", "legal"), ("backup", "legal"), ("lead", "")]),
        (Target("backup"), [("backup", ""), ("lead", "")]),
        (Target(person=KENJI), [("primary", ""), ("lead", "")]),
    ],
)
def test_somebody_asked_for_has_a_ladder_of_their_own(first: Target, reached: list[tuple[str, str]]) -> None:
    rungs = ladder.bring_in(Severity.SEV3, first)
    assert [(rung.targets[0].seat, rung.targets[0].schedule) for rung in rungs] == reached
    assert [rung.after_min for rung in rungs] == [0, 15, 30][: len(rungs)]


def test_a_sev0_calls_legal_as_a_liaison_and_only_once() -> None:
    who = roster(legal=(person(IRIS),))
    decision = call_for_command(incident(severity=Severity.SEV0), who, NOW)
    assert [(call.role, call.note) for call in decision.incident.calls] == [
        (Role.MANAGER, ""),
        (Role.LIAISON, "Legal"),
    ]
    assert also_specialists(decision.incident, who, NOW).incident == decision.incident


def test_where_nobody_holds_legal_the_lead_comes() -> None:
    decision = also_specialists(managed(severity=Severity.SEV0), roster(legal=()), NOW)
    assert users(decision.incident.pages) == [DANA]


def test_where_no_schedule_of_legal_is_kept_a_sev0_says_so_and_nobody_comes_in_their_place() -> None:
    decision = also_specialists(managed(severity=Severity.SEV0), roster(), NOW)
    assert [entry.data for entry in entries(decision, EntryKind.NOBODY)] == [{"seat": "Legal primary"}]
    assert decision.incident.pages == ()


def test_a_sev3_at_night_waits_for_the_morning() -> None:
    morning = NOW + timedelta(hours=9)
    who = roster(quiet_until=morning)
    decision = call_for_command(incident(severity=Severity.SEV3), who, NOW)
    assert decision.incident.pages == ()
    assert [timer.due_at for timer in decision.timers] == [morning]
    day = climb(decision.incident, 1, 0, roster(), morning)
    assert users(day.incident.pages) == [ANA]


def test_who_is_paged_is_invited_once_and_not_before() -> None:
    decision = called(incident(), roster())
    assert [effect.users for effect in effects(decision, EffectKind.INVITE)] == [(ANA,)]
    there = called(incident(responders=(PRIYA, ANA)), roster())
    assert effects(there, EffectKind.INVITE) == []


def test_leads_who_have_left_are_not_written_to() -> None:
    who = roster(leads=(person(DANA, is_deactivated=True), person(HARUKA), person(HARUKA)))
    assert who.leads == (HARUKA,)


def test_every_lead_hears_of_somebody_on_call_who_has_left_the_workspace() -> None:
    gone = person(CY, is_deactivated=True)
    decision = called(incident(), roster(primary=(gone,), leads=LEADS))
    assert told(decision.effects, Tell.GONE) == {DANA, HARUKA, ELENA}
    assert users(decision.incident.pages) == [BO]


def test_every_lead_but_themselves_hears_of_somebody_whom_slack_cannot_reach() -> None:
    paged = called(incident(), roster(primary=(person(DANA),), leads=LEADS)).incident
    decision = no_longer(paged, paged.pages[0], PageState.UNREACHABLE, roster(leads=LEADS), NOW)
    assert told(decision.effects, Tell.GONE) == {HARUKA, ELENA}
    declined = no_longer(paged, paged.pages[0], PageState.DECLINED, roster(leads=LEADS), NOW)
    assert told(declined.effects, Tell.GONE) == set()


def test_telephone_numbers_are_for_leads_alone() -> None:
    who = roster(leads=LEADS)
    call = Call(1, Role.SPECIALIST, ladder.bring_in(Severity.SEV1, Target(person=KENJI)), asked_by=PRIYA)
    asked = managed(calls=(replace(call, level=2),))
    decision = climb(asked, 1, 3, who, NOW)
    told_so = [effect for effect in decision.effects if effect.args.get("about") == Tell.NOBODY_ON_CALL]
    assert all("numbers" not in effect.args for effect in told_so)
    exhausted = climb(called(incident(), who).incident, 1, 4, who, NOW)
    to_leads = [effect for effect in exhausted.effects if effect.args.get("about") == Tell.EXHAUSTED]
    assert {effect.args["numbers"] for effect in to_leads} == {"yes"}

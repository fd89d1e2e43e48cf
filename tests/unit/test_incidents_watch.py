"""Acknowledged, then silent: who is asked when, who is paged behind them, and what ends it."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from incidents import watch
from incidents.decision import Decision, stamp
from incidents.effects import Tell, Timer, TimerKind
from incidents.errors import NothingToDo
from incidents.ladder import ALL_LEADS, BACKUP, LEAD, Candidate, Roster
from incidents.model import (
    Care,
    EntryKind,
    Incident,
    PageState,
    Role,
    RoleHolding,
    Severity,
    Status,
    Target,
    Watch,
)
from incidents.paging import climb
from tests.support.incidents import (
    ANA,
    BO,
    CY,
    DANA,
    ELENA,
    NOW,
    PRIYA,
    entries,
    incident,
    managed,
    person,
    roster,
    told,
    users,
)

LEADS = (person(DANA), person(ELENA))


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def watched(**fields: object) -> Incident:
    """Ana has it since NOW and is watched."""
    return managed(**{"watch": Watch(ANA, NOW), **fields})


def asked(**fields: object) -> Incident:
    """Ana was asked after 15 minutes."""
    return watched(**{"watch": Watch(ANA, NOW, asked_at=at(15)), **fields})


def timer(of: Incident, due: datetime = NOW) -> Timer:
    since = stamp(of.watch.since) if of.watch else ""
    return Timer(TimerKind.SILENCE, "silence:x", of.key, due, {"since": since})


def fired(of: Incident, minutes: float, heard: float | None = None, who: Roster | None = None) -> Decision:
    """The timer fires so many minutes after NOW; `heard` is when Ana was last heard of."""
    heard_at = at(heard) if heard is not None else None
    return watch.silence_due(of, timer(of), heard_at, who or roster(leads=LEADS), at(minutes))


def due_in(decision: Decision) -> list[float]:
    """When the silence timers fall due, in minutes after NOW."""
    timers = [each for each in decision.timers if each.kind is TimerKind.SILENCE]
    return [(each.due_at - NOW) / timedelta(minutes=1) for each in timers]


@pytest.mark.parametrize(("severity", "minutes"), [(Severity.SEV0, 10), (Severity.SEV1, 15)])
def test_whoever_takes_a_grave_incident_is_watched(severity: Severity, minutes: int) -> None:
    before = incident(severity=severity)
    decision = watch.follow(before, managed(severity=severity), NOW)
    assert decision.incident.watch == Watch(ANA, NOW)
    assert due_in(decision) == [minutes]


@pytest.mark.parametrize(
    "after",
    [
        incident(),
        managed(severity=Severity.SEV2),
        managed(status=Status.RESOLVED),
    ],
)
def test_nobody_is_watched_where_silence_says_nothing(after: Incident) -> None:
    assert watch.follow(incident(), after, NOW).incident.watch is None
    ended = watch.follow(watched(), replace(after, watch=Watch(ANA, NOW)), at(3))
    assert ended.incident.watch is None
    assert ended.timers == ()
    assert ended.cancel == ("silence:",)


def test_the_watch_goes_on_to_whoever_has_it_now() -> None:
    to_bo = replace(watched(), roles=(RoleHolding(Role.MANAGER, BO, at(5)),))
    decision = watch.follow(watched(), to_bo, at(5))
    assert decision.incident.watch == Watch(BO, at(5))
    assert due_in(decision) == [20]


def test_a_change_that_moves_nothing_leaves_the_watch_alone() -> None:
    assert watch.follow(watched(), watched(title="Other"), at(5), ANA) == Decision(watched(title="Other"))


def test_a_graver_severity_is_watched_more_closely() -> None:
    decision = watch.follow(watched(), watched(severity=Severity.SEV0), at(1))
    assert due_in(decision) == [11]


def test_whoever_was_heard_of_is_looked_at_again_after_the_whole_time() -> None:
    decision = fired(watched(), 15, heard=9)
    assert due_in(decision) == [24]
    assert decision.entries == ()
    assert decision.effects == ()


def test_what_was_heard_before_they_had_it_does_not_count() -> None:
    assert told(fired(watched(), 15, heard=-60).effects, Tell.SILENT) == {ANA}


def test_after_the_time_they_are_asked_privately_and_looked_at_five_minutes_later() -> None:
    decision = fired(watched(), 15)
    assert told(decision.effects, Tell.SILENT) == {ANA}
    assert decision.incident.watch == Watch(ANA, NOW, asked_at=at(15))
    assert [entry.data["minutes"] for entry in entries(decision, EntryKind.SILENT)] == ["15"]
    assert due_in(decision) == [20]
    assert decision.incident.pages == ()


def test_five_minutes_after_the_question_the_backup_is_paged_to_be_deputy() -> None:
    decision = fired(asked(), 20)
    assert users(decision.incident.pages) == [BO]
    call = decision.incident.calls[0]
    assert call.role is Role.DEPUTY
    assert call.silence == asked().watch
    assert [rung.after_min for rung in call.rungs] == [0, 5, 10]
    assert all(rung.phone_after_min == 0 for rung in call.rungs)
    assert decision.incident.watch == Watch(ANA, NOW, asked_at=at(15), paged_at=at(20))
    assert decision.incident.manager == ANA


def test_where_there_is_a_deputy_they_are_paged_and_not_the_backup() -> None:
    cy = Target(person=CY)
    who = roster(leads=LEADS)
    who = replace(who, holders={**who.holders, cy: (Candidate(person(CY), "deputy", "You are deputy."),)})
    roles = (*managed().roles, RoleHolding(Role.DEPUTY, CY, NOW))
    assert users(fired(asked(roles=roles), 20, who=who).incident.pages) == [CY]


@pytest.mark.parametrize(
    "who",
    [
        roster(backup=(person(ANA),), leads=LEADS),  # the silent one is the backup
        roster(busy=(BO,), leads=LEADS),  # the backup runs another grave incident
    ],
)
def test_where_the_backup_cannot_come_the_lead_is_paged_at_once(who: Roster) -> None:
    assert users(fired(asked(), 20, who=who).incident.pages) == [DANA]


def test_a_lead_is_not_paged_behind_themselves() -> None:
    who = roster(backup=(person(ANA),), lead=(person(ANA),), leads=(person(ANA), person(ELENA)))
    assert users(fired(asked(), 20, who=who).incident.pages) == [ELENA]


def alone(**more: object) -> Roster:
    """Ana is the only lead and has the incident."""
    return roster(lead=(person(ANA),), leads=(person(ANA),), **more)  # type: ignore[arg-type]


def test_a_backup_who_runs_another_is_paged_rather_than_nobody() -> None:
    assert users(fired(asked(), 20, who=alone(busy=(BO,))).incident.pages) == [BO]


def test_where_nobody_else_is_there_at_all_the_declarer_hears_it_and_the_timeline_says_so() -> None:
    decision = fired(asked(), 20, who=alone(backup=(person(ANA),)))
    assert told(decision.effects, Tell.EXHAUSTED) == {PRIYA}
    assert entries(decision, EntryKind.EXHAUSTED)[0].data == {"behind": ANA, "nobody": "yes"}
    assert [note.data["user"] for note in entries(decision, EntryKind.SKIPPED)] == [ANA]


def test_when_nobody_behind_them_answers_either_the_leads_hear_whom_to_telephone() -> None:
    who = roster(leads=(*LEADS, person(ANA)))
    decision = fired(asked(), 20, who=who)
    for level, minute in ((1, 25), (2, 30), (3, 35)):
        decision = climb(decision.incident, 1, level, who, at(minute))
    assert told(decision.effects, Tell.EXHAUSTED) == {DANA, ELENA}
    numbers = [effect.args.get("numbers") for effect in decision.effects if "about" in effect.args]
    assert numbers == ["yes", "yes"]
    assert entries(decision, EntryKind.EXHAUSTED)[0].data == {"behind": ANA}


def test_an_open_backup_seat_is_named_and_the_lead_is_paged() -> None:
    decision = fired(asked(), 20, who=roster(backup=(), leads=LEADS))
    assert entries(decision, EntryKind.NOBODY)[0].data == {"seat": "AMER backup"}
    assert users(decision.incident.pages) == [DANA]


def test_the_whole_ladder_behind_a_silent_manager() -> None:
    rungs = fired(asked(), 20).incident.calls[0].rungs
    assert [rung.targets for rung in rungs] == [(BACKUP,), (LEAD,), (ALL_LEADS,)]


def test_before_the_five_minutes_are_over_nobody_is_paged() -> None:
    decision = fired(asked(), 17)
    assert decision.incident.pages == ()
    assert due_in(decision) == [20]


def test_a_sign_after_the_question_starts_the_clock_anew() -> None:
    decision = fired(asked(), 20, heard=16)
    assert decision.incident.pages == ()
    assert decision.incident.watch == Watch(ANA, NOW)
    assert due_in(decision) == [31]


def test_a_timer_that_fires_late_asks_once_more_instead_of_paging() -> None:
    """While Meridian was away nobody could have answered it."""
    decision = fired(asked(), 45)
    assert decision.incident.pages == ()
    assert told(decision.effects, Tell.SILENT) == {ANA}
    assert due_in(decision) == [50]


def test_a_timer_from_before_command_moved_does_nothing() -> None:
    old = timer(watched())
    moved = watched(watch=Watch(ANA, at(7)))
    assert watch.silence_due(moved, old, None, roster(), at(15)) == Decision(moved)
    nobody = managed()
    assert watch.silence_due(nobody, old, None, roster(), at(15)) == Decision(nobody)


def test_a_timer_of_an_incident_that_is_grave_no_longer_does_nothing() -> None:
    lowered = watched(severity=Severity.SEV2)
    assert watch.silence_due(lowered, timer(lowered), None, roster(), at(15)) == Decision(lowered)


def test_while_somebody_is_on_the_way_it_is_only_looked_again() -> None:
    paged = fired(asked(), 20).incident
    decision = fired(paged, 35)
    assert decision.entries == ()
    assert due_in(decision) == [50]


def test_whoever_is_back_lets_the_others_go() -> None:
    paged = fired(asked(), 20).incident
    decision = watch.here(paged, ANA, at(22))
    assert decision.incident.pages[0].state is PageState.STANDDOWN
    assert not decision.incident.calls[0].is_open
    assert [entry.data for entry in entries(decision, EntryKind.SILENT)] == [{"user": ANA, "heard": "yes"}]
    assert due_in(decision) == [37]


def test_being_there_is_no_news_where_nobody_was_paged() -> None:
    decision = watch.here(asked(), ANA, at(16))
    assert decision.entries == ()
    assert decision.incident.watch == Watch(ANA, NOW)
    assert due_in(decision) == [31]


def test_anything_they_do_counts_as_being_there() -> None:
    paged = fired(asked(), 20).incident
    assert watch.follow(paged, paged, at(22), BO) == Decision(paged)
    assert not watch.follow(paged, paged, at(22), ANA).incident.calls[0].is_open


def test_whoever_came_as_deputy_stays_when_the_manager_is_back() -> None:
    paged = fired(asked(), 20).incident
    call = replace(paged.calls[0], is_open=False, answered_by=BO, answered_at=at(21))
    came = replace(paged.with_call(call), roles=(*paged.roles, RoleHolding(Role.DEPUTY, BO, at(21))))
    assert watch.here(came, ANA, at(22)).incident.in_role(Role.DEPUTY) == (BO,)


def test_a_sign_after_the_page_lets_go_of_whoever_has_not_answered() -> None:
    paged = fired(asked(), 20).incident
    decision = fired(paged, 35, heard=30)
    assert decision.incident.pages[0].state is PageState.STANDDOWN
    assert due_in(decision) == [45]


def test_only_the_one_who_was_asked_can_answer() -> None:
    for act in (watch.here, watch.snooze):
        with pytest.raises(NothingToDo, match="Nothing is asked of you in INC-1"):
            act(asked(), BO, at(16))
        with pytest.raises(NothingToDo):
            act(managed(), ANA, at(16))


def test_snoozing_is_recorded_and_moves_the_question_by_ten_minutes() -> None:
    decision = watch.snooze(asked(), ANA, at(16))
    assert [entry.data["snoozed"] for entry in entries(decision, EntryKind.SILENT)] == ["10"]
    assert due_in(decision) == [41]
    assert watch.asked_next(decision.incident, at(16)) == at(41)
    assert due_in(fired(decision.incident, 31, heard=16)) == [41]


def test_snoozing_ends_after_half_an_hour_in_all() -> None:
    snoozed = asked()
    for _ in range(3):
        snoozed = watch.snooze(snoozed, ANA, at(16)).incident
    with pytest.raises(NothingToDo, match="30 min already"):
        watch.snooze(snoozed, ANA, at(17))


def test_a_silent_stand_in_gives_it_back_instead_of_waking_anybody() -> None:
    resting = asked(
        care=Care(ANA, BO, NOW, at(20)), watch=Watch(BO, NOW, asked_at=at(10)), severity=Severity.SEV0
    )
    decision = fired(resting, 15)
    assert decision.incident.care is None
    assert decision.incident.pages == ()
    assert told(decision.effects, Tell.CARE_OVER) == {ANA, BO}


def test_during_twenty_minutes_of_rest_the_stand_in_is_watched() -> None:
    resting = watched(care=Care(ANA, BO, at(3), at(23)))
    decision = watch.follow(watched(), resting, at(3))
    assert decision.incident.watch == Watch(BO, at(3))


def test_a_call_knows_whether_the_silent_one_is_back() -> None:
    call = fired(asked(), 20).incident.calls[0]
    assert watch.is_back(call, at(16))
    assert not watch.is_back(call, at(14))
    assert not watch.is_back(call, None)
    assert not watch.is_back(replace(call, silence=None), at(16))


def test_after_a_restore_the_clock_starts_anew_and_nothing_was_asked() -> None:
    decision = watch.anew(asked(), at(40))
    assert decision.incident.watch == Watch(ANA, at(40))
    assert due_in(decision) == [55]
    assert watch.anew(managed(), at(40)) == Decision(managed())


def test_nobody_is_watched_before_somebody_has_it() -> None:
    assert watch.watched(incident()) == ""
    assert watch.watched(incident(declared_by=PRIYA)) == ""

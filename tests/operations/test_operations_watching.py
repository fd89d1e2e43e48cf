"""Acknowledged, then silent; late updates; twenty minutes of rest: with real timers, as people read it."""

from datetime import timedelta

import pytest

from handlers.calls import Call, Message, Skip
from handlers.outbound import render
from incidents.document import Record, document
from incidents.effects import Effect, EffectKind, Tell
from incidents.errors import IncidentError
from incidents.model import MessageRef, PageState, Role, Severity, Status
from incidents.operations import closing, commanding, recording, responding, timers, watching
from incidents.people import Ask
from incidents.said import Said
from sandbox import check
from tests.support.golden import words
from tests.support.house import TestHouse
from tests.support.incidents import ANA, BO, DANA, PRIYA, WAVE


def taken(there: TestHouse, severity: Severity = Severity.SEV1) -> str:
    """Declared, and Ana has it; everything that was put is sent."""
    key = there.declare(WAVE, severity=severity).key
    there.slack()
    responding.acknowledge(there.house, Ask(ANA), key)
    there.slack()
    return key


def pass_minutes(there: TestHouse, minutes: int) -> list[Effect]:
    """Minute by minute, as the metronome does; what was sent meanwhile."""
    sent: list[Effect] = []
    for _ in range(minutes):
        there.later(minutes=1)
        sent += there.slack()
    return sent


def about(sent: list[Effect], kind: Tell) -> list[Effect]:
    return [effect for effect in sent if effect.args.get("about") == kind.value]


def read(there: TestHouse, effect: Effect) -> str:
    """What its reader reads, inside Slack's limits; "skipped" where it is not sent."""
    answer = there.store.read(lambda unit: render(effect, unit, there.house))
    if isinstance(answer, Skip):
        return "skipped"
    assert isinstance(answer, Call)
    assert check.blocks(answer.args["blocks"], "message") == []
    text = str(answer.args["text"])
    return f"{text}\n{words(Message(text, tuple(answer.args['blocks'])))}"


def say(there: TestHouse, key: str, user: str) -> None:
    """They write something in the incident's channel."""
    channel = there.incident(key).channel
    assert channel is not None
    ref = MessageRef(channel.id, f"{there.clock.now().timestamp():.6f}")
    there.store.write(lambda unit: unit.history.hear(Said(ref, user)))


def test_a_silent_manager_is_asked_and_five_minutes_later_the_backup_is_paged(there: TestHouse) -> None:
    key = taken(there)
    asked = about(pass_minutes(there, 15), Tell.SILENT)
    assert [effect.users for effect in asked] == [(ANA,)]
    there.clock.advance(minutes=5)
    timers.fire_due(there.house)
    page = there.incident(key).pages[-1]
    assert page.user == BO
    sent = {effect.kind: effect for effect in there.slack() if effect.users == (BO,)}
    said = read(there, sent[EffectKind.SEND_PAGE]) if EffectKind.SEND_PAGE in sent else ""
    assert "Ana Lima acknowledged at 11:00 Los Angeles (19:00 UTC) and has been silent since." in said
    assert "You are backup." in said
    assert "Acknowledging makes you deputy" in said
    assert "Ana Lima has been silent for 20 min and has not answered." in there.sentences(key)


def test_when_nobody_behind_answers_either_the_leads_read_whom_to_telephone(there: TestHouse) -> None:
    key = taken(there)
    told = about(pass_minutes(there, 36), Tell.EXHAUSTED)
    assert {effect.users[0] for effect in told} == {DANA, "UHARUKA", "UELENA"}
    said = read(there, told[0])
    assert "has been silent since. Nobody else has answered for" in said
    assert "Call Ana Lima +1 555 0100, Bo Chen" in said
    assert "Take command" in said
    assert "Nobody who was paged behind Ana Lima has answered. The leads were told." in there.sentences(key)


def test_a_message_in_the_channel_is_a_sign_of_life(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 10)
    say(there, key, ANA)
    assert about(pass_minutes(there, 14), Tell.SILENT) == []
    assert len(about(pass_minutes(there, 2), Tell.SILENT)) == 1


def test_a_message_of_somebody_else_is_none(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 10)
    say(there, key, PRIYA)
    assert len(about(pass_minutes(there, 6), Tell.SILENT)) == 1


def test_a_press_anywhere_is_a_sign_of_life_and_others_leave_no_trace(there: TestHouse) -> None:
    taken(there)
    pass_minutes(there, 10)
    watching.heard(there.house, ANA)
    watching.heard(there.house, BO)
    assert there.store.read(lambda unit: unit.facts.get(f"{watching.HEARD}{BO}")) == ""
    assert about(pass_minutes(there, 14), Tell.SILENT) == []


def test_i_am_here_ends_the_question_and_lets_the_backup_go(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 20)
    watching.here(there.house, Ask(ANA), key)
    page = there.incident(key).pages[-1]
    assert (page.user, page.state) == (BO, PageState.STANDDOWN)
    assert about(pass_minutes(there, 14), Tell.SILENT) == []


def test_an_update_of_the_manager_lets_the_backup_go_too(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 20)
    recording.update(there.house, Ask(ANA), key, "Payouts are held")
    assert there.incident(key).pages[-1].state is PageState.STANDDOWN


def test_a_message_after_the_page_stops_it_before_it_climbs(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 22)
    say(there, key, ANA)
    pass_minutes(there, 4)
    pages = there.incident(key).pages
    assert [page.user for page in pages if page.call == pages[-1].call] == [BO]
    assert pages[-1].state is PageState.STANDDOWN


def test_behind_a_silent_manager_the_ladder_climbs_to_the_lead(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 25)
    assert there.incident(key).pages[-1].user == DANA


def test_whoever_comes_is_deputy_and_can_take_command(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 20)
    responding.acknowledge(there.house, Ask(BO), key)
    incident = there.incident(key)
    assert incident.in_role(Role.DEPUTY) == (BO,)
    assert incident.manager == ANA
    edit = [
        effect for effect in there.slack() if effect.kind is EffectKind.UPDATE_PAGE and effect.users == (BO,)
    ]
    assert "Take command" in read(there, edit[-1])
    commanding.assign(there.house, Ask(BO), key, Role.MANAGER, BO)
    assert there.incident(key).manager == BO
    assert "Take command" not in read(there, edit[-1])


@pytest.mark.parametrize("end", ["resolve", "lower", "hand over"])
def test_what_ends_the_watch(there: TestHouse, end: str) -> None:
    key = taken(there)
    pass_minutes(there, 10)
    if end == "resolve":
        closing.resolve(there.house, Ask(PRIYA), key, "Over")
    elif end == "lower":
        commanding.change_severity(there.house, Ask(PRIYA), key, Severity.SEV2, "contained")
    else:
        commanding.assign(there.house, Ask(PRIYA), key, Role.MANAGER, BO)
    asked = about(pass_minutes(there, 10), Tell.SILENT)
    assert asked == []
    if end == "hand over":
        assert [effect.users for effect in about(pass_minutes(there, 6), Tell.SILENT)] == [(BO,)]


def test_after_an_absence_nobody_is_paged_before_they_were_asked_again(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 16)
    before = len(there.incident(key).pages)
    there.later(hours=1)
    assert len(there.incident(key).pages) == before
    pass_minutes(there, 5)
    assert there.incident(key).pages[-1].user == BO


def test_snoozing_is_recorded_and_bounded(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 15)
    for _ in range(3):
        watching.snooze(there.house, Ask(ANA), key)
    assert "Ana Lima asked to be left alone for 10 min more." in there.sentences(key)
    with pytest.raises(IncidentError, match="30 min already"):
        watching.snooze(there.house, Ask(ANA), key)


def test_the_question_reads_as_one_and_is_not_sent_when_it_is_answered(there: TestHouse) -> None:
    key = taken(there, Severity.SEV0)
    (asked,) = about(pass_minutes(there, 10), Tell.SILENT)
    said = read(there, asked)
    assert said.startswith(f"SEV0 · {key} · answer by 19:15 UTC")
    assert (
        f"*{key}: are you there?* Nothing was heard of you since 14:00 New York (19:00 UTC), 10 min." in said
    )
    assert "Answer by 14:15 New York (19:15 UTC), in 5 min, or the backup is paged." in said
    watching.here(there.house, Ask(ANA), key)
    assert read(there, asked) == "skipped"


def test_a_late_update_is_told_to_the_backup_and_then_to_the_lead(there: TestHouse) -> None:
    key = taken(there, Severity.SEV2)
    sent = pass_minutes(there, 91)
    late = about(sent, Tell.UPDATE_LATE)
    assert [(effect.args["to"], effect.users) for effect in late] == [("deputy", (BO,)), ("lead", (DANA,))]
    said = read(there, late[0])
    assert "the update is 31 min late (every 2 h at SEV2). Ana Lima was reminded. You are backup." in said
    recording.update(there.house, Ask(ANA), key, "Payouts are held")
    assert read(there, late[1]) == "skipped"


def test_twenty_minutes_of_rest_end_by_themselves(there: TestHouse) -> None:
    key = taken(there)
    watching.take_20(there.house, Ask(ANA), key)
    assert there.incident(key).answering == BO
    (begun,) = about(there.slack(), Tell.CARE)
    said = read(there, begun)
    assert "Ana Lima takes 20 minutes. Questions and reminders come to you until 11:20 Los Angeles" in said
    assert "(19:20 UTC); then Ana Lima has it again." in said
    say(there, key, BO)
    over = about(pass_minutes(there, 20), Tell.CARE_OVER)
    assert {effect.users[0] for effect in over} == {ANA, BO}
    assert there.incident(key).care is None
    assert read(there, begun) == "skipped"
    both = {effect.users[0]: read(there, effect) for effect in over}
    assert "Your 20 minutes are over. You have it again." in both[ANA]
    assert "Ana Lima has it again. Thank you for holding it." in both[BO]
    watch = there.incident(key).watch
    assert watch is not None
    assert watch.user == ANA


def test_reminders_of_updates_go_to_the_stand_in(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 14)
    watching.take_20(there.house, Ask(ANA), key)
    due = about(pass_minutes(there, 12), Tell.UPDATE_DUE)
    assert [effect.users for effect in due] == [(BO,)]


def test_a_stand_in_who_cannot_gives_it_back(there: TestHouse) -> None:
    key = taken(there)
    watching.take_20(there.house, Ask(ANA), key)
    watching.cannot_hold(there.house, Ask(BO), key)
    (over,) = about(there.slack(), Tell.CARE_OVER)
    assert over.users == (ANA,)
    assert "Bo Chen cannot hold it. You have it again." in read(there, over)
    assert about(pass_minutes(there, 20), Tell.CARE_OVER) == []


def test_coming_back_early_is_one_word(there: TestHouse) -> None:
    key = taken(there)
    watching.take_20(there.house, Ask(ANA), key)
    watching.back(there.house, Ask(ANA), key)
    assert there.incident(key).answering == ANA
    assert "Ana Lima is back." in there.sentences(key)


def test_a_deputy_holds_it_before_the_backup(there: TestHouse) -> None:
    key = taken(there)
    commanding.assign(there.house, Ask(ANA), key, Role.DEPUTY, PRIYA)
    assert watching.take_20(there.house, Ask(ANA), key).answering == PRIYA


def test_a_silent_stand_in_gives_it_back_and_wakes_nobody(there: TestHouse) -> None:
    key = taken(there, Severity.SEV0)
    watching.take_20(there.house, Ask(ANA), key)
    sent = pass_minutes(there, 16)
    (asked,) = about(sent, Tell.SILENT)
    assert asked.users == (BO,)
    over = {effect.users[0]: read(there, effect) for effect in about(sent, Tell.CARE_OVER)}
    assert "Nothing was heard of Bo Chen. You have it again." in over[ANA]
    assert "Nothing was heard of you, so Ana Lima has it again." in over[BO]
    assert not any(call.silence for call in there.incident(key).calls)


def test_rest_stands_on_the_timeline_and_in_no_document(there: TestHouse) -> None:
    key = taken(there)
    watching.take_20(there.house, Ask(ANA), key)
    watching.back(there.house, Ask(ANA), key)
    assert "Ana Lima takes 20 minutes; Bo Chen holds it meanwhile." in there.sentences(key)
    entries = there.store.read(lambda unit: tuple(unit.timeline.of(key)))
    draft = document(Record(there.incident(key), entries, lambda user: user))
    assert "20 minutes" not in draft
    assert "is back" not in draft


def test_of_an_ended_incident_the_stand_in_hears_that_it_is_over(there: TestHouse) -> None:
    key = taken(there)
    watching.take_20(there.house, Ask(ANA), key)
    closing.resolve(there.house, Ask(PRIYA), key, "Over")
    (over,) = about(there.slack(), Tell.CARE_OVER)
    assert over.users == (BO,)
    assert "It is over. Nothing more for you to do." in read(there, over)


def test_handing_over_during_rest_says_who_has_it_now(there: TestHouse) -> None:
    key = taken(there)
    watching.take_20(there.house, Ask(ANA), key)
    commanding.assign(there.house, Ask(ANA), key, Role.MANAGER, DANA)
    (over,) = about(there.slack(), Tell.CARE_OVER)
    assert "Dana Ortiz has it now. You hold it for Ana Lima no longer." in read(there, over)


def test_a_status_that_reopens_watches_again(there: TestHouse) -> None:
    key = taken(there)
    closing.resolve(there.house, Ask(ANA), key, "Over")
    assert there.incident(key).watch is None
    commanding.change_status(there.house, Ask(ANA), key, Status.ACTIVE)
    assert there.incident(key).watch is not None
    assert there.incident(key).manager == ANA
    assert len(about(pass_minutes(there, 16), Tell.SILENT)) == 1


def test_a_redelivered_press_counts_once(there: TestHouse) -> None:
    key = taken(there)
    pass_minutes(there, 15)
    watching.snooze(there.house, Ask(ANA, "t:1"), key)
    watching.snooze(there.house, Ask(ANA, "t:1"), key)
    watch = there.incident(key).watch
    assert watch is not None
    assert watch.snoozed_min == 10
    assert watch.quiet_until == there.clock.now() + timedelta(minutes=10)

"""The course of a handoff on both databases: drafted, offered, read back, and held when nobody comes."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import EffectKind, Tell, Timer, TimerKind
from incidents.handoff import Handoff, HandoffState, Part
from incidents.handoff_steps import NotYours, ReadBackMissing
from incidents.model import EntryKind, Severity, Status
from incidents.operations import closing, commanding, handing_over, handoff_papers, handoff_taking, recording
from incidents.operations.handoff_taking import UnknownHandoff
from incidents.people import Ask
from incidents.recording import StepWish
from rotations.model import Organisation
from runbooks.stepping import state_of
from tests.support.handoffs import (
    CHILD,
    LENA,
    OWN,
    drafted,
    held,
    letters,
    of_id,
    passes,
    rung,
    waiting,
    with_phones,
)
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import ANA, BO, DANA, HARUKA, KENJI, NIAMH, PRIYA, WAVE, told

CHANGE = timedelta(hours=6)  # AMER → APAC: Ana → Kenji


# Drafted


def test_half_an_hour_before_whoever_leaves_gets_the_draft_and_nothing_is_posted(there: TestHouse) -> None:
    held(there, ANA)
    there.slack()
    there.later(hours=5, minutes=29)
    assert letters(there.slack()) == []
    there.later(minutes=1)
    sent = there.slack()
    assert letters(sent) == [ANA]
    assert EffectKind.POST_HANDOFF not in {effect.kind for effect in sent}
    assert drafted(there).outgoing == (ANA,)


def test_the_timers_are_woken_for_the_draft_and_then_for_the_change(there: TestHouse) -> None:
    assert handing_over.offer_due(there.house) == MONDAY + CHANGE - timedelta(minutes=30)
    there.later(hours=5, minutes=30)
    assert handing_over.offer_due(there.house) == MONDAY + CHANGE


def test_a_draft_is_written_once_and_becomes_the_offer_with_what_was_written_in_it(there: TestHouse) -> None:
    key = held(there, ANA)
    for _ in range(3):
        there.later(hours=5, minutes=40)
        there.clock.advance(hours=-5, minutes=-40)
    there.clock.advance(hours=5, minutes=40)
    draft = drafted(there)
    line = {(key, Part.IF): "If takeovers pass 500/h → SEV0"}
    handoff_taking.write_lines(there.house, Ask(ANA), draft.id, line)
    there.slack()
    there.later(minutes=20)
    offered = waiting(there)
    assert (offered.id, offered.state) == (draft.id, HandoffState.OFFERED)
    assert [one.text for one in offered.written] == ["If takeovers pass 500/h → SEV0"]
    assert ANA in offered.letters
    sent = there.slack()
    assert letters(sent) == [KENJI]
    edits = [effect.users for effect in sent if effect.kind is EffectKind.UPDATE_HANDOFF_LETTER]
    assert (ANA,) in edits


def test_a_backup_who_has_an_incident_gets_the_draft_too(there: TestHouse) -> None:
    held(there, BO)
    there.slack()
    there.later(hours=5, minutes=30)
    assert letters(there.slack()) == [ANA, BO]


def test_only_whoever_leaves_or_a_lead_writes_and_only_of_what_they_can_see(there: TestHouse) -> None:
    restricted = held(there, BO, CHILD)
    there.later(hours=5, minutes=30)
    draft = drafted(there)
    with pytest.raises(NotYours):
        handoff_taking.write_lines(there.house, Ask(KENJI), draft.id, {})
    lines = {(restricted, Part.PICTURE): "what nobody may read"}
    assert handoff_taking.write_lines(there.house, Ask(DANA), draft.id, lines).written == ()
    assert handoff_taking.write_lines(there.house, Ask(BO), draft.id, lines).written != ()


def test_a_draft_whose_change_is_gone_is_taken_back(there: TestHouse) -> None:
    there.later(hours=5, minutes=30)
    draft = drafted(there)
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    one = replace(organisation.schedules[0], regions=organisation.schedules[0].regions[:1])
    kept = replace(organisation, schedules=(one, *organisation.schedules[1:]))
    there.store.write(lambda unit: unit.schedules.apply(kept, there.clock.now(), "test"))
    there.later(minutes=45)
    assert of_id(there, draft.id).state is HandoffState.WITHDRAWN
    assert there.store.read(lambda unit: unit.handoffs.waiting()) == []


def test_a_draft_for_a_change_that_an_outage_swallowed_is_written_down_as_lapsed(there: TestHouse) -> None:
    there.later(hours=5, minutes=30)
    draft = drafted(there)
    there.later(hours=9)
    assert of_id(there, draft.id).state is HandoffState.LAPSED
    assert waiting(there).incoming == (NIAMH,)


# Offered, read back, accepted


def test_without_own_words_a_grave_incident_stays_where_it_is(there: TestHouse) -> None:
    key = held(there, ANA)
    there.later(hours=6)
    with pytest.raises(ReadBackMissing):
        handoff_taking.accept(there.house, Ask(KENJI), waiting(there).id)
    assert there.incident(key).manager == ANA
    handoff_taking.accept(there.house, Ask(KENJI), waiting(there).id, {key: OWN})
    assert there.incident(key).manager == KENJI
    assert f"In their words: {OWN}" in there.sentences(key)[-1]


def test_a_milder_incident_takes_one_tap(there: TestHouse) -> None:
    key = held(there, ANA, severity=Severity.SEV2)
    there.later(hours=6)
    handoff_taking.accept(there.house, Ask(KENJI), waiting(there).id)
    assert there.incident(key).manager == KENJI


def test_the_open_steps_of_whoever_leaves_go_over_with_command(there: TestHouse) -> None:
    key = held(there, ANA, severity=Severity.SEV2)
    run = there.incident(key).run
    assert run is not None
    mine, bos = (step.id for step in run.runbook.steps[:2])
    for step_id, user in ((mine, ANA), (bos, PRIYA)):
        recording.step(there.house, Ask(ANA), key, StepWish(step_id, "assign", to=user))
    there.later(hours=6)
    handoff_taking.accept(there.house, Ask(KENJI), waiting(there).id)
    after = there.incident(key).run
    assert after is not None
    assert [state_of(after, step_id).assignee for step_id in (mine, bos)] == [KENJI, PRIYA]


def test_the_summary_counts_the_shift_and_names_the_holes_ahead(there: TestHouse) -> None:
    held(there, ANA)
    held(there, ANA, CHILD)
    closing.resolve(there.house, Ask(ANA), held(there, ANA, "Payout wave"), "Over.")
    there.later(hours=6)
    summary = waiting(there).summary
    assert summary is not None
    assert (summary.declared, summary.ended, summary.late) == (2, 1, 1)
    assert summary.since == MONDAY - timedelta(hours=2)


def test_an_accepted_handoff_waits_for_nobody(there: TestHouse) -> None:
    there.later(hours=6)
    handoff = handoff_taking.accept(there.house, Ask(KENJI), waiting(there).id)
    there.slack()
    passes(there, 31)
    assert letters(there.slack()) == []
    assert of_id(there, handoff.id).held_at is None


def test_a_handoff_that_is_not_there_cannot_be_opened(there: TestHouse) -> None:
    for read in (handoff_papers.to_take, handoff_papers.to_write, handoff_papers.to_ask):
        with pytest.raises(UnknownHandoff):
            read(there.house, KENJI, "safety:never")


def test_each_form_is_opened_by_those_whose_it_is(there: TestHouse) -> None:
    key = held(there, ANA)
    there.later(hours=6)
    handoff = waiting(there)
    assert handoff_papers.to_ask(there.house, KENJI, handoff.id) == handoff
    assert [one.incident.key for one in handoff_papers.to_write(there.house, ANA, handoff.id).briefs] == [key]
    assert handoff_papers.to_take(there.house, KENJI, handoff.id).required == (key,)
    for read in (handoff_papers.to_take, handoff_papers.to_ask, handoff_papers.to_write):
        with pytest.raises(NotYours):
            read(there.house, PRIYA, handoff.id)


# Nobody accepts


def test_the_backup_is_paged_at_ten_minutes_a_lead_at_twenty_and_at_thirty_the_lead_holds_it(
    there: TestHouse,
) -> None:
    there = with_phones(there)
    key = held(there, ANA)
    there.later(hours=6)
    there.slack()
    asked = {}
    for minute in range(1, 31):
        there.later(minutes=1)
        sent = there.slack()
        if letters(sent) or rung(sent):
            asked[minute] = (letters(sent), rung(sent))
        if minute < 30:
            assert there.incident(key).manager == ANA
    assert asked == {10: ([LENA], [LENA]), 20: ([HARUKA], [HARUKA])}
    handoff = waiting(there)
    assert (handoff.state, handoff.held_by) == (HandoffState.HELD, HARUKA)
    assert there.incident(key).manager == HARUKA
    assert told(sent, Tell.ROLE) == {HARUKA}
    assert "It was not handed over at the shift change from Ana Lima" in there.sentences(key)[-1]


def test_new_pages_ring_both_then_the_lead_who_holds_it(there: TestHouse) -> None:
    there.later(hours=6)
    first = there.declare(WAVE, severity=Severity.SEV1)
    assert {page.user for page in first.pages} == {KENJI, ANA}
    passes(there, 30)
    second = there.declare("Payout wave", severity=Severity.SEV1)
    assert {page.user for page in second.pages} == {KENJI, HARUKA}


def test_what_a_lead_holds_is_still_taken_over_late_and_moves(there: TestHouse) -> None:
    key = held(there, ANA)
    there.later(hours=6)
    passes(there, 30)
    handoff_taking.accept(there.house, Ask(KENJI), waiting(there).id, {key: OWN})
    assert there.incident(key).manager == KENJI
    kinds = [e for e in there.store.read(lambda unit: unit.timeline.of(key)) if e.kind is EntryKind.HANDOFF]
    assert [entry.data.get("held", "") for entry in kinds] == ["yes", ""]


def test_what_a_lead_held_is_handed_over_with_the_next_change(there: TestHouse) -> None:
    key = held(there, ANA)
    there.later(hours=6)
    passes(there, 30)
    there.later(hours=7, minutes=30)
    handoff = waiting(there)
    assert HARUKA in handoff.outgoing
    handoff_taking.accept(there.house, Ask(NIAMH), handoff.id, {key: OWN})
    assert there.incident(key).manager == NIAMH


def test_a_timer_of_a_level_that_was_overtaken_changes_nothing(there: TestHouse) -> None:
    there.later(hours=6)
    handoff, now = waiting(there), there.clock.now()
    stale = Timer(TimerKind.HANDOFF_LEVEL, "stale", f"handoff:{handoff.id}", now, {"level": "hold"})
    gone = replace(stale, key="gone", subject="handoff:never")
    there.store.write(lambda unit: unit.timers.put([stale, gone]))
    there.later(minutes=0)
    assert waiting(there).plan == handoff.plan


def test_two_clocks_looking_at_once_or_a_restart_page_nobody_twice(there: TestHouse) -> None:
    there.later(hours=6)
    there.slack()
    there.later(minutes=10)
    for _ in range(3):
        there.later(minutes=0)
    assert letters(there.slack()) == [LENA]


def test_after_an_outage_the_levels_come_one_after_the_other(there: TestHouse) -> None:
    there.later(hours=6)
    there.slack()
    there.later(minutes=55)
    assert letters(there.slack()) == [LENA]
    there.later(minutes=10)
    assert letters(there.slack()) == [HARUKA]
    assert waiting(there).state is HandoffState.OFFERED


def test_a_late_start_offers_it_late_and_waits_as_long_as_ever(there: TestHouse) -> None:
    there.later(hours=6, minutes=45)
    handoff = waiting(there)
    assert handoff.posted_at - handoff.at == timedelta(minutes=45)
    assert [due.at - handoff.posted_at for due in handoff.plan] == [
        timedelta(minutes=minutes) for minutes in (10, 20, 30)
    ]


def test_nobody_is_woken_for_a_shift_that_is_over(there: TestHouse) -> None:
    there.later(hours=6)
    there.slack()
    there.later(hours=9)
    assert LENA not in letters(there.slack())


def test_where_nobody_is_scheduled_the_backup_is_paged_at_once(there: TestHouse) -> None:
    handoff = _nobody_comes(there)
    assert (handoff.incoming, handoff.asked) == ((), (LENA,))


def _nobody_comes(there: TestHouse) -> Handoff:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    there.store.write(lambda unit: unit.schedules.apply(_without_kenji(organisation), MONDAY, "test"))
    there.later(hours=6)
    return waiting(there)


def _without_kenji(organisation: Organisation) -> Organisation:
    """APAC's primary is somebody whom Slack does not know."""
    people = tuple(
        replace(one, slack=None) if one.key in ("kenji", "haruka") else one for one in organisation.people
    )
    return replace(organisation, people=people)


# The returning reader


def test_a_returning_reader_sees_what_changed_since_they_handed_over(there: TestHouse) -> None:
    key = held(there, ANA)
    gone = held(there, ANA, "Payout wave", Severity.SEV2)
    there.later(hours=6)
    handoff_taking.accept(there.house, Ask(KENJI), waiting(there).id, {key: OWN})
    there.later(minutes=1)
    recording.note(there.house, Ask(KENJI), key, "IP block: no effect", None)
    recording.update(there.house, Ask(KENJI), key, "1,300 accounts more")
    commanding.change_status(there.house, Ask(KENJI), gone, Status.DISMISSED, "a load test")
    there.later(hours=8)
    handoff_taking.accept(there.house, Ask(NIAMH), waiting(there).id, {key: OWN})
    there.later(hours=8)
    papers = handoff_papers.to_take(there.house, ANA, waiting(there).id)
    seen = papers.changes[key]
    assert (seen.updates, seen.notes, seen.severity_from) == (1, 1, "")
    assert papers.left_at == MONDAY + CHANGE
    assert [one.key for one in papers.ended] == [gone]

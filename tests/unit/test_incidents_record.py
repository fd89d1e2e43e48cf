"""What people put on the record: updates, notes, pinned messages, steps, parts of the postmortem."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import Effect, EffectKind
from incidents.errors import NotAllowed, NothingToDo, NotInThisStatus, PartsMissing
from incidents.model import ActionItem, Incident, MessageRef, RoleHolding, Severity, Status
from incidents.postmortem import (
    add_action,
    close,
    duration,
    fill_in,
    missing,
    required,
    resolve,
    resolved_by,
    since_declared,
)
from incidents.recording import (
    SAME_AS_LAST,
    NothingTyped,
    Pinned,
    StepWish,
    keep,
    note,
    pinned_entry,
    snooze,
    step,
    update,
)
from runbooks import stepping
from runbooks.catalogue import library_path, load
from tests.support.incidents import ANA, BO, CY, NOW, effects, incident, managed, person

BOOKS = load(library_path())
FRAUD = BOOKS.for_harm("fraud")
LATER = NOW + timedelta(minutes=10)
SAID = MessageRef("C1", "1700000000.000100")


def with_run(at: Incident) -> Incident:
    assert FRAUD is not None
    return replace(at, run=stepping.start(FRAUD, NOW, ANA)[0])


def posts(at: Incident, text: str, minutes: int) -> tuple[Incident, list[Effect]]:
    decision = update(at, text, person(ANA), NOW + timedelta(minutes=minutes))
    kinds = (EffectKind.POST_UPDATE, EffectKind.EDIT_UPDATE)
    return decision.incident, [effect for effect in decision.effects if effect.kind in kinds]


def test_an_update_is_kept_and_the_next_is_due_a_cadence_later() -> None:
    decision = update(managed(), " Payouts are held ", person(ANA), LATER)
    assert decision.incident.updates[-1].text == "Payouts are held"
    assert decision.incident.next_update_at == LATER + timedelta(minutes=30)
    assert [timer.due_at for timer in decision.timers] == [LATER + timedelta(minutes=24)]
    assert decision.cancel == ("update:",)
    assert decision.entries[0].text == "Payouts are held"


def test_updates_are_posted_once_an_hour_and_edited_between() -> None:
    at, first = posts(managed(), "one", 0)
    at, second = posts(at, "two", 59)
    at, third = posts(at, "three", 60)
    assert [post[0].kind for post in (first, second, third)] == [
        EffectKind.POST_UPDATE,
        EffectKind.EDIT_UPDATE,
        EffectKind.POST_UPDATE,
    ]
    assert second[0].newest
    assert not third[0].newest


def test_nothing_new_is_recorded_as_exactly_that_and_posted_nowhere() -> None:
    at, post = posts(managed(), SAME_AS_LAST, 0)
    assert post == []
    assert at.updates[-1].text == SAME_AS_LAST


def test_a_drill_owes_no_next_update() -> None:
    decision = update(managed(severity=Severity.SEV4), "done", person(ANA), LATER)
    assert (decision.timers, decision.incident.next_update_at) == ((), None)


def test_two_updates_in_one_second_set_two_reminders_of_different_names() -> None:
    first = update(managed(), "one", person(ANA), LATER)
    saved = replace(first.incident, version=1)
    second = update(saved, "two", person(ANA), LATER)
    assert first.timers[0].key != second.timers[0].key


def test_an_update_without_words_or_after_the_end_is_refused() -> None:
    with pytest.raises(NothingTyped, match="Say where it stands"):
        update(managed(), "  ", person(ANA), LATER)
    with pytest.raises(NotInThisStatus):
        update(incident(status=Status.RESOLVED), "more", person(ANA), LATER)


def test_a_reminder_is_put_off_at_most_until_the_update_is_due() -> None:
    at = managed(next_update_at=LATER + timedelta(minutes=6))
    far = snooze(at, timedelta(minutes=10), person(ANA), LATER).timers[0]
    near = snooze(at, timedelta(minutes=5), person(ANA), LATER).timers[0]
    assert far.due_at == LATER + timedelta(minutes=6)
    assert near.due_at == LATER + timedelta(minutes=5)


@pytest.mark.parametrize("due", [None, LATER, NOW])
def test_an_update_that_is_due_now_cannot_be_put_off(due: object) -> None:
    with pytest.raises(NothingToDo, match="is due now"):
        snooze(managed(next_update_at=due), timedelta(minutes=10), person(ANA), LATER)


def test_a_note_stands_at_its_own_time_and_never_ahead_of_now() -> None:
    past, soon = LATER - timedelta(hours=5), LATER + timedelta(minutes=4)
    assert note(managed(), "payouts held", person(ANA), past, LATER).entries[0].at == past
    assert note(managed(), "payouts held", person(ANA), soon, LATER).entries[0].at == LATER
    with pytest.raises(NothingTyped, match="cannot lie ahead"):
        note(managed(), "payouts held", person(ANA), LATER + timedelta(minutes=6), LATER)
    with pytest.raises(NothingTyped, match="Say what to write down"):
        note(managed(), " \n", person(ANA), LATER, LATER)


def test_a_pinned_message_of_a_restricted_incident_leaves_its_words_in_slack() -> None:
    said = Pinned(SAID, BO, NOW, "his name is …", "https://slack.example/p1")
    kept = pinned_entry(managed(), said, ANA)
    private = pinned_entry(managed(restricted=True), said, ANA)
    assert (kept.text, kept.by, kept.at) == ("his name is …", BO, NOW)
    assert (private.text, private.permalink) == ("", "https://slack.example/p1")
    assert private.dedup == kept.dedup == "message:C1:1700000000.000100"


def test_a_mark_asks_for_the_message_once() -> None:
    assert keep(managed(), SAID, ANA) == keep(managed(), SAID, ANA)
    assert keep(managed(), SAID, ANA).users == (ANA,)


def test_steps_are_done_skipped_assigned_and_taken_up_again() -> None:
    at = with_run(managed())
    first = at.run.steps[0].step_id  # type: ignore[union-attr]
    acts = [
        StepWish(first, "assign", to=BO),
        StepWish(first, "done"),
        StepWish(first, "reopen"),
        StepWish(first, "assign"),
        StepWish(first, "skip", reason="no payouts today"),
    ]
    told = []
    for wish in acts:
        decision = step(at, wish, person(ANA), LATER)
        at = decision.incident
        told.append((decision.entries[0].data["act"], decision.entries[0].data["what"]))
    assert told == [
        ("assigned", BO),
        ("done", ""),
        ("reopened", ""),
        ("assigned", ""),
        ("skipped", "no payouts today"),
    ]


def test_answering_a_question_writes_the_answer_and_not_what_it_set_aside() -> None:
    book = next(each for each in BOOKS.runbooks if any(one.only_if for one in each.steps))
    hangs = next(one.only_if for one in book.steps if one.only_if)
    question = next(one for one in book.branches if one.id == hangs.question)
    other = next(option for option in question.options if option.id != hangs.option)
    at = managed(run=stepping.start(book, NOW, ANA)[0])
    decision = step(at, StepWish(question.id, "done", other.id), person(ANA), LATER)
    assert [entry.data["what"] for entry in decision.entries] == [other.label]


def test_giving_a_step_to_who_has_it_is_no_change() -> None:
    at = with_run(managed())
    first = at.run.steps[0].step_id  # type: ignore[union-attr]
    given = step(at, StepWish(first, "assign", to=BO), person(ANA), LATER).incident
    with pytest.raises(NothingToDo, match="theirs already"):
        step(given, StepWish(first, "assign", to=BO), person(ANA), LATER)
    with pytest.raises(NothingToDo, match="follows no runbook"):
        step(managed(), StepWish(first, "done"), person(ANA), LATER)


def test_resolving_ends_the_reminders_and_posts_the_draft() -> None:
    decision = resolve(managed(next_update_at=LATER), " Sessions revoked. ", person(ANA), LATER)
    got = decision.incident
    assert (got.status, got.summary, got.resolved_at) == (Status.RESOLVED, "Sessions revoked.", LATER)
    assert (got.contained_at, got.next_update_at) == (LATER, None)
    assert len(effects(decision, EffectKind.POST_DRAFT)) == 1
    assert "update:" in decision.cancel


def test_resolving_again_keeps_what_was_contained_and_said_before() -> None:
    at = managed(contained_at=NOW, summary="Sessions revoked.")
    got = resolve(at, "", person(ANA), LATER).incident
    assert (got.contained_at, got.summary) == (NOW, "Sessions revoked.")
    with pytest.raises(NothingToDo, match="is resolved already"):
        resolve(got, "", person(ANA), LATER)


def test_parts_are_written_and_empty_ones_left() -> None:
    texts = {
        "summary": " It is over ",
        "harm": "4,100 accounts",
        "surprises": " ",
        "times": "x",
        "what": "y",
    }
    decision = fill_in(managed(parts={"harm": "unknown"}), texts, person(ANA), LATER)
    assert decision.incident.summary == "It is over"
    assert decision.incident.parts == {"harm": "4,100 accounts"}
    assert decision.entries[0].data["parts"] == "Summary, Harm and who was affected"
    with pytest.raises(NothingToDo, match="Nothing was written"):
        fill_in(managed(), {"harm": " ", "times": "x"}, person(ANA), LATER)


def test_an_action_item_counts_once_it_has_an_owner_and_a_date() -> None:
    loose = add_action(managed(), ActionItem("Block the extension"), person(ANA), LATER)
    owned = add_action(managed(), ActionItem("Block it", BO, date(2026, 12, 7)), person(ANA), LATER)
    assert "actions" in [part.id for part in missing(loose.incident)]
    assert "actions" not in [part.id for part in missing(owned.incident)]
    assert loose.entries[0].data == {"owner": "", "due": ""}
    assert owned.entries[0].data == {"owner": BO, "due": "2026-12-07"}


@pytest.mark.parametrize(
    ("severity", "waits_for"),
    [
        (Severity.SEV1, ["summary", "harm", "contributors", "surprises", "actions"]),
        (Severity.SEV2, ["summary", "harm", "contributors", "actions"]),
        (Severity.SEV3, ["summary"]),
        (Severity.SEV4, ["summary"]),
    ],
)
def test_closing_waits_for_more_the_graver_it_was(severity: Severity, waits_for: list[str]) -> None:
    assert [part.id for part in required(incident(severity=severity))] == waits_for


@pytest.mark.parametrize("status", [Status.DISMISSED, Status.DUPLICATE])
def test_what_was_no_incident_closes_with_its_reason_alone(status: Status) -> None:
    assert close(incident(status=status), person(BO), LATER).incident.status is Status.CLOSED


def test_closing_names_the_empty_parts_and_refuses_what_is_open() -> None:
    with pytest.raises(PartsMissing, match="still empty are Summary") as refused:
        close(incident(status=Status.RESOLVED, severity=Severity.SEV3), person(BO), LATER)
    assert refused.value.parts == ("Summary",)
    with pytest.raises(NotInThisStatus, match="Resolve it first"):
        close(managed(), person(BO), LATER)
    with pytest.raises(NothingToDo, match="is closed already"):
        close(incident(status=Status.CLOSED), person(BO), LATER)


def test_a_grave_incident_is_closed_by_somebody_who_did_not_resolve_it() -> None:
    texts = {"harm": "a", "contributors": "b", "surprises": "c", "actions": "none"}
    at = replace(managed(), status=Status.RESOLVED, summary="s", parts=texts)
    with pytest.raises(NotAllowed, match="a second person has to close it"):
        close(at, person(ANA), LATER, resolved_by=ANA)
    assert close(at, person(BO), LATER, resolved_by=ANA).incident.closed_at == LATER
    mild = replace(at, severity=Severity.SEV2)
    assert close(mild, person(ANA), LATER, resolved_by=ANA).incident.status is Status.CLOSED


def test_who_resolved_it_last_is_read_from_the_timeline() -> None:
    first = resolve(managed(), "one", person(ANA), NOW).entries
    second = resolve(managed(), "two", person(CY), LATER).entries
    assert resolved_by((*first, *second)) == CY
    assert resolved_by(()) == ""


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (None, "not reached"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=2), "2 min"),
        (timedelta(hours=6), "6 h"),
        (timedelta(hours=6, minutes=12), "6 h 12 min"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
    ],
)
def test_durations_are_said_in_two_units(length: timedelta | None, words: str) -> None:
    assert duration(length) == words
    assert since_declared(incident(), NOW + length if length else None) == words


def test_roles_are_kept_apart_by_whom_they_speak_for() -> None:
    assert RoleHolding(managed().roles[0].role, ANA, NOW).role.label == "Incident manager"

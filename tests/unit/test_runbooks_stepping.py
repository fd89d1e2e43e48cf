"""Following a runbook, step by step: what is next, what an answer changes, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from runbooks.happenings import (
    RunbookCalledFor,
    RunFinished,
    RunStarted,
    StepAssigned,
    StepDone,
    StepReopened,
    StepSkipped,
    StepsSetAside,
)
from runbooks.model import (
    Compartment,
    Condition,
    HarmArea,
    Option,
    Run,
    Runbook,
    Step,
    StepKind,
    StepStatus,
)
from runbooks.refusals import (
    ChoiceRequired,
    ReasonRequired,
    RunbookError,
    StepAlreadyDone,
    StepAlreadySkipped,
    StepStillOpen,
    UnknownChoice,
    UnknownStep,
)
from runbooks.stepping import (
    assign,
    complete,
    due_at,
    number_of,
    overdue_steps,
    pending_steps,
    present_step,
    progress,
    reopen,
    skip,
    start,
    state_of,
    step_of,
)

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=20)
STEPS = (
    Step("count", "specialist", 20, "How many accounts, since when?"),
    Step(
        "moving",
        "incident_manager",
        25,
        "Is money moving now?",
        kind=StepKind.QUESTION,
        options=(Option("yes", "Yes", target="RB-04"), Option("not_known_yet", "Not known yet")),
    ),
    Step("freeze", "approver", None, "Freeze payouts.", only_if=Condition("moving", "yes")),
    Step(
        "all",
        "approver",
        None,
        "Every account?",
        kind=StepKind.QUESTION,
        options=(Option("all", "All"), Option("some", "Some")),
        only_if=Condition("moving", "yes"),
    ),
    Step("list", "specialist", None, "List the accounts.", only_if=Condition("all", "some")),
    Step("audit", "specialist", 1440, "Check 96 accounts for precision."),
)
FRAUD = Runbook(
    id="RB-03",
    title="Fraud wave",
    version=2,
    owner="fraud",
    review_by=date(2027, 6, 1),
    harm=(HarmArea.FRAUD,),
    floor=2,
    compartment=Compartment.LEGAL_PRIVILEGED,
    steps=STEPS,
)


def a_run() -> Run:
    return start(FRAUD, NOW, "ana")[0]


def shown(run: Run) -> str | None:
    step = present_step(run)
    return step.id if step else None


def test_a_started_run_has_every_step_open_and_shows_the_first() -> None:
    run, happened = start(FRAUD, NOW, "ana")
    assert happened == (RunStarted(NOW, "ana", "RB-03", 2),)
    assert (run.runbook_id, run.version, shown(run)) == ("RB-03", 2, "count")
    assert pending_steps(run) == STEPS
    assert str(progress(run)) == "0 of 6 steps"
    assert [step.id for step in FRAUD.branches] == ["moving", "all"]


def test_a_done_step_says_who_and_when_and_the_next_one_is_shown() -> None:
    run, happened = complete(a_run(), "count", "ana", LATER)
    state = state_of(run, "count")
    assert (state.status, state.at, state.by) == (StepStatus.DONE, LATER, "ana")
    assert happened == (StepDone(LATER, "ana", "count", "How many accounts, since when?"),)
    assert shown(run) == "moving"
    assert str(progress(run)) == "1 of 6 steps"


@pytest.mark.parametrize("said", ["not_known_yet", "Not known yet", " NOT KNOWN YET "])
def test_an_answer_sets_aside_what_hangs_on_another_answer_and_what_hangs_on_that(said: str) -> None:
    run, happened = complete(a_run(), "moving", "ana", LATER, said)
    assert happened == (
        StepDone(LATER, "ana", "moving", "Is money moving now?", "Not known yet"),
        StepsSetAside(LATER, "ana", "moving", ("freeze", "all", "list")),
    )
    assert state_of(run, "moving").choice == "not_known_yet"
    aside = state_of(run, "freeze")
    assert (aside.status, aside.because) == (StepStatus.SKIPPED, "moving")
    assert aside.reason == "Is money moving now? Not known yet"
    assert [step.id for step in pending_steps(run)] == ["count", "audit"]


def test_steps_set_aside_are_counted_nowhere() -> None:
    run, _ = complete(a_run(), "moving", "ana", LATER, "not_known_yet")
    assert str(progress(run)) == "1 of 3 steps"
    assert [number_of(run, step) for step in ("count", "moving", "freeze", "audit")] == [1, 2, 3, 3]


def test_an_answer_can_call_for_another_runbook() -> None:
    run, happened = complete(a_run(), "moving", "ana", LATER, "yes")
    assert happened[1:] == (RunbookCalledFor(LATER, "ana", "moving", "RB-04"),)
    assert state_of(run, "freeze").status is StepStatus.PENDING


def test_a_step_done_before_the_answer_stays_done() -> None:
    run, _ = complete(a_run(), "freeze", "bo", NOW)
    run, happened = complete(run, "moving", "ana", LATER, "not_known_yet")
    assert state_of(run, "freeze").by == "bo"
    assert happened[1] == StepsSetAside(LATER, "ana", "moving", ("all", "list"))


def test_a_reopened_question_brings_back_what_its_answer_set_aside() -> None:
    run, _ = complete(a_run(), "moving", "ana", LATER, "not_known_yet")
    run, happened = reopen(run, "moving", "bo", LATER)
    assert happened == (StepReopened(LATER, "bo", "moving", "Is money moving now?"),)
    assert run == a_run()


def test_one_step_that_was_set_aside_can_be_brought_back_alone() -> None:
    run, _ = complete(a_run(), "moving", "ana", LATER, "not_known_yet")
    run, _ = reopen(run, "freeze", "bo", LATER)
    assert [step.id for step in pending_steps(run)] == ["count", "freeze", "audit"]
    assert str(progress(run)) == "1 of 4 steps"


def test_a_skipped_step_keeps_its_reason() -> None:
    run, happened = skip(a_run(), "count", "ana", "  counted by the vendor ", LATER)
    assert happened == (
        StepSkipped(LATER, "ana", "count", "How many accounts, since when?", "counted by the vendor"),
    )
    assert state_of(run, "count").reason == "counted by the vendor"
    assert (progress(run).done, progress(run).skipped, progress(run).settled) == (0, 1, 1)


def test_skipping_a_question_rules_nothing_out() -> None:
    run, _ = skip(a_run(), "moving", "ana", "nobody can tell", LATER)
    assert state_of(run, "freeze").status is StepStatus.PENDING


def test_an_assigned_step_is_somebodys_until_it_is_nobodys_and_reopening_keeps_it() -> None:
    run, happened = assign(a_run(), "count", "kenji", "ana", NOW)
    assert happened == (StepAssigned(NOW, "ana", "count", "How many accounts, since when?", "kenji"),)
    assert assign(run, "count", "kenji", "ana", NOW) == (run, ())
    run, _ = complete(run, "count", "kenji", LATER)
    run, _ = reopen(run, "count", "ana", LATER)
    assert state_of(run, "count").assignee == "kenji"
    assert assign(run, "count", None, "ana", NOW)[0] == a_run()


def test_the_last_settled_step_finishes_the_run() -> None:
    run, _ = complete(a_run(), "moving", "ana", LATER, "not_known_yet")
    run, _ = complete(run, "count", "ana", LATER)
    run, happened = skip(run, "audit", "ana", "no accounts were touched", LATER)
    assert happened[-1] == RunFinished(LATER, "ana", "RB-03")
    assert (present_step(run), str(progress(run))) == (None, "3 of 3 steps")


def test_a_step_is_due_at_its_offset_from_the_start_and_overdue_from_that_second() -> None:
    run = a_run()
    assert due_at(step_of(run, "count"), run) == LATER
    assert due_at(step_of(run, "freeze"), run) is None
    assert overdue_steps(run, LATER - timedelta(seconds=1)) == ()
    assert overdue_steps(run, LATER) == (STEPS[0],)


def test_an_unknown_step_is_refused_everywhere() -> None:
    for ask in (step_of, state_of, number_of):
        with pytest.raises(UnknownStep, match="no step “nowhere”"):
            ask(a_run(), "nowhere")
    with pytest.raises(UnknownStep):
        complete(a_run(), "nowhere", "ana", NOW)


def test_a_done_step_is_not_done_twice_and_says_since_when() -> None:
    run, _ = complete(a_run(), "count", "ana", LATER)
    with pytest.raises(StepAlreadyDone, match=r"Already done at 19:20 UTC: How many .* Reopen it") as refused:
        complete(run, "count", "bo", LATER)
    assert refused.value.state.by == "ana"


def test_a_skipped_step_is_reopened_before_it_is_done() -> None:
    run, _ = skip(a_run(), "count", "ana", "counted by the vendor", LATER)
    with pytest.raises(StepAlreadySkipped, match="Already skipped at 19:20 UTC"):
        complete(run, "count", "bo", LATER)


def test_an_open_step_is_not_reopened() -> None:
    with pytest.raises(StepStillOpen, match="Still open: How many"):
        reopen(a_run(), "count", "ana", NOW)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_step_is_skipped_with_a_reason_or_not_at_all(reason: str) -> None:
    with pytest.raises(ReasonRequired, match="say why"):
        skip(a_run(), "count", "ana", reason, NOW)


def test_a_question_is_answered_with_one_of_its_options() -> None:
    with pytest.raises(ChoiceRequired, match="Choose one of: Yes · Not known yet"):
        complete(a_run(), "moving", "ana", NOW)
    with pytest.raises(UnknownChoice, match=r"“maybe” is no answer here\. Choose one of: Yes"):
        complete(a_run(), "moving", "ana", NOW, "maybe")


def test_a_step_that_asks_nothing_takes_no_answer() -> None:
    with pytest.raises(UnknownChoice, match="mark it done"):
        complete(a_run(), "count", "ana", NOW, "yes")


def test_every_refusal_is_a_runbook_error() -> None:
    refusals = (UnknownStep, StepAlreadyDone, StepAlreadySkipped, StepStillOpen, ReasonRequired)
    assert all(issubclass(each, RunbookError) for each in (*refusals, UnknownChoice, ChoiceRequired))


def test_a_run_is_written_as_json_and_read_back() -> None:
    run, _ = complete(a_run(), "moving", "ana", LATER, "not_known_yet")
    assert msgspec.json.decode(msgspec.json.encode(run), type=Run) == run

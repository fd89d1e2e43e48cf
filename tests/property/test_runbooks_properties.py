"""What holds of every run and every file, whatever people do to them."""

from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from runbooks.catalogue import library_path, load
from runbooks.faults import Place, RunbookFaults
from runbooks.model import Condition, HarmArea, Option, Run, Runbook, Step, StepKind, StepStatus
from runbooks.parse import parse
from runbooks.refusals import RunbookError
from runbooks.stepping import (
    assign,
    complete,
    number_of,
    pending_steps,
    present_step,
    progress,
    reopen,
    skip,
    start,
    state_of,
)

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
LIBRARY = load(library_path()).runbooks
RUN = msgspec.json.Decoder(Run)
LINES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted(library_path().glob("rb-0[38]*.md"))
).splitlines()


@st.composite
def runbooks(draw: st.DrawFn) -> Runbook:
    """Up to seven steps; a question may be hung on an earlier one, and so may anything else."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 7))):
        questions = [step.id for step in steps if step.kind is StepKind.QUESTION]
        hangs = draw(st.sampled_from([None, *questions]))
        only_if = Condition(hangs, draw(st.sampled_from("ab"))) if hangs else None
        kind = draw(st.sampled_from(StepKind))
        options = (Option("a", "A"), Option("b", "B")) if kind is StepKind.QUESTION else ()
        steps.append(Step(f"s{number}", "legal", number, "Do.", kind=kind, options=options, only_if=only_if))
    return Runbook("TS-1", "T", 1, "trust", date(2027, 1, 1), (HarmArea.OTHER,), 4, None, steps=tuple(steps))


acts = st.lists(
    st.tuples(
        st.sampled_from(["complete", "skip", "assign", "reopen"]),
        st.integers(0, 6),
        st.sampled_from([None, "a", "b"]),
    ),
    max_size=25,
)


def follow(runbook: Runbook, todo: list[tuple[str, int, str | None]]) -> Run:
    """The run after all that was allowed; what was refused has changed nothing."""
    run = start(runbook, NOW, "ana")[0]
    for minute, (act, number, word) in enumerate(todo):
        step, now = f"s{number}", NOW + timedelta(minutes=minute)
        try:
            if act == "complete":
                run = complete(run, step, "ana", now, word)[0]
            elif act == "skip":
                run = skip(run, step, "ana", word or "", now)[0]
            elif act == "assign":
                run = assign(run, step, word, "ana", now)[0]
            else:
                run = reopen(run, step, "ana", now)[0]
        except RunbookError:
            continue
    return run


@given(runbooks(), acts)
def test_numbers_add_up_and_the_present_step_is_the_first_open_one(
    runbook: Runbook, todo: list[tuple[str, int, str | None]]
) -> None:
    run = follow(runbook, todo)
    count = progress(run)
    opened = pending_steps(run)
    assert count.settled + len(opened) == count.total <= len(runbook.steps)
    assert present_step(run) == (opened[0] if opened else None)
    numbers = [number_of(run, state.step_id) for state in run.steps if state.because is None]
    assert numbers == list(range(1, count.total + 1))


@given(runbooks(), acts)
def test_a_settled_step_says_who_when_and_why(
    runbook: Runbook, todo: list[tuple[str, int, str | None]]
) -> None:
    for state in follow(runbook, todo).steps:
        is_open = state.status is StepStatus.PENDING
        assert is_open == (state.at is None) == (state.by is None)
        assert (state.status is StepStatus.SKIPPED) == (state.reason is not None)


@given(runbooks(), acts)
def test_a_step_is_set_aside_only_by_an_answer_that_stands(
    runbook: Runbook, todo: list[tuple[str, int, str | None]]
) -> None:
    run = follow(runbook, todo)
    causes = [state.because for state in run.steps if state.because is not None]
    assert all(state_of(run, cause).status is StepStatus.DONE for cause in causes)


@given(runbooks(), acts)
def test_a_run_survives_being_written_as_json(
    runbook: Runbook, todo: list[tuple[str, int, str | None]]
) -> None:
    run = follow(runbook, todo)
    assert RUN.decode(msgspec.json.encode(run)) == run


@given(st.sampled_from(LIBRARY), st.data())
def test_every_runbook_of_the_library_can_be_followed_to_its_end(
    runbook: Runbook, data: st.DataObject
) -> None:
    run = start(runbook, NOW, "ana")[0]
    for _ in runbook.steps:
        step = present_step(run)
        if step is None:
            break
        option = data.draw(st.sampled_from(step.options or (None,)))
        run = complete(run, step.id, "ana", NOW, option.id if option else None)[0]
    assert present_step(run) is None


def places_told(text: str) -> list[Place] | None:
    """Where the faults are; None for a runbook."""
    try:
        parse(text, "a.md")
    except RunbookFaults as refused:
        return [fault.place for fault in refused.faults]
    return None


@given(st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(LINES), st.text())).map("\n".join)))
def test_any_text_is_a_runbook_or_has_faults_inside_it(text: str) -> None:
    places = places_told(text)
    last = text.count("\n") + 2
    assert places is None or (places and all(1 <= at.line <= last and at.column >= 1 for at in places))


@given(st.data())
def test_a_runbook_with_a_line_lost_or_doubled_is_still_read_or_explained(data: st.DataObject) -> None:
    lines = (library_path() / "rb-08-law-enforcement.md").read_text(encoding="utf-8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    changed = lines[:at] + lines[at : at + 1] * data.draw(st.sampled_from([0, 2])) + lines[at + 1 :]
    assert places_told("\n".join(changed)) != []

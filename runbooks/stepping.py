"""One run, one step at a time: run + what somebody did → the run after it, and what happened.

Pure: `now` is an aware UTC instant that is handed in, people are actor ids, nothing is read or written.
What changes a run answers `(run, happenings)`, or refuses with a `RunbookError` and the run is as it was.
"""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from runbooks.happenings import (
    Happening,
    RunbookCalledFor,
    RunFinished,
    RunStarted,
    StepAssigned,
    StepDone,
    StepReopened,
    StepSkipped,
    StepsSetAside,
)
from runbooks.model import Option, Run, Runbook, Step, StepKind, StepState, StepStatus
from runbooks.refusals import (
    ChoiceRequired,
    ReasonRequired,
    StepAlreadyDone,
    StepAlreadySkipped,
    StepStillOpen,
    UnknownChoice,
    UnknownStep,
)

Stepped = tuple[Run, tuple[Happening, ...]]


class Progress(Struct, frozen=True):
    """How far a run is. Steps that an answer made needless are in none of these numbers."""

    done: int
    skipped: int
    total: int

    @property
    def settled(self) -> int:
        """Steps that nobody needs to look at any more."""
        return self.done + self.skipped

    def __str__(self) -> str:
        return f"{self.settled} of {self.total} steps"


def start(runbook: Runbook, now: datetime, by: str) -> Stepped:
    """Take up `runbook`: every step is pending, offsets count from `now`."""
    run = Run(runbook, now, by, tuple(StepState(step.id) for step in runbook.steps))
    return run, (RunStarted(now, by, runbook.id, runbook.version),)


def complete(run: Run, step_id: str, by: str, now: datetime, choice: str | None = None) -> Stepped:
    """Mark a step done; a question is done by its answer, `choice`: an option's id or label.

    Steps that hang on another answer are set aside. Raises UnknownStep, StepAlreadyDone, StepAlreadySkipped,
    ChoiceRequired, UnknownChoice.
    """
    step = _open_step(run, step_id)
    option = _chosen(step, choice)
    run = _with(run, step_id, status=StepStatus.DONE, at=now, by=by, choice=option.id if option else None)
    happened: list[Happening] = [StepDone(now, by, step_id, step.text, option.label if option else None)]
    if option is not None:
        run, needless = _set_aside(run, step, option, by, now)
        if needless:
            happened.append(StepsSetAside(now, by, step_id, needless))
        if option.target is not None:
            happened.append(RunbookCalledFor(now, by, step_id, option.target))
    return run, (*happened, *_finished(run, by, now))


def skip(run: Run, step_id: str, by: str, reason: str, now: datetime) -> Stepped:
    """Skip a step for a reason. What hangs on a skipped question stays open: nobody has ruled it out.

    Raises UnknownStep, StepAlreadyDone, StepAlreadySkipped, ReasonRequired (empty or blank reason).
    """
    step = _open_step(run, step_id)
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(step)
    run = _with(run, step_id, status=StepStatus.SKIPPED, at=now, by=by, reason=reason)
    return run, (StepSkipped(now, by, step_id, step.text, reason), *_finished(run, by, now))


def assign(run: Run, step_id: str, to: str | None, by: str, now: datetime) -> Stepped:
    """Give an open step to a person, or to nobody (None); the same person again changes nothing.

    Raises UnknownStep, StepAlreadyDone, StepAlreadySkipped.
    """
    step = _open_step(run, step_id)
    if state_of(run, step_id).assignee == to:
        return run, ()
    return _with(run, step_id, assignee=to), (StepAssigned(now, by, step_id, step.text, to),)


def reopen(run: Run, step_id: str, by: str, now: datetime) -> Stepped:
    """Make a settled step pending again; it keeps its assignee. What its answer set aside comes back too.

    Raises UnknownStep, StepStillOpen.
    """
    step, state = step_of(run, step_id), state_of(run, step_id)
    if state.status is StepStatus.PENDING:
        raise StepStillOpen(step)
    steps = tuple(_pending(each) if step_id in (each.step_id, each.because) else each for each in run.steps)
    return replace(run, steps=steps), (StepReopened(now, by, step_id, step.text),)


def step_of(run: Run, step_id: str) -> Step:
    """The step of that id. Raises UnknownStep."""
    for step in run.runbook.steps:
        if step.id == step_id:
            return step
    raise UnknownStep(step_id)


def state_of(run: Run, step_id: str) -> StepState:
    """What became of the step of that id. Raises UnknownStep."""
    for state in run.steps:
        if state.step_id == step_id:
            return state
    raise UnknownStep(step_id)


def pending_steps(run: Run) -> tuple[Step, ...]:
    """The open steps, in the runbook's order."""
    both = zip(run.runbook.steps, run.steps, strict=True)
    return tuple(step for step, state in both if state.status is StepStatus.PENDING)


def present_step(run: Run) -> Step | None:
    """The first open step; None when all are settled."""
    return next(iter(pending_steps(run)), None)


def due_at(step: Step, run: Run) -> datetime | None:
    """When the step should be done (aware UTC): start and offset; None for a step at no fixed time."""
    return None if step.offset_minutes is None else run.started_at + timedelta(minutes=step.offset_minutes)


def overdue_steps(run: Run, now: datetime) -> tuple[Step, ...]:
    """The open steps whose time has come or passed, in the runbook's order."""
    return tuple(step for step in pending_steps(run) if (due := due_at(step, run)) is not None and due <= now)


def progress(run: Run) -> Progress:
    """Steps done and skipped, of all that count."""
    counted = [state.status for state in run.steps if state.because is None]
    return Progress(counted.count(StepStatus.DONE), counted.count(StepStatus.SKIPPED), len(counted))


def number_of(run: Run, step_id: str) -> int:
    """The step's place among the steps that count, from 1, as in "1 of 9". Raises UnknownStep.

    A step that was set aside has the number of the next one that counts.
    """
    state_of(run, step_id)
    ids = [state.step_id for state in run.steps if state.because is None or state.step_id == step_id]
    return ids.index(step_id) + 1


def _open_step(run: Run, step_id: str) -> Step:
    step, state = step_of(run, step_id), state_of(run, step_id)
    if state.status is StepStatus.DONE:
        raise StepAlreadyDone(step, state)
    if state.status is StepStatus.SKIPPED:
        raise StepAlreadySkipped(step, state)
    return step


def _chosen(step: Step, choice: str | None) -> Option | None:
    if choice is None:
        if step.kind is StepKind.QUESTION:
            raise ChoiceRequired(step)
        return None
    wanted = choice.strip().casefold()
    for option in step.options:
        if wanted in (option.id, option.label.casefold()):
            return option
    raise UnknownChoice(step, choice)


def _set_aside(
    run: Run, question: Step, option: Option, by: str, now: datetime
) -> tuple[Run, tuple[str, ...]]:
    """Skip the open steps that hang on another answer, or on a question that does. Done stays done."""
    needless: tuple[str, ...] = ()
    for step in pending_steps(run):
        hangs = step.only_if
        if hangs is None:
            continue
        if hangs.question in needless or (hangs.question == question.id and hangs.option != option.id):
            needless += (step.id,)
    reason = f"{question.text} {option.label}"
    for step_id in needless:
        run = _with(
            run, step_id, status=StepStatus.SKIPPED, at=now, by=by, reason=reason, because=question.id
        )
    return run, needless


def _finished(run: Run, by: str, now: datetime) -> tuple[Happening, ...]:
    return () if pending_steps(run) else (RunFinished(now, by, run.runbook_id),)


def _with(run: Run, step_id: str, **changes: object) -> Run:
    changed = (
        replace(state, **changes) if state.step_id == step_id else state  # type: ignore[arg-type]
        for state in run.steps
    )
    return replace(run, steps=tuple(changed))


def _pending(state: StepState) -> StepState:
    return StepState(state.step_id, assignee=state.assignee)

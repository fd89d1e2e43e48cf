"""What stepping through a run made happen, for the timeline and for what must follow. Values only."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A runbook was taken up."""

    at: datetime
    by: str
    runbook_id: str
    version: int


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step was done, or a question answered with `choice` (the option's label)."""

    at: datetime
    by: str
    step_id: str
    text: str
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """A person skipped a step and said why."""

    at: datetime
    by: str
    step_id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepsSetAside:
    """An answer to `question` made these steps needless."""

    at: datetime
    by: str
    question: str
    step_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepAssigned:
    """A step was given to somebody; `to` None means that it is nobody's again."""

    at: datetime
    by: str
    step_id: str
    text: str
    to: str | None


@dataclass(frozen=True, slots=True)
class StepReopened:
    """A step is to be done again, and with it what its answer had set aside."""

    at: datetime
    by: str
    step_id: str
    text: str


@dataclass(frozen=True, slots=True)
class RunbookCalledFor:
    """An answer calls for another runbook beside this one."""

    at: datetime
    by: str
    step_id: str
    runbook_id: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """No step is open any more."""

    at: datetime
    by: str
    runbook_id: str


Happening = (
    RunStarted
    | StepDone
    | StepSkipped
    | StepsSetAside
    | StepAssigned
    | StepReopened
    | RunbookCalledFor
    | RunFinished
)

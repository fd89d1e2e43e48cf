"""What stepping through a run made happen, for the timeline and for what must follow. Values only."""

from datetime import datetime

from msgspec import Struct


class RunStarted(Struct, frozen=True):
    """A runbook was taken up."""

    at: datetime
    by: str
    runbook_id: str
    version: int


class StepDone(Struct, frozen=True):
    """A step was done, or a question answered with `choice` (the option's label)."""

    at: datetime
    by: str
    step_id: str
    text: str
    choice: str | None = None


class StepSkipped(Struct, frozen=True):
    """A person skipped a step and said why."""

    at: datetime
    by: str
    step_id: str
    text: str
    reason: str


class StepsSetAside(Struct, frozen=True):
    """An answer to `question` made these steps needless."""

    at: datetime
    by: str
    question: str
    step_ids: tuple[str, ...]


class StepAssigned(Struct, frozen=True):
    """A step was given to somebody; `to` None means that it is nobody's again."""

    at: datetime
    by: str
    step_id: str
    text: str
    to: str | None


class StepReopened(Struct, frozen=True):
    """A step is to be done again, and with it what its answer had set aside."""

    at: datetime
    by: str
    step_id: str
    text: str


class RunbookCalledFor(Struct, frozen=True):
    """An answer calls for another runbook beside this one."""

    at: datetime
    by: str
    step_id: str
    runbook_id: str


class RunFinished(Struct, frozen=True):
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

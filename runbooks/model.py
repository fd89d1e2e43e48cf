"""The nouns: a runbook with its steps and questions, and one run of it. Values only, no rules of the trade.

All are frozen and made of plain fields, which msgspec writes and reads as JSON.
"""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct


class HarmArea(StrEnum):
    """What kind of harm an incident is about. The list is fixed across the project."""

    THREAT_TO_LIFE = "threat_to_life"
    CHILD_SAFETY = "child_safety"
    FRAUD = "fraud"
    PRIVACY = "privacy"
    COORDINATED_ABUSE = "coordinated_abuse"
    API_MISUSE = "api_misuse"
    SELF_HARM = "self_harm"
    LAW_ENFORCEMENT = "law_enforcement"
    VENDOR_OUTAGE = "vendor_outage"
    INSIDER = "insider"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The area in words, as people read it: `Law enforcement`."""
        return self.value.replace("_", " ").capitalize().replace("Api", "API")


class Compartment(StrEnum):
    """A need-to-know circle. A runbook in one is for restricted incidents."""

    CHILD_SAFETY = "child_safety"
    LAW_ENFORCEMENT = "law_enforcement"
    LEGAL_PRIVILEGED = "legal_privileged"
    INSIDER = "insider"


class StepKind(StrEnum):
    """`do` is done, `question` is answered with one of its options."""

    DO = "do"
    QUESTION = "question"


class StepStatus(StrEnum):
    """Where one step of a run stands."""

    PENDING = "pending"
    DONE = "done"
    SKIPPED = "skipped"


class Option(Struct, frozen=True):
    """One answer to a question. `target` is the id of a runbook that this answer calls for."""

    id: str
    label: str
    note: str = ""
    target: str | None = None


class Condition(Struct, frozen=True):
    """The step counts only while `question` (a step id) has no answer, or has `option` (an option id)."""

    question: str
    option: str


class Step(Struct, frozen=True):
    """One thing to do or to answer.

    `owner` is a role (`incident_manager`, `legal`, …). `offset_minutes` counts from the start of the run;
    None means at no fixed time. `text` has at most 150 characters; `detail` and `evidence` may have more.
    """

    id: str
    owner: str
    offset_minutes: int | None
    text: str
    evidence: str = ""
    detail: str = ""
    kind: StepKind = StepKind.DO
    options: tuple[Option, ...] = ()
    only_if: Condition | None = None


class Runbook(Struct, frozen=True):
    """One runbook in one version.

    `floor`, 0–4: an incident under this runbook is never milder than that severity; 4 sets no bound.
    `clocks` are ids of legal clocks to arm. `disclaimer` is shown wherever the runbook is.
    """

    id: str
    title: str
    version: int
    owner: str
    review_by: date
    harm: tuple[HarmArea, ...]
    floor: int
    compartment: Compartment | None
    steps: tuple[Step, ...]
    triggers: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    do_not: tuple[str, ...] = ()
    exit: tuple[str, ...] = ()
    disclaimer: str = ""
    about: str = ""

    @property
    def branches(self) -> tuple[Step, ...]:
        """The steps that ask a question, in order."""
        return tuple(step for step in self.steps if step.kind is StepKind.QUESTION)


class StepState(Struct, frozen=True):
    """What became of one step.

    `at`, `by` (an actor id) and `reason` belong to the status; `choice` is an option id. `because` is the id
    of the question whose answer made the step needless: such a step is skipped, and counted nowhere.
    """

    step_id: str
    status: StepStatus = StepStatus.PENDING
    at: datetime | None = None
    by: str | None = None
    reason: str | None = None
    choice: str | None = None
    assignee: str | None = None
    because: str | None = None


class Run(Struct, frozen=True):
    """One runbook being followed; `steps` has one state for each of its steps, in its order.

    It carries the runbook as it was at the start: a newer library never changes steps under people's hands.
    """

    runbook: Runbook
    started_at: datetime
    started_by: str
    steps: tuple[StepState, ...]

    @property
    def runbook_id(self) -> str:
        """The id of the runbook that is followed."""
        return self.runbook.id

    @property
    def version(self) -> int:
        """The version of the runbook that is followed."""
        return self.runbook.version

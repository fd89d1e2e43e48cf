"""What an import from another tool has found: shifts, a report for people, and what has to be asked first.

Values only. Nothing here changes a schedule, and nothing is guessed: what is unknown is a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from rotations.model import Organisation, RosterShift, Seat
from rotations.refusals import DomainError


class NotImportable(DomainError):
    """The file as a whole cannot be taken; nothing of it was."""


class Outcome(StrEnum):
    """All of it as it stands; in several parts; with something done instead; nothing of it."""

    TAKEN = "taken"
    SPLIT = "split"
    ADAPTED = "adapted"
    DROPPED = "dropped"


class Line(Struct, frozen=True):
    """One event or object: its first line in the file (from 1; None where it has none), what it is in its own
    words, what became of it, and why, as whole sentences ("" where it was taken as it stands)."""

    number: int | None
    what: str
    outcome: Outcome
    why: str = ""


class QuestionKind(StrEnum):
    PERSON = "person"
    ZONE = "zone"
    SEAT = "seat"


class Question(Struct, frozen=True):
    """Who, which zone or whose seat `asked` is, as the file writes it. `proposals` are person keys, zones or
    seats ("Safety backup"), the likeliest first; `lines` are the lines that wait for the answer."""

    kind: QuestionKind
    asked: str
    text: str
    proposals: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


class Answers(Struct, frozen=True):
    """A lead's answers to questions, from chat or a mapping file, by `Question.asked`, the file's words.

    People → person key, zones → zone name; "" means: leave it out. Seats: a schedule of theirs → the schedule
    and seat that it fills; "" means: a schedule of its own.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    seats: Mapping[str, str] = field(default_factory=dict)


class Asked(Struct, frozen=True):
    """For whom a calendar is read: the seat its shifts are for, and the people and zones they may mean.

    Shifts that touch `[start, end)` are wanted. `zone` counts where the file names none.
    """

    organisation: Organisation
    schedule: str
    region: str
    seat: Seat
    start: datetime
    end: datetime
    zone: str | None = None
    answers: Answers = Answers()


class Import(Struct, frozen=True):
    """Shifts for one roster seat in order of their start, in UTC; the report in the order of the file."""

    shifts: tuple[RosterShift, ...]
    report: tuple[Line, ...]
    questions: tuple[Question, ...] = ()


class Imported(Struct, frozen=True):
    """A part of an organisation (people, schedules, overrides, escalation) as another tool has it.

    `seats`: each of its schedules, by their name → the schedule and the seat of ours that it fills.
    """

    organisation: Organisation
    report: tuple[Line, ...]
    questions: tuple[Question, ...] = ()
    seats: Mapping[str, tuple[str, Seat]] = field(default_factory=dict)

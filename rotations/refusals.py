"""What the schedule engine refuses, each refusal named for itself. Never words an answer for Slack."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class DomainError(Exception):
    """A refusal of the schedule engine; `str()` is one plain sentence."""


class OverlappingOverride(DomainError):
    """Two overrides on one seat overlap; `standing_id` is the one in the way."""

    def __init__(self, standing_id: str, sentence: str) -> None:
        super().__init__(sentence)
        self.standing_id = standing_id


class UnknownSchedule(DomainError):
    """No schedule has this name, or several exist and none was named."""


class UnknownSeat(DomainError):
    """The schedule has no such region, or the region has no such seat."""


class BeyondCalendar(DomainError):
    """An instant outside the years the engine answers for."""


class Unclear(DomainError):
    """Words after /oncall that cannot be read; `position` counts characters from 0.

    `instead` is the whole line that may have been meant, "" where none comes near.
    """

    def __init__(self, sentence: str, position: int, instead: str = "") -> None:
        super().__init__(sentence)
        self.position = position
        self.instead = instead


class Ambiguity(DomainError):
    """A time or place that reads in two ways; `readings` may stand in place of `line[start:end]`."""

    def __init__(self, question: str, span: tuple[int, int], readings: tuple[str, ...]) -> None:
        super().__init__(question)
        self.span = span
        self.readings = readings


class ClocksChange(Ambiguity):
    """A clock time that happens twice on its day, or never. `by_rule` is what RFC 5545 makes of it: the first
    of two, the offset before the gap. It is the first reading.
    """

    def __init__(
        self, question: str, span: tuple[int, int], readings: tuple[str, ...], by_rule: datetime
    ) -> None:
        super().__init__(f"{question} Which do you mean?", span, readings)
        self.sentence = question
        self.by_rule = by_rule


class Fault(Struct, frozen=True, order=True):
    """One fault of a schedules file; line and column count from 1."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class ScheduleFaults(DomainError):
    """Every fault of a schedules file, in the order of the file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults

"""What a calendar says, as a mark by which it is known again days later: what was told is not told twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from rotations.imports import Question
from rotations.model import RosterShift

SHOWN = timedelta(days=90)
STILL_SAME = timedelta(days=45)
"""So far ahead at least must have been told before, for it to be told already."""


class Mark(NamedTuple):
    """What a calendar says, so that it is known again: 8 signs for each day (UTC) from the first, and 8 for
    the names that are still asked about."""

    first: date
    days: str
    asked: str


class Told(NamedTuple):
    mark: Mark
    at: datetime


def mark_of(shifts: Iterable[RosterShift], questions: Iterable[Question], since: datetime) -> Mark:
    """What they say from an instant on, for 90 days from its day on."""
    begins = midnight(since)
    said: list[list[str]] = [[] for _ in range(SHOWN.days)]
    for shift in shifts:
        people = ",".join(sorted(shift.people))
        for number in range(max((shift.start - begins).days, 0), len(said)):
            opens = max(begins + timedelta(days=number), since)
            if shift.end <= opens:
                break
            span = max(shift.start, opens), min(shift.end, begins + timedelta(days=number + 1))
            said[number].append(f"{span[0].isoformat()} {span[1].isoformat()} {people}")
    days = "".join(_short("\n".join(sorted(lines))) for lines in said)
    return Mark(begins.date(), days, _short("\n".join(sorted(each.asked for each in questions))))


def midnight(now: datetime) -> datetime:
    """When the day (UTC) of an instant began."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def is_same(known: Mark, mark: Mark, now: datetime) -> bool:
    """Whether both say the same of every day that both speak of, and those reach far enough."""
    first = max(known.first, mark.first)
    last = min(known.first, mark.first) + SHOWN
    if known.asked != mark.asked or last < now.astimezone(UTC).date() + STILL_SAME:
        return False
    return _days(known, first, last) == _days(mark, first, last)


def _days(mark: Mark, first: date, last: date) -> str:
    return mark.days[8 * (first - mark.first).days : 8 * (last - mark.first).days]


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8] if text else "-" * 8

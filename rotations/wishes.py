"""What can be wished for in chat beside an override: cover, a swap, an absence, taking back. Values only.

`change_words` reads them; whether a wish is granted is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rotations.model import Seat


@dataclass(frozen=True, slots=True)
class CoverWish:
    """Somebody else for a person's shifts in `[start, end)`; `person` None: for the one who asks.

    `region` and `seat` narrow it to one seat. `zone` is the one the times were read in.
    """

    person: str | None
    schedule: str
    start: datetime
    end: datetime
    zone: str
    region: str | None = None
    seat: Seat | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NamedShift:
    """A shift as it was named: by a day `[start, end)`, or by one instant in it, then both are the same."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class SwapWish:
    """A shift of mine for one of this person's. No shifts: they are still to be chosen."""

    person: str
    schedule: str
    zone: str
    mine: NamedShift | None = None
    theirs: NamedShift | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AbsenceWish:
    """A person is away in `[start, end)`; `person` None: the one who asks."""

    person: str | None
    start: datetime
    end: datetime
    zone: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UndoWish:
    """Take back the last change of the one who asks."""

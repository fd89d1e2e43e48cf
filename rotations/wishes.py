"""What can be wished for in chat beside an override: cover, a swap, an absence, taking back. Values only.

`change_words` reads them; whether a wish is granted is decided elsewhere.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from rotations.model import Seat


class CoverWish(Struct, frozen=True):
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


class NamedShift(Struct, frozen=True):
    """A shift as it was named: by a day `[start, end)`, or by one instant in it, then both are the same."""

    start: datetime
    end: datetime


class SwapWish(Struct, frozen=True):
    """A shift of mine for one of this person's. No shifts: they are still to be chosen."""

    person: str
    schedule: str
    zone: str
    mine: NamedShift | None = None
    theirs: NamedShift | None = None
    reason: str = ""


class AbsenceWish(Struct, frozen=True):
    """A person is away in `[start, end)`; `person` None: the one who asks."""

    person: str | None
    start: datetime
    end: datetime
    zone: str
    reason: str = ""


class UndoWish(Struct, frozen=True):
    """Take back the last change of the one who asks."""

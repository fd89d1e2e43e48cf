"""The closed union of what can be asked after /oncall, and who asks. Values only; `query` reads them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from rotations.model import Organisation, OverrideKind, Seat
from rotations.wishes import AbsenceWish, CoverWish, SwapWish, UndoWish


class Asking(Struct, frozen=True):
    """Who asks and when: the asker's IANA zone is the one that times without a place are read in.

    `me` is the asker's own key in the schedules, "" for somebody who is in none.
    """

    organisation: Organisation
    now: datetime
    zone: str
    me: str = ""


class Now(Struct, frozen=True):
    """Who is on call now."""


class Next(Struct, frozen=True):
    """Who comes next: in the schedule, in one region, or when one person (by key) is next on."""

    region: str | None = None
    person: str | None = None


class Doubt(Struct, frozen=True):
    """Why a time was read by rule, and the whole line that reads it the other way."""

    sentence: str
    other: str


class At(Struct, frozen=True):
    """Who is on call at an instant; `zone` is the place that was named, if one was.

    `doubt`: the clocks change over that time, and it could be read otherwise.
    """

    at: datetime
    zone: str | None = None
    doubt: Doubt | None = None


class Week(Struct, frozen=True):
    """Seven of the asker's days from the one that begins at `start`, of one region or of all."""

    start: datetime
    region: str | None = None


class ShiftsOf(Struct, frozen=True):
    """One person's (by key) shifts of the next eight weeks."""

    person: str


class Holes(Struct, frozen=True):
    """Every hour to come that nobody holds, of one region or of all schedules."""

    region: str | None = None


class Load(Struct, frozen=True):
    """How evenly the last 90 days were shared."""


class Holidays(Struct, frozen=True):
    """Public holidays and absences that fall on somebody's shift: of one region, one person (by key), all."""

    region: str | None = None
    person: str | None = None


class Why(Struct, frozen=True):
    """The whole reason chain of every seat at an instant; `zone` and `doubt` as in At."""

    at: datetime
    zone: str | None = None
    doubt: Doubt | None = None


class History(Struct, frozen=True):
    """Who was on call at an instant that has passed, as known then and as known now; the rest as in At."""

    at: datetime
    zone: str | None = None
    doubt: Doubt | None = None


class OverrideRequest(Struct, frozen=True):
    """These people instead of the rotation, beside it, or taken off, on one seat in `[start, end)`.

    `zone` is the one the times were read in.
    """

    people: tuple[str, ...]
    schedule: str
    region: str
    seat: Seat
    start: datetime
    end: datetime
    zone: str
    reason: str = ""
    kind: OverrideKind = OverrideKind.REPLACE


class Help(Struct, frozen=True):
    """What can be asked."""


class Clarify(Struct, frozen=True):
    """A question back; each reading is a whole line that can be typed after /oncall instead."""

    question: str
    readings: tuple[str, ...]


Wish = OverrideRequest | CoverWish | SwapWish | AbsenceWish | UndoWish
"""What is to be changed; `change_words` reads it."""

Question = Now | Next | At | Week | ShiftsOf | Holes | Load | Holidays | Why | History | Wish | Help | Clarify

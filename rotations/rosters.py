"""A seat planned shift by shift, as steps: who is on together, and until when. Knows no rotation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from datetime import datetime
from typing import NamedTuple

from rotations.model import Roster, RosterShift


class Rostered(NamedTuple):
    """People on together, each once; None: nobody until the next shift, if any."""

    people: tuple[str, ...]
    until: datetime | None


class RosterSteps:
    """The steps of a roster, made once: rosters of a year have a thousand shifts."""

    __slots__ = ("_cuts", "_values")

    def __init__(self, roster: Roster) -> None:
        shifts = [shift for shift in roster.shifts if shift.start < shift.end]
        begins = deque(sorted(shifts, key=lambda shift: shift.start))
        self._cuts = sorted({at for shift in shifts for at in (shift.start, shift.end)})
        self._values: list[Rostered] = []
        on: list[RosterShift] = []
        for cut in self._cuts:
            on = [shift for shift in on if shift.end > cut]
            while begins and begins[0].start == cut:
                on.append(begins.popleft())
            self._values.append(_together(on))

    def steps(self, opens: datetime, closes: datetime) -> list[tuple[datetime, Rostered]]:
        """Who is on in `[opens, closes)`, the first exactly at `opens`."""
        first = bisect_right(self._cuts, opens)
        last = bisect_left(self._cuts, closes)
        carried = self._values[first - 1] if first else Rostered((), None)
        return [(opens, carried), *zip(self._cuts[first:last], self._values[first:last], strict=True)]


def _together(shifts: list[RosterShift]) -> Rostered:
    people = dict.fromkeys(person for shift in shifts for person in shift.people)
    return Rostered(tuple(people), min((shift.end for shift in shifts), default=None))

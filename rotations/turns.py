"""Whose turn it is: integer arithmetic on the local calendar from the anchor. Knows no override or region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rotations.model import Member, RotationVersion, TurnUnit
from rotations.wallclock import instant_in


class TurnSpan(NamedTuple):
    """One turn `[start, end)`. An empty member: the rotation has not begun, and `start` says nothing."""

    start: datetime
    end: datetime
    member: Member


class TurnCount:
    """Turn numbers and instants of one rotation version in a zone, counting only `days` as served."""

    __slots__ = ("_offsets", "_version", "_zone")

    def __init__(self, version: RotationVersion, zone: str, days: tuple[int, ...]) -> None:
        self._version = version
        self._zone = ZoneInfo(zone)
        first = version.starts_on.weekday()
        self._offsets = sorted((day - first) % 7 for day in days)

    def spans(self, start: datetime, end: datetime) -> Iterator[TurnSpan]:
        """The turns that touch `[start, end)`, in order, unclipped; before the anchor one empty span."""
        begins = self.start(0)
        if start < begins:
            yield TurnSpan(start, begins, ())
        number = self.number(max(start, begins))
        opens = self.start(number)
        while opens < end:
            closes = self.start(number + 1)
            # A turn of a local day that was skipped has no length: the later turn holds its instant.
            if opens < closes:
                yield TurnSpan(opens, closes, self.member(number))
            number, opens = number + 1, closes

    def number(self, t: datetime) -> int:
        """The number of the turn that holds at `t`, which must not be before the anchor."""
        guess = self._number_on(t.astimezone(self._zone).date())
        # Before the hour of the day it is the turn before; on the day after a skipped day, two before.
        return next(n for n in range(guess + 1, guess - 3, -1) if self.start(n) <= t)

    def start(self, number: int) -> datetime:
        """The instant at which turn `number` starts."""
        return instant_in(self._starts_on(number), self._version.at, self._zone)

    def member(self, number: int) -> Member:
        return self._version.members[number % len(self._version.members)]

    def _starts_on(self, number: int) -> date:
        version, steps = self._version, number * self._version.turn.count
        if version.turn.unit is TurnUnit.DAY:
            return version.starts_on + timedelta(days=steps)
        if version.turn.unit is TurnUnit.WEEK:
            return version.starts_on + timedelta(weeks=steps)
        if number == 0:
            return version.starts_on
        weeks, day = divmod(steps, len(self._offsets))
        return version.starts_on + timedelta(weeks=weeks, days=self._offsets[day])

    def _number_on(self, on: date) -> int:
        turn, days = self._version.turn, (on - self._version.starts_on).days
        if turn.unit is TurnUnit.DAY:
            return days // turn.count
        if turn.unit is TurnUnit.WEEK:
            return days // (7 * turn.count)
        weeks, rest = divmod(days, 7)
        served = weeks * len(self._offsets) + sum(offset <= rest for offset in self._offsets)
        return max(served - 1, 0) // turn.count

"""A step function of time, expanded one UTC year at a time and kept. Knows nothing of what its steps mean."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar

from rotations.refusals import BeyondCalendar

V = TypeVar("V")
W = TypeVar("W")

FIRST_YEAR, LAST_YEAR = 1900, 2200
_REACH_YEARS = 10
"""How far an edge is sought before it counts as open: one person alone on a seat never hands off."""


class Piece(NamedTuple, Generic[V]):
    """`[start, end)` with one value around it; None where no edge is in sight."""

    start: datetime | None
    end: datetime | None
    value: V


class Step(NamedTuple, Generic[V]):
    """`[start, end)` clipped to what was asked."""

    start: datetime
    end: datetime
    value: V


class _Year(NamedTuple, Generic[V]):
    cuts: list[datetime]
    values: list[V]
    pieces: list[Piece[V] | None]


class Timeline(Generic[V]):
    """`expand(opens, closes)` gives the sorted steps of a time, the first exactly at its start."""

    __slots__ = ("_expand", "_same", "_years")

    def __init__(
        self,
        expand: Callable[[datetime, datetime], Sequence[tuple[datetime, V]]],
        same: Callable[[V, V], bool],
    ) -> None:
        self._expand = expand
        self._same = same
        self._years: dict[int, _Year[V]] = {}

    def piece(self, t: datetime) -> Piece[V]:
        """The value at a UTC instant, and the widest interval around it with the same value."""
        year = self._years.get(t.year) or self._year(t.year)
        index = bisect_right(year.cuts, t) - 1
        return year.pieces[index] or self._measured(t.year, index)

    def steps(self, start: datetime, end: datetime) -> Iterable[Step[V]]:
        """The steps that tile `[start, end)`; neighbours of the same value are one, with the later value."""
        year = self._years.get(start.year) or self._year(start.year)
        index = bisect_right(year.cuts, start)
        # Most spans are one region's hours, in which nothing changes: no generator for those.
        if index < len(year.cuts) and end <= year.cuts[index]:
            return (Step(start, end, year.values[index - 1]),)
        return self._walk(start, end, year.values[index - 1])

    def _walk(self, start: datetime, end: datetime, held: V) -> Iterator[Step[V]]:
        opens = start
        for number in range(start.year, end.year + 1):
            year = self._years.get(number) or self._year(number)
            for index in range(bisect_right(year.cuts, start), len(year.cuts)):
                cut, value = year.cuts[index], year.values[index]
                if cut >= end:
                    break
                if not self._same(held, value):
                    yield Step(opens, cut, held)
                    opens = cut
                held = value
        yield Step(opens, end, held)

    def _year(self, number: int) -> _Year[V]:
        known = self._years.get(number)
        if known is not None:
            return known
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise BeyondCalendar(f"Schedules are answered for the years {FIRST_YEAR} to {LAST_YEAR}.")
        steps = self._expand(year_start(number), year_start(number + 1))
        year = _Year([cut for cut, _ in steps], [value for _, value in steps], [None] * len(steps))
        self._years[number] = year
        return year

    def _measured(self, number: int, index: int) -> Piece[V]:
        year = self._year(number)
        piece = Piece(self._opens(number, index), self._closes(number, index), year.values[index])
        year.pieces[index] = piece
        return piece

    def _opens(self, number: int, index: int) -> datetime | None:
        value = self._year(number).values[index]
        for past in range(number, max(number - _REACH_YEARS, FIRST_YEAR - 1), -1):
            year = self._year(past)
            last = index if past == number else len(year.cuts) - 1
            for at in range(last, -1, -1):
                if not self._same(year.values[at], value):
                    return self._cut_after(past, at)
        return None

    def _cut_after(self, number: int, index: int) -> datetime:
        cuts = self._year(number).cuts
        return cuts[index + 1] if index + 1 < len(cuts) else year_start(number + 1)

    def _closes(self, number: int, index: int) -> datetime | None:
        value = self._year(number).values[index]
        for future in range(number, min(number + _REACH_YEARS, LAST_YEAR + 1)):
            year = self._year(future)
            for at in range(index if future == number else 0, len(year.cuts)):
                if not self._same(year.values[at], value):
                    return year.cuts[at]
        return None


def together(
    first: Sequence[tuple[datetime, V]], second: Sequence[tuple[datetime, W]]
) -> Iterator[tuple[datetime, V, W]]:
    """What both say from each instant on at which either changes; both begin at the same instant."""
    ours, theirs = [at for at, _ in first], [at for at, _ in second]
    for cut in sorted({*ours, *theirs}):
        yield cut, first[bisect_right(ours, cut) - 1][1], second[bisect_right(theirs, cut) - 1][1]


def year_start(year: int) -> datetime:
    """The first instant of a UTC year."""
    return datetime(year, 1, 1, tzinfo=UTC)

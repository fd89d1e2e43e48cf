"""Which region holds when, in both modes. Knows nothing of seats and people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from operator import eq
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from rotations.model import EVERY_DAY, Mode, Region, Schedule
from rotations.timeline import Timeline, year_start
from rotations.wallclock import instant_in


class Hold(NamedTuple):
    """A region, by its place in the file, holds in `[start, end)`; None where no edge is in sight."""

    region: int
    start: datetime | None
    end: datetime | None


class Stretch(NamedTuple):
    """A hold clipped to what was asked; region None where nobody holds."""

    region: int | None
    start: datetime
    end: datetime


class Holds(Protocol):
    def at(self, t: datetime) -> tuple[Hold, ...]:
        """The regions that hold at a UTC instant, in file order."""
        ...

    def between(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """Every hold and every hole of `[start, end)`, clipped."""
        ...

    def next_change(self, t: datetime) -> datetime | None:
        """The first instant after `t` at which a region begins or ends to hold."""
        ...


def holds_of(schedule: Schedule) -> Holds:
    """The holds of a schedule in its mode."""
    return Chain(schedule.regions) if schedule.mode is Mode.CHAIN else Windows(schedule.regions)


def served_days(schedule: Schedule, region: Region) -> tuple[int, ...]:
    """The weekdays on which a region serves: its own in windows mode, every day in a chain."""
    return region.days if schedule.mode is Mode.WINDOWS else EVERY_DAY


class Chain:
    """A region holds from its local start until another region's local start."""

    __slots__ = ("_regions", "_timeline")

    def __init__(self, regions: tuple[Region, ...]) -> None:
        self._regions = regions
        self._timeline = Timeline(self._expand, eq)

    def at(self, t: datetime) -> tuple[Hold, ...]:
        piece = self._timeline.piece(t)
        return (Hold(piece.value, piece.start, piece.end),)

    def between(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        return (Stretch(step.value, step.start, step.end) for step in self._timeline.steps(start, end))

    def next_change(self, t: datetime) -> datetime | None:
        return self._timeline.piece(t).end

    def _expand(self, year: int) -> list[tuple[datetime, int]]:
        opens, closes = year_start(year), year_start(year + 1)
        # Three days back is enough to know who holds at the first instant of the year, in any zone.
        starts = {
            at: order  # of two regions that start together the later in the file holds
            for order, region in enumerate(self._regions)
            for at in _starts(region, opens.date() - timedelta(days=3), closes.date())
        }
        ordered = sorted(starts.items())
        carried = [order for at, order in ordered if at <= opens][-1]
        return [(opens, carried), *((at, order) for at, order in ordered if opens < at < closes)]


class Windows:
    """Each region holds its own local hours: windows may overlap and leave holes."""

    __slots__ = ("_timelines",)

    def __init__(self, regions: tuple[Region, ...]) -> None:
        self._timelines = tuple(Timeline(_Hours(region).expand, eq) for region in regions)

    def at(self, t: datetime) -> tuple[Hold, ...]:
        pieces = enumerate(timeline.piece(t) for timeline in self._timelines)
        return tuple(Hold(order, piece.start, piece.end) for order, piece in pieces if piece.value)

    def between(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        held = [
            Stretch(order, step.start, step.end)
            for order, timeline in enumerate(self._timelines)
            for step in timeline.steps(start, end)
            if step.value
        ]
        yield from held
        covered_until = start
        for stretch in sorted(held, key=lambda stretch: stretch.start):
            if covered_until < stretch.start:
                yield Stretch(None, covered_until, stretch.start)
            covered_until = max(covered_until, stretch.end)
        if covered_until < end:
            yield Stretch(None, covered_until, end)

    def next_change(self, t: datetime) -> datetime | None:
        ends = (timeline.piece(t).end for timeline in self._timelines)
        return min((end for end in ends if end is not None), default=None)


class _Hours:
    """Whether one region's windows are open, as a step function."""

    __slots__ = ("_region",)

    def __init__(self, region: Region) -> None:
        self._region = region

    def expand(self, year: int) -> list[tuple[datetime, bool]]:
        opens, closes = year_start(year), year_start(year + 1)
        windows = self._windows(opens.date() - timedelta(days=3), closes.date())
        steps = {opens: False}
        last = opens
        for start, end in sorted(windows):
            start, end = max(start, last), min(end, closes)
            if start < end:
                # Windows that touch, or overlap in the week of a clock change, are one.
                steps[start] = True
                steps[end] = False
                last = end
        return sorted((at, is_open) for at, is_open in steps.items() if at < closes)

    def _windows(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        region, zone = self._region, ZoneInfo(self._region.zone)
        ends = region.ends or time(0)
        overnight = timedelta(days=1 if ends <= region.starts else 0)
        for on in _days(first, last):
            if on.weekday() in region.days:
                yield instant_in(on, region.starts, zone), instant_in(on + overnight, ends, zone)


def _starts(region: Region, first: date, last: date) -> Iterator[datetime]:
    zone = ZoneInfo(region.zone)
    return (instant_in(on, region.starts, zone) for on in _days(first, last))


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 2))

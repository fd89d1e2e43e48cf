"""Which region holds when, in both modes and through all eras. Knows nothing of seats and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from operator import eq
from typing import NamedTuple, Protocol

from rotations.eras import Era, Expand, Steps, eras_of, region_names, through
from rotations.hours import days_between, openings
from rotations.model import EVERY_DAY, Hours, Mode, Region, Schedule, Weekdays
from rotations.timeline import Timeline
from rotations.wallclock import instant_in
from rotations.zones import rules_of


class Hold(NamedTuple):
    """A region, by its place among `region_names`, holds in `[start, end)`; None: no edge in sight."""

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
    """The holds of a schedule in its mode, through its eras."""
    eras = eras_of(schedule)
    if len(eras) == 1 and schedule.mode is Mode.CHAIN:
        return Chain(schedule.regions)
    names = region_names(eras)
    of_each_era = [_openings_of(era, names) for era in eras]
    return Windows([through(eras, parts) for parts in zip(*of_each_era, strict=True)])


def hours_of(eras: Sequence[Era]) -> object:
    """All that the holds of a schedule depend on, to be compared."""
    return [(since, until, mode, [_hours(r) for r in regions]) for since, until, mode, regions in eras]


def served_days(mode: Mode, region: Region) -> Weekdays:
    """The weekdays on which a region serves: its own in windows mode, every day in a chain."""
    return region.days if mode is Mode.WINDOWS else EVERY_DAY


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

    def opened(self, order: int) -> Expand[bool]:
        """Whether one of the regions holds, as steps."""
        return lambda opens, closes: [(at, value == order) for at, value in self._expand(opens, closes)]

    def _expand(self, opens: datetime, closes: datetime) -> Steps[int]:
        days = tuple(days_between(opens, closes))
        starts: dict[datetime, int] = {}
        for order, region in enumerate(self._regions):
            zone = rules_of(region.zone)
            # Of two regions that start together the later in the file holds.
            starts |= {instant_in(on, region.starts, zone): order for on in days}
        ordered = sorted(starts.items())
        carried = [order for at, order in ordered if at <= opens][-1]
        return [(opens, carried), *((at, order) for at, order in ordered if opens < at < closes)]


class Windows:
    """Each region holds its own local hours: windows may overlap and leave holes."""

    __slots__ = ("_timelines",)

    def __init__(self, opened: Sequence[Expand[bool]]) -> None:
        self._timelines = tuple(Timeline(expand, eq) for expand in opened)

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


def _openings_of(era: Era, names: Sequence[str]) -> list[Expand[bool]]:
    """For each region, whether it holds while this era lasts."""
    chain = Chain(era.regions)
    places = {region.name: order for order, region in enumerate(era.regions)}
    return [
        _shut
        if name not in places
        else chain.opened(places[name])
        if era.mode is Mode.CHAIN
        else _window(era.regions[places[name]])
        for name in names
    ]


def _window(region: Region) -> Expand[bool]:
    hours = (Hours(region.days, region.starts, region.ends or time(0)),)
    return lambda opens, closes: openings(hours, region.zone, opens, closes)


def _shut(opens: datetime, closes: datetime) -> Steps[bool]:
    return [(opens, False)]


def _hours(region: Region) -> tuple[object, ...]:
    return region.name, region.zone, region.starts, region.ends, region.days

"""The timelines of all seats of a schedule, through its eras. What an edit leaves alone is taken over.

Knows nothing of when a region holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from rotations.eras import Era, Expand, Steps, eras_of, region_names, through
from rotations.exchanges import Half, by_turn, exchanged, halves_of
from rotations.holds import served_days
from rotations.model import Member, Override, Schedule, Seat, Swap, TurnRef
from rotations.occupancy import NO_SEAT, Occupancy, is_same_answer
from rotations.overrides import SeatKey, by_seat
from rotations.seats import SeatChanges, SeatFill, SeatPlan
from rotations.timeline import Timeline
from rotations.turns import Earlier


class SeatLine(NamedTuple):
    """One seat with its timeline. `plans` is one for each era, None where an era does not have the seat.

    `made_from` is all that it depends on, to be compared.
    """

    region: str
    seat: Seat
    timeline: Timeline[Occupancy]
    plans: tuple[SeatPlan | None, ...]
    made_from: object


class VoidHalf(NamedTuple):
    """A half of a swap that changes nothing: its turn is not, or no longer, that person's."""

    swap: Swap
    ref: TurnRef


class _TurnPart(NamedTuple):
    """The part of a turn that lies in one era, and whose it is there."""

    start: datetime
    end: datetime
    member: Member


class Plans:
    """The seats of each region of `region_names`, in order."""

    __slots__ = ("_eras", "_halves", "_lines", "by_region")

    def __init__(
        self,
        schedule: Schedule,
        changes: tuple[Sequence[Override], Sequence[Swap]],
        names: Mapping[str, str],
        before: Plans | None = None,
    ) -> None:
        """`changes` may be of any schedule. `before` are plans of the same schedule before an edit.

        Raises OverlappingOverride.
        """
        overrides, swaps = changes
        standing = by_seat(override for override in overrides if override.schedule == schedule.name)
        known = before._lines if before else {}
        self._eras = eras_of(schedule)
        self._halves = halves_of(swap for swap in swaps if swap.schedule == schedule.name)
        self._lines: dict[SeatKey, SeatLine] = {
            key: self._line(key, standing.get(key, ()), names, known.get(key))
            for key in _seat_keys(self._eras)
        }
        self.by_region = tuple(
            tuple(line for line in self._lines.values() if line.region == name)
            for name in region_names(self._eras)
        )

    def line(self, region: str, seat: Seat) -> SeatLine | None:
        return self._lines.get((region, seat))

    def span_of(self, ref: TurnRef) -> tuple[datetime, datetime] | None:
        """When a turn begins and ends, whoever serves it; None where it is never served."""
        parts = self._parts(ref)
        return (parts[0].start, parts[-1].end) if parts else None

    def void(self, after: datetime) -> Iterator[VoidHalf]:
        """The halves of swaps that count for nothing, but for turns that are over by then."""
        for half in self._halves:
            parts = self._parts(half.ref)
            if not parts or (parts[-1].end > after and self._is_void(half, parts[-1].member)):
                yield VoidHalf(half.swap, half.ref)

    def _is_void(self, half: Half, member: Member) -> bool:
        own = by_turn(each for each in self._halves if _seat_of(each) == _seat_of(half))
        return half in exchanged(member, own[half.ref.layer, half.ref.number]).void

    def _parts(self, ref: TurnRef) -> list[_TurnPart]:
        line = self.line(ref.region, ref.seat)
        parts: list[_TurnPart] = []
        for era, plan in zip(self._eras, line.plans, strict=True) if line else ():
            turns = plan.turns.get(ref.layer) if plan else None
            span = turns.span_of(ref.number) if turns else None
            if span:
                start, end = max(span[0], era.since or span[0]), min(span[1], era.until or span[1])
                parts += [_TurnPart(start, end, span[2])] if start < end else []
        return parts

    def _line(
        self,
        key: SeatKey,
        overrides: tuple[Override, ...],
        names: Mapping[str, str],
        known: SeatLine | None,
    ) -> SeatLine:
        fills = [(era.since, era.until, _fill(era, key)) for era in self._eras]
        changes = SeatChanges(overrides, tuple(half for half in self._halves if _seat_of(half) == key))
        made_from = (fills, changes, names)
        if known is not None and known.made_from == made_from:
            return known
        earlier: dict[str, Earlier] = {}
        plans: list[SeatPlan | None] = []
        for _, until, fill in fills:
            plan = SeatPlan(fill, changes, names, dict(earlier)) if fill else None
            plans.append(plan)
            if plan and until:
                earlier |= {layer: Earlier(turns, until) for layer, turns in plan.turns.items()}
        timeline = Timeline(through(self._eras, [_steps(plan) for plan in plans]), is_same_answer)
        return SeatLine(*key, timeline, tuple(plans), made_from)


def _seat_keys(eras: Sequence[Era]) -> list[SeatKey]:
    """Every seat there is or was, in the order of regions and seats."""
    had = {(region.name, seat) for era in eras for region in era.regions for seat in region.all_seats()}
    return [(name, seat) for name in region_names(eras) for seat in Seat if (name, seat) in had]


def _fill(era: Era, key: SeatKey) -> SeatFill | None:
    name, seat = key
    region = era.region(name)
    if region is None or seat not in region.all_seats():
        return None
    layers = tuple(layer for layer in region.layers if layer.seat is seat)
    rotation, roster = region.seats.get(seat), region.rosters.get(seat)
    return SeatFill(region.zone, served_days(era.mode, region), rotation, roster, layers)


def _steps(plan: SeatPlan | None) -> Expand[Occupancy]:
    return plan.steps if plan else _no_seat


def _no_seat(opens: datetime, closes: datetime) -> Steps[Occupancy]:
    return [(opens, NO_SEAT)]


def _seat_of(half: Half) -> SeatKey:
    return half.ref.region, half.ref.seat

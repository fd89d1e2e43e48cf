"""How well a schedule is covered: the share of every seat, every hole and every overlap by instant. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from msgspec import Struct

from rotations.model import Seat
from rotations.served import PAGED_SEATS
from rotations.shifts import Gap, Resolver, Shift
from rotations.spans import Span, merged, shared, total
from rotations.wallclock import utc


class SeatCoverage(NamedTuple):
    """One seat: how long its region holds in the time asked about, and for how long somebody sits there."""

    region: str
    seat: Seat
    held: timedelta
    filled: timedelta

    @property
    def percent(self) -> float:
        """0 to 100, of the time the region holds."""
        return _percent(self.filled, self.held)


class Overlap(NamedTuple):
    """`[start, end)` in which two regions hold, in file order; only windows overlap."""

    start: datetime
    end: datetime
    regions: tuple[str, str]


class Coverage(Struct, frozen=True):
    """A schedule in `[start, end)`. `answered` is the time in which at least one primary is on call.

    Gaps and overlaps are in order; a gap's region and seat are None where no region holds. An open shadow
    is no gap: nobody would page it.
    """

    start: datetime
    end: datetime
    answered: timedelta
    seats: tuple[SeatCoverage, ...]
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]

    @property
    def percent(self) -> float:
        """0 to 100: the share of the time with a primary. Double cover never makes up for none."""
        return _percent(self.answered, self.end - self.start)

    @property
    def worst(self) -> Gap | None:
        """The longest gap, the earliest of several; None where there is none."""
        return max(self.gaps, key=lambda gap: gap.end - gap.start, default=None)


def report(resolver: Resolver, start: datetime, end: datetime) -> Coverage:
    """The coverage of `[start, end)`: instants of any offset, answered in UTC."""
    start, end = utc(start), utc(end)
    shifts, gaps = resolver.between(start, end)
    return Coverage(
        start,
        max(start, end),
        total(merged(_filled(shift for shift in shifts if shift.seat is Seat.PRIMARY))),
        _seats(resolver, shifts),
        _joined(gap for gap in gaps if gap.seat is None or gap.seat in PAGED_SEATS),
        _overlaps(resolver, shifts),
    )


def _filled(shifts: Iterable[Shift]) -> Iterable[Span]:
    return (Span(shift.start, shift.end) for shift in shifts if shift.people)


def _seats(resolver: Resolver, shifts: tuple[Shift, ...]) -> tuple[SeatCoverage, ...]:
    held: dict[tuple[str, Seat], timedelta] = defaultdict(timedelta)
    filled: dict[tuple[str, Seat], timedelta] = defaultdict(timedelta)
    for shift in shifts:
        held[shift.region, shift.seat] += shift.end - shift.start
        filled[shift.region, shift.seat] += (shift.end - shift.start) if shift.people else timedelta()
    regions = _in_file_order(resolver, (region for region, _ in held))
    places = sorted(held, key=lambda place: (regions.index(place[0]), list(Seat).index(place[1])))
    return tuple(SeatCoverage(*place, held[place], filled[place]) for place in places)


def _joined(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Neighbours on one seat are one gap, whatever the reason each half is open for."""
    by_place: dict[tuple[str | None, Seat | None], list[Span]] = defaultdict(list)
    for gap in gaps:
        by_place[gap.region, gap.seat].append(Span(gap.start, gap.end))
    found = [Gap(*span, *place) for place, spans in by_place.items() for span in merged(spans)]
    return tuple(sorted(found, key=lambda gap: gap.start))


def _overlaps(resolver: Resolver, shifts: tuple[Shift, ...]) -> tuple[Overlap, ...]:
    held: dict[str, list[Span]] = defaultdict(list)
    for shift in shifts:
        held[shift.region].append(Span(shift.start, shift.end))
    spans = {region: merged(of_region) for region, of_region in held.items()}
    pairs = combinations(_in_file_order(resolver, held), 2)
    found = [Overlap(*span, pair) for pair in pairs for span in shared(spans[pair[0]], spans[pair[1]])]
    return tuple(sorted(found))


def _in_file_order(resolver: Resolver, regions: Iterable[str]) -> list[str]:
    """Regions that served in the past and are gone from the file come last."""
    now = [region.name for region in resolver.schedule.regions]
    wanted = list(dict.fromkeys(regions))
    return [name for name in now if name in wanted] + [name for name in wanted if name not in now]


def _percent(part: timedelta, whole: timedelta) -> float:
    return 100 * (part / whole) if whole else 100.0

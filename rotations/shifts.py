"""The one resolver: who is on call at an instant, between two, and at the next handoffs, with the reason.

Chat, cards, pages, handoffs and the command line ask here. It never reads a clock and never guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import NamedTuple

from rotations.holds import Hold, holds_of, served_days
from rotations.model import Organisation, Override, Region, Schedule, Seat
from rotations.overrides import by_seat
from rotations.refusals import UnknownSchedule
from rotations.seats import Occupancy, SeatPlan
from rotations.timeline import Timeline
from rotations.wallclock import utc

SOUGHT_AHEAD = timedelta(days=400)
"""How far the next change is sought: beyond, there is none in sight."""


# Rows are named tuples, not dataclasses: a year makes thousands, and a tuple is built four times faster.
class Holding(NamedTuple):
    """Who is on one seat around an instant: the widest `[start, end)` with the same people and reason while
    the region holds (None: no edge in sight), and when the person's turn ends. Empty people: an open seat.
    """

    region: str
    seat: Seat
    people: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    turn_until: datetime | None
    why: tuple[str, ...]


class Shift(NamedTuple):
    """As a Holding, clipped to what was asked."""

    region: str
    seat: Seat
    people: tuple[str, ...]
    start: datetime
    end: datetime
    turn_until: datetime | None
    why: tuple[str, ...]


class Gap(NamedTuple):
    """`[start, end)` without anybody on a seat; region and seat None where no region holds."""

    start: datetime
    end: datetime
    region: str | None
    seat: Seat | None


class Transition(NamedTuple):
    """An instant at which the region or somebody on call changes, with the rows on both sides."""

    at: datetime
    before: tuple[Holding, ...]
    after: tuple[Holding, ...]

    @property
    def is_region_change(self) -> bool:
        return [row.region for row in self.before] != [row.region for row in self.after]


class _SeatTimeline(NamedTuple):
    region: str
    seat: Seat
    timeline: Timeline[Occupancy]


class Resolver:
    """Answers for one schedule with its overrides. Immutable; years are expanded when asked and kept.

    Raises OverlappingOverride at once. Instants may have any offset and are answered in UTC.
    """

    def __init__(
        self, schedule: Schedule, overrides: Iterable[Override] = (), names: Mapping[str, str] | None = None
    ) -> None:
        """`names` (person key → name) makes the reasons readable; without it they say keys."""
        self.schedule = schedule
        known_names = names or {}
        standing = by_seat(override for override in overrides if override.schedule == schedule.name)
        self._holds = holds_of(schedule)
        self._seats = tuple(
            tuple(
                _SeatTimeline(
                    region.name,
                    seat,
                    SeatPlan(
                        region.seats[seat],
                        (region.zone, served_days(schedule, region)),
                        standing.get((region.name, seat), ()),
                        known_names,
                    ).timeline(),
                )
                for seat in Seat
                if seat in region.seats
            )
            for region in schedule.regions
        )

    def at(self, t: datetime) -> tuple[Holding, ...]:
        """Every seat of every region that holds at `t`, in the order of regions and seats."""
        t = utc(t)
        return tuple(
            [
                _holding(entry.region, entry.seat, hold, entry.timeline, t)
                for hold in self._holds.at(t)
                for entry in self._seats[hold.region]
            ]
        )

    def between(self, start: datetime, end: datetime) -> tuple[tuple[Shift, ...], tuple[Gap, ...]]:
        """The shifts and gaps of `[start, end)`, clipped, sorted by start, region and seat."""
        start, end = utc(start), utc(end)
        shifts: list[tuple[datetime, int, int, Shift]] = []
        gaps: list[Gap] = []
        if start >= end:
            return (), ()
        for region, opens, closes in self._holds.between(start, end):
            if region is None:
                gaps.append(Gap(opens, closes, None, None))
                continue
            for order, (name, seat, timeline) in enumerate(self._seats[region]):
                for since, until, (people, why, turn_until) in timeline.steps(opens, closes):
                    shift = Shift(name, seat, people, since, until, turn_until, why)
                    shifts.append((since, region, order, shift))
        shifts.sort()
        rows = tuple([row[3] for row in shifts])
        gaps.extend(Gap(row.start, row.end, row.region, row.seat) for row in rows if not row.people)
        return rows, tuple(sorted(gaps, key=lambda gap: gap.start))

    def holding_regions(self, t: datetime) -> tuple[Region, ...]:
        """The regions that hold at `t`, in file order; several only where windows overlap."""
        return tuple(self.schedule.regions[hold.region] for hold in self._holds.at(utc(t)))

    def current_region(self, t: datetime) -> Region | None:
        """The region that took over last among those that hold at `t`; None where none holds."""
        held = sorted((hold.start is not None, hold.start, hold.region) for hold in self._holds.at(utc(t)))
        return self.schedule.regions[held[-1][2]] if held else None

    def holds_until(self, region: str, t: datetime) -> datetime | None:
        """When a region that holds at `t` stops holding; None: it does not hold, or no end is in sight."""
        named = (hold for hold in self._holds.at(utc(t)) if self.schedule.regions[hold.region].name == region)
        return next((hold.end for hold in named), None)

    def seat_at(self, region: str, seat: Seat, t: datetime) -> Occupancy | None:
        """Who is on a seat of a region at `t`, whether or not the region holds; None: no such seat."""
        entries = chain.from_iterable(self._seats)
        found = next((entry for entry in entries if (entry.region, entry.seat) == (region, seat)), None)
        return found and found.timeline.piece(utc(t)).value

    def transitions(self, after: datetime) -> Iterator[Transition]:
        """Every change of region or people in the 400 days after an instant, in order."""
        after = utc(after)
        before, cut = self.at(after), self._next_cut(after)
        while cut is not None and cut <= after + SOUGHT_AHEAD:
            rows = self.at(cut)
            if _who(before) != _who(rows):
                yield Transition(cut, before, rows)
            before, cut = rows, self._next_cut(cut)

    def next_transitions(self, after: datetime, count: int) -> tuple[Transition, ...]:
        """The first `count` transitions after an instant; fewer where less changes within 400 days."""
        return tuple(islice(self.transitions(after), count))

    def next_handoff(self, after: datetime) -> Transition | None:
        """The first transition after an instant that changes the primary or region, if one is in sight."""
        return next((t for t in self.transitions(after) if _primaries(t.before) != _primaries(t.after)), None)

    def _next_cut(self, t: datetime) -> datetime | None:
        cuts = [self._holds.next_change(t), *(row.end for row in self.at(t))]
        return min((cut for cut in cuts if cut is not None), default=None)


def resolver_of(organisation: Organisation, schedule: str | None = None) -> Resolver:
    """The resolver of one schedule, by name, else of the one that is paged. Raises UnknownSchedule."""
    found = organisation.schedule(schedule) if schedule else organisation.paged_schedule()
    if found is None:
        raise UnknownSchedule(
            f"There is no schedule {schedule}." if schedule else "There is no schedule yet."
        )
    return Resolver(found, organisation.overrides, organisation.names())


def _holding(region: str, seat: Seat, hold: Hold, timeline: Timeline[Occupancy], t: datetime) -> Holding:
    start, end, (people, why, turn_until) = timeline.piece(t)
    if start is None or (hold.start is not None and hold.start > start):
        start = hold.start
    if end is None or (hold.end is not None and hold.end < end):
        end = hold.end
    return Holding(region, seat, people, start, end, turn_until, why)


def _who(rows: tuple[Holding, ...]) -> list[tuple[str, Seat, tuple[str, ...]]]:
    return [(row.region, row.seat, row.people) for row in rows]


def _primaries(rows: tuple[Holding, ...]) -> list[tuple[str, Seat, tuple[str, ...]]]:
    return [who for who in _who(rows) if who[1] is Seat.PRIMARY]

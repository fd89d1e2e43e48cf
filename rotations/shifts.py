"""The one resolver: who is on call at an instant, between two, and at the next handoffs, with the reason.

Chat, cards, pages, handoffs and the command line ask here. It never reads a clock and never guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from rotations.eras import era_at, eras_of, region_names
from rotations.holds import Hold, Holds, holds_of, hours_of
from rotations.model import Organisation, Override, Region, Schedule, Seat, Swap, TurnRef
from rotations.occupancy import NO_SEAT, Occupancy
from rotations.plans import Plans, SeatLine, VoidHalf
from rotations.refusals import UnknownSchedule
from rotations.timeline import Piece
from rotations.wallclock import utc

SOUGHT_AHEAD = timedelta(days=400)
"""How far the next change is sought: beyond, there is none in sight."""


# Rows are named tuples: a year makes thousands, which are sorted and unpacked.
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


class Resolver:
    """Answers for one schedule with what changes it. Immutable; years are expanded when asked and kept.

    Raises OverlappingOverride at once. Instants may have any offset and are answered in UTC.
    """

    def __init__(
        self,
        schedule: Schedule,
        overrides: Iterable[Override] = (),
        names: Mapping[str, str] | None = None,
        swaps: Iterable[Swap] = (),
        before: Resolver | None = None,
    ) -> None:
        """`names` (person key → name) makes the reasons readable; without it they say keys.

        `before` is a resolver of the same schedule before an edit: what the edit leaves alone is taken over.
        """
        self.schedule = schedule
        self._eras = eras_of(schedule)
        self._names = region_names(self._eras)
        changes = tuple(overrides), tuple(swaps)
        self._plans: Plans = Plans(schedule, changes, names or {}, before._plans if before else None)
        self._hours = hours_of(self._eras)
        is_as_before = before is not None and before._hours == self._hours
        self._holds: Holds = before._holds if before and is_as_before else holds_of(schedule)

    def at(self, t: datetime) -> tuple[Holding, ...]:
        """Every seat of every region that holds at `t`, in the order of regions and seats."""
        t = utc(t)
        return tuple(
            [
                _holding(line, hold, piece)
                for hold in self._holds.at(t)
                for line in self._plans.by_region[hold.region]
                for piece in [line.timeline.piece(t)]
                if piece.value is not NO_SEAT
            ]
        )

    def between(
        self, start: datetime, end: datetime, region: str | None = None
    ) -> tuple[tuple[Shift, ...], tuple[Gap, ...]]:
        """The shifts and gaps of `[start, end)`, clipped, sorted by start, region and seat.

        Of one region alone when it is named; then without the time in which no region holds.
        """
        start, end = utc(start), utc(end)
        if start >= end:
            return (), ()
        shifts: list[tuple[datetime, int, int, Shift]] = []
        gaps: list[Gap] = []
        for order, opens, closes in self._holds.between(start, end):
            if order is None:
                gaps += [Gap(opens, closes, None, None)] if region is None else []
            elif region is None or region == self._names[order]:
                for place, (name, seat, timeline, _, _) in enumerate(self._plans.by_region[order]):
                    for since, until, sits in timeline.steps(opens, closes):
                        if sits is not NO_SEAT:
                            people, why, turn_until, _ = sits
                            shift = Shift(name, seat, people, since, until, turn_until, why)
                            shifts.append((since, order, place, shift))
        shifts.sort()
        rows = tuple([row[3] for row in shifts])
        gaps.extend(Gap(row.start, row.end, row.region, row.seat) for row in rows if not row.people)
        return rows, tuple(sorted(gaps, key=lambda gap: gap.start))

    def holding_regions(self, t: datetime) -> tuple[Region, ...]:
        """The regions that hold at `t`, in file order; several only where windows overlap."""
        t = utc(t)
        return tuple(self._region(hold, t) for hold in self._holds.at(t))

    def current_region(self, t: datetime) -> Region | None:
        """The region that took over last among those that hold at `t`; None where none holds."""
        t = utc(t)
        held = sorted(self._holds.at(t), key=lambda hold: (hold.start is not None, hold.start, hold.region))
        return self._region(held[-1], t) if held else None

    def holds_until(self, region: str, t: datetime) -> datetime | None:
        """When a region that holds at `t` stops holding; None: it does not hold, or no end is in sight."""
        named = (hold for hold in self._holds.at(utc(t)) if self._names[hold.region] == region)
        return next((hold.end for hold in named), None)

    def seat_at(self, region: str, seat: Seat, t: datetime) -> Occupancy | None:
        """Who is on a seat of a region at `t`, whether or not the region holds; None: no such seat."""
        line = self._plans.line(region, seat)
        sits = line and line.timeline.piece(utc(t)).value
        return None if sits is NO_SEAT else sits

    def turn_at(self, region: str, seat: Seat, t: datetime, person: str | None = None) -> TurnRef | None:
        """A person's part in the turn that counts on a seat at `t`; the first who serves it, unless named.

        Swaps are counted in, overrides are not. None on a roster, before a rotation begins, and where that
        person does not serve the turn.
        """
        sits = self.seat_at(region, seat, t)
        turn = sits and sits.turn
        if not turn or (person is not None and person not in turn.people):
            return None
        return TurnRef(region, seat, turn.number, person or turn.people[0], turn.layer)

    def span_of(self, ref: TurnRef) -> tuple[datetime, datetime] | None:
        """When a turn begins and ends, whoever serves it; None where it is never served."""
        return self._plans.span_of(ref)

    def void_swaps(self, after: datetime) -> tuple[VoidHalf, ...]:
        """The halves of swaps that change nothing any more, but for turns that are over by then."""
        return tuple(self._plans.void(utc(after)))

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

    def _region(self, hold: Hold, t: datetime) -> Region:
        """The region as it was at `t`."""
        name = self._names[hold.region]
        return next(region for region in era_at(self._eras, t).regions if region.name == name)


def resolver_of(
    organisation: Organisation, schedule: str | None = None, before: Resolver | None = None
) -> Resolver:
    """The resolver of one schedule, by name, else of the one that is paged. Raises UnknownSchedule.

    `before` is a resolver from before an edit; what the edit leaves alone is taken over.
    """
    found = organisation.schedule(schedule) if schedule else organisation.paged_schedule()
    if found is None:
        raise UnknownSchedule(
            f"There is no schedule {schedule}." if schedule else "There is no schedule yet."
        )
    known = before if before and before.schedule.name == found.name else None
    return Resolver(found, organisation.overrides, organisation.names(), organisation.swaps, known)


def _holding(line: SeatLine, hold: Hold, piece: Piece[Occupancy]) -> Holding:
    start, end, (people, why, turn_until, _) = piece
    if start is None or (hold.start is not None and hold.start > start):
        start = hold.start
    if end is None or (hold.end is not None and hold.end < end):
        end = hold.end
    return Holding(line.region, line.seat, people, start, end, turn_until, why)


def _who(rows: tuple[Holding, ...]) -> list[tuple[str, Seat, frozenset[str]]]:
    """In which order people are named is no change of who is on call."""
    return [(row.region, row.seat, frozenset(row.people)) for row in rows]


def _primaries(rows: tuple[Holding, ...]) -> list[tuple[str, Seat, frozenset[str]]]:
    return [who for who in _who(rows) if who[1] is Seat.PRIMARY]

"""Who is on call over days, as strips: what the week's picture draws, and what its words and `@person` tell.

Picture and words are made from the same strips, so that neither can say what the other does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from rotations.model import Seat
from rotations.shifts import Gap, Resolver, Shift
from rotations.wording import listed


class Stretch(Struct, frozen=True):
    """`[start, end)` on one seat while its region holds; nobody's where `people` is empty.

    `is_changed`: somebody else than the rotation says; then the first reason says how.
    """

    start: datetime
    end: datetime
    people: tuple[str, ...]
    names: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def text(self) -> str:
        """ "Ana Lima", "Bo Chen and Cy Okafor", or "nobody"."""
        return listed(self.names) or "nobody"

    @property
    def is_changed(self) -> bool:
        return len(self.why) > 1 and bool(self.people)


class Run(NamedTuple):
    """Stretches of one seat that follow each other, with the same people for the same reason; never empty.

    Between them the region does not hold.
    """

    stretches: tuple[Stretch, ...]

    @property
    def first(self) -> Stretch:
        return self.stretches[0]

    @property
    def start(self) -> datetime:
        return self.stretches[0].start

    @property
    def end(self) -> datetime:
        return self.stretches[-1].end

    @property
    def lasts(self) -> timedelta:
        """Time on call, without what lies between."""
        return sum((each.end - each.start for each in self.stretches), timedelta())


class Strip(Struct, frozen=True):
    """One seat of one region, its stretches in order. `zone` is the region's."""

    region: str
    zone: str
    seat: Seat
    stretches: tuple[Stretch, ...]

    def begins(self, after: datetime) -> datetime | None:
        """The first start after an instant: one that is cut off there says nothing of the region's hours."""
        return next((each.start for each in self.stretches if each.start > after), None)

    def runs(self) -> Iterator[Run]:
        """The stretches, those that say the same joined."""
        for _, same in groupby(self.stretches, key=lambda each: (each.people, each.why)):
            yield Run(tuple(same))


class Plan(Struct, frozen=True):
    """`[start, end)` of one schedule: its strips by region and seat, and the hours no region holds."""

    schedule: str
    start: datetime
    end: datetime
    strips: tuple[Strip, ...]
    unheld: tuple[Gap, ...]

    def holes(self) -> tuple[Gap, ...]:
        """Every hour without somebody, a shadow's left aside: nobody would page it."""
        open_seats = (
            Gap(each.start, each.end, strip.region, strip.seat)
            for strip in self.strips
            for each in strip.stretches
            if not each.people and strip.seat is not Seat.SHADOW
        )
        return tuple(sorted((*self.unheld, *open_seats), key=lambda gap: gap.start))


def plan(
    resolver: Resolver, names: Mapping[str, str], start: datetime, end: datetime, region: str | None = None
) -> Plan:
    """The strips of one region or of all. Hours without a region belong to the whole schedule alone."""
    shifts, gaps = resolver.between(start, end)
    rows: dict[tuple[str, Seat], list[Shift]] = defaultdict(list)
    for shift in shifts:
        if region in (None, shift.region):
            rows[shift.region, shift.seat].append(shift)
    zones = {each.name: each.zone for each in resolver.schedule.regions}
    strips = tuple(
        Strip(place[0], zones.get(place[0], "UTC"), place[1], tuple(_stretches(rows[place], names)))
        for place in sorted(rows, key=lambda place: _order(place, zones))
    )
    unheld = tuple(gap for gap in gaps if gap.region is None and region is None)
    return Plan(resolver.schedule.name, start, end, strips, unheld)


def runs_of(person: str, plans: Iterable[Plan]) -> tuple[tuple[str, Strip, Run], ...]:
    """Everything one person serves, with its schedule, in the order in which it begins."""
    found = [
        (each.schedule, strip, run)
        for each in plans
        for strip in each.strips
        for run in strip.runs()
        if person in run.first.people
    ]
    return tuple(sorted(found, key=lambda row: row[2].start))


def _stretches(rows: Iterable[Shift], names: Mapping[str, str]) -> Iterator[Stretch]:
    for row in rows:
        called = tuple(names.get(person, person) for person in row.people)
        yield Stretch(row.start, row.end, row.people, called, row.why)


def _order(place: tuple[str, Seat], regions: Iterable[str]) -> tuple[int, int]:
    """In file order; regions that are gone from the file since come last."""
    known = list(regions)
    region = known.index(place[0]) if place[0] in known else len(known)
    return region, list(Seat).index(place[1])

"""Shifts as another tool has them beside ours: where they differ and where not. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from rotations.model import RosterShift, Seat
from rotations.shifts import Resolver
from rotations.wallclock import local
from rotations.wording import listed
from rotations.zones import city

AHEAD = timedelta(days=90)


class Beside(Struct, frozen=True):
    """In `[start, end)`, in UTC, these are on call there and those here; () is nobody."""

    start: datetime
    end: datetime
    theirs: tuple[str, ...]
    ours: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return set(self.theirs) == set(self.ours)


def compared(
    theirs: Iterable[RosterShift], ours: Iterable[RosterShift], start: datetime, end: datetime
) -> tuple[Beside, ...]:
    """Where somebody is on in `[start, end)`: the stretches that differ first, each part by its start."""
    left = [shift for shift in theirs if shift.start < end and start < shift.end]
    right = [shift for shift in ours if shift.start < end and start < shift.end]
    rows = (row for row in _stretches(left, right, start, end) if row.theirs or row.ours)
    return tuple(sorted(rows, key=lambda row: (row.is_same, row.start)))


def served_on(
    resolver: Resolver, region: str, seat: Seat, start: datetime, end: datetime
) -> list[RosterShift]:
    """The shifts of one seat of ours."""
    rows, _ = resolver.between(start, end)
    mine = (row for row in rows if (row.region, row.seat) == (region, seat) and row.people)
    return [RosterShift(row.people, row.start, row.end) for row in mine]


def difference(rows: Iterable[Beside]) -> timedelta:
    """For how long the two differ."""
    return sum((row.end - row.start for row in rows if not row.is_same), timedelta(0))


def in_words(row: Beside, names: Mapping[str, str], zone: str) -> str:
    """ "Tue 8 Dec 2026 09:00–12:00 New York: there Di Xu, here Ana Lima"."""
    start, end = local(row.start, zone), local(row.end, zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a} {end.day} {end:%b %H:%M}"
    when = f"{start:%a} {start.day} {start:%b %Y %H:%M}–{until} {city(zone)}"
    theirs, ours = _named(row.theirs, names), _named(row.ours, names)
    return f"{when}: {theirs}" if row.is_same else f"{when}: there {theirs}, here {ours}"


def _named(people: tuple[str, ...], names: Mapping[str, str]) -> str:
    return listed(names.get(key, key) for key in people) or "nobody"


def _stretches(
    left: list[RosterShift], right: list[RosterShift], start: datetime, end: datetime
) -> Iterator[Beside]:
    edges = {start, end}
    edges |= {edge for shift in (*left, *right) for edge in (shift.start, shift.end) if start < edge < end}
    ordered, held = sorted(edges), None
    was, is_ = _Walk(left), _Walk(right)
    for at, until in pairwise(ordered):
        row = Beside(at, until, was.on(at), is_.on(at))
        if held is not None and (set(held.theirs), set(held.ours)) == (set(row.theirs), set(row.ours)):
            held = Beside(held.start, until, held.theirs, held.ours)
            continue
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield held


class _Walk:
    """Who is on at instants that only grow."""

    def __init__(self, shifts: list[RosterShift]) -> None:
        self._ahead = sorted(shifts, key=lambda shift: shift.start, reverse=True)
        self._running: list[RosterShift] = []

    def on(self, t: datetime) -> tuple[str, ...]:
        while self._ahead and self._ahead[-1].start <= t:
            self._running.append(self._ahead.pop())
        self._running = [shift for shift in self._running if shift.end > t]
        return tuple(dict.fromkeys(key for shift in self._running for key in shift.people))

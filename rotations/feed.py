"""Shifts as the events of a calendar: each person's own, whole, each with a name that lasts. Pure values.

Everything here is what the one resolver answers; no event is made up, none is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rotations.eras import Era, era_at, eras_of
from rotations.exchanges import halves_of
from rotations.model import Organisation, Override, OverrideKind, Seat
from rotations.shifts import Resolver, Shift
from rotations.wallclock import utc
from rotations.zones import rules_of

PAST, AHEAD = timedelta(days=15), timedelta(days=180)
LONGEST = timedelta(days=31)
"""What lasts longer, as with somebody who is alone on a seat, is cut where UTC months begin."""

_BEYOND = LONGEST + timedelta(days=1)
Place = tuple[str, Seat, str]
"""A region, a seat of it, and a person on it."""


class Kind(StrEnum):
    """Why somebody serves, as far as a calendar says it."""

    TURN = "turn"
    SWAP = "swap"
    COVER = "cover"
    OVERRIDE = "override"
    SHADOW = "shadow"


class Event(NamedTuple):
    """`person` is on call in `[start, end)`. It is known by schedule, region, seat, person, `day` and `part`.

    `day` is the ordinal of the local day on which the region's hours began, and `part` counts what the
    person has of it: so an event whose hours move is still the same, and so is what an override leaves of it.
    """

    schedule: str
    region: str
    seat: Seat
    person: str
    start: datetime
    end: datetime
    kind: Kind
    day: int
    part: int


class Window(NamedTuple):
    """What a feed shows: whatever touches `[start, end)`."""

    start: datetime
    end: datetime


def window(now: datetime) -> Window:
    """Whole UTC days: 15 back, 180 ahead; so what is read twice on one day is the same."""
    today = utc(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(today - PAST, today + AHEAD + timedelta(days=1))


def events(organisation: Organisation, resolver: Resolver, shown: Window) -> tuple[Event, ...]:
    """Everybody's shifts that touch the window, none clipped by it, by their start."""
    rows, _ = resolver.between(shown.start - _BEYOND, shown.end + _BEYOND)
    joined = _joined(rows, _Reasons(organisation, resolver).kind, _days(resolver))
    name, parts = resolver.schedule.name, dict[tuple[Place, int], int]()
    found: list[Event] = []
    for (place, kind, day), start, end in joined:
        region, seat, person = place
        part = parts.get((place, day), 0)
        parts[place, day] = part + 1
        if end > shown.start and start < shown.end:
            found.append(Event(name, region, seat, person, start, end, kind, day, part))
    return tuple(found)


_What = tuple[Place, Kind, int]
_Piece = tuple[_What, datetime, datetime]


def _joined(
    rows: tuple[Shift, ...], kind_of: Callable[[Shift, Place], Kind], day_of: Callable[[Shift], int]
) -> list[_Piece]:
    """One piece for each person; what touches is one where only the reasons or the others differ."""
    pieces: list[_Piece] = []
    last: dict[Place, int] = {}
    for whole in rows:
        for row in (whole,) if whole.end - whole.start <= LONGEST else _cut(whole):
            day = day_of(row)
            for person in row.people:
                place = (row.region, row.seat, person)
                what = (place, kind_of(row, place), day)
                at = last.get(place)
                if at is not None and pieces[at][2] == row.start and pieces[at][0] == what:
                    pieces[at] = (what, pieces[at][1], row.end)
                else:
                    last[place] = len(pieces)
                    pieces.append((what, row.start, row.end))
    return pieces


def _cut(row: Shift) -> Iterator[Shift]:
    """A row that lasts too long, month by month."""
    while row.end - row.start > LONGEST:
        following = (row.start.replace(day=1) + timedelta(days=32)).replace(day=1)
        at = following.replace(hour=0, minute=0, second=0, microsecond=0)
        yield row._replace(end=at)
        row = row._replace(start=at)
    yield row


def _days(resolver: Resolver) -> Callable[[Shift], int]:
    """The local day on which the hours began that a row is part of, by the region as it was then."""
    eras = eras_of(resolver.schedule)
    clocks = [_clocks(era) for era in eras]

    def day(row: Shift) -> int:
        era = clocks[0] if len(eras) == 1 else clocks[eras.index(era_at(eras, row.start))]
        zone, begins = era[row.region]
        return (row.start.astimezone(zone).replace(tzinfo=None) - begins).toordinal()

    return day


def _clocks(era: Era) -> Mapping[str, tuple[ZoneInfo, timedelta]]:
    return {
        region.name: (
            rules_of(region.zone),
            timedelta(hours=region.starts.hour, minutes=region.starts.minute, seconds=region.starts.second),
        )
        for region in era.regions
    }


class _Reasons:
    """Why a person is in a row. Only people whom a change names are looked at twice."""

    def __init__(self, organisation: Organisation, resolver: Resolver) -> None:
        self._resolver = resolver
        name = resolver.schedule.name
        self._overrides: dict[Place, list[Override]] = {}
        for override in organisation.overrides:
            if override.schedule == name and override.kind is not OverrideKind.REMOVE:
                for person in override.people:
                    place = (override.region, override.seat, person)
                    self._overrides.setdefault(place, []).append(override)
        halves = halves_of(swap for swap in organisation.swaps if swap.schedule == name)
        swapped = {(half.ref.region, half.ref.seat, half.person) for half in halves}
        self._touched = swapped | self._overrides.keys()

    def kind(self, row: Shift, place: Place) -> Kind:
        if row.seat is Seat.SHADOW:
            return Kind.SHADOW
        if place not in self._touched:
            return Kind.TURN
        sits = self._resolver.seat_at(row.region, row.seat, row.start)
        if sits and sits.turn and place[2] in sits.turn.people:
            return Kind.SWAP if sits.turn.is_swapped else Kind.TURN
        standing = [o for o in self._overrides.get(place, ()) if o.start <= row.start < o.end]
        if not standing:
            return Kind.TURN
        return Kind.COVER if standing[-1].cover else Kind.OVERRIDE

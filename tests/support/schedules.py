"""Schedules in few words, for the tests of the engine and of whoever asks it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from rotations.model import (
    EVERY_DAY,
    Mode,
    Override,
    OverrideKind,
    Region,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
    Weekdays,
)
from rotations.shifts import Resolver

WEEKDAYS: Weekdays = (0, 1, 2, 3, 4)
WEEK = Turn(1, TurnUnit.WEEK)
DAY = Turn(1, TurnUnit.DAY)
SERVED_DAY = Turn(1, TurnUnit.SERVED_DAY)


def utc(text: str) -> datetime:
    """The UTC instant of "2026-03-09 12:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def version(
    members: str,
    since: str = "2026-01-05",
    at: str = "09:00",
    turn: Turn = WEEK,
    effective_from: datetime | None = None,
) -> RotationVersion:
    """Members in one string: "ana bo+cy" is Ana, then Bo and Cy together."""
    groups = tuple(tuple(group.split("+")) for group in members.split())
    return RotationVersion(groups, turn, date.fromisoformat(since), time.fromisoformat(at), effective_from)


def rotation(members: str, since: str = "2026-01-05", at: str = "09:00", turn: Turn = WEEK) -> Rotation:
    return Rotation((version(members, since, at, turn),))


def region(
    name: str,
    zone: str,
    hours: str,
    days: Weekdays = EVERY_DAY,
    **seats: Rotation,
) -> Region:
    """Hours as "09:00" (chain) or "09:00-17:00" (windows)."""
    starts, _, ends = hours.partition("-")
    return Region(
        name,
        zone,
        time.fromisoformat(starts),
        {Seat(seat): seat_rotation for seat, seat_rotation in seats.items()},
        time.fromisoformat(ends) if ends else None,
        days,
    )


def chain(*regions: Region) -> Schedule:
    return Schedule("safety", Mode.CHAIN, regions)


def windows(*regions: Region) -> Schedule:
    return Schedule("safety", Mode.WINDOWS, regions)


def override(
    people: str,
    start: str,
    end: str,
    where: str = "AMER primary",
    kind: OverrideKind = OverrideKind.REPLACE,
    reason: str = "",
) -> Override:
    """Times in UTC; people and place as words: "di", "AMER primary"."""
    region_name, seat = where.split()
    return Override(
        f"{where} {start}",
        "safety",
        region_name,
        Seat(seat),
        kind,
        tuple(people.split()),
        utc(start),
        utc(end),
        reason,
    )


def primaries(resolver: Resolver, at: datetime) -> list[str]:
    """ "AMER ana" for every primary on call at an instant; "AMER -" for an open seat."""
    rows = (row for row in resolver.at(at) if row.seat is Seat.PRIMARY)
    return [f"{row.region} {'+'.join(row.people) or '-'}" for row in rows]

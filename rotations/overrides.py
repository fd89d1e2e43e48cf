"""Which overrides may stand together: two on one seat may not overlap. Never resolves who is on call."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from rotations.model import Override, Seat
from rotations.refusals import OverlappingOverride

SeatKey = tuple[str, Seat]
"""A region's name and a seat of it."""


def admit(standing: Iterable[Override], new: Override) -> tuple[Override, ...]:
    """The overrides with `new` among them. Raises OverlappingOverride naming the one in the way."""
    overrides = (*standing, new)
    for rows in by_seat(override for override in overrides if override.schedule == new.schedule).values():
        lanes(rows)
    return overrides


def by_seat(overrides: Iterable[Override]) -> dict[SeatKey, tuple[Override, ...]]:
    """One schedule's overrides per seat, in the order in which they were made."""
    seats: dict[SeatKey, list[Override]] = {}
    for override in overrides:
        seats.setdefault((override.region, override.seat), []).append(override)
    return {key: tuple(rows) for key, rows in seats.items()}


def lanes(overrides: Iterable[Override]) -> list[tuple[Override, ...]]:
    """One seat's overrides in rows that may overlap each other: the covers of each person, and all others.

    In a row they are sorted by start. Raises OverlappingOverride where two of one row overlap.
    """
    rows: dict[tuple[bool, str], list[Override]] = {}
    for override in overrides:
        whom = override.instead_of if override.cover else ""
        rows.setdefault((override.cover, whom), []).append(override)
    return [_disjoint(row) for row in rows.values()]


def describe(override: Override) -> str:
    """ "AMER primary, di, 2026-03-09 12:00 to 15:00 UTC": enough to find it again."""
    start, end = override.start, override.end
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    people = " and ".join(override.people)
    return f"{override.region} {override.seat}, {people}, {start:%Y-%m-%d %H:%M} to {until} UTC"


def _disjoint(rows: list[Override]) -> tuple[Override, ...]:
    order = {id(row): place for place, row in enumerate(rows)}
    ordered = sorted(rows, key=lambda row: row.start)
    for first, second in pairwise(ordered):
        if second.start < first.end:
            earlier, later = sorted((first, second), key=lambda row: order[id(row)])
            raise OverlappingOverride(
                earlier.id, f"The override {describe(later)} overlaps one that stands: {describe(earlier)}."
            )
    return tuple(ordered)

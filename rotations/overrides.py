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
    by_seat(override for override in overrides if override.schedule == new.schedule)
    return overrides


def by_seat(overrides: Iterable[Override]) -> dict[SeatKey, tuple[Override, ...]]:
    """One schedule's overrides per seat, sorted by start. Raises OverlappingOverride."""
    seats: dict[SeatKey, list[Override]] = {}
    for override in overrides:
        seats.setdefault((override.region, override.seat), []).append(override)
    return {key: _disjoint(rows) for key, rows in seats.items()}


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

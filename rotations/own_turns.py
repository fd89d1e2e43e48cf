"""A person's turns to come, as they can be swapped: each with when it begins and ends."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rotations.model import TurnRef
from rotations.shifts import Resolver


class OwnTurn(NamedTuple):
    """A whole turn `[start, end)` of one person on a seat."""

    ref: TurnRef
    start: datetime
    end: datetime


def turns_ahead(resolver: Resolver, person: str, start: datetime, end: datetime) -> tuple[OwnTurn, ...]:
    """The turns that begin in `[start, end)`, by their beginning; what has begun is not swapped whole."""
    found: dict[TurnRef, OwnTurn] = {}
    for row in resolver.between(start, end)[0]:
        ref = resolver.turn_at(row.region, row.seat, row.start, person) if person in row.people else None
        span = resolver.span_of(ref) if ref is not None and ref not in found else None
        if ref is not None and span is not None and span[0] >= start:
            found[ref] = OwnTurn(ref, *span)
    return tuple(sorted(found.values(), key=lambda turn: turn.start))

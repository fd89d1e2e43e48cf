"""Hours of a local week as intervals of its minutes, Monday 00:00 first: cut, shared, and as `Hours`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import time
from itertools import pairwise

from rotations.model import Hours

DAY = 24 * 60
WEEK = 7 * DAY

Span = tuple[int, int]
Mask = tuple[Span, ...]
"""Disjoint `[from, until)` in minutes of the week, sorted."""

ALWAYS: Mask = ((0, WEEK),)


def mask_of(starts: Iterable[tuple[int, int]]) -> Mask:
    """Intervals given as (first minute of the week, minutes long), beyond Sunday midnight too."""
    pieces: list[Span] = []
    for begins, long in starts:
        begins %= WEEK
        until = begins + min(long, WEEK)
        pieces += [(begins, min(until, WEEK))] + ([(0, until - WEEK)] if until > WEEK else [])
    return joined(pieces)


def daily(begins: int, long: int) -> Mask:
    """The same minutes of every day."""
    return mask_of((day * DAY + begins, long) for day in range(7))


def joined(pieces: Iterable[Span]) -> Mask:
    """Sorted, and what touches or overlaps as one."""
    merged: list[Span] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def shared(one: Mask, other: Mask) -> Mask:
    """The minutes that are in both."""
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return joined((start, end) for start, end in both if start < end)


def by_cover(masks: Sequence[Mask]) -> dict[tuple[int, ...], Mask]:
    """The week cut by which of the masks hold together; what none holds is left out."""
    edges = sorted({edge for mask in masks for span in mask for edge in span})
    cut: dict[tuple[int, ...], list[Span]] = {}
    for start, end in pairwise(edges):
        held = tuple(
            order for order, mask in enumerate(masks) if any(a <= start and end <= b for a, b in mask)
        )
        if held:
            cut.setdefault(held, []).append((start, end))
    return {held: joined(spans) for held, spans in cut.items()}


def hours_of(mask: Mask) -> tuple[Hours, ...]:
    """As hours that begin on weekdays; () for the whole week."""
    if mask == ALWAYS:
        return ()
    days: dict[Span, set[int]] = {}
    for start, end in _round_the_week(mask):
        for begins in range(start, end, DAY):
            until = min(begins + DAY, end)
            days.setdefault((begins % DAY, until % DAY), set()).add(begins // DAY % 7)
    return tuple(
        Hours(tuple(sorted(on)), _clock(begins), _clock(until)) for (begins, until), on in days.items()
    )


def _round_the_week(mask: Mask) -> Iterator[Span]:
    """What ends on Sunday at midnight and goes on on Monday is one."""
    wraps = len(mask) > 1 and mask[0][0] == 0 and mask[-1][1] == WEEK
    if not wraps:
        return iter(mask)
    return iter((*mask[1:-1], (mask[-1][0], WEEK + mask[0][1])))


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)

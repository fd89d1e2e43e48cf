"""Stretches of time `[start, end)` and what they share. Knows no schedule and no person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """`[start, end)`, never empty."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in order, with what touches or overlaps joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def shared(ones: Iterable[Span], others: Iterable[Span]) -> Iterator[Span]:
    """The time that two merged rows of spans have in common, in order."""
    left, right = iter(ones), iter(others)
    one, other = next(left, None), next(right, None)
    while one is not None and other is not None:
        start, end = max(one.start, other.start), min(one.end, other.end)
        if start < end:
            yield Span(start, end)
        if one.end <= other.end:
            one = next(left, None)
        else:
            other = next(right, None)


def total(spans: Iterable[Span]) -> timedelta:
    """How long spans that do not overlap are together."""
    return sum((span.length for span in spans), timedelta())

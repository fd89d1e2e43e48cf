"""A schedule's epochs as eras that tile all time, and steps that run on through them. Knows no seat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from rotations.model import Mode, Region, Schedule

V = TypeVar("V")

Steps = list[tuple[datetime, V]]
"""Each value from an instant on, sorted; the first exactly where the asked time opens."""

Expand = Callable[[datetime, datetime], Steps[V]]
"""`(opens, closes)` → the steps of `[opens, closes)`."""


class Era(NamedTuple):
    """What a schedule is in `[since, until)`; None is open."""

    since: datetime | None
    until: datetime | None
    mode: Mode
    regions: tuple[Region, ...]

    def region(self, name: str) -> Region | None:
        return next((region for region in self.regions if region.name == name), None)


def eras_of(schedule: Schedule) -> tuple[Era, ...]:
    """Oldest first; the last is what stands."""
    eras: list[Era] = []
    since: datetime | None = None
    for epoch in schedule.past:
        # A clock that was set back makes an epoch of no length.
        if since is None or since < epoch.until:
            eras.append(Era(since, epoch.until, epoch.mode, epoch.regions))
            since = epoch.until
    return (*eras, Era(since, None, schedule.mode, schedule.regions))


def era_at(eras: Sequence[Era], t: datetime) -> Era:
    """The era in which a UTC instant lies."""
    return next(era for era in reversed(eras) if era.since is None or era.since <= t)


def region_names(eras: Sequence[Era]) -> tuple[str, ...]:
    """Every region there is or was: those that stand in file order, then older ones."""
    return tuple(dict.fromkeys(region.name for era in reversed(eras) for region in era.regions))


def through(eras: Sequence[Era], parts: Sequence[Expand[V]]) -> Expand[V]:
    """One expansion made of one for each era."""
    if len(parts) == 1:
        return parts[0]

    def expand(opens: datetime, closes: datetime) -> Steps[V]:
        steps: Steps[V] = []
        for era, part in zip(eras, parts, strict=True):
            start, end = max(opens, era.since or opens), min(closes, era.until or closes)
            if start < end:
                steps += part(start, end)
        return steps

    return expand

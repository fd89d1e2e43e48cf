"""Overrides that were taken back: gone from then on, while the past keeps what they answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from rotations.model import Override


def without(overrides: Iterable[Override], withdrawn: Mapping[str, datetime]) -> tuple[Override, ...]:
    """The overrides less what was withdrawn (id → when): one that had begun ends at that instant."""
    cut = ((one, withdrawn.get(one.id, one.end)) for one in overrides)
    return tuple(replace(one, end=min(at, one.end)) for one, at in cut if at > one.start)

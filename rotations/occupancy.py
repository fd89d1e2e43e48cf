"""The answer about one seat at one instant: who, why, until when, and in which turn. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from rotations.wording import listed


class Serving(NamedTuple):
    """The turn that is behind an answer, and who serves it after its swaps."""

    layer: str
    number: int
    people: tuple[str, ...]
    is_swapped: bool


class Occupancy(NamedTuple):
    """People on a seat, when the turn they serve ends, and the reason chain, nearest reason first.

    `turn` is the turn of the rotation or layer that counts then, whatever changes it; None: there is none.
    """

    people: tuple[str, ...]
    why: tuple[str, ...]
    turn_until: datetime | None
    turn: Serving | None = None


NO_SEAT = Occupancy((), ("There was no such seat then.",), None)
"""A seat in an era that does not have it: not an open seat, but none."""


def is_same_answer(a: Occupancy, b: Occupancy) -> bool:
    """Whether two answers are one to whoever reads them: the same people for the same reason."""
    return a.people == b.people and a.why == b.why


def nobody(reason: str) -> Occupancy:
    """An open seat."""
    return Occupancy((), (f"Nobody: {reason}.",), None)


def named(people: Iterable[str], names: Mapping[str, str]) -> str:
    """People as they are read, by name where it is known: "Ana Lima and bo"."""
    return listed([names.get(person, person) for person in people])


def because(reason: str) -> str:
    """The end of a sentence that may give a reason in somebody's own words: ": dentist." or "."."""
    return f": {reason.rstrip('.')}." if reason else "."

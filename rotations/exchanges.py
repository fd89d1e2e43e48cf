"""Swaps as halves, each bound to one person's part in one turn. Knows nothing of when a turn is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rotations.model import Swap, TurnRef

TurnKey = tuple[str, int]
"""A layer's name ("" for the rotation of the seat itself) and the number of a turn."""


class Half(NamedTuple):
    """In the turn of `ref`, `person` serves instead of the person of `ref`."""

    ref: TurnRef
    person: str
    swap: Swap


class Exchange(NamedTuple):
    """Who serves a turn after its swaps, the halves that counted, and those that found nobody to replace."""

    people: tuple[str, ...]
    counted: tuple[Half, ...]
    void: tuple[Half, ...]


def halves_of(swaps: Iterable[Swap]) -> tuple[Half, ...]:
    """Both halves of each swap, in the order of the swaps."""
    return tuple(
        half
        for swap in swaps
        for half in (Half(swap.one, swap.other.person, swap), Half(swap.other, swap.one.person, swap))
    )


def by_turn(halves: Iterable[Half]) -> dict[TurnKey, tuple[Half, ...]]:
    """The halves of one seat, for each turn."""
    turns: dict[TurnKey, tuple[Half, ...]] = {}
    for half in halves:
        key = (half.ref.layer, half.ref.number)
        turns[key] = (*turns.get(key, ()), half)
    return turns


def exchanged(people: tuple[str, ...], halves: Iterable[Half]) -> Exchange:
    """The swaps of one turn, each on what those before it have made."""
    counted: list[Half] = []
    void: list[Half] = []
    for half in halves:
        is_theirs = half.ref.person in people
        (counted if is_theirs else void).append(half)
        people = replaced(people, half.ref.person, (half.person,))
    return Exchange(people, tuple(counted), tuple(void))


def replaced(people: tuple[str, ...], person: str, by: tuple[str, ...]) -> tuple[str, ...]:
    """The same people with others in the place of one; nobody twice."""
    placed = (each for one in people for each in (by if one == person else (one,)))
    return tuple(dict.fromkeys(placed))

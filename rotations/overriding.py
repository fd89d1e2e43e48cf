"""Lays covers and overrides over what a seat says without them. Which may stand together: see `overrides`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime

from rotations.eras import Steps
from rotations.exchanges import replaced
from rotations.model import Override, OverrideKind
from rotations.occupancy import Occupancy, because, named
from rotations.overrides import lanes

_VERBS = {
    OverrideKind.REPLACE: ("covers", "cover"),
    OverrideKind.ADD: ("is added", "are added"),
    OverrideKind.REMOVE: ("is taken off", "are taken off"),
}


class Overriding:
    """The overrides of one seat, covers among them, in the order in which they were made."""

    __slots__ = ("_lanes", "_made", "_names")

    def __init__(self, overrides: tuple[Override, ...], names: Mapping[str, str]) -> None:
        """Raises OverlappingOverride."""
        self._lanes = [_Lane(lane) for lane in lanes(overrides)]
        self._made = {override.id: place for place, override in enumerate(overrides)}
        self._names = names

    def over(self, below: Steps[Occupancy], closes: datetime) -> Steps[Occupancy]:
        """What is said up to `closes` where they lie over what is below them."""
        if not self._lanes:
            return below
        begins = [at for at, _ in below]
        cuts = set(begins)
        for lane in self._lanes:
            cuts.update([at for at in lane.edges if begins[0] <= at < closes])
        return [(cut, self._laid(cut, below[bisect_right(begins, cut) - 1][1])) for cut in sorted(cuts)]

    def _laid(self, cut: datetime, sits: Occupancy) -> Occupancy:
        standing = [override for lane in self._lanes if (override := lane.at(cut)) is not None]
        if len(standing) > 1:
            # Overrides are laid over covers, and whoever covers may be covered later.
            standing.sort(key=lambda override: (not override.cover, self._made[override.id]))
        for override in standing:
            sits = _overridden(sits, override, self._names)
        return sits


class _Lane:
    """Overrides of one seat that never overlap, sorted."""

    __slots__ = ("_overrides", "_starts", "edges")

    def __init__(self, overrides: tuple[Override, ...]) -> None:
        self._overrides = overrides
        self._starts = [override.start for override in overrides]
        self.edges = [*self._starts, *(override.end for override in overrides)]

    def at(self, t: datetime) -> Override | None:
        index = bisect_right(self._starts, t) - 1
        return self._overrides[index] if index >= 0 and t < self._overrides[index].end else None


def _overridden(sits: Occupancy, override: Override, names: Mapping[str, str]) -> Occupancy:
    person = override.instead_of
    if (person and person not in sits.people) or (override.cover and not person and _is_swapped(sits)):
        return sits
    why = (_words(override, names), *sits.why)
    if override.kind is OverrideKind.REPLACE:
        people = replaced(sits.people, person, override.people) if person else override.people
        return Occupancy(people, why, override.end, sits.turn)
    if override.kind is OverrideKind.ADD:
        people = tuple(dict.fromkeys(sits.people + override.people))
        return Occupancy(people, why, sits.turn_until or override.end, sits.turn)
    people = tuple(one for one in sits.people if one not in override.people)
    return Occupancy(people, why, sits.turn_until if people else None, sits.turn)


def _is_swapped(sits: Occupancy) -> bool:
    return sits.turn is not None and sits.turn.is_swapped


def _words(override: Override, names: Mapping[str, str]) -> str:
    """ "Di covers for Ana: dentist." and its kin."""
    one, several = _VERBS[override.kind]
    verb = one if len(override.people) == 1 else several
    whom = f" for {named([override.instead_of], names)}" if override.instead_of else ""
    return f"{named(override.people, names)} {verb}{whom}{because(override.reason)}"

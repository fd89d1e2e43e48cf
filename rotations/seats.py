"""One seat in one era: its rotation or roster, its layers, and what changes it. Knows no region hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from rotations.eras import Steps
from rotations.exchanges import Half, by_turn
from rotations.model import Layer, Override, Roster, Rotation, Weekdays
from rotations.occupancy import Occupancy, named, nobody
from rotations.overriding import Overriding
from rotations.rosters import RosterSteps
from rotations.serving import Laid, SeatCalendar, Turning
from rotations.turns import Earlier, RotationTurns


class SeatFill(NamedTuple):
    """What fills a seat while an era lasts: a rotation or a roster (or neither), and the layers over it."""

    zone: str
    days: Weekdays
    rotation: Rotation | None
    roster: Roster | None
    layers: tuple[Layer, ...]


class SeatChanges(NamedTuple):
    """What changes a seat in all eras: its overrides, covers among them, and halves of swaps."""

    overrides: tuple[Override, ...]
    halves: tuple[Half, ...]


class SeatPlan:
    """`turns` are those of its rotation ("") and of its layers, by name."""

    __slots__ = ("_layers", "_names", "_overriding", "_roster", "_rotation", "turns")

    def __init__(
        self,
        fill: SeatFill,
        changes: SeatChanges,
        names: Mapping[str, str],
        earlier: Mapping[str, Earlier],
    ) -> None:
        """`earlier` are the turns that stood here before, as in `turns`. Raises OverlappingOverride."""
        calendar = SeatCalendar(fill.zone, fill.days, by_turn(changes.halves), names, earlier)
        self._names = names
        self._overriding = Overriding(changes.overrides, names)
        self._roster = RosterSteps(fill.roster) if fill.roster else None
        self._rotation = Turning("", fill.rotation, fill.days, calendar) if fill.rotation else None
        self._layers = tuple(Laid(layer, calendar) for layer in fill.layers)
        turnings = [*([self._rotation] if self._rotation else []), *(laid.turning for laid in self._layers)]
        self.turns: dict[str, RotationTurns] = {turning.layer: turning.turns for turning in turnings}

    def steps(self, opens: datetime, closes: datetime) -> Steps[Occupancy]:
        """Who sits here in `[opens, closes)`, the first step exactly at `opens`."""
        steps = self._base(opens, closes)
        for layer in self._layers:
            steps = layer.over(steps, opens, closes)
        return self._overriding.over(steps, closes)

    def _base(self, opens: datetime, closes: datetime) -> Steps[Occupancy]:
        if self._rotation:
            return self._rotation.steps(opens, closes)
        if self._roster:
            on = self._roster.steps(opens, closes)
            return [(at, self._rostered(people, until)) for at, (people, until) in on]
        return [(opens, nobody("only layers fill this seat"))]

    def _rostered(self, people: tuple[str, ...], until: datetime | None) -> Occupancy:
        if not people:
            return nobody("the roster has no shift then")
        return Occupancy(people, (f"The roster says {named(people, self._names)}.",), until)

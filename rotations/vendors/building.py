"""Seats of one schedule as a schedule: one region, in the zone of the first seat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from msgspec import Struct
from msgspec.structs import replace

from rotations.model import Layer, Mode, Region, Roster, Rotation, Schedule, Seat
from rotations.vendors.seating import Filling, Place


class Seated(Struct, frozen=True):
    """A schedule of theirs on its seat."""

    place: Place
    filling: Filling

    @property
    def is_filled(self) -> bool:
        return bool(self.filling.layers or self.filling.roster)


def schedule_of(seated: Sequence[Seated]) -> Schedule:
    """The lowest layer of a seat, if it always counts, is its rotation. No two names of a seat are alike."""
    seats: dict[Seat, Rotation] = {}
    rosters: dict[Seat, Roster] = {}
    layers: list[Layer] = []
    for each in seated:
        rows = _named(each.filling.layers)
        if rows and _is_base(rows[0]):
            seats[each.place.seat] = rows.pop(0).rotation
        if each.filling.roster is not None:
            rosters[each.place.seat] = each.filling.roster
        layers += rows
    place = seated[0].place
    region = Region(place.region, place.zone, time(0), seats, layers=tuple(layers), rosters=rosters)
    return Schedule(place.schedule, Mode.CHAIN, (region,))


def _is_base(layer: Layer) -> bool:
    versions = layer.rotation.versions
    return not layer.hours and len(versions) == 1 and all(versions[0].members)


def _named(layers: Sequence[Layer]) -> list[Layer]:
    named: dict[str, Layer] = {}
    for layer in layers:
        name, count = layer.name, 2
        while name in named:
            name, count = f"{layer.name} ({count})", count + 1
        named[name] = replace(layer, name=name)
    return list(named.values())

"""The `schedules` section of the file: modes and regions. Collects faults, raises none."""

from __future__ import annotations

from datetime import time

from rotations.fields import Faults, Fields, choice_of, entries_of, time_of, zone_of
from rotations.file_seats import Place, days_of, ends_of, layers_of, seats_of
from rotations.located import Located, Scalar
from rotations.model import EVERY_DAY, Mode, Region, Schedule

_REGION_KEYS = ("zone", "starts", "ends", "days", "seats", "layers")


def schedules_of(node: Located | None, people: tuple[str, ...], faults: Faults) -> tuple[Schedule, ...]:
    """Every schedule that could be read; `people` are the keys that members may name."""
    entries = [] if node is None else entries_of(node, "Schedules", faults)
    return tuple(_schedule(key, value, people, faults) for key, value in entries)


def _schedule(key: Scalar, node: Located, people: tuple[str, ...], faults: Faults) -> Schedule:
    fields = Fields(node, f"The schedule {key.text}", ("mode", "regions"), faults)
    mode = fields.read("mode", _mode_of, Mode.CHAIN)
    regions = fields.need("regions")
    entries = [] if regions is None else entries_of(regions, f"Regions of {key.text}", faults)
    if regions is not None and not entries:
        faults.note(regions, f"The schedule {key.text} needs a region.")
    return Schedule(
        key.text, mode, tuple(_region(name, value, mode, people, faults) for name, value in entries)
    )


def _mode_of(node: Located, faults: Faults) -> Mode | None:
    named = choice_of(node, tuple(Mode), "mode", faults)
    return None if named is None else Mode(named)


def _region(key: Scalar, node: Located, mode: Mode, people: tuple[str, ...], faults: Faults) -> Region:
    """The region; what could not be read stands as a placeholder, so that one fault does not cause others."""
    fields = Fields(node, f"The region {key.text}", _REGION_KEYS, faults)
    zone = fields.read_needed("zone", zone_of)
    starts = fields.read_needed("starts", time_of) or time(0)
    if mode is Mode.WINDOWS:
        fields.need("ends")
    ends = fields.read("ends", ends_of, None)
    days = fields.read("days", days_of, EVERY_DAY)
    place = Place(key.text, zone, starts, people)
    seats, rosters = seats_of(fields.need("seats"), place, faults)
    layered = fields.get("layers")
    layers = () if layered is None else layers_of(layered, place, faults)
    return Region(key.text, zone or "UTC", starts, seats, ends, days, layers, rosters)

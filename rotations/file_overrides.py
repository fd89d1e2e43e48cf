"""The `overrides` section of the file; local times are in the region's zone. Collects faults, raises none."""

from __future__ import annotations

from datetime import datetime

from rotations.fields import Faults, Fields, choice_of, items_of, moment_of, text_of
from rotations.file_schedules import person_keys
from rotations.located import Located
from rotations.model import Override, OverrideKind, Region, Schedule, Seat
from rotations.overrides import admit
from rotations.refusals import OverlappingOverride
from rotations.wallclock import instant

_KEYS = ("schedule", "region", "seat", "kind", "people", "from", "until", "reason")


def overrides_of(
    node: Located | None, schedules: tuple[Schedule, ...], people: tuple[str, ...], faults: Faults
) -> tuple[Override, ...]:
    """Every override that could be read and that stands beside those before it."""
    standing: tuple[Override, ...] = ()
    for item in () if node is None else items_of(node, "Overrides", faults):
        override = _Reading(item, schedules, people, faults).override()
        if override is None:
            continue
        try:
            standing = admit(standing, override)
        except OverlappingOverride as refusal:
            faults.note(item, str(refusal))
    return standing


class _Reading:
    """One override, read field by field: each field narrows where the next is looked up."""

    def __init__(
        self, node: Located, schedules: tuple[Schedule, ...], people: tuple[str, ...], faults: Faults
    ) -> None:
        self._fields = Fields(node, "The override", _KEYS, faults)
        self._schedules = schedules
        self._people = people
        self._faults = faults

    def override(self) -> Override | None:
        schedule = self._schedule()
        region = self._region(schedule)
        seat = self._seat(region)
        kind = self._fields.read("kind", _kind_of, OverrideKind.REPLACE.value)
        listed = self._fields.need("people")
        people = () if listed is None else person_keys(listed, self._people, self._faults)
        start, end = self._moment("from", region), self._moment("until", region)
        reason = self._fields.read("reason", text_of, "")
        if start is not None and end is not None and start >= end:
            self._faults.note(self._fields.node, "The override ends before it begins.")
        elif schedule and region and seat and people and start and end:
            key = f"{schedule.name}/{region.name}/{seat}/{start:%Y-%m-%dT%H:%MZ}"
            where = (schedule.name, region.name, seat)
            return Override(key, *where, OverrideKind(kind), people, start, end, reason)
        return None

    def _schedule(self) -> Schedule | None:
        names = tuple(schedule.name for schedule in self._schedules)
        name = self._choice("schedule", names, "schedule")
        return next((schedule for schedule in self._schedules if schedule.name == name), None)

    def _region(self, schedule: Schedule | None) -> Region | None:
        if schedule is None:
            self._fields.need("region")
            return None
        name = self._choice("region", tuple(r.name for r in schedule.regions), f"region of {schedule.name}")
        return schedule.region(name) if name else None

    def _seat(self, region: Region | None) -> Seat | None:
        if region is None:
            self._fields.need("seat")
            return None
        name = self._choice("seat", tuple(region.seats), f"seat of {region.name}")
        return Seat(name) if name else None

    def _choice(self, key: str, options: tuple[str, ...], what: str) -> str | None:
        return self._fields.read_needed(key, lambda node, faults: choice_of(node, options, what, faults))

    def _moment(self, key: str, region: Region | None) -> datetime | None:
        moment = self._fields.read_needed(key, moment_of)
        if moment is None or moment.tzinfo is not None:
            return moment
        return instant(moment.date(), moment.time(), region.zone) if region else None


def _kind_of(node: Located, faults: Faults) -> str | None:
    return choice_of(node, tuple(OverrideKind), "kind of override", faults)

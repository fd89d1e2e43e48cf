"""The `overrides` section of the file; local times are in the region's zone. Collects faults, raises none."""

from __future__ import annotations

from msgspec.structs import replace

from rotations.fields import Faults, Fields, choice_of, flag_of, items_of, text_of
from rotations.file_seats import moment_in, person_key, person_keys
from rotations.located import Located
from rotations.model import Override, OverrideKind, Region, Schedule, Seat
from rotations.overrides import admit
from rotations.refusals import OverlappingOverride

_KEYS = (
    "schedule",
    "region",
    "seat",
    "kind",
    "people",
    "from",
    "until",
    "reason",
    "cover",
    "instead_of",
)


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
        zone = region.zone if region else None
        start, end = moment_in(self._fields, "from", zone), moment_in(self._fields, "until", zone)
        reason = self._fields.read("reason", text_of, "")
        if start is not None and end is not None and start >= end:
            self._faults.note(self._fields.node, "The override ends before it begins.")
        elif schedule and region and seat and people and start and end:
            key = f"{schedule.name}/{region.name}/{seat}/{start:%Y-%m-%dT%H:%MZ}"
            where = (schedule.name, region.name, seat)
            plain = Override(key, *where, OverrideKind(kind), people, start, end, reason)
            return self._standing_in(plain)
        return None

    def _standing_in(self, override: Override) -> Override:
        """The override with whom it stands in for; covers of two people may begin at one instant."""
        cover = self._fields.read("cover", flag_of, False)
        whom = self._fields.read("instead_of", self._person, "")
        if (cover or whom) and override.kind is not OverrideKind.REPLACE:
            self._faults.note(self._fields.node, "Only an override that replaces stands in for somebody.")
        key = f"{override.id}/{whom}" if cover else override.id
        return replace(override, id=key, cover=cover, instead_of=whom)

    def _person(self, node: Located, faults: Faults) -> str | None:
        return person_key(node, self._people, faults)

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
        name = self._choice("seat", region.all_seats(), f"seat of {region.name}")
        return Seat(name) if name else None

    def _choice(self, key: str, options: tuple[str, ...], what: str) -> str | None:
        return self._fields.read_needed(key, lambda node, faults: choice_of(node, options, what, faults))


def _kind_of(node: Located, faults: Faults) -> str | None:
    return choice_of(node, tuple(OverrideKind), "kind of override", faults)

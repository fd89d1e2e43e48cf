"""Schedule ↔ JSON-able dict, a part of the codec: regions, rotations, layers, rosters and epochs.

Rows written before a key existed are read without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from rotations.model import (
    Epoch,
    Hours,
    Layer,
    Mode,
    Region,
    Roster,
    RosterShift,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
)
from rotations.newer import known

Json = dict[str, Any]


def stamp(t: datetime) -> str:
    """RFC 3339 in UTC ending in Z, with fractions only where there are any."""
    return t.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def dump_schedule(schedule: Schedule) -> Json:
    return {
        "name": schedule.name,
        "mode": schedule.mode.value,
        "regions": [_region(region) for region in schedule.regions],
        "past": [_epoch(epoch) for epoch in schedule.past],
    }


def load_schedule(row: Mapping[str, Any]) -> Schedule:
    """The schedule that `dump_schedule` wrote. Raises NotKnownHere, else KeyError or ValueError."""
    return Schedule(
        row["name"],
        known(Mode, row["mode"]),
        tuple(map(_read_region, row["regions"])),
        tuple(map(_read_epoch, row.get("past", ()))),
    )


def _epoch(epoch: Epoch) -> Json:
    regions = [_region(region) for region in epoch.regions]
    return {"until": stamp(epoch.until), "mode": epoch.mode.value, "regions": regions}


def _read_epoch(row: Mapping[str, Any]) -> Epoch:
    regions = tuple(map(_read_region, row["regions"]))
    return Epoch(datetime.fromisoformat(row["until"]), known(Mode, row["mode"]), regions)


def _region(region: Region) -> Json:
    return {
        "name": region.name,
        "zone": region.zone,
        "starts": region.starts.isoformat(),
        "ends": None if region.ends is None else region.ends.isoformat(),
        "days": list(region.days),
        "seats": {seat.value: _rotation(rotation) for seat, rotation in region.seats.items()},
        "layers": [_layer(layer) for layer in region.layers],
        "rosters": {seat.value: _roster(roster) for seat, roster in region.rosters.items()},
    }


def _read_region(row: Mapping[str, Any]) -> Region:
    ends = row["ends"]
    return Region(
        row["name"],
        row["zone"],
        time.fromisoformat(row["starts"]),
        {known(Seat, seat): _read_rotation(rows) for seat, rows in row["seats"].items()},
        None if ends is None else time.fromisoformat(ends),
        tuple(row["days"]),
        tuple(map(_read_layer, row.get("layers", ()))),
        {known(Seat, seat): _read_roster(rows) for seat, rows in row.get("rosters", {}).items()},
    )


def _layer(layer: Layer) -> Json:
    return {
        "name": layer.name,
        "seat": layer.seat.value,
        "rotation": _rotation(layer.rotation),
        "hours": [_hours(hours) for hours in layer.hours],
    }


def _read_layer(row: Mapping[str, Any]) -> Layer:
    hours = tuple(map(_read_hours, row["hours"]))
    return Layer(row["name"], known(Seat, row["seat"]), _read_rotation(row["rotation"]), hours)


def _hours(hours: Hours) -> Json:
    return {
        "days": list(hours.days),
        "starts": hours.starts.isoformat(),
        "ends": hours.ends.isoformat(),
    }


def _read_hours(row: Mapping[str, Any]) -> Hours:
    return Hours(tuple(row["days"]), time.fromisoformat(row["starts"]), time.fromisoformat(row["ends"]))


def _roster(roster: Roster) -> list[Json]:
    return [
        {"people": list(shift.people), "start": stamp(shift.start), "end": stamp(shift.end)}
        for shift in roster.shifts
    ]


def _read_roster(rows: Iterable[Mapping[str, Any]]) -> Roster:
    return Roster(
        tuple(
            RosterShift(
                tuple(row["people"]),
                datetime.fromisoformat(row["start"]),
                datetime.fromisoformat(row["end"]),
            )
            for row in rows
        )
    )


def _rotation(rotation: Rotation) -> list[Json]:
    return [_version(version) for version in rotation.versions]


def _read_rotation(rows: Iterable[Mapping[str, Any]]) -> Rotation:
    return Rotation(tuple(map(_read_version, rows)))


def _version(version: RotationVersion) -> Json:
    return {
        "members": [list(member) for member in version.members],
        "turn": {"count": version.turn.count, "unit": version.turn.unit.value},
        "starts_on": version.starts_on.isoformat(),
        "at": version.at.isoformat(),
        "effective_from": None if version.effective_from is None else stamp(version.effective_from),
    }


def _read_version(row: Mapping[str, Any]) -> RotationVersion:
    since = row["effective_from"]
    return RotationVersion(
        tuple(tuple(member) for member in row["members"]),
        Turn(row["turn"]["count"], known(TurnUnit, row["turn"]["unit"])),
        date.fromisoformat(row["starts_on"]),
        time.fromisoformat(row["at"]),
        None if since is None else datetime.fromisoformat(since),
    )

"""Organisation ↔ JSON-able dict, for storage. Nothing is lost either way; nothing is checked on the way in
beyond its shape, for only this room writes what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from rotations.escalation import Level, Policy, Reach, When
from rotations.model import (
    Channels,
    Mode,
    Organisation,
    Override,
    OverrideKind,
    Person,
    Region,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
)

Json = dict[str, Any]


def dump(organisation: Organisation) -> Json:
    """The organisation as dicts, lists, strings, numbers and booleans; instants in UTC ending in Z."""
    return {
        "people": [_person(person) for person in organisation.people],
        "schedules": [_schedule(schedule) for schedule in organisation.schedules],
        "overrides": [dump_override(override) for override in organisation.overrides],
        "paged": organisation.paged,
        "specialists": dict(organisation.specialists),
        "channels": {
            "announce": organisation.channels.announce,
            "team": organisation.channels.team,
            "operations": organisation.channels.operations,
        },
        "escalation": dump_escalation(organisation.escalation),
    }


def load(document: Mapping[str, Any]) -> Organisation:
    """The organisation that `dump` wrote. Raises KeyError or ValueError on anything else."""
    return Organisation(
        people=tuple(_read_person(row) for row in document["people"]),
        schedules=tuple(_read_schedule(row) for row in document["schedules"]),
        overrides=tuple(load_override(row) for row in document["overrides"]),
        paged=document["paged"],
        specialists=dict(document["specialists"]),
        channels=Channels(**document["channels"]),
        escalation=load_escalation(document.get("escalation", [])),  # older rows have none
    )


def dump_override(override: Override) -> Json:
    return {
        "id": override.id,
        "schedule": override.schedule,
        "region": override.region,
        "seat": override.seat.value,
        "kind": override.kind.value,
        "people": list(override.people),
        "start": stamp(override.start),
        "end": stamp(override.end),
        "reason": override.reason,
        "by": override.by,
    }


def load_override(row: Mapping[str, Any]) -> Override:
    return Override(
        row["id"],
        row["schedule"],
        row["region"],
        Seat(row["seat"]),
        OverrideKind(row["kind"]),
        tuple(row["people"]),
        datetime.fromisoformat(row["start"]),
        datetime.fromisoformat(row["end"]),
        row["reason"],
        row["by"],
    )


def dump_escalation(policies: Iterable[Policy]) -> list[Json]:
    return [_policy(policy) for policy in policies]


def load_escalation(rows: Iterable[Mapping[str, Any]]) -> tuple[Policy, ...]:
    return tuple(_read_policy(row) for row in rows)


def stamp(t: datetime) -> str:
    """RFC 3339 in UTC ending in Z, with fractions only where there are any."""
    return t.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _person(person: Person) -> Json:
    return {
        "key": person.key,
        "name": person.name,
        "slack": person.slack,
        "zone": person.zone,
        "country": person.country,
        "region": person.region,
        "team": person.team,
        "skills": list(person.skills),
        "vendor": person.vendor,
        "lead": person.lead,
        "phone": person.phone,
        "ring": person.ring,
        "mail": person.mail,
    }


def _read_person(row: Mapping[str, Any]) -> Person:
    return Person(**{**row, "skills": tuple(row["skills"])})


def _schedule(schedule: Schedule) -> Json:
    return {
        "name": schedule.name,
        "mode": schedule.mode.value,
        "regions": [_region(region) for region in schedule.regions],
    }


def _read_schedule(row: Mapping[str, Any]) -> Schedule:
    return Schedule(row["name"], Mode(row["mode"]), tuple(_read_region(region) for region in row["regions"]))


def _region(region: Region) -> Json:
    return {
        "name": region.name,
        "zone": region.zone,
        "starts": region.starts.isoformat(),
        "ends": None if region.ends is None else region.ends.isoformat(),
        "days": list(region.days),
        "seats": {
            seat.value: [_version(version) for version in rotation.versions]
            for seat, rotation in region.seats.items()
        },
    }


def _read_region(row: Mapping[str, Any]) -> Region:
    ends = row["ends"]
    return Region(
        row["name"],
        row["zone"],
        time.fromisoformat(row["starts"]),
        {Seat(seat): Rotation(tuple(map(_read_version, rows))) for seat, rows in row["seats"].items()},
        None if ends is None else time.fromisoformat(ends),
        tuple(row["days"]),
    )


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
        Turn(row["turn"]["count"], TurnUnit(row["turn"]["unit"])),
        date.fromisoformat(row["starts_on"]),
        time.fromisoformat(row["at"]),
        None if since is None else datetime.fromisoformat(since),
    )


def _policy(policy: Policy) -> Json:
    when = policy.when
    return {
        "when": {"severities": list(when.severities), "harms": list(when.harms), "night": when.night},
        "levels": [_level(level) for level in policy.levels],
        "repeats": policy.repeats,
        "waits_for_morning": policy.waits_for_morning,
        "by": policy.by,
    }


def _level(level: Level) -> Json:
    page = [asdict(reach) for reach in level.page]
    return {"after_min": level.after_min, "page": page, "phone_after_min": level.phone_after_min}


def _read_policy(row: Mapping[str, Any]) -> Policy:
    when = row["when"]
    return Policy(
        When(tuple(when["severities"]), tuple(when["harms"]), when["night"]),
        tuple(_read_level(level) for level in row["levels"]),
        row["repeats"],
        row["waits_for_morning"],
        row["by"],
    )


def _read_level(row: Mapping[str, Any]) -> Level:
    page = tuple(Reach(**reach) for reach in row["page"])
    return Level(row["after_min"], page, row["phone_after_min"])

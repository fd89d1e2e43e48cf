"""Organisation ↔ JSON-able dict, for storage. Nothing is lost either way; nothing is checked on the way in
beyond its shape, for only this room writes what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import asdict

from rotations.codec_schedules import dump_schedule, load_schedule, stamp
from rotations.escalation import Level, Policy, Reach, When
from rotations.model import (
    Absence,
    Channels,
    Organisation,
    Override,
    OverrideKind,
    Person,
    Seat,
    Swap,
    TurnRef,
)
from rotations.newer import known

Json = dict[str, Any]
S = TypeVar("S", bound=Struct)


def dump(organisation: Organisation) -> Json:
    """The organisation as dicts, lists, strings, numbers and booleans; instants in UTC ending in Z."""
    return {
        "people": [_person(person) for person in organisation.people],
        "schedules": [dump_schedule(schedule) for schedule in organisation.schedules],
        "overrides": [dump_override(override) for override in organisation.overrides],
        "paged": organisation.paged,
        "specialists": dict(organisation.specialists),
        "channels": {
            "announce": organisation.channels.announce,
            "team": organisation.channels.team,
            "operations": organisation.channels.operations,
        },
        "escalation": dump_escalation(organisation.escalation),
        "swaps": [dump_swap(swap) for swap in organisation.swaps],
        "absences": [dump_absence(absence) for absence in organisation.absences],
    }


def load(document: Mapping[str, Any]) -> Organisation:
    """The organisation that `dump` wrote; what only a newer version knows of it is passed over. Raises
    NotKnownHere where that is a word, KeyError or ValueError on anything else."""
    return Organisation(
        people=tuple(_read_person(row) for row in document["people"]),
        schedules=tuple(load_schedule(row) for row in document["schedules"]),
        overrides=tuple(load_override(row) for row in document["overrides"]),
        paged=document["paged"],
        specialists=dict(document["specialists"]),
        channels=_value(Channels, document["channels"]),
        escalation=load_escalation(document.get("escalation", [])),  # older rows have none, nor what follows
        swaps=tuple(load_swap(row) for row in document.get("swaps", [])),
        absences=tuple(load_absence(row) for row in document.get("absences", [])),
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
        "cover": override.cover,
        "ask": override.ask,
        "instead_of": override.instead_of,
    }


def load_override(row: Mapping[str, Any]) -> Override:
    return Override(
        row["id"],
        row["schedule"],
        row["region"],
        known(Seat, row["seat"]),
        known(OverrideKind, row["kind"]),
        tuple(row["people"]),
        datetime.fromisoformat(row["start"]),
        datetime.fromisoformat(row["end"]),
        row["reason"],
        row["by"],
        row.get("cover", False),
        row.get("ask", ""),
        row.get("instead_of", ""),
    )


def dump_swap(swap: Swap) -> Json:
    return {
        "id": swap.id,
        "schedule": swap.schedule,
        "one": _turn(swap.one),
        "other": _turn(swap.other),
        "by": swap.by,
        "reason": swap.reason,
    }


def load_swap(row: Mapping[str, Any]) -> Swap:
    one, other = _read_turn(row["one"]), _read_turn(row["other"])
    return Swap(row["id"], row["schedule"], one, other, row["by"], row["reason"])


def dump_absence(absence: Absence) -> Json:
    return {**asdict(absence), "start": stamp(absence.start), "end": stamp(absence.end)}


def load_absence(row: Mapping[str, Any]) -> Absence:
    start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    return Absence(row["id"], row["person"], start, end, row["reason"], row["by"])


def dump_escalation(policies: Iterable[Policy]) -> list[Json]:
    return [_policy(policy) for policy in policies]


def load_escalation(rows: Iterable[Mapping[str, Any]]) -> tuple[Policy, ...]:
    return tuple(_read_policy(row) for row in rows)


def _turn(ref: TurnRef) -> Json:
    return {**asdict(ref), "seat": ref.seat.value}


def _read_turn(row: Mapping[str, Any]) -> TurnRef:
    return _value(TurnRef, {**row, "seat": known(Seat, row["seat"])})


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
    return _value(Person, {**row, "skills": tuple(row["skills"])})


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
    page = tuple(_value(Reach, reach) for reach in row["page"])
    return Level(row["after_min"], page, row["phone_after_min"])


def _value(kind: type[S], row: Mapping[str, Any]) -> S:
    """Of the fields of the row those that this version knows."""
    return kind(**{name: row[name] for name in kind.__struct_fields__ if name in row})

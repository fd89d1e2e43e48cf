"""A team whose calendars are read in tests, and a case of the corpus: a file, what is asked and expected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from rotations.imports import Answers, Asked, Import, Question
from rotations.model import Mode, Organisation, Person, Region, Roster, Schedule, Seat

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "ics"
SEATS: Mapping[Seat, Roster] = {Seat.PRIMARY: Roster(())}

TEAM = Organisation(
    people=(
        Person("ana", "Ana Lima", slack="ana@example.org", zone="Europe/Berlin"),
        Person("bo", "Bo Chen", slack="bo@example.org", zone="Europe/Dublin"),
        Person("cy", "Cy Okafor", slack="cy@example.org", zone="America/New_York"),
        Person("zoe", "Zoë Núñez", zone="Europe/Madrid"),
    ),
    schedules=(
        Schedule("safety", Mode.CHAIN, (Region("EMEA", "Europe/Berlin", time(9), {}, rosters=SEATS),)),
        Schedule(
            "office",
            Mode.WINDOWS,
            (Region("EMEA", "Europe/Berlin", time(8), {}, ends=time(17), rosters=SEATS),),
        ),
    ),
)

ASKED = Asked(
    TEAM,
    "safety",
    "EMEA",
    Seat.PRIMARY,
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2027, 11, 1, tzinfo=UTC),
)


def asked(wish: Mapping[str, Any]) -> Asked:
    """What a case asks beyond `ASKED`: schedule, zone, people, zones."""
    answers = Answers(wish.get("people", {}), wish.get("zones", {}))
    return replace(ASKED, schedule=wish.get("schedule", "safety"), zone=wish.get("zone"), answers=answers)


def as_json(found: Import) -> dict[str, Any]:
    """An import as the corpus writes it down."""
    return {
        "shifts": [[",".join(s.people), _written(s.start), _written(s.end)] for s in found.shifts],
        "report": [[one.number, one.what, one.outcome.value, one.why] for one in found.report],
        "questions": [_question(one) for one in found.questions],
    }


def case(file: Path) -> dict[str, Any]:
    """The expectation that lies beside a calendar file."""
    read: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    return read


def _question(one: Question) -> dict[str, Any]:
    return {"kind": one.kind.value, "asked": one.asked, "proposals": [*one.proposals], "lines": [*one.lines]}


def _written(t: datetime) -> str:
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")

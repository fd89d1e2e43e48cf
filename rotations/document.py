"""The command-line face: answers as the JSON of `oncall --json`, instants ending in Z. Never prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rotations.codec_schedules import stamp
from rotations.model import Organisation, Schedule
from rotations.refusals import UnknownSchedule
from rotations.shifts import Gap, Holding, Resolver, Shift, resolver_of
from rotations.wallclock import utc

Json = dict[str, Any]


def oncall_document(
    organisation: Organisation,
    schedule: str | None,
    *,
    at: Sequence[datetime] = (),
    between: tuple[datetime, datetime] | None = None,
) -> Json | list[Json]:
    """One object per instant of `at` (one alone: not in a list), or the shifts and gaps of `between`.

    Raises UnknownSchedule when several schedules exist and none is named, and BeyondCalendar.
    """
    chosen = chosen_schedule(organisation, schedule)
    resolver = resolver_of(organisation, chosen.name)
    if between is not None:
        shifts, gaps = resolver.between(*between)
        return {"shifts": [_row(shift) for shift in shifts], "gaps": [_gap(gap) for gap in gaps]}
    answers = [_answer(resolver, t) for t in at]
    return answers[0] if len(answers) == 1 else answers


def chosen_schedule(organisation: Organisation, name: str | None) -> Schedule:
    """The schedule of this name, or the only one. Raises UnknownSchedule."""
    names = ", ".join(schedule.name for schedule in organisation.schedules)
    if name is None:
        if len(organisation.schedules) != 1:
            raise UnknownSchedule(f"Name the schedule: {names}." if names else "The file has no schedule.")
        return organisation.schedules[0]
    found = organisation.schedule(name)
    if found is None:
        raise UnknownSchedule(f"There is no schedule {name}. There is: {names}.")
    return found


def _answer(resolver: Resolver, t: datetime) -> Json:
    rows = [_row(holding) for holding in resolver.at(t)]
    return {"schedule": resolver.schedule.name, "at": stamp(utc(t)), "on_call": rows}


def _row(row: Holding | Shift) -> Json:
    return {
        "region": row.region,
        "seat": row.seat.value,
        "people": list(row.people),
        "from": _stamp(row.start),
        "until": _stamp(row.end),
        "turn_until": _stamp(row.turn_until),
        "why": list(row.why),
    }


def _gap(gap: Gap) -> Json:
    seat = None if gap.seat is None else gap.seat.value
    return {"from": stamp(gap.start), "until": stamp(gap.end), "region": gap.region, "seat": seat}


def _stamp(t: datetime | None) -> str | None:
    return None if t is None else stamp(t)

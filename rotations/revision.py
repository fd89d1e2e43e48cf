"""A changed schedules file beside what stands: edits become versions, so that the past keeps its answers.

Region hours and zones are taken as the new file says; only rotations have versions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rotations.model import Organisation, Override, Region, Rotation, RotationVersion, Schedule
from rotations.overrides import admit
from rotations.policies import merged
from rotations.wallclock import instant


def revised(standing: Organisation, desired: Organisation, now: datetime) -> Organisation:
    """The desired organisation with the history of the standing one; the same file twice changes nothing.

    What was made in chat (it has a `by`) stays, as do overrides that are over. Raises OverlappingOverride.
    """
    schedules = tuple(_schedule(standing.schedule(new.name), new, now) for new in desired.schedules)
    listed = {override.id for override in desired.overrides}
    kept = (o for o in standing.overrides if o.id not in listed and (o.by is not None or o.end <= now))
    overrides: tuple[Override, ...] = tuple(kept)
    for override in desired.overrides:
        overrides = admit(overrides, override)
    escalation = merged(standing.escalation, desired.escalation)
    return replace(desired, schedules=schedules, overrides=overrides, escalation=escalation)


def _schedule(old: Schedule | None, new: Schedule, now: datetime) -> Schedule:
    if old is None:
        return new
    regions = tuple(_region(old.region(region.name), region, now) for region in new.regions)
    return replace(new, regions=regions)


def _region(old: Region | None, new: Region, now: datetime) -> Region:
    if old is None:
        return new
    seats = {
        seat: _rotation(old.seats[seat], rotation.versions[-1], new.zone, now)
        if seat in old.seats
        else rotation
        for seat, rotation in new.seats.items()
    }
    return replace(new, seats=seats)


def _rotation(old: Rotation, new: RotationVersion, zone: str, now: datetime) -> Rotation:
    last = old.versions[-1]
    if replace(new, effective_from=last.effective_from) == last:
        return old
    # An anchor in the future says from when: until then the rotation that stands goes on.
    since = max(now, instant(new.starts_on, new.at, zone))
    earlier = tuple(
        version
        for version in old.versions
        if version.effective_from is None or version.effective_from < since
    )
    return Rotation((*earlier, replace(new, effective_from=since)))

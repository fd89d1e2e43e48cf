"""A changed schedules file beside what stands, so that the past keeps its answers.

Edits of rotations become versions, of overrides new ones from now on; what else a schedule was is kept as an
epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from rotations.codec_schedules import stamp
from rotations.model import (
    Absence,
    Epoch,
    Layer,
    Organisation,
    Override,
    Region,
    Roster,
    RosterShift,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
)
from rotations.overrides import admit
from rotations.policies import merged
from rotations.wallclock import instant, local


def revised(standing: Organisation, desired: Organisation, now: datetime) -> Organisation:
    """The desired organisation with the history of the standing one; the same file twice changes nothing.

    What was made in chat (it has a `by`) stays. Raises OverlappingOverride.
    """
    listed = {swap.id for swap in desired.swaps}
    return replace(
        desired,
        schedules=tuple(_schedule(standing.schedule(new.name), new, now) for new in desired.schedules),
        overrides=_overrides(standing, desired, now),
        escalation=merged(standing.escalation, desired.escalation),
        swaps=(*(swap for swap in standing.swaps if swap.id not in listed), *desired.swaps),
        absences=_absences(standing, desired, now),
    )


def _overrides(standing: Organisation, desired: Organisation, now: datetime) -> tuple[Override, ...]:
    wanted = {override.id: override for override in desired.overrides}
    kept: tuple[Override, ...] = ()
    for old in standing.overrides:
        new = wanted.get(old.id)
        if new is not None and new.start <= old.start and replace(new, start=old.start) == old:
            kept = (*kept, old)
            del wanted[old.id]
        elif new is None and old.by is not None:
            kept = (*kept, old)
        elif old.start < now:
            until = min(old.end, now)
            kept = (*kept, replace(old, end=until, id=f"{old.id}/{stamp(until)}" if new else old.id))
    for new in wanted.values():
        start = max(new.start, now) if standing.schedule(new.schedule) else new.start
        if start < new.end:
            kept = admit(kept, replace(new, start=start))
    return kept


def _absences(standing: Organisation, desired: Organisation, now: datetime) -> tuple[Absence, ...]:
    listed = {absence.id for absence in desired.absences}
    kept = (a for a in standing.absences if a.id not in listed and (a.by is not None or a.end <= now))
    return (*kept, *desired.absences)


def _schedule(old: Schedule | None, new: Schedule, now: datetime) -> Schedule:
    if old is None:
        return new
    regions = tuple(_region(old.region(region.name), region, now) for region in new.regions)
    revision = replace(new, regions=regions, past=old.past)
    since = old.past[-1].until if old.past else None
    if _frame(old, now) == _frame(revision, now) or (since is not None and since >= now):
        return revision
    was = tuple(_clipped(region, since, now) for region in old.regions)
    return replace(revision, past=(*old.past, Epoch(now, old.mode, was)))


def _region(old: Region | None, new: Region, now: datetime) -> Region:
    if old is None:
        return new
    zones = old.zone, new.zone
    seats = {
        seat: _rotation(old.seats.get(seat), rotation, zones, now) for seat, rotation in new.seats.items()
    }
    rosters = {seat: _roster(old.rosters.get(seat), roster) for seat, roster in new.rosters.items()}
    layers = tuple(_layer(old, layer, zones, now) for layer in new.layers)
    return replace(new, seats=seats, rosters=rosters, layers=layers)


def _layer(region: Region, new: Layer, zones: tuple[str, str], now: datetime) -> Layer:
    same = (old for old in region.layers if (old.name, old.seat) == (new.name, new.seat))
    old = next((old.rotation for old in same), None)
    return replace(new, rotation=_rotation(old, new.rotation, zones, now))


def _roster(old: Roster | None, new: Roster) -> Roster:
    """The new roster; an empty one in a file is filled elsewhere, so what was filled in stays."""
    return new if new.shifts or old is None else old


def _rotation(old: Rotation | None, new: Rotation, zones: tuple[str, str], now: datetime) -> Rotation:
    if old is None:
        return new
    zone = zones[1]
    versions = old.versions if zones[0] == zone else _rezoned(old.versions, zones, now)
    wanted = _from_now(new.versions, now)
    if _says(versions[-len(wanted) :], wanted):
        return Rotation(versions)
    for version in wanted:
        # An anchor in the future says from when: until then the rotation that stands goes on.
        ahead = version.effective_from if version is not wanted[0] else None
        since = max(now, ahead or instant(version.starts_on, version.at, zone))
        earlier = tuple(
            each for each in versions if each.effective_from is None or each.effective_from < since
        )
        versions = (*earlier, replace(version, effective_from=since))
    return Rotation(versions)


def _from_now(versions: tuple[RotationVersion, ...], now: datetime) -> tuple[RotationVersion, ...]:
    """The version in force, and those that come into force later."""
    ahead = [each for each in versions[1:] if each.effective_from is not None and each.effective_from > now]
    return (versions[-len(ahead) - 1], *ahead)


def _says(standing: tuple[RotationVersion, ...], wanted: tuple[RotationVersion, ...]) -> bool:
    """Whether they are the same, from whenever the first of them stands."""
    same = replace(wanted[0], effective_from=standing[0].effective_from)
    return standing == (same, *wanted[1:])


def _rezoned(
    versions: tuple[RotationVersion, ...], zones: tuple[str, str], now: datetime
) -> tuple[RotationVersion, ...]:
    """What lies ahead begins at its local time in the new zone, or somebody would be missed until then."""
    was, zone = zones
    moved: list[RotationVersion] = []
    for version in versions:
        since = version.effective_from
        if since is not None and since > now:
            there = local(since, was)
            version = replace(version, effective_from=max(now, instant(there.date(), there.time(), zone)))
        moved.append(version)
    return tuple(moved)


def _frame(schedule: Schedule, now: datetime) -> object:
    """All of a schedule on which answers about the past depend, and that has no versions of its own."""
    return schedule.mode, [
        (
            replace(region, seats={}, layers=(), rosters={}),
            set(region.seats),
            [(layer.name, layer.seat, layer.hours) for layer in region.layers],
            {seat: _until(roster, now) for seat, roster in region.rosters.items()},
        )
        for region in schedule.regions
    ]


def _until(roster: Roster, now: datetime) -> set[RosterShift]:
    return {replace(shift, end=min(shift.end, now)) for shift in roster.shifts if shift.start < now}


def _clipped(region: Region, since: datetime | None, now: datetime) -> Region:
    """The region with no more of its rosters than an epoch needs."""
    rosters: Mapping[Seat, Roster] = {
        seat: Roster(tuple(s for s in roster.shifts if s.start < now and (since is None or s.end > since)))
        for seat, roster in region.rosters.items()
    }
    return replace(region, rosters=rosters)

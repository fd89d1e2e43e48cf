"""An import taken back: the plan as it stood before, from now on. Pure; what was served meanwhile stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from rotations.model import Organisation, Region, Roster, Rotation, Schedule, Seat
from rotations.refusals import DomainError
from rotations.revision import revised


class ChangedSince(DomainError):
    """The plan is not any more as the import left it."""


def put_back(
    standing: Organisation, before: Organisation, after: Organisation, now: datetime
) -> Organisation:
    """The plan `before` an import in the place of what it left, `after`.

    What was changed in chat since (overrides, swaps, absences) stays, as far as its schedule does; so do
    people who came with the import. Raises ChangedSince where the plan itself was changed: taking back more
    than was imported is nobody's wish.
    """
    if _plan(revised(standing, _beside(standing, after), now)) != _plan(standing):
        raise ChangedSince(
            "The plan was changed again after that import, so it is not taken back as a whole. "
            "Change it in the schedules file, or with /oncall edit."
        )
    names = {schedule.name for schedule in before.schedules}
    imported = {one.id for one in after.overrides} - {one.id for one in before.overrides}
    left = replace(
        standing,
        overrides=tuple(one for one in standing.overrides if one.schedule in names),
        swaps=tuple(one for one in standing.swaps if one.schedule in names),
    )
    wanted = _beside(left, before)
    wanted = replace(wanted, overrides=tuple(one for one in left.overrides if one.id not in imported))
    put = revised(left, wanted, now)
    schedules = (_as_it_was(one, standing, before, now) for one in put.schedules)
    return replace(put, schedules=tuple(schedules))


def _plan(organisation: Organisation) -> Organisation:
    """The organisation without what comes and goes in chat."""
    return replace(organisation, overrides=(), swaps=(), absences=())


def _beside(standing: Organisation, plan: Organisation) -> Organisation:
    """A plan with what is in chat now, and with the people that it does not know of."""
    known = {person.key for person in plan.people}
    more = (person for person in standing.people if person.key not in known)
    return replace(
        plan,
        people=(*plan.people, *more),
        overrides=standing.overrides,
        swaps=standing.swaps,
        absences=standing.absences,
    )


def _as_it_was(schedule: Schedule, standing: Organisation, before: Organisation, now: datetime) -> Schedule:
    """What `revised` reads from a file in another way than it was meant here."""
    stood, was = standing.schedule(schedule.name), before.schedule(schedule.name)
    if stood is None or was is None:
        return schedule
    regions = (
        _region(each, stood.region(each.name), was.region(each.name), now) for each in schedule.regions
    )
    return replace(schedule, regions=tuple(regions))


def _region(region: Region, stood: Region | None, was: Region | None, now: datetime) -> Region:
    """A rotation that had given way comes with all its versions; a roster that was empty is empty again,
    though in a file that says: filled elsewhere."""
    if stood is None or was is None:
        return region
    seats: Mapping[Seat, Rotation] = {
        seat: rotation if seat in stood.seats else was.seats[seat] for seat, rotation in region.seats.items()
    }
    rosters: Mapping[Seat, Roster] = {
        seat: roster if was.rosters[seat].shifts else _served(roster, now)
        for seat, roster in region.rosters.items()
    }
    return replace(region, seats=seats, rosters=rosters)


def _served(roster: Roster, now: datetime) -> Roster:
    began = (shift for shift in roster.shifts if shift.start < now)
    return Roster(tuple(replace(shift, end=min(shift.end, now)) for shift in began))

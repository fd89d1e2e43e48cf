"""Cover as an override, and the override that would stand before it. Who could take it: see `eligibility`."""

from __future__ import annotations

from rotations.eligibility import Need
from rotations.model import Organisation, Override, OverrideKind


def cover_by(need: Need, schedule: str, person: str, new_id: str) -> Override:
    """The override by which `person` serves what is needed. A shift that is nobody's becomes theirs: below
    the override that took somebody off it.
    """
    return Override(
        new_id,
        schedule,
        need.region,
        need.seat,
        OverrideKind.REPLACE,
        (person,),
        need.start,
        need.end,
        cover=True,
        instead_of=need.instead_of or "",
    )


def override_holding(organisation: Organisation, need: Need, schedule: str) -> Override | None:
    """The override that puts whoever is to be covered there: a cover would give way to it."""
    standing = (
        one for one in organisation.overrides if not one.cover and one.kind is not OverrideKind.REMOVE
    )
    return next(
        (
            one
            for one in standing
            if (one.schedule, one.region, one.seat) == (schedule, need.region, need.seat)
            and need.instead_of in one.people
            and one.start < need.end
            and need.start < one.end
        ),
        None,
    )

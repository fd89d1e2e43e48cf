"""A part of an organisation from elsewhere laid into the one that stands. The past is `revised`'s matter."""

from __future__ import annotations

from msgspec.structs import replace

from rotations.model import Organisation

PREFIX = "import/"
"""Ids of imported overrides begin with it, so that importing again takes their place."""


def with_part(standing: Organisation, part: Organisation) -> Organisation:
    """New people and schedules come behind; a schedule of the same name gives way; who is known stays as is.

    Overrides of an earlier import of those schedules give way, those made here stay. What is paged stays.
    """
    mine = {person.key for person in standing.people}
    anew = {schedule.name: schedule for schedule in part.schedules}
    kept = {schedule.name for schedule in standing.schedules}
    paged = standing.paged_schedule()
    policies = [policy for policy in part.escalation if policy not in standing.escalation]
    return replace(
        standing,
        people=(*standing.people, *(person for person in part.people if person.key not in mine)),
        schedules=(
            *(anew.get(schedule.name, schedule) for schedule in standing.schedules),
            *(schedule for schedule in part.schedules if schedule.name not in kept),
        ),
        overrides=(
            *(o for o in standing.overrides if o.schedule not in anew or not o.id.startswith(PREFIX)),
            *part.overrides,
        ),
        escalation=(*standing.escalation, *policies),
        paged=paged.name if paged else next(iter(anew), None),
    )

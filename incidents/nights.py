"""When it is night for whom, and when their morning comes. Pure."""

from datetime import datetime, time, timedelta

from incidents.ladder import Policy
from incidents.model import Target
from incidents.people import ActorOfPerson
from rotations.model import Organisation
from rotations.wallclock import instant
from rotations.zones import rules_of

DAY_STARTS, DAY_ENDS = time(8), time(22)


def morning_in(zone: str, now: datetime) -> datetime | None:
    """Where it is night there, from 22:00 to 08:00: the next morning; None by day."""
    local = now.astimezone(rules_of(zone))
    if DAY_STARTS <= local.time() < DAY_ENDS:
        return None
    on = local.date() if local.time() < DAY_STARTS else local.date() + timedelta(days=1)
    return instant(on, DAY_STARTS, zone)


def mornings(
    organisation: Organisation, named: tuple[Policy, ...], actor_of: ActorOfPerson, now: datetime
) -> dict[Target, datetime | None]:
    """When morning comes for the people whom policies page first, by their own zone; None where it is day."""
    people = {policy.first.person for policy in named} - {""}
    actors = ((person, actor_of(person.key)) for person in organisation.people if people)
    return {
        Target(person=actor.user): morning_in(person.zone, now)
        for person, actor in actors
        if actor is not None and actor.user in people
    }

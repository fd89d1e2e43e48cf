"""The policies of an organisation: whom they may name, and how the file and a change in chat live together.

Of policies for the same incidents the one made in chat stands first, so it wins until it is taken back."""

from __future__ import annotations

from rotations.escalation import Known, Policy, When
from rotations.model import Organisation

Policies = tuple[Policy, ...]


def known(organisation: Organisation) -> Known:
    """Whom a target may name in this organisation."""
    people = organisation.people
    return Known(
        people=tuple(person.key for person in people),
        leads=tuple(person.key for person in people if person.lead),
        teams=tuple(dict.fromkeys(person.team for person in people if person.team)),
        specialists=tuple(organisation.specialist_schedules()),
    )


def with_change(standing: Policies, made: Policy) -> Policies:
    """The same policies with this one, made in chat, before all others for the same incidents."""
    rest = without_change(standing, made.when)
    place = next((at for at, policy in enumerate(rest) if policy.when == made.when), len(rest))
    return (*rest[:place], made, *rest[place:])


def without_change(standing: Policies, when: When) -> Policies:
    """What was made in chat for these incidents is taken back; the file's counts again."""
    return tuple(policy for policy in standing if not (policy.by and policy.when == when))


def merged(standing: Policies, desired: Policies) -> Policies:
    """The policies of a new file with those made in chat, but for what the file says just so itself."""
    policies = desired
    said = {(policy.when, policy.words) for policy in desired}
    for policy in standing:
        if policy.by and (policy.when, policy.words) not in said:
            policies = with_change(policies, policy)
    return policies

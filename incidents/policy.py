"""From the organisation's escalation policies to the ladders that are climbed, and whom they reach. Pure.

A round of a repeated ladder begins as long after its last level as that level itself was given."""

from msgspec.structs import replace

from incidents.ladder import ONE_LEVEL_WAIT_MIN, Candidate, Policy, Roster, Unlinked
from incidents.model import Harm, Rung, Severity, Target
from incidents.people import ActorOfPerson
from rotations import escalation
from rotations.escalation import Level, Reach, When
from rotations.model import Organisation, Person


def policies(organisation: Organisation, actor_of: ActorOfPerson) -> tuple[Policy, ...]:
    """The organisation's policies in their order; people by their Slack ids as far as they are known."""
    return tuple(_policy(policy, actor_of) for policy in organisation.escalation)


def _policy(policy: escalation.Policy, actor_of: ActorOfPerson) -> Policy:
    return Policy(
        rungs=_rungs(policy, actor_of),
        severities=frozenset(map(Severity, policy.when.severities)),
        harms=frozenset(map(Harm, policy.when.harms)),
        night=policy.when.night,
        waits_for_morning=policy.waits_for_morning,
        when=policy.when.words,
    )


def _rungs(policy: escalation.Policy, actor_of: ActorOfPerson) -> tuple[Rung, ...]:
    first = tuple(_rung(level, actor_of) for level in policy.levels)
    lasts = _round_min(policy.levels)
    again = (
        replace(rung, after_min=rung.after_min + number * lasts, round=number)
        for number in range(1, policy.repeats + 1)
        for rung in first
    )
    return (*first, *again)


def _round_min(levels: tuple[Level, ...]) -> int:
    """How long one round lasts: to its last level, and as long again as that level waits."""
    minutes = [level.after_min for level in levels]
    return 2 * minutes[-1] - minutes[-2] if len(minutes) > 1 else ONE_LEVEL_WAIT_MIN


def _rung(level: Level, actor_of: ActorOfPerson) -> Rung:
    return Rung(
        level.after_min, tuple(_target(reach, actor_of) for reach in level.page), level.phone_after_min
    )


def _target(reach: Reach, actor_of: ActorOfPerson) -> Target:
    if reach.team:
        return Target("", team=reach.team)
    if not reach.person:
        return Target(reach.seat, reach.where, reach.schedule)
    actor = actor_of(reach.person)
    return Target(person=actor.user) if actor is not None else Target(f"@{reach.person}")


def beyond_seats(
    organisation: Organisation, named: tuple[Policy, ...], actor_of: ActorOfPerson
) -> dict[Target, tuple[Candidate, ...]]:
    """Who stands behind the teams and the people that the policies name."""
    targets = {target for policy in named for rung in policy.rungs for target in rung.targets}
    teams = {target: _team(organisation, target.team, actor_of) for target in targets if target.team}
    return teams | _people(organisation, targets, actor_of)


def _team(organisation: Organisation, team: str, actor_of: ActorOfPerson) -> tuple[Candidate, ...]:
    members = (actor_of(person.key) for person in organisation.people if person.team == team)
    why = f"You are of the team {team}, and its people are paged for this."
    return tuple(Candidate(actor, f"team {team}", why) for actor in members if actor is not None)


def unlinked_beyond_seats(
    organisation: Organisation, named: tuple[Policy, ...], actor_of: ActorOfPerson
) -> dict[Target, tuple[Unlinked, ...]]:
    """Who of the teams and the people that the policies name has no Slack account that is known."""
    targets = {target for policy in named for rung in policy.rungs for target in rung.targets}
    unknown = [person for person in organisation.people if actor_of(person.key) is None]
    found = {target: tuple(one for one in unknown if _is_meant(one, target)) for target in targets}
    return {
        target: tuple(Unlinked(one.key, one.name) for one in people)
        for target, people in found.items()
        if people
    }


def _is_meant(person: Person, target: Target) -> bool:
    return person.team == target.team if target.team else target.seat == f"@{person.key}"


def _people(
    organisation: Organisation, targets: set[Target], actor_of: ActorOfPerson
) -> dict[Target, tuple[Candidate, ...]]:
    users = {target.person for target in targets if target.person}
    actors = (actor_of(person.key) for person in organisation.people) if users else ()
    why = "The escalation policy names you."
    return {
        Target(person=actor.user): (Candidate(actor, "by name", why),)
        for actor in actors
        if actor is not None and actor.user in users
    }


def written(policy: Policy) -> escalation.Policy:
    """A default of the trade, which names seats and specialists alone, as it could stand in the file."""
    levels = tuple(
        Level(
            rung.after_min,
            tuple(Reach(target.seat, target.where, target.schedule) for target in rung.targets),
            rung.phone_after_min,
        )
        for rung in policy.rungs
    )
    when = When(tuple(sorted(severity.value for severity in policy.severities)))
    return escalation.Policy(when, levels, waits_for_morning=policy.waits_for_morning)


def chosen(organisation: Organisation, severity: Severity, harm: Harm, roster: Roster) -> escalation.Policy:
    """The policy as it stands in the file or was made in chat, else the default of the trade."""
    counts = roster.policy(severity, harm)
    own = zip(organisation.escalation, roster.policies, strict=True)
    return next((stands for stands, made in own if made is counts), written(counts))

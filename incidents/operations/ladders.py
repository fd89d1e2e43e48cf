"""The ladders as people see them in chat: what would happen now; changing one, and taking that back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidents.access import Action, demand
from incidents.errors import IncidentError
from incidents.ladder import Roster
from incidents.model import Harm, Severity, UserId
from incidents.nights import mornings
from incidents.operations.oncall import standing
from incidents.operations.scene import known, roster_of
from incidents.people import Actor, Ask
from incidents.policy import beyond_seats, chosen, policies, unlinked_beyond_seats
from incidents.ports import House, Unit
from incidents.rehearsal import Rehearsal, rehearse
from rotations.escalation import Known, Policy, When, fault_of
from rotations.model import Organisation
from rotations.policies import Policies, with_change, without_change
from rotations.policies import known as known_targets

CALLED = (Severity.SEV0, Severity.SEV1, Severity.SEV2, Severity.SEV3)


class NotALadder(IncidentError):
    """What is wrong with a ladder, and what would mend it."""


class Ladder(Struct, frozen=True):
    """One ladder and what it would do now. `policy.by` is who made it in chat; `is_default`: nobody did."""

    severity: Severity
    harm: Harm
    policy: Policy
    is_default: bool
    rehearsal: Rehearsal


class Ladders(Struct, frozen=True):
    """`no_phone` are those who would be paged and have no phone leg; `targets` whom a level may name."""

    ladders: tuple[Ladder, ...]
    targets: Known
    actor: Actor
    actors: dict[UserId, Actor]
    no_phone: frozenset[UserId]
    now: datetime

    def name_of(self, user: UserId) -> str:
        return self.actors[user].name if user in self.actors else user


def ladders(
    house: House, user: UserId, severities: Sequence[Severity] = CALLED, harm: Harm = Harm.OTHER
) -> Ladders:
    """What each severity would do if it came now; nothing is sent. Raises NoScheduleYet, NotAllowed."""

    def work(unit: Unit) -> Ladders:
        organisation, roster = _rota(house, unit)
        found = []
        for severity in severities:
            policy = chosen(organisation, severity, harm, roster)
            is_default = policy not in organisation.escalation
            walked = rehearse(severity, harm, roster, house.clock.now())
            found.append(Ladder(severity, harm, policy, is_default, walked))
        return _shown(house, unit, user, organisation, tuple(found))

    return house.store.read(work)


def proposed(house: House, user: UserId, policy: Policy, severity: Severity, harm: Harm) -> Ladders:
    """What this policy would do, before it is saved. Raises NotALadder, NotAllowed."""

    def work(unit: Unit) -> Ladders:
        demand(known(unit, user), Action.APPLY_ROTA)
        organisation, roster = _rota(house, unit)
        demand_sound(organisation, policy)
        changed = replace(organisation, escalation=with_change(organisation.escalation, policy))
        now = house.clock.now()
        walked = rehearse(severity, harm, _with_policies(unit, changed, roster, now), now)
        return _shown(house, unit, user, changed, (Ladder(severity, harm, policy, False, walked),))

    return house.store.read(work)


def change(house: House, ask: Ask, policy: Policy) -> None:
    """A new version of the ladder for these incidents; calls that climb already stay on theirs.

    By a lead. Raises NotALadder, NotAllowed.
    """

    def changed(organisation: Organisation) -> Policies:
        demand_sound(organisation, policy)
        return with_change(organisation.escalation, replace(policy, by=ask.user))

    _version(house, ask, "change ladder", policy.when, changed)


def take_back(house: House, ask: Ask, when: When) -> None:
    """What was made in chat for these incidents no longer counts: the file does, or the default again."""
    _version(house, ask, "take ladder back", when, lambda o: without_change(o.escalation, when))


def demand_sound(organisation: Organisation, policy: Policy) -> None:
    """Raises NotALadder."""
    fault = fault_of(policy, known_targets(organisation))
    if fault:
        raise NotALadder(fault)


def _version(
    house: House, ask: Ask, action: str, when: When, changed: Callable[[Organisation], Policies]
) -> None:
    def work(unit: Unit) -> None:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return
        demand(known(unit, ask.user), Action.APPLY_ROTA)
        organisation, _ = _rota(house, unit)
        unit.schedules.set_escalation(changed(organisation), now, ask.user)
        unit.audit.write(now, ask.user, action, "escalation", {"when": when.words})

    house.store.write(work)


def _rota(house: House, unit: Unit) -> tuple[Organisation, Roster]:
    organisation, _ = standing(unit)
    return organisation, roster_of(house, unit, house.clock.now())


def _with_policies(unit: Unit, organisation: Organisation, roster: Roster, now: datetime) -> Roster:
    """The roster as if these policies stood already."""
    slack_ids = unit.schedules.slack_ids()
    actors = unit.people.actors(slack_ids.values())

    def actor_of(person: str) -> Actor | None:
        return actors.get(slack_ids.get(person, ""))

    own = policies(organisation, actor_of)
    named = beyond_seats(organisation, own, actor_of)
    unlinked = unlinked_beyond_seats(organisation, own, actor_of)
    return replace(
        roster,
        policies=own,
        holders=named | roster.holders,
        unlinked=unlinked | roster.unlinked,
        mornings=mornings(organisation, own, actor_of, now) | roster.mornings,
    )


def _shown(
    house: House, unit: Unit, user: UserId, organisation: Organisation, found: tuple[Ladder, ...]
) -> Ladders:
    actor = known(unit, user)
    demand(actor, Action.SEE_ROTA)
    paged = {step.user for ladder in found for step in ladder.rehearsal.steps}
    noted = {e.data["user"] for ladder in found for e in ladder.rehearsal.passed_over if "user" in e.data}
    makers = {ladder.policy.by for ladder in found if ladder.policy.by}
    actors = unit.people.actors({*paged, *noted, *makers})
    no_phone = frozenset(u for u in paged if u in actors and not house.phone_of(actors[u]))
    return Ladders(found, known_targets(organisation), actor, actors, no_phone, house.clock.now())

"""What every operation begins and ends with: who asks, which incident, and the saving of a decision."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidents import care, watch
from incidents.access import Action, demand
from incidents.decision import Decision
from incidents.errors import NotAPerson, NotKnownYet, UnknownIncident
from incidents.ladder import Roster
from incidents.model import Incident, NameOf, Severity, UserId
from incidents.operations.handoff_following import is_told, tell_letters
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from incidents.roster import Moment, build


class Scene(Struct, frozen=True):
    """One operation at work: the unit, the instant, the actor and the incident as loaded and locked."""

    house: House
    unit: Unit
    now: datetime
    actor: Actor
    incident: Incident

    def roster(self) -> Roster:
        return roster_of(self.house, self.unit, self.now, but=self.incident.key)

    @property
    def name_of(self) -> NameOf:
        return names(self.unit)


def change(house: House, ask: Ask, key: str, action: Action, decide: Callable[[Scene], Decision]) -> Incident:
    """Load, ask `may`, decide, save: one transaction. A redelivery changes nothing and answers the same.

    Raises UnknownIncident, NotAllowed, NotKnownYet, and what `decide` refuses.
    """

    def work(unit: Unit) -> Incident:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return found(unit, key)
        actor = known(unit, ask.user)
        incident = found(unit, key, lock=True)
        demand(actor, action, incident)
        decision = decide(Scene(house, unit, now, actor, incident))
        if ask.delivery:
            unit.inbox.answered(ask.delivery, incident.key)
        return save(unit, decision, incident, now, actor.user, action.value)

    return house.store.write(work)


def save(unit: Unit, decision: Decision, before: Incident, now: datetime, by: str, action: str) -> Incident:
    """Write what was decided: state, timeline, timers, effects, audit."""
    stored = store(unit, decision, before, now, by)
    unit.audit.write(now, by, action, before.key, {})
    return stored


def store(unit: Unit, decision: Decision, before: Incident, now: datetime, by: UserId = "") -> Incident:
    """State and everything else of a decision, and what follows from it for whoever answers now."""
    (stored,) = store_all(unit, [(before, decision)], now, by)
    return stored


Decided = tuple[Incident, Decision]
"""An incident as it was loaded, and what was decided on it."""


def store_all(unit: Unit, decided: Sequence[Decided], now: datetime, by: UserId = "") -> list[Incident]:
    """`store` for many, each on an incident of its own, with few statements.

    Effects name the version that they show, so whatever has effects is a version of its own: otherwise the
    next change would find its keys taken and stay unseen.
    """
    whole = [(before, _followed(before, decision, now, by)) for before, decision in decided]
    changed = [d.incident for before, d in whole if d.incident != before or d.effects]
    if changed:
        unit.incidents.save(*changed)
        tell_letters(unit, [d.incident for before, d in whole if is_told(before, d.incident)], now)
    put_all(unit, [decision for _, decision in whole], now)
    return [decision.incident for _, decision in whole]


def _followed(before: Incident, decision: Decision, now: datetime, by: UserId) -> Decision:
    decision = decision.then(care.follow(decision.incident, now))
    return decision.then(watch.follow(before, decision.incident, now, by))


def put(unit: Unit, decision: Decision, now: datetime) -> None:
    """Everything of a decision but the state itself."""
    put_all(unit, [decision], now)


def put_all(unit: Unit, decisions: Sequence[Decision], now: datetime) -> None:
    for decision in decisions:
        if decision.entries:
            unit.timeline.append(decision.incident.key, decision.entries, now)
        for prefix in decision.cancel:
            unit.timers.cancel(decision.incident.key, prefix)
    unit.timers.put([timer for decision in decisions for timer in decision.timers])
    unit.outbox.put([effect for decision in decisions for effect in decision.effects], now)


def known(unit: Unit, user: str) -> Actor:
    """Fails closed: somebody whom Slack has not described yet may do nothing."""
    actor = unit.people.actor(user)
    if actor is None:
        raise NotKnownYet
    return actor


def somebody_fit(scene: Scene, user: UserId) -> Actor:
    """Who can be given a part in this incident: a person who is here and may see it. Raises NotAPerson."""
    actor = scene.unit.people.actor(user)
    if actor is None or actor.is_bot or actor.is_deactivated or actor.is_stranger:
        raise NotAPerson("There is nobody here by that name. Pick somebody from the list.")
    if scene.incident.restricted and actor.is_outside:
        raise NotAPerson(
            f"{actor.name} is from outside, and {scene.incident.key} is restricted. Pick somebody else."
        )
    return actor


def found(unit: Unit, key: str, lock: bool = False) -> Incident:
    incident = unit.incidents.get(key, lock=lock)
    if incident is None:
        raise UnknownIncident(key)
    return incident


def names(unit: Unit) -> NameOf:
    """Display names; an unknown id stands for itself."""

    def name_of(user: str) -> str:
        actor = unit.people.actor(user)
        return actor.name if actor else user

    return name_of


def roster_of(house: House, unit: Unit, now: datetime, but: str = "") -> Roster:
    """Who holds what now. `but` is the incident whose manager does not count as busy with it."""
    return Rosters(house, unit, now).but(but)


class Rosters:
    """Who holds what at one instant, for many incidents of one unit of work: the schedules are read once.

    Asks for the people of the schedules alone: a workspace may have ten thousand others.
    """

    def __init__(self, house: House, unit: Unit, now: datetime) -> None:
        self._house, self._unit, self._now = house, unit, now
        self._plain: Roster | None = None
        self._running: Sequence[tuple[str, UserId, bool]] = ()

    def but(self, key: str) -> Roster:
        """The manager of this incident does not count as busy with it."""
        if self._plain is None:
            self._running = self._unit.incidents.managers(Severity.SEV1)
            self._plain = self._built()
        busy, discreet = _busy([row for row in self._running if row[0] != key])
        return replace(self._plain, busy=busy, discreet=discreet)

    def _built(self) -> Roster:
        unit, house = self._unit, self._house
        slack_ids = unit.schedules.slack_ids()
        waiting = tuple(unit.handoffs.waiting())
        outgoing = (user for handoff in waiting for user in handoff.also_paged)
        known_people = unit.people.actors({*slack_ids.values(), *outgoing})
        actors = {user: replace(actor, ring=house.phone_of(actor)) for user, actor in known_people.items()}

        def actor_of(person: str) -> Actor | None:
            return actors.get(slack_ids.get(person, ""))

        moment = Moment(self._now, actor_of, actors, waiting=waiting)
        return build(unit.schedules.organisation(), house.rotas, moment)


def _busy(running: Sequence[tuple[str, UserId, bool]]) -> tuple[frozenset[UserId], frozenset[UserId]]:
    """Managers of these open SEV0 and SEV1, and those of them who run restricted ones alone."""
    busy = frozenset(manager for _, manager, _ in running)
    return busy, busy - {manager for _, manager, is_restricted in running if not is_restricted}

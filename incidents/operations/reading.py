"""Questions about incidents. Every answer passes `can_see`; unknown and forbidden are one sentence."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from incidents.access import Action, can_see, demand
from incidents.effects import Timer
from incidents.model import Entry, Incident, MessageRef, Status, UserId
from incidents.operations.scene import found, known
from incidents.people import Actor
from incidents.ports import House, Unit
from incidents.timeline import shown


class Seen(Struct, frozen=True):
    """An incident with what is shown beside it: its timeline as it reads now and what falls due, soonest
    first."""

    incident: Incident
    entries: tuple[Entry, ...]
    timers: tuple[Timer, ...]
    actors: dict[UserId, Actor]
    actor: Actor
    now: datetime

    def name_of(self, user: UserId) -> str:
        return self.actors[user].name if user in self.actors else user


def show(house: House, user: UserId, key: str) -> Seen:
    """One incident by key. Raises UnknownIncident, NotKnownYet."""

    def work(unit: Unit) -> Seen:
        actor = known(unit, user)
        return _seen(house, unit, actor, found(unit, key))

    return house.store.read(work)


def here(house: House, user: UserId, channel: str, thread_ts: str = "") -> Seen | None:
    """The incident of a channel, or of the thread it opened in, for who may see it; None elsewhere."""

    def work(unit: Unit) -> Seen | None:
        incident = unit.incidents.in_channel(channel)
        if incident is None and thread_ts:
            incident = unit.incidents.in_thread(MessageRef(channel, thread_ts))
        actor = known(unit, user)
        if incident is None or not can_see(actor, incident):
            return None
        return _seen(house, unit, actor, incident)

    return house.store.read(work)


def names_of(house: House, users: Sequence[UserId]) -> tuple[str, ...]:
    """Display names, each once and in order; an unknown id stands for itself."""
    actors = house.store.read(lambda unit: unit.people.actors(users)) if users else {}
    return tuple(actors[user].name if user in actors else user for user in dict.fromkeys(users))


def _seen(house: House, unit: Unit, actor: Actor, incident: Incident) -> Seen:
    demand(actor, Action.SEE, incident)
    entries = shown(unit.timeline.of(incident.key))
    actors = {one.user: one for one in unit.people.everybody()}
    return Seen(incident, entries, tuple(unit.timers.of(incident.key)), actors, actor, house.clock.now())


class Listing(Struct, frozen=True):
    """Open incidents by gravity, then the newest ended ones; only what this person can see."""

    live: tuple[Incident, ...]
    ended: tuple[Incident, ...]
    actor: Actor
    actors: dict[UserId, Actor]
    now: datetime

    def name_of(self, user: UserId) -> str:
        return self.actors[user].name if user in self.actors else user


def listing(house: House, user: UserId, limit: int = 50) -> Listing:
    """Raises NotKnownYet."""

    def work(unit: Unit) -> Listing:
        actor = known(unit, user)
        open_statuses = [status for status in Status if status.is_open]
        ended_statuses = [status for status in Status if not status.is_open]
        live = _visible(actor, unit.incidents.listing(open_statuses, limit * 4))[:limit]
        ended = _visible(actor, unit.incidents.listing(ended_statuses, limit))[:10]
        ordered = sorted(live, key=lambda incident: (incident.severity, -incident.declared_at.timestamp()))
        actors = {one.user: one for one in unit.people.everybody()}
        return Listing(tuple(ordered), tuple(ended), actor, actors, house.clock.now())

    return house.store.read(work)


def _visible(actor: Actor, incidents: Sequence[Incident]) -> list[Incident]:
    return [incident for incident in incidents if can_see(actor, incident)]

"""What the edge needs to word a change of the rota: people, schedules, what was asked. Changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from incidents.operations.rota_scene import RotaScene, looking
from incidents.people import Actor, Ask
from incidents.ports import House
from incidents.rota_changes import Change
from incidents.rota_ports import RotaRequest
from rotations.eligibility import Need, candidates
from rotations.model import Absence, Organisation, OverrideKind
from rotations.own_shifts import OwnShift, own_shifts
from rotations.own_turns import OwnTurn, turns_ahead

SWAPPED_AHEAD = timedelta(weeks=8)


class RotaView(Struct, frozen=True):
    """`people`: person key → who that is in Slack, where known; `requests`: what was asked for by id."""

    organisation: Organisation
    people: Mapping[str, Actor]
    requests: tuple[RotaRequest, ...]
    actor: Actor
    me: str
    now: datetime

    def zone(self, person: str) -> str:
        """Their own zone, as Slack knows it, else as the schedules do."""
        known = self.people.get(person)
        named = self.organisation.person(person)
        return known.zone if known else named.zone if named else "UTC"

    def name(self, person: str) -> str:
        return self.organisation.names().get(person, person)


class Swappable(Struct, frozen=True):
    """The turns of the two that can be swapped."""

    view: RotaView
    schedule: str
    mine: tuple[OwnTurn, ...]
    theirs: tuple[OwnTurn, ...]


def view_of(house: House, ask: Ask, requests: Iterable[str] = ()) -> RotaView:
    """Raises NoScheduleYet, NotKnownYet, NotAllowed."""
    return looking(house, ask, lambda scene: _view(scene, requests))


def swappable(house: House, ask: Ask, person: str) -> Swappable:
    """On the first schedule on which both have turns in the next 8 weeks."""

    def work(scene: RotaScene) -> Swappable:
        until = scene.now + SWAPPED_AHEAD
        found = []
        for schedule in scene.organisation.schedules:
            resolver = scene.resolver(schedule.name)
            turns = [turns_ahead(resolver, key, scene.now, until) for key in (scene.me, person)]
            found.append(Swappable(_view(scene, ()), schedule.name, turns[0], turns[1]))
        return next((one for one in found if one.mine and one.theirs), found[0])

    return looking(house, ask, work)


def shifts_in(house: House, ask: Ask, absence: Absence) -> tuple[OwnShift, ...]:
    """The shifts that an absence lies over, on every schedule."""

    def work(scene: RotaScene) -> tuple[OwnShift, ...]:
        names = [schedule.name for schedule in scene.organisation.schedules]
        start = max(absence.start, scene.now)
        found = (row for name in names for row in own_shifts(scene.resolver(name), start, absence.end))
        return tuple(row for row in found if row.person == absence.person)

    return looking(house, ask, work)


def objections(house: House, ask: Ask, change: Change) -> dict[str, tuple[str, ...]]:
    """Person key → what speaks against those an override brings in: on call then, away, without rest."""

    def work(scene: RotaScene) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for one in change.edit.overrides:
            need = Need(one.region, one.seat, max(one.start, scene.now), one.end)
            coming = one.people if one.kind is not OverrideKind.REMOVE else ()
            for each in candidates(scene.organisation, scene.resolver(one.schedule), need, scene.now):
                against = (*each.reasons, *each.warnings)
                if each.person in coming and against:
                    found[each.person] = against
        return found

    return looking(house, ask, work)


def _view(scene: RotaScene, requests: Iterable[str]) -> RotaView:
    by_key = scene.unit.schedules.slack_ids()
    actors = scene.unit.people.actors(by_key.values())
    people = {key: actors[user] for key, user in by_key.items() if user in actors}
    found = (scene.unit.requests.get(name) for name in requests)
    known = tuple(request for request in found if request is not None)
    return RotaView(scene.organisation, people, known, scene.actor, scene.me, scene.now)

"""What every change of the rota begins and ends with: who asks, what stands, and the landing of a change."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from incidents.access import Action, demand
from incidents.errors import NothingToDo
from incidents.model import UserId
from incidents.operations.moved_shifts import tell_moved
from incidents.operations.oncall import standing
from incidents.operations.scene import known
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from incidents.rota_changes import Change, ChangeState, Verb, confirmations
from incidents.rota_ports import RotaRequest
from rotations.edits import Edit, from_now, moved_by
from rotations.model import Organisation, Override, Swap
from rotations.shifts import Resolver, resolver_of

R = TypeVar("R", bound=RotaRequest)
T = TypeVar("T")


class RotaScene(Struct, frozen=True):
    """One change at work. `me` is the actor's key in the schedules file, "" for somebody who is not in it."""

    house: House
    unit: Unit
    now: datetime
    actor: Actor
    me: str
    organisation: Organisation

    def resolver(self, schedule: str) -> Resolver:
        return resolver_of(self.organisation, schedule)

    def name(self, person: str) -> str:
        return self.organisation.names().get(person, person)

    def change(self, verb: Verb, schedule: str, edit: Edit, *asks: str) -> Change:
        """What an edit would do now. Raises OverlappingOverride."""
        moved = moved_by(self.organisation, edit, self.now)
        by, new = self.actor.user, self.house.ids.new()
        return Change(new, by, self.me, verb, schedule, self.now, edit, moved, asks=asks)

    def users(self, *people: str) -> tuple[UserId, ...]:
        """Slack ids of these people, where they are known."""
        found = (self.unit.schedules.slack_id(person) for person in people)
        return tuple(dict.fromkeys(user for user in found if user))


def changing(house: House, ask: Ask, kind: type[R], work: Callable[[RotaScene], R]) -> R:
    """One transaction on what stands, which nobody else changes meanwhile. A redelivery answers the same."""

    def run(unit: Unit) -> R:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return _made_then(unit, ask, kind)
        unit.schedules.hold()
        made = work(_scene(house, unit, ask, now))
        if ask.delivery:
            unit.inbox.answered(ask.delivery, made.id)
        return made

    return house.store.write(run)


def looking(house: House, ask: Ask, work: Callable[[RotaScene], T]) -> T:
    """What stands now, to be read and not changed."""
    return house.store.read(lambda unit: work(_scene(house, unit, ask, house.clock.now())))


def _scene(house: House, unit: Unit, ask: Ask, now: datetime) -> RotaScene:
    actor = known(unit, ask.user)
    demand(actor, Action.SEE_ROTA)
    organisation, _ = standing(unit)
    return RotaScene(house, unit, now, actor, unit.schedules.person_key(actor.user), organisation)


def put(scene: RotaScene, change: Change) -> Change:
    """Done at once where it touches nobody else and alarms nobody; else kept until it is confirmed."""
    if confirmations(change, scene.now) == 0:
        return land(scene, change)
    scene.unit.requests.add(change)
    return change


def land(scene: RotaScene, change: Change, why: str = "") -> Change:
    """It counts from now on; everybody whose shift moves is told, and the leads where it is soon."""
    unit, edit, now = scene.unit, change.edit, scene.now
    for override in edit.overrides:
        unit.schedules.add_override(from_now(override, now), now)
    for swap in edit.swaps:
        unit.schedules.add_swap(swap, now)
    for absence in edit.absences:
        unit.schedules.add_absence(absence, now)
    if edit.withdrawn:
        unit.schedules.withdraw(edit.withdrawn, now)
    done = replace(change, state=ChangeState.DONE, made_at=now)
    unit.requests.add(done)
    unit.requests.save(done)
    tell_moved(unit, done.moved, scene.actor.user, why or _reason(edit), now, f"change:{done.id}")
    detail = {"schedule": done.schedule, "asks": " ".join(done.asks), "undoes": done.undoes}
    detail |= {"made": " ".join(edit.made), "withdrawn": " ".join(edit.withdrawn)}
    unit.audit.write(now, scene.actor.user, f"rota {done.verb.value}", f"rota:{done.id}", detail)
    return done


def _reason(edit: Edit) -> str:
    made: tuple[Override | Swap, ...] = (*edit.overrides, *edit.swaps)
    return next((one.reason for one in made if one.reason), "")


def _made_then(unit: Unit, ask: Ask, kind: type[R]) -> R:
    made = unit.requests.get(unit.inbox.subject(ask.delivery))
    if not isinstance(made, kind):
        raise NothingToDo("That is done already.")
    return made

"""A handoff that nobody accepts: the backup is paged, then a lead, then the lead holds everything."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec.structs import replace

from incidents import handoff_effects, handoff_steps
from incidents.effects import Timer
from incidents.handoff import Handoff
from incidents.handoff_moves import is_moved, moved
from incidents.handoff_steps import Reached
from incidents.model import UserId
from incidents.operations.handoff_look import open_incidents, restricted
from incidents.operations.scene import found, store
from incidents.people import Actor
from incidents.ports import House, Unit


def level_due(house: House, unit: Unit, timer: Timer, now: datetime) -> None:
    """The timer of the next level. One that was overtaken changes nothing; after an outage nobody is woken
    for a shift that is over: the next handoff takes its place."""
    handoff = unit.handoffs.get(handoff_effects.id_in(timer.subject), lock=True)
    if handoff is None or not handoff.plan or handoff.plan[0].level.value != timer.args["level"]:
        return
    if handoff.until is None or now < handoff.until:
        reach(house, unit, handoff, now)


def reach(house: House, unit: Unit, handoff: Handoff, now: datetime) -> None:
    """The next level, now: whom it reaches is paged, and where it is the last, roles move to the lead."""
    fit = _fit(unit, (*handoff.backup_in, *handoff.leads))
    reached = handoff_steps.reach(handoff, now, fit)
    handoff = handoff_effects.changed(_with_phones(house, unit, reached))
    if reached.is_held:
        holder = unit.people.actor(handoff.held_by) or Actor(handoff.held_by, handoff.held_by)
        keys = tuple(i.key for i in open_incidents(unit) if move(unit, i.key, handoff, holder, now))
        handoff = replace(handoff, incidents=tuple(dict.fromkeys((*keys, *handoff.incidents))))
    _put(unit, handoff, reached, now)


def _fit(unit: Unit, users: Iterable[UserId]) -> Collection[UserId]:
    """Those who are here; somebody who is gone is passed over."""
    actors = unit.people.actors(users).values()
    return {a.user for a in actors if not (a.is_deactivated or a.is_bot or a.is_stranger or a.is_guest)}


def _with_phones(house: House, unit: Unit, reached: Reached) -> Handoff:
    actors = unit.people.actors(reached.paged)
    ringing = tuple(user for user in reached.paged if user in actors and house.phone_of(actors[user]))
    handoff = reached.handoff
    rang = tuple(dict.fromkeys((*handoff.rang, *ringing)))
    readers = tuple(dict.fromkeys((*handoff.readers, *reached.paged)))
    return replace(handoff, rang=rang, readers=readers)


def _put(unit: Unit, handoff: Handoff, reached: Reached, now: datetime) -> None:
    """The same letter and ring are never put twice, so somebody who was asked before only reads the edit."""
    unit.handoffs.save(handoff)
    letters = handoff_effects.letters(handoff, reached.paged)
    rings = [handoff_effects.ring(handoff, user) for user in reached.paged if user in handoff.rang]
    unit.outbox.put([*letters, *rings, *handoff_effects.show(handoff)], now)
    unit.timers.put(handoff_effects.timers(handoff))
    unit.outbox.put(restricted(unit, handoff, reached.paged), now)


def move(unit: Unit, key: str, handoff: Handoff, to: Actor, now: datetime, words: str = "") -> bool:
    """Command of one incident goes over, if it is one that does; `words` are those of the receiver."""
    incident = found(unit, key, lock=True)
    if not is_moved(incident, handoff, to):
        return False
    store(unit, moved(incident, handoff, to, now, words), incident, now)
    return True

"""Signs of life: asking whoever has gone silent, and their answers; twenty minutes of rest for them."""

from datetime import datetime

from msgspec.structs import replace

from incidents import care, watch
from incidents.access import Action
from incidents.decision import Decision
from incidents.effects import Timer
from incidents.ladder import BACKUP, Candidate, Roster
from incidents.model import Incident, Role, Severity, Target, UserId
from incidents.operations.scene import Scene, change
from incidents.people import Ask
from incidents.ports import House, Unit

HEARD = "heard:"  # a fact for each person: when they last pressed or typed anything at all


def here(house: House, ask: Ask, key: str) -> Incident:
    """ "I am here". Raises NothingToDo."""
    return change(house, ask, key, Action.BE_HERE, lambda s: watch.here(s.incident, s.actor.user, s.now))


def snooze(house: House, ask: Ask, key: str) -> Incident:
    """Ask ten minutes later; half an hour in all. Raises NothingToDo."""
    return change(house, ask, key, Action.BE_HERE, lambda s: watch.snooze(s.incident, s.actor.user, s.now))


def take_20(house: House, ask: Ask, key: str) -> Incident:
    """Somebody else answers for twenty minutes. Raises NotAllowed, NothingToDo, NobodyToHold."""

    def decide(scene: Scene) -> Decision:
        roster = scene.roster()
        deputies = _deputies(scene.house, scene.unit, scene.incident)
        candidates = (*deputies, *roster.find(BACKUP))
        return care.take(scene.incident, scene.actor.user, candidates, roster, scene.now)

    return change(house, ask, key, Action.TAKE_CARE, decide)


def back(house: House, ask: Ask, key: str) -> Incident:
    """ "I am back". Raises NothingToDo."""
    return change(house, ask, key, Action.BE_HERE, lambda s: care.back(s.incident, s.actor.user, s.now))


def cannot_hold(house: House, ask: Ask, key: str) -> Incident:
    """The stand-in cannot; it goes back at once. Raises NothingToDo."""
    return change(house, ask, key, Action.BE_HERE, lambda s: care.cannot(s.incident, s.actor.user, s.now))


def heard(house: House, user: UserId) -> None:
    """Somebody pressed or typed something. Written down only for who answers for a grave incident."""
    if house.store.read(lambda unit: _is_watched(unit, user)):
        at = house.clock.now().isoformat()
        house.store.write(lambda unit: unit.facts.put(f"{HEARD}{user}", at))


def _is_watched(unit: Unit, user: UserId) -> bool:
    running = unit.incidents.managers(Severity.SEV1)
    if any(manager == user for _, manager, _ in running):
        return True
    found = (unit.incidents.get(key) for key, _, _ in running)
    return any(incident is not None and watch.watched(incident) == user for incident in found)


def last_heard(unit: Unit, key: str, user: UserId) -> datetime | None:
    """Their last message in the channel, act in the incident, or press or command anywhere."""
    fact = unit.facts.get(f"{HEARD}{user}")
    pressed = datetime.fromisoformat(fact) if fact else None
    signs = (unit.history.last_by(key, user), unit.audit.last_by(key, user), pressed)
    return max((at for at in signs if at is not None), default=None)


def silence(
    house: House, unit: Unit, incident: Incident, timer: Timer, roster: Roster, now: datetime
) -> Decision:
    """The silence timer, by what is known of the person at this instant."""
    user = incident.watch.user if incident.watch else ""
    at = last_heard(unit, incident.key, user) if user else None
    return watch.silence_due(incident, timer, at, standing_by(house, unit, incident, roster), now)


def standing_by(house: House, unit: Unit, incident: Incident, roster: Roster) -> Roster:
    """The roster, with the incident's deputies among those who can be paged."""
    deputies = {Target(person=one.actor.user): (one,) for one in _deputies(house, unit, incident)}
    return replace(roster, holders={**roster.holders, **deputies})


def is_back(unit: Unit, incident: Incident, number: int) -> bool:
    """Whether the silent one behind whom this call pages has been heard of since."""
    call = incident.call(number)
    if call is None or call.silence is None:
        return False
    return watch.is_back(call, last_heard(unit, incident.key, call.silence.user))


def _deputies(house: House, unit: Unit, incident: Incident) -> tuple[Candidate, ...]:
    people = unit.people.actors(incident.in_role(Role.DEPUTY))
    ringing = (replace(actor, ring=house.phone_of(actor)) for actor in people.values())
    return tuple(Candidate(actor, "deputy", "You are deputy.") for actor in ringing)

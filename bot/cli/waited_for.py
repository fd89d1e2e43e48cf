"""Who may still come by themselves where nobody but a terminal rings: reads the database, changes nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.alive import AT_WORK, is_at_work, said_at
from incidents.effects import EffectKind, TimerKind
from incidents.legs import is_wanted
from incidents.model import Incident, PageState, Status
from incidents.ports import Clock
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

LOOK_EVERY_S = 1.0
MOST = 1000
OPEN = tuple(status for status in Status if status.is_open)
PHONES = (EffectKind.RING, EffectKind.RINGS, EffectKind.STOP_RING)


def waited_for(unit: SqlUnit, key: str, now: datetime) -> tuple[str, ...]:
    """Each as a sentence; none: nothing is left to ring. `key` is the incident that is to have somebody."""
    own = unit.incidents.get(key)
    lines = [f"Nobody has {key} yet."] if own and own.status.is_open and not own.manager else []
    ringing = {(ring.subject, ring.page) for ring in unit.rings.ringing()}
    for incident in reversed(unit.incidents.listing(OPEN, MOST)):
        if named := _named(unit, _awaited(unit, incident, ringing)):
            lines.append(f"{incident.key} waits for {named}.")
    if unit.outbox.unfinished(PHONES, now):
        lines.append("A phone has still to ring or to stop.")
    return tuple(lines)


def _awaited(unit: SqlUnit, incident: Incident, ringing: set[tuple[str, str]]) -> Sequence[str]:
    """Whose phone rings or will, and who may answer before the call goes on to the next. A call that neither
    rings nor climbs holds nobody: a mild one waits in Slack for days."""
    timers = unit.timers.of(incident.key)
    rings = ringing | {(t.subject, t.args["page"]) for t in timers if t.kind is TimerKind.RING}
    climbing = {int(t.args["call"]) for t in timers if t.kind is TimerKind.CALL_LEVEL}
    return [
        page.user
        for page in incident.pages
        if is_wanted(incident, page)
        and ((incident.key, page.id) in rings or (page.state is PageState.WAITING and page.call in climbing))
    ]


def _named(unit: SqlUnit, users: Sequence[str]) -> str:
    people = unit.people.actors(users)
    return ", ".join(people[user].name if user in people else user for user in dict.fromkeys(users))


def still_at_work(store: SqlStore, clock: Clock, pause: Callable[[float], object]) -> bool:
    """Whether some process keeps time and says so again: a killed one is on record for half a minute."""
    first = store.read(said_at)
    until = clock.now() + AT_WORK + timedelta(seconds=LOOK_EVERY_S)
    while store.read(lambda unit: is_at_work(unit, clock.now())) and clock.now() < until:
        if store.read(said_at) != first:
            return True
        pause(LOOK_EVERY_S)
    return False

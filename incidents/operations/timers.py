"""What falls due: a level of a call, a reminder, a shift change. Firing is a transaction with its effects."""

from datetime import datetime, timedelta

from incidents.cadence import every
from incidents.decision import Decision, stamp, tell
from incidents.effects import Tell, Timer, TimerKind
from incidents.model import Incident
from incidents.operations import handing_over
from incidents.operations.scene import put, roster_of
from incidents.paging import climb
from incidents.ports import House, Unit

LATE = timedelta(minutes=1)


def fire_due(house: House) -> datetime | None:
    """Fire everything due now, each in its own transaction; answers the instant when the next falls due."""
    while house.store.read(lambda unit: _is_due(house, unit)):
        house.store.write(lambda unit: _fire_next(house, unit))
    handoff = handing_over.offer_due(house)
    timer = house.store.read(lambda unit: unit.timers.next_due())
    return min((at for at in (handoff, timer) if at is not None), default=None)


def _is_due(house: House, unit: Unit) -> bool:
    due = unit.timers.next_due()
    return due is not None and due <= house.clock.now()


def _fire_next(house: House, unit: Unit) -> None:
    now = house.clock.now()
    for timer in unit.timers.claim_due(now, 1):
        incident = unit.incidents.get(timer.subject, lock=True)
        if incident is None or not incident.status.is_open:
            continue
        decision = _fired(house, unit, incident, timer, now)
        if decision.incident != incident:
            unit.incidents.save(decision.incident)
        put(unit, decision, now)


def _fired(house: House, unit: Unit, incident: Incident, timer: Timer, now: datetime) -> Decision:
    if timer.kind is TimerKind.CALL_LEVEL:
        late = now - timer.due_at
        words = f"{round(late / timedelta(minutes=1))} min late: Meridian was away." if late > LATE else ""
        roster = roster_of(house, unit, now, but=incident.key)
        return climb(incident, int(timer.args["call"]), int(timer.args["level"]), roster, now, words)
    return _remind(incident, timer, now)


def _remind(incident: Incident, timer: Timer, now: datetime) -> Decision:
    """A stale reminder is dropped: another update has come since, or a whole cadence has gone by."""
    due = incident.next_update_at
    step = every(incident.severity)
    stale = due is None or step is None or now > due + step
    if stale or due is None or timer.args["due"] != stamp(due):
        return Decision(incident)
    name = timer.args["due"] + timer.args.get("again", "")
    return Decision(incident, effects=tell(Tell.UPDATE_DUE, incident.key, (incident.holder,), name))

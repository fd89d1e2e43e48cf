"""What falls due: a level of a call, a reminder, a shift change. Firing is a transaction with its effects."""

import logging
from datetime import datetime, timedelta
from functools import partial

from incidents.cadence import every
from incidents.decision import Decision, stamp, tell
from incidents.effects import Tell, Timer, TimerKind
from incidents.errors import StoreUnavailable
from incidents.legs import ring_due
from incidents.model import Incident
from incidents.operations import handing_over
from incidents.operations.notices import About, put_notice
from incidents.operations.scene import roster_of, store
from incidents.paging import climb
from incidents.ports import House, Unit

LATE = timedelta(minutes=1)
AGAIN_AFTER = timedelta(seconds=30)
MOST_FAILURES = 5

log = logging.getLogger(__name__)


def fire_due(house: House) -> datetime | None:
    """Fire everything due now, each in its own transaction; answers the instant when the next falls due.

    One that fails is tried again later and, after five times, buried, so that it never holds the others up.
    """
    while timer := house.store.read(lambda unit: _first_due(house, unit)):
        try:
            house.store.write(partial(_fire_next, house))
        except StoreUnavailable:
            raise
        except Exception as error:
            log.exception("a timer failed: %s", timer)
            house.store.write(partial(_put_off, house, type(error).__name__))
    handoff = handing_over.offer_due(house)
    timer_due = house.store.read(lambda unit: unit.timers.next_due())
    return min((at for at in (handoff, timer_due) if at is not None), default=None)


def _first_due(house: House, unit: Unit) -> datetime | None:
    due = unit.timers.next_due()
    return due if due is not None and due <= house.clock.now() else None


def _put_off(house: House, error: str, unit: Unit) -> None:
    now = house.clock.now()
    for timer in unit.timers.claim_due(now, 1):
        if unit.timers.postpone(timer.key, now + AGAIN_AFTER, error) >= MOST_FAILURES:
            unit.timers.bury(timer.key, error)
            told = {"subject": timer.subject, "kind": timer.kind.value, "error": error}
            put_notice(unit, About.DEAD_TIMER, timer.key, now, **told)


def _fire_next(house: House, unit: Unit) -> None:
    now = house.clock.now()
    for timer in unit.timers.claim_due(now, 1):
        incident = unit.incidents.get(timer.subject, lock=True)
        if incident is None or not incident.status.is_open:
            continue
        store(unit, _fired(house, unit, incident, timer, now), incident, now)


def _fired(house: House, unit: Unit, incident: Incident, timer: Timer, now: datetime) -> Decision:
    if timer.kind is TimerKind.CALL_LEVEL:
        late = now - timer.due_at
        words = f"{round(late / timedelta(minutes=1))} min late: Meridian was away." if late > LATE else ""
        roster = roster_of(house, unit, now, but=incident.key)
        return climb(incident, int(timer.args["call"]), int(timer.args["level"]), roster, now, words)
    if timer.kind is TimerKind.RING:
        return ring_due(incident, timer, now)
    return _remind(incident, timer, now)


def _remind(incident: Incident, timer: Timer, now: datetime) -> Decision:
    """A stale reminder is dropped: another update has come since, or a whole cadence has gone by."""
    due = incident.next_update_at
    step = every(incident.severity)
    stale = due is None or step is None or now > due + step
    if stale or due is None or timer.args["due"] != stamp(due):
        return Decision(incident)
    name = timer.args["due"] + timer.args.get("again", "")
    return Decision(
        incident, effects=tell(Tell.UPDATE_DUE, incident.key, (incident.holder,), name, due=stamp(due))
    )

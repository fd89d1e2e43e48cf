"""What falls due: a level of a call, a reminder, a shift change. Firing is a transaction with its effects."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from msgspec import Struct

from incidents import care
from incidents.cadence import late_due, reminder_due
from incidents.decision import Decision
from incidents.effects import Timer, TimerKind
from incidents.errors import StoreUnavailable
from incidents.legs import ring_due
from incidents.model import Incident
from incidents.operations import handing_over, watching
from incidents.operations.handoff_levels import level_due
from incidents.operations.notices import About, put_notice
from incidents.operations.rota_asks import ROTA_TIMERS, ask_due
from incidents.operations.scene import Rosters, store_all
from incidents.paging import climb, stand_down
from incidents.ports import House, Unit
from rotations.newer import NotKnownHere

LATE = timedelta(minutes=1)
TOGETHER = 200  # in one transaction
HELD_FOR = timedelta(milliseconds=100)  # until another process has fired what it holds
AGAIN_AFTER = timedelta(seconds=30)
MOST_FAILURES = 5

Told = Callable[[Timer, datetime], None]

log = logging.getLogger(__name__)


def fire_due(house: House, fired: Told = lambda _timer, _now: None) -> datetime | None:
    """Fire everything due now, many in one transaction; answers the instant when the next falls due.

    `fired` is told of each timer when it has been fired and written down, and when that was.

    Where one of them fails they are fired one by one: the one that fails is tried again later and, after five
    times, buried, so that it never holds the others up.
    """
    is_held, (timer_due, ahead) = False, house.store.read(partial(_ahead, house))
    while timer_due is not None and timer_due <= house.clock.now() and not is_held:
        is_held, timer_due = not _fire_together(house, fired), house.store.read(_next_due)
    handoff = handing_over.offer_due(house, ahead)
    soonest = min((at for at in (handoff, timer_due) if at is not None), default=None)
    return max(soonest, house.clock.now() + HELD_FOR) if is_held and soonest else soonest


def clock_went_back(unit: Unit, by: timedelta) -> int:
    """Whoever was to be woken in five minutes is woken in five, not in an hour and five. How many timers.

    An update stays promised for the hour and minute that people read."""
    return unit.timers.bring_nearer(by, but=_PROMISED)


_PROMISED = frozenset({TimerKind.UPDATE_DUE, TimerKind.UPDATE_LATE, TimerKind.ASK_OVER})


def _fire_together(house: House, fired: Told) -> int:
    """How many were taken. None, though some are due: another process holds them at this moment."""
    try:
        return _tell(house.store.write(partial(_fire, house, TOGETHER)), fired)
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("a timer failed; the next %d are fired one by one", TOGETHER)
        return _fire_one_by_one(house, fired)


def _ahead(house: House, unit: Unit) -> tuple[datetime | None, handing_over.Ahead]:
    """In one look, for it is asked every few seconds."""
    return _next_due(unit), handing_over.ahead(house, unit)


def _next_due(unit: Unit) -> datetime | None:
    return unit.timers.next_due()


def _fire_one_by_one(house: House, fired: Told) -> int:
    for taken in range(TOGETHER):
        try:
            if not _tell(house.store.write(partial(_fire, house, 1)), fired):
                return taken
        except StoreUnavailable:
            raise
        except Exception as error:
            log.exception("a timer failed and is put off")
            house.store.write(partial(_put_off, house, error))
    return TOGETHER


def _put_off(house: House, fault: Exception, unit: Unit) -> None:
    """What only a newer version can read stays for that: it is never buried here."""
    now, error, counts = house.clock.now(), type(fault).__name__, not isinstance(fault, NotKnownHere)
    for timer in unit.timers.claim_due(now, 1):
        if unit.timers.postpone(timer.key, now + AGAIN_AFTER, error, counts) >= MOST_FAILURES:
            unit.timers.bury(timer.key, error)
            told = {"subject": timer.subject, "kind": timer.kind.value, "error": error}
            put_notice(unit, About.DEAD_TIMER, timer.key, now, **told)


def _tell(done: tuple[Sequence[Timer], datetime], fired: Told) -> int:
    """How many there were."""
    timers, now = done
    for timer in timers:
        fired(timer, now)
    return len(timers)


def _fire(house: House, limit: int, unit: Unit) -> tuple[Sequence[Timer], datetime]:
    """The oldest that are due, up to `limit`, one of each incident: those claimed, and when."""
    now = house.clock.now()
    claimed = unit.timers.claim_due(now, limit)
    for timer in claimed:
        if timer.kind is TimerKind.HANDOFF_LEVEL:
            level_due(house, unit, timer, now)
        elif timer.kind in ROTA_TIMERS:
            ask_due(house, unit, timer, now)
    incidents = unit.incidents.held(timer.subject for timer in claimed)
    live = ((timer, incidents[timer.subject]) for timer in claimed if timer.subject in incidents)
    firing = _Firing(house, unit, now, Rosters(house, unit, now))
    decided = [(at, _fired(firing, at, timer)) for timer, at in live if at.status.is_open]
    store_all(unit, decided, now)
    return claimed, now


class _Firing(Struct, frozen=True):
    """Timers that fire together: what all of them need."""

    house: House
    unit: Unit
    now: datetime
    rosters: Rosters


def _fired(firing: _Firing, incident: Incident, timer: Timer) -> Decision:
    house, unit, now = firing.house, firing.unit, firing.now
    match timer.kind:
        case TimerKind.CALL_LEVEL:
            return _climbed(firing, incident, timer)
        case TimerKind.RING:
            return ring_due(incident, timer, now)
        case TimerKind.SILENCE:
            return watching.silence(house, unit, incident, timer, firing.rosters.but(incident.key), now)
        case TimerKind.CARE_ENDS:
            return care.time_over(incident, timer, now)
        case TimerKind.UPDATE_DUE:
            return reminder_due(incident, timer, now)
        case TimerKind.HANDOFF_LEVEL | TimerKind.COVER_UNANSWERED | TimerKind.ASK_OVER:
            return Decision(incident)  # of no incident: fired before
        case TimerKind.UPDATE_LATE:
            return late_due(incident, timer, firing.rosters.but(incident.key), now)
        case _:
            assert_never(timer.kind)


def _climbed(firing: _Firing, incident: Incident, timer: Timer) -> Decision:
    now, number, level = firing.now, int(timer.args["call"]), int(timer.args["level"])
    call = incident.call(number)
    if call is not None and watching.is_back(firing.unit, incident, number):
        return stand_down(incident, call, now)
    late = now - timer.due_at
    words = f"{round(late / timedelta(minutes=1))} min late: Meridian was away." if late > LATE else ""
    roster = firing.rosters.but(incident.key)
    roster = watching.standing_by(firing.house, firing.unit, incident, roster)
    return climb(incident, number, level, roster, now, words)

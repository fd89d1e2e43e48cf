"""What was missed while nobody kept time: counted before it is made up for."""

from datetime import datetime, timedelta

from msgspec import Struct

from incidents.cadence import every
from incidents.effects import Timer, TimerKind
from incidents.operations import handing_over
from incidents.ports import House
from storage.lateness import SqlLateness
from storage.unit_of_work import SqlUnit

LATE = timedelta(minutes=1)


class Missed(Struct, frozen=True):
    """Pages that leave late, reminders that are dropped, shift changes that are due now."""

    pages: int
    reminders: int
    handoffs: int

    def as_args(self) -> dict[str, str]:
        return {
            "pages": str(self.pages),
            "reminders": str(self.reminders),
            "handoffs": str(self.handoffs),
        }


def missed(house: House, unit: SqlUnit, now: datetime) -> Missed:
    """Of what was due more than a minute ago. A page is counted once, though both its legs are late."""
    lateness = SqlLateness(unit.outbox.tx)
    levels = lateness.overdue([TimerKind.CALL_LEVEL], now - LATE)
    reminders = lateness.overdue([TimerKind.UPDATE_DUE], now)
    return Missed(
        pages=len(levels) + lateness.pages(now - LATE, now - LATE / 2),
        reminders=sum(_is_dropped(unit, timer, now) for timer in reminders),
        handoffs=min(len(handing_over.missed(house, unit, now)), 1),  # of several only the last is offered
    )


def _is_dropped(unit: SqlUnit, timer: Timer, now: datetime) -> bool:
    """A whole cadence has gone by."""
    incident = unit.incidents.get(timer.subject)
    step = every(incident.severity) if incident else None
    return incident is not None and incident.status.is_open and step is not None and now > timer.due_at + step

"""When the next update is due, by severity, and the private reminder before it (DOMAIN section C). Pure."""

from datetime import datetime, timedelta

from incidents.decision import stamp
from incidents.effects import Timer, TimerKind
from incidents.model import Incident, Severity

_FIRST = {
    Severity.SEV0: timedelta(minutes=15),
    Severity.SEV1: timedelta(minutes=30),
    Severity.SEV2: timedelta(minutes=60),
    Severity.SEV3: timedelta(days=1),
}
_EVERY = {
    Severity.SEV0: timedelta(minutes=15),
    Severity.SEV1: timedelta(minutes=30),
    Severity.SEV2: timedelta(hours=2),
    Severity.SEV3: timedelta(days=1),
}
REMIND_AT = 0.8


def every(severity: Severity) -> timedelta | None:
    """The cadence of updates; None where none is owed (SEV4)."""
    return _EVERY.get(severity)


def first_update(severity: Severity, declared_at: datetime) -> datetime | None:
    first = _FIRST.get(severity)
    return declared_at + first if first else None


def next_update(incident: Incident, now: datetime) -> datetime | None:
    """Counted from `now`, the instant of the last update or change."""
    step = every(incident.severity)
    return now + step if step else None


def update_timer(incident: Incident, now: datetime) -> Timer | None:
    """The private reminder at four fifths of the time that is left to the next update.

    Its key names the change that set it: a cancelled reminder never stands in the way of the next one.
    """
    due = incident.next_update_at
    if due is None:
        return None
    at = now + max(due - now, timedelta(0)) * REMIND_AT
    key = f"update:{incident.key}:{stamp(due)}:{incident.version}.{len(incident.updates)}"
    return Timer(TimerKind.UPDATE_DUE, key, incident.key, at, {"due": stamp(due)})

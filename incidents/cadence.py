"""When the next update is due, by severity, and who is reminded of it privately (DOMAIN section C). Pure.

Whoever answers for it at four fifths of the time, the deputy at the whole, the lead at one and a half; the
channel never."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from incidents.access import can_see
from incidents.decision import Decision, stamp, tell
from incidents.effects import Tell, Timer, TimerKind
from incidents.ladder import BACKUP, LEAD, Roster
from incidents.model import Incident, Role, Severity, Target, UserId

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


def reminder_due(incident: Incident, timer: Timer, now: datetime) -> Decision:
    """The first reminder; it sets the later ones, and one that was put off has set them already.

    They come as much later as this one did, so that an outage does not ask everybody at once.
    """
    due = owed(incident, timer, now)
    if due is None:
        return Decision(incident)
    name = stamp(due) + timer.args.get("again", "")
    told = tell(Tell.UPDATE_DUE, incident.key, (incident.answering,), name, due=stamp(due))
    if "again" in timer.args:
        return Decision(incident, effects=told)
    left = due - timer.due_at  # a fifth of the whole
    late = now - timer.due_at
    deputy = _late(timer, "deputy", due + late)
    lead = _late(timer, "lead", due + late + left * _HALF_IN_FIFTHS)
    return Decision(incident, effects=told, timers=(deputy, lead))


_HALF_IN_FIFTHS = 2.5


def _late(first: Timer, to: str, at: datetime) -> Timer:
    args = {**first.args, "to": to}
    return replace(first, kind=TimerKind.UPDATE_LATE, key=f"{first.key}:{to}", due_at=at, args=args)


def late_due(incident: Incident, timer: Timer, roster: Roster, now: datetime) -> Decision:
    """The update is late: the deputy hears of it, then the lead."""
    due = owed(incident, timer, now)
    if due is None:
        return Decision(incident)
    to = timer.args["to"]
    users = told_late(incident, to, roster)
    told = tell(Tell.UPDATE_LATE, incident.key, users, f"{stamp(due)}:{to}", due=stamp(due), to=to)
    return Decision(incident, effects=told)


def owed(incident: Incident, timer: Timer, now: datetime) -> datetime | None:
    """When the update is due that the timer is about; None where another has come since, or where a whole
    cadence has gone by: a reminder so old says nothing."""
    due, step = incident.next_update_at, every(incident.severity)
    if due is None or step is None or now > due + step or timer.args["due"] != stamp(due):
        return None
    return due


def told_late(incident: Incident, to: str, roster: Roster) -> tuple[UserId, ...]:
    """Whom a late update is told: nobody twice for one update, and of a restricted incident only its own.

    Where nobody is deputy, whoever holds the backup seat is.
    """
    asked = {incident.answering}
    deputies = incident.in_role(Role.DEPUTY) or _seated(BACKUP, incident, roster)
    deputies = tuple(user for user in deputies if user not in asked)
    if to == "deputy":
        return deputies
    return tuple(user for user in _seated(LEAD, incident, roster) if user not in {*asked, *deputies})


def _seated(seat: Target, incident: Incident, roster: Roster) -> tuple[UserId, ...]:
    fit = (each.actor.user for each in roster.find(seat) if can_see(each.actor, incident))
    return tuple(dict.fromkeys(fit))

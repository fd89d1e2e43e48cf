"""The watch over whoever answers for a grave incident: silent, they are asked privately, and five minutes
later somebody is paged behind them (DOMAIN section C). Pure; what was heard of them is passed in."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from incidents import care
from incidents.decision import Decision, stamp, tell
from incidents.effects import Tell, Timer, TimerKind
from incidents.errors import NothingToDo
from incidents.ladder import ALL_LEADS, BACKUP, LEAD, Roster
from incidents.model import Call, Entry, EntryKind, Incident, Role, Rung, Severity, Target, UserId, Watch
from incidents.paging import stand_down, start_call

SILENT_AFTER = {Severity.SEV0: timedelta(minutes=10), Severity.SEV1: timedelta(minutes=15)}
ANSWER_WITHIN = timedelta(minutes=5)
STANDBY_MIN = (0, 5, 10)  # whoever stands behind, the lead, all leads; their phones ring at once
SNOOZE_MIN = 10
SNOOZED_MOST_MIN = 30
LATE = timedelta(minutes=1)
PREFIX = "silence:"


def watched(incident: Incident) -> UserId:
    """Whose silence would matter: who answers for an acknowledged SEV0 or SEV1; "" where nobody's does."""
    is_grave = incident.status.is_open and incident.severity in SILENT_AFTER
    return incident.answering if is_grave and incident.manager else ""


def follow(before: Incident, after: Incident, now: datetime, by: UserId = "") -> Decision:
    """The watch goes where command goes, begins anew there, and ends with the incident.

    `by` is who has just done something: being heard of ends what their silence has begun.
    """
    user, watch = watched(after), after.watch
    if user != (watch.user if watch else ""):
        begun = replace(after, watch=Watch(user, now) if user else None)
        return _again(_called_off(begun, now), now)
    if watch is not None and by == user and watch.asked_at is not None:
        return heard(after, watch, now)
    if watch is not None and before.severity is not after.severity:
        return _again(Decision(after), now)
    return Decision(after)


def heard(incident: Incident, watch: Watch, now: datetime) -> Decision:
    """They are there: nothing is asked, and whoever was paged behind them and has not answered is let go."""
    changed = replace(incident, watch=replace(watch, asked_at=None, paged_at=None))
    back = Entry(EntryKind.SILENT, now, watch.user, data={"user": watch.user, "heard": "yes"})
    entries = (back,) if watch.paged_at is not None else ()
    return _again(Decision(changed, entries).then(_called_off(changed, now)), now)


def anew(incident: Incident, now: datetime) -> Decision:
    """Look from now on: what was asked of them before is not known any more."""
    if incident.watch is None:
        return Decision(incident)
    watch = replace(incident.watch, since=now, asked_at=None, paged_at=None)
    return _again(Decision(replace(incident, watch=watch)), now)


def _called_off(incident: Incident, now: datetime) -> Decision:
    decision = Decision(incident)
    for call in incident.calls:
        if call.is_open and call.silence is not None:
            decision = decision.then(stand_down(decision.incident, call, now))
    return decision


def _again(decision: Decision, now: datetime) -> Decision:
    """The clock starts anew, where anybody is watched at all."""
    incident = decision.incident
    after = SILENT_AFTER.get(incident.severity) if incident.watch else None
    timers = (_timer(incident, now + after),) if after else ()
    return decision.then(Decision(incident, timers=timers, cancel=(PREFIX,)))


def _timer(incident: Incident, due: datetime) -> Timer:
    """Named by the version that set it: one that was cancelled never stands in the way of the next."""
    since = stamp(incident.watch.since) if incident.watch else ""
    key = f"{PREFIX}{incident.key}:{stamp(due)}:{incident.version}"
    return Timer(TimerKind.SILENCE, key, incident.key, due, {"since": since})


def here(incident: Incident, user: UserId, now: datetime) -> Decision:
    """ "I am here". Raises NothingToDo for somebody of whom nothing was asked."""
    return heard(incident, _own(incident, user), now)


def snooze(incident: Incident, user: UserId, now: datetime) -> Decision:
    """Ask later: the silence counts from ten minutes on, at most three times while they hold it."""
    watch = _own(incident, user)
    if watch.snoozed_min + SNOOZE_MIN > SNOOZED_MOST_MIN:
        raise NothingToDo(
            f"You have put {incident.key} off for {watch.snoozed_min} min already. Press “I am here”, or "
            "hand it over."
        )
    until = now + timedelta(minutes=SNOOZE_MIN)
    watch = replace(watch, quiet_until=until, snoozed_min=watch.snoozed_min + SNOOZE_MIN)
    entry = Entry(EntryKind.SILENT, now, user, data={"user": user, "snoozed": str(SNOOZE_MIN)})
    rested = heard(incident, watch, now)
    quiet = Decision(rested.incident, (entry,), cancel=(PREFIX,))
    return rested.then(replace(quiet, timers=(_timer(rested.incident, asked_next(rested.incident, now)),)))


def asked_next(incident: Incident, last: datetime) -> datetime:
    """When they are asked if nothing is heard of them after `last`."""
    quiet_until = incident.watch.quiet_until if incident.watch else None
    return max(last, quiet_until or last) + SILENT_AFTER[incident.severity]


def _own(incident: Incident, user: UserId) -> Watch:
    if incident.watch is None or incident.watch.user != user:
        raise NothingToDo(f"Nothing is asked of you in {incident.key} now. Nothing for you to do.")
    return incident.watch


def silence_due(
    incident: Incident, timer: Timer, heard_at: datetime | None, roster: Roster, now: datetime
) -> Decision:
    """The timer's time has come: what is true now decides, never what was true when it was set.

    `heard_at` is their last sign of life. One that is stale, because command has moved, changes nothing.
    """
    watch = incident.watch
    if watch is None or not watched(incident) or timer.args.get("since") != stamp(watch.since):
        return Decision(incident)
    last = max(watch.since, heard_at or watch.since)
    if watch.asked_at is not None and last <= watch.asked_at:
        return _still_silent(incident, watch, roster, now)
    changed = replace(incident, watch=replace(watch, asked_at=None, paged_at=None))
    due = asked_next(changed, last)
    if now < due:
        called_off = _called_off(changed, now)
        return called_off.then(Decision(called_off.incident, timers=(_timer(changed, due),)))
    return _asked(changed, watch, last, now)


def _asked(incident: Incident, watch: Watch, last: datetime, now: datetime) -> Decision:
    changed = replace(incident, watch=replace(watch, asked_at=now, paged_at=None))
    data = {"user": watch.user, "minutes": _minutes(now - last), "asked": "yes"}
    told = tell(Tell.SILENT, incident.key, (watch.user,), stamp(now), asked=stamp(now), last=stamp(last))
    timer = _timer(changed, now + ANSWER_WITHIN)
    return Decision(changed, (Entry(EntryKind.SILENT, now, data=data),), told, (timer,))


def _still_silent(incident: Incident, watch: Watch, roster: Roster, now: datetime) -> Decision:
    asked_at = watch.asked_at or now
    due = asked_at + ANSWER_WITHIN
    if watch.paged_at is not None:  # somebody is on the way; look again whether they are back
        return Decision(incident, timers=(_timer(incident, now + SILENT_AFTER[incident.severity]),))
    if now < due:
        return Decision(incident, timers=(_timer(incident, due),))
    if now - due > LATE:  # Meridian was away and could not have heard them: it asks once more
        return _asked(incident, watch, asked_at, now)
    if incident.care is not None:
        return care.end(incident, now, care.SILENT)
    return _page_behind(incident, watch, roster, now)


def _page_behind(incident: Incident, watch: Watch, roster: Roster, now: datetime) -> Decision:
    changed = replace(incident, watch=replace(watch, paged_at=now))
    data = {"user": watch.user, "minutes": _minutes(now - watch.since)}
    silent = Decision(changed, (Entry(EntryKind.SILENT, now, data=data),))
    call = Call(len(incident.calls) + 1, Role.DEPUTY, _rungs(incident, roster), silence=watch)
    timer = _timer(changed, now + SILENT_AFTER[incident.severity])
    paged = silent.then(start_call(changed, call, roster, now))
    return replace(paged, timers=(*paged.timers, timer))


def _rungs(incident: Incident, roster: Roster) -> tuple[Rung, ...]:
    """The deputy, or where there is none the backup; then the lead, then all leads.

    Where not one of them is free all are called: somebody who is busy is better than nobody.
    """
    deputies = tuple(Target(person=user) for user in incident.in_role(Role.DEPUTY))
    behind = (deputies or (BACKUP,), (LEAD,), (ALL_LEADS,))
    free = [targets for targets in behind if any(_is_free(target, incident, roster) for target in targets)]
    called = zip(STANDBY_MIN, free or behind, strict=False)
    return tuple(Rung(after, targets, 0) for after, targets in called)


def _is_free(target: Target, incident: Incident, roster: Roster) -> bool:
    """Not held by the silent one alone, nor by somebody who runs another grave incident.

    A seat that nobody holds stays on the ladder, which says so and goes on.
    """
    users = [candidate.actor.user for candidate in roster.find(target)]
    others = [user for user in users if user != incident.manager]
    if target.seat == "lead":
        return bool(others) or not users
    return any(user not in roster.busy for user in others) or not users


def is_back(call: Call, heard_at: datetime | None) -> bool:
    """Whether the one behind whom this call pages has been heard of since they were asked."""
    asked_at = call.silence.asked_at if call.silence else None
    return asked_at is not None and heard_at is not None and heard_at > asked_at


def _minutes(length: timedelta) -> str:
    return str(round(length / timedelta(minutes=1)))

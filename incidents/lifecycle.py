"""What an incident becomes: severity and status, dismissing, reopening, opening up. Pure.

triage → active → contained → resolved → closed; also dismissed and duplicate; reopening is a step too."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidents import ladder
from incidents.cadence import next_update, update_timer
from incidents.command import demand_open
from incidents.decision import Decision, announce, show_change
from incidents.errors import LoweringNeedsReason, NothingToDo, NotInThisStatus, ReasonRequired
from incidents.ladder import Roster
from incidents.model import Call, Entry, EntryKind, Incident, NameOf, Role, Severity, Status
from incidents.paging import also_specialists, call_for_command, stand_down, start_call
from incidents.people import Actor


class Change(Struct, frozen=True):
    """A wish to change something, by whom, when and why."""

    by: Actor
    now: datetime
    reason: str = ""


def change_severity(
    incident: Incident, to: Severity, change: Change, roster: Roster, name_of: NameOf
) -> Decision:
    """Raising pages whom the graver ladder reaches; lowering needs a reason."""
    demand_open(incident)
    if to is incident.severity:
        raise NothingToDo(f"{incident.key} is {to.label} already.")
    if to > incident.severity and not change.reason.strip():
        raise LoweringNeedsReason(
            f"Say why {incident.key} is lowered to {to.label}: /incident sev {to.value} <reason>"
        )
    data = {"from": incident.severity.label, "to": to.label}
    entry = Entry(EntryKind.SEVERITY, change.now, change.by.user, change.reason.strip(), data)
    raised = to < incident.severity
    changed = replace(incident, severity=to)
    changed = replace(changed, next_update_at=next_update(changed, change.now))
    decision = Decision(changed, (entry,))
    if raised and roster.is_set_up:
        decision = decision.then(_raised(changed, change, roster, name_of))
    timer = update_timer(decision.incident, change.now)
    cadence = Decision(decision.incident, timers=(timer,) if timer else (), cancel=("update:",))
    return decision.then(cadence).with_effects(*show_change(decision.incident, topic=True))


def _raised(incident: Incident, change: Change, roster: Roster, name_of: NameOf) -> Decision:
    """Nobody has it yet: a new call on the graver ladder. Somebody has it: the backup comes as deputy."""
    now, why = change.now, f"Raised to {incident.severity.label} by {name_of(change.by.user)}"
    reason = change.reason.strip().rstrip(".")
    roster = _saying(roster, f"{why}: {reason}." if reason else f"{why}.")
    if not incident.manager:
        first = incident.command_call
        decision = stand_down(incident, first, now) if first and first.is_open else Decision(incident)
        return decision.then(call_for_command(decision.incident, roster, now))
    decision = Decision(incident)
    if incident.severity is Severity.SEV0 and not _has_deputy(incident):
        rungs = ladder.bring_in(incident.severity, ladder.BACKUP)
        decision = start_call(incident, Call(len(incident.calls) + 1, Role.DEPUTY, rungs), roster, now)
    return decision.then(also_specialists(decision.incident, roster, now))


def _has_deputy(incident: Incident) -> bool:
    """Somebody is deputy, or is being called to be."""
    called = any(call.role is Role.DEPUTY and call.is_open for call in incident.calls)
    return called or bool(incident.in_role(Role.DEPUTY))


def _saying(roster: Roster, words: str) -> Roster:
    """The same roster, each candidate's reason led by why it is called now."""
    return replace(
        roster,
        holders={
            target: tuple(replace(c, why=f"{words} {c.why}") for c in candidates)
            for target, candidates in roster.holders.items()
        },
    )


_STEPS: dict[Status, tuple[Status, ...]] = {
    Status.TRIAGE: (Status.ACTIVE, Status.CONTAINED, Status.DISMISSED, Status.DUPLICATE, Status.RESOLVED),
    Status.ACTIVE: (Status.TRIAGE, Status.CONTAINED, Status.DISMISSED, Status.DUPLICATE, Status.RESOLVED),
    Status.CONTAINED: (Status.ACTIVE, Status.DISMISSED, Status.DUPLICATE, Status.RESOLVED),
    Status.RESOLVED: (Status.CLOSED, Status.ACTIVE),
    Status.DISMISSED: (Status.CLOSED, Status.ACTIVE),
    Status.DUPLICATE: (Status.CLOSED, Status.ACTIVE),
    Status.CLOSED: (Status.ACTIVE,),
}


def change_status(
    incident: Incident, to: Status, change: Change, roster: Roster, duplicate_of: str = ""
) -> Decision:
    """Any step but resolving and closing, which ask for more. Dismissing needs a reason."""
    demand_step(incident, to)
    reason = change.reason.strip()
    if to in (Status.RESOLVED, Status.CLOSED):
        verb = "resolve" if to is Status.RESOLVED else "close"
        raise NotInThisStatus(f"{incident.key} is {to.value} by its own command: /incident {verb}")
    if to is Status.DISMISSED and not reason:
        raise ReasonRequired(f"Say why {incident.key} is no incident; it stays open until then.")
    if to is Status.DUPLICATE and not duplicate_of:
        raise ReasonRequired(f"Say which incident {incident.key} repeats, for example INC-141.")
    data = {"from": incident.status.value, "to": to.value, "of": duplicate_of}
    kind = EntryKind.STATUS if incident.status.is_open else EntryKind.REOPENED
    entry = Entry(kind, change.now, change.by.user, reason, data)
    changed = _in_status(incident, to, change.now)
    changed = replace(changed, ended_why="" if to.is_open else reason, duplicate_of=duplicate_of)
    decision = Decision(changed, (entry,))
    if not to.is_open:
        decision = decision.then(end_calls(changed, change.now))
    elif not incident.status.is_open:
        decision = decision.then(_again(changed, roster, change.now))
    return decision.with_effects(*show_change(decision.incident, topic=True))


def _again(incident: Incident, roster: Roster, now: datetime) -> Decision:
    """Reopened: reminders start again; where nobody had taken command, somebody is called anew."""
    timer = update_timer(incident, now)
    decision = Decision(incident, timers=(timer,) if timer else ())
    if incident.manager or not roster.is_set_up:
        return decision
    return decision.then(call_for_command(incident, _saying(roster, "Reopened."), now))


def _in_status(incident: Incident, to: Status, now: datetime) -> Incident:
    if not incident.status.is_open:
        incident = replace(incident, resolved_at=None, closed_at=None)
    contained = incident.contained_at or now if to is Status.CONTAINED else incident.contained_at
    following = (incident.next_update_at or next_update(incident, now)) if to.is_open else None
    return replace(incident, status=to, contained_at=contained, next_update_at=following)


def end_calls(incident: Incident, now: datetime) -> Decision:
    """Nothing more is paged or reminded once an incident is over."""
    decision = Decision(incident, cancel=("update:",))
    for call in incident.calls:
        if call.is_open:
            decision = decision.then(stand_down(decision.incident, call, now))
    return decision


def open_up(incident: Incident, by: Actor, now: datetime) -> Decision:
    """A restricted incident becomes visible to everybody; its channel stays as it is."""
    if not incident.restricted:
        raise NothingToDo(f"{incident.key} is open to everybody already.")
    changed = replace(incident, restricted=False, restricted_why="")
    entry = Entry(EntryKind.OPENED_UP, now, by.user)
    was_announced = changed.announcement is not None
    effects = (*show_change(changed, announce=was_announced, topic=True), announce(changed))
    return Decision(changed, (entry,), effects)


def steps_from(status: Status) -> tuple[Status, ...]:
    """What an incident in this status can become."""
    return _STEPS[status]


def demand_step(incident: Incident, to: Status) -> None:
    """Refuse what the lifecycle does not know, saying what it does."""
    if to is incident.status:
        raise NothingToDo(f"{incident.key} is {to.value} already.")
    if to not in _STEPS[incident.status]:
        ways = ", ".join(status.value for status in _STEPS[incident.status])
        raise NotInThisStatus(f"{incident.key} is {incident.status.value}; from there it can become {ways}.")

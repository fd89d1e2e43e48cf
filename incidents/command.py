"""Who has the incident: acknowledging a page, giving roles, handing over command. Pure."""

from dataclasses import replace
from datetime import datetime

from incidents.decision import Decision, invite, show_change, tell
from incidents.effects import Tell
from incidents.errors import AlreadyAcknowledged, NothingToDo, NotInThisStatus
from incidents.model import (
    Actor,
    Entry,
    EntryKind,
    Incident,
    NameOf,
    Page,
    PageState,
    Role,
    RoleHolding,
    Status,
    UserId,
)
from incidents.paging import edit_page, stand_down


def acknowledge(
    incident: Incident, actor: Actor, now: datetime, name_of: NameOf, page: Page | None = None
) -> Decision:
    """The first acknowledgement makes the incident manager; one of a specialist's call makes the liaison."""
    demand_open(incident)
    page = page or _page_of(incident, actor.user)
    call = incident.call(page.call) if page else incident.command_call
    role = call.role if call else Role.MANAGER
    if role is Role.MANAGER and incident.manager:
        if incident.manager == actor.user:
            raise NothingToDo(f"You have {incident.key} already.")
        raise AlreadyAcknowledged(f"{name_of(incident.manager)} has {incident.key}. Nothing for you to do.")
    decision = Decision(hold(incident, role, actor.user, now, call.note if call else ""))
    changed = decision.incident
    if page is not None:
        answered = replace(page, state=PageState.ACKNOWLEDGED, answered_at=now)
        changed = changed.with_page(answered)
        decision = Decision(changed, effects=(edit_page(changed, answered),))
    if call is not None:
        done = replace(call, answered_by=actor.user, answered_at=now)
        decision = decision.then(stand_down(changed, done, now, but=actor.user))
    if role is Role.MANAGER:
        decision = decision.then(Decision(_taken(decision.incident, now)))
    entry = Entry(EntryKind.ACKNOWLEDGED, now, actor.user, data={"role": role.value})
    decision = decision.then(join(decision.incident, (actor.user,), f"ack.{call.number if call else 0}"))
    shown = show_change(decision.incident, topic=role is Role.MANAGER)
    return decision.then(Decision(decision.incident, (entry,), shown))


def _page_of(incident: Incident, user: UserId) -> Page | None:
    """The person's newest page that still waits for an answer (a passed one may still be answered)."""
    calls = {call.number for call in incident.calls if call.is_open}
    pages = [p for p in incident.pages if p.user == user and p.call in calls]
    return pages[-1] if pages else None


def _taken(incident: Incident, now: datetime) -> Incident:
    status = Status.ACTIVE if incident.status is Status.TRIAGE else incident.status
    return replace(incident, status=status, acknowledged_at=incident.acknowledged_at or now)


def hold(incident: Incident, role: Role, user: UserId, now: datetime, note: str = "") -> Incident:
    """Single-seat roles change hands; specialists and liaisons add up. The manager holds only that role."""
    single = role not in (Role.SPECIALIST, Role.LIAISON)
    kept = [
        held
        for held in incident.roles
        if not (single and held.role is role)
        and not (held.user == user and (role is Role.MANAGER or held.role in (role, Role.MANAGER)))
    ]
    return replace(incident, roles=(*kept, RoleHolding(role, user, now, note)))


def join(incident: Incident, users: tuple[UserId, ...], name: str) -> Decision:
    """Bring people into the channel who are not yet there."""
    new = tuple(user for user in users if user not in incident.responders)
    changed = replace(incident, responders=(*incident.responders, *new))
    return Decision(changed, effects=invite(changed, new, name))


def assign(incident: Incident, role: Role, to: UserId, by: Actor, now: datetime) -> Decision:
    """Give a role to a person; giving the manager's role is the handing over of command."""
    demand_open(incident)
    if to in incident.in_role(role):
        raise NothingToDo(f"They are {role.label.lower()} of {incident.key} already.")
    changed = hold(incident, role, to, now)
    decision = Decision(changed)
    call = changed.command_call
    if role is Role.MANAGER:
        changed = _taken(changed, now)
        decision = stand_down(changed, call, now) if call and call.is_open else Decision(changed)
    decision = decision.then(join(decision.incident, (to,), f"role.{incident.version}"))
    entry = Entry(EntryKind.ROLE, now, by.user, data={"role": role.value, "user": to})
    told = tell(Tell.ROLE, incident.key, (to,), str(incident.version), role=role.value, by=by.user)
    shown = show_change(decision.incident, topic=role is Role.MANAGER)
    return decision.then(Decision(decision.incident, (entry,), (*shown, *(told if to != by.user else ()))))


def demand_open(incident: Incident) -> None:
    if not incident.status.is_open:
        raise NotInThisStatus(
            f"{incident.key} is {incident.status.value}. Reopen it first: /incident show, then Reopen."
        )

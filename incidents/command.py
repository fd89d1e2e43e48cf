"""Who has the incident: acknowledging a page, giving roles, handing over command. Pure."""

from datetime import datetime

from msgspec.structs import replace

from incidents.decision import Decision, invite, show_change, tell
from incidents.effects import Tell
from incidents.errors import AlreadyAcknowledged, NotAllowed, NothingToDo, NotInThisStatus
from incidents.model import (
    Call,
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
from incidents.people import Actor

SEVERAL = (Role.SPECIALIST, Role.LIAISON)


def acknowledge(
    incident: Incident,
    actor: Actor,
    now: datetime,
    name_of: NameOf,
    page: Page | None = None,
    via: UserId = "",
) -> Decision:
    """The first acknowledgement makes the incident manager; one of a specialist's call makes the liaison.

    `page` is the one whose button was pressed; without it the person's own page is found, and somebody who
    was not paged takes command. `via` is who does it for them, or `phone`.
    """
    demand_open(incident)
    page = _answered(incident, actor.user, page)
    call = incident.call(page.call) if page else incident.command_call
    role = call.role if page and call else Role.MANAGER
    _demand_unanswered(incident, actor.user, call if page else None, name_of)
    changed = hold(incident, role, actor.user, now, call.note if page and call else "")
    decision = Decision(_taken(changed, now) if role is Role.MANAGER else changed)
    if page is not None:
        done = replace(page, state=PageState.ACKNOWLEDGED, answered_at=now, via=via)
        changed = decision.incident.with_page(done)
        decision = Decision(changed, effects=edit_page(changed, done))
    if call is not None:
        closed = replace(call, answered_by=actor.user, answered_at=now)
        decision = decision.then(stand_down(decision.incident, closed, now, but=actor.user))
    decision = decision.then(_end_calls_for(decision.incident, role, now))
    data = {"role": role.value} | ({"via": via} if via else {})
    entry = Entry(EntryKind.ACKNOWLEDGED, now, actor.user, data=data)
    decision = decision.then(join(decision.incident, (actor.user,), f"ack.{incident.version}"))
    shown = show_change(decision.incident, topic=role is Role.MANAGER)
    return decision.then(Decision(decision.incident, (entry,), shown))


def _answered(incident: Incident, user: UserId, pressed: Page | None) -> Page | None:
    """The page that is meant. That of a graver call stands for one whose call it has replaced."""
    pressed_call = incident.call(pressed.call) if pressed else None
    if pressed_call is not None and (pressed_call.is_open or pressed_call.role is not Role.MANAGER):
        return pressed
    calls = {call.number: call for call in incident.calls if call.is_open}
    pages = [page for page in incident.pages if page.user == user and page.call in calls]
    if pressed is not None:
        pages = [page for page in pages if calls[page.call].role is Role.MANAGER]
    if not pages:
        return None if pressed else _answered_before(incident, user)
    first = [page for page in pages if page.state is PageState.WAITING] or pages
    commanding = [page for page in first if calls[page.call].role is Role.MANAGER]
    return (commanding or first)[-1]


def _answered_before(incident: Incident, user: UserId) -> Page | None:
    """Who came as a specialist does not slip into command by acknowledging a second time."""
    pages = (page for page in incident.pages if page.user == user and page.state is PageState.ACKNOWLEDGED)
    roles = {call.number: call.role for call in incident.calls}
    return next((page for page in pages if roles[page.call] is not Role.MANAGER), None)


def _demand_unanswered(incident: Incident, user: UserId, call: Call | None, name_of: NameOf) -> None:
    key = incident.key
    if call is None or call.role is Role.MANAGER:
        if incident.manager == user:
            raise NothingToDo(f"You have {key} already.")
        if incident.manager:
            raise AlreadyAcknowledged(f"{name_of(incident.manager)} has {key}. Nothing for you to do.")
        return
    if incident.manager == user:
        raise NothingToDo(
            f"You are incident manager of {key} and hold only that role. Press “I can't”: the next person is "
            "paged."
        )
    if call.answered_by == user:
        raise NothingToDo(f"You have answered already and are {call.role.value} of {key}.")
    if call.answered_by:
        raise AlreadyAcknowledged(f"{name_of(call.answered_by)} has answered. Nothing for you to do.")


def _end_calls_for(incident: Incident, role: Role, now: datetime) -> Decision:
    """A seat that is filled calls nobody any more; specialists and liaisons may be several."""
    decision = Decision(incident)
    if role in SEVERAL:
        return decision
    for call in incident.calls:
        if call.is_open and call.role is role:
            decision = decision.then(stand_down(decision.incident, call, now))
    return decision


def _taken(incident: Incident, now: datetime) -> Incident:
    status = Status.ACTIVE if incident.status is Status.TRIAGE else incident.status
    return replace(incident, status=status, acknowledged_at=incident.acknowledged_at or now)


def hold(incident: Incident, role: Role, user: UserId, now: datetime, note: str = "") -> Incident:
    """Single-seat roles change hands; specialists and liaisons add up. The manager holds only that role."""
    single = role not in SEVERAL
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
    if to == incident.manager:
        raise NotAllowed(
            f"The incident manager of {incident.key} holds only that role. Hand over command first, or pick "
            "somebody else."
        )
    changed = hold(incident, role, to, now)
    decision = _end_calls_for(_taken(changed, now) if role is Role.MANAGER else changed, role, now)
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

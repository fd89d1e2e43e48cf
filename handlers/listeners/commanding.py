"""Roles, severity, status, opening up: typed, pressed, and by form."""

from handlers.blocks import ids
from handlers.blocks.forms import severity_form, status_form
from handlers.blocks.people_forms import roles_form
from handlers.commands import Assign, ChangeSeverity, ChangeStatus, OpenUp, Restrict
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.listeners.lookup import key_meant, meant
from handlers.listeners.replies import reader_of, said_of
from incidents.lifecycle import steps_from
from incidents.model import Role, Severity, Status
from incidents.operations import commanding, reading


def assign(edge: Edge, asked: Asked, wish: Assign) -> Reply:
    if wish.role is None or not wish.to:
        return _roles(edge, asked, wish.key, wish.role)
    key = key_meant(edge, asked, wish.key)
    incident = commanding.assign(edge.house, asked.ask(), key, wish.role, wish.to)
    name = reading.show(edge.house, asked.user, incident.key).name_of(wish.to)
    told = "" if wish.to == asked.user else " They are told and invited."
    return said_of(incident, f"{incident.key}: {name} is {wish.role.label.lower()} now.{told}")


def change_severity(edge: Edge, asked: Asked, wish: ChangeSeverity) -> Reply:
    if wish.to is None:
        return _severity(edge, asked, wish.key)
    key = key_meant(edge, asked, wish.key)
    incident = commanding.change_severity(edge.house, asked.ask(), key, wish.to, wish.reason)
    return said_of(incident, f"{incident.key} is {incident.severity.label} now.")


def change_status(edge: Edge, asked: Asked, wish: ChangeStatus) -> Reply:
    if wish.to is None or (wish.to is Status.DUPLICATE and not wish.of):
        return _status(edge, asked, wish.key)
    key = key_meant(edge, asked, wish.key)
    incident = commanding.change_status(edge.house, asked.ask(), key, wish.to, wish.reason, wish.of)
    return said_of(incident, f"{incident.key} is {incident.status.value} now.")


def open_up(edge: Edge, asked: Asked, wish: OpenUp) -> Reply:
    incident = commanding.open_up(edge.house, asked.ask(), key_meant(edge, asked, wish.key))
    return said_of(incident, f"{incident.key} is open to everybody now; its channel stays private.")


def restrict(edge: Edge, asked: Asked, wish: Restrict) -> Reply:
    """What has been seen stays seen, and Slack lets no bot close a channel: the answer says so."""
    incident = commanding.restrict(edge.house, asked.ask(), key_meant(edge, asked, wish.key))
    place = f" #{incident.channel.name}" if incident.channel else ""
    return said_of(
        incident,
        f"{incident.key} is restricted now: no list, announcement or handoff names it. Its channel{place} "
        "stays as it was, with what people said in it, and Meridian writes nothing more there; only a "
        "workspace owner can make it private.",
    )


def _roles(edge: Edge, asked: Asked, key: str, role: Role | None = None) -> Opens:
    seen = meant(edge, asked, key)
    view = roles_form(seen.incident, reader_of(edge, seen), role)
    return Opens(view, "Who takes which role?", "Roles", ids.ROLES, seen.incident.key)


def _severity(edge: Edge, asked: Asked, key: str) -> Opens:
    incident = meant(edge, asked, key).incident
    return Opens(severity_form(incident), "Which severity?", "Severity", ids.SEVERITY, incident.key)


def _status(edge: Edge, asked: Asked, key: str) -> Opens:
    incident = meant(edge, asked, key).incident
    view = status_form(incident, steps_from(incident.status))
    return Opens(view, "Which status?", "Status", ids.STATUS, incident.key)


def _pressed_roles(edge: Edge, press: Press) -> Reply:
    return _roles(edge, press.asked, press.key)


def _pressed_hand_over(edge: Edge, press: Press) -> Reply:
    return _roles(edge, press.asked, press.key, Role.MANAGER)


def _pressed_take_command(edge: Edge, press: Press) -> Reply:
    return assign(edge, press.asked, Assign(press.key, Role.MANAGER, press.asked.user))


def _pressed_severity(edge: Edge, press: Press) -> Reply:
    return _severity(edge, press.asked, press.key)


def _pressed_status(edge: Edge, press: Press) -> Reply:
    return _status(edge, press.asked, press.key)


def _pressed_reopen(edge: Edge, press: Press) -> Reply:
    return change_status(edge, press.asked, ChangeStatus(press.key, Status.ACTIVE))


def _pressed_merge(edge: Edge, press: Press) -> Reply:
    return change_status(edge, press.asked, ChangeStatus(press.key, Status.DUPLICATE, of=press.part(1)))


def _pressed_restrict(edge: Edge, press: Press) -> Reply:
    return restrict(edge, press.asked, Restrict(press.key))


def _pressed_open_up(edge: Edge, press: Press) -> Reply:
    return open_up(edge, press.asked, OpenUp(press.key))


def _sent_roles(edge: Edge, sent: Submission) -> Submitted:
    role = Role(sent.values[ids.ROLE])
    commanding.assign(edge.house, sent.asked.ask(), sent.key, role, sent.values.get(ids.PERSON, ""))
    return None


def _sent_severity(edge: Edge, sent: Submission) -> Submitted:
    to = Severity(int(sent.values[ids.CHOSEN_SEVERITY]))
    commanding.change_severity(edge.house, sent.asked.ask(), sent.key, to, sent.values.get(ids.WHY, ""))
    return None


def _sent_status(edge: Edge, sent: Submission) -> Submitted:
    to = Status(sent.values[ids.CHOSEN_STATUS])
    why, of = sent.values.get(ids.WHY, ""), sent.values.get(ids.DUPLICATE_OF, "").strip()
    commanding.change_status(edge.house, sent.asked.ask(), sent.key, to, why, of)
    return None


PRESSES: dict[str, OnPress] = {
    ids.ROLES: _pressed_roles,
    ids.HAND_OVER: _pressed_hand_over,
    ids.TAKE_COMMAND: _pressed_take_command,
    ids.SEVERITY: _pressed_severity,
    ids.STATUS: _pressed_status,
    ids.REOPEN: _pressed_reopen,
    ids.MERGE: _pressed_merge,
    f"{ids.MERGE}:": _pressed_merge,
    ids.OPEN_UP: _pressed_open_up,
    ids.RESTRICT: _pressed_restrict,
}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_ROLES: _sent_roles,
    ids.VIEW_SEVERITY: _sent_severity,
    ids.VIEW_STATUS: _sent_status,
}

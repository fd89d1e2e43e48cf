"""Who may see and do what: one table, asked by every operation. Restricted incidents fail closed."""

from collections.abc import Callable
from enum import StrEnum

from incidents.errors import NotAllowed, UnknownIncident
from incidents.model import Incident
from incidents.people import Actor


class Action(StrEnum):
    """Everything an operation can ask for. Later work widens the table, not the calls."""

    SEE = "see"
    DECLARE = "declare"
    ACKNOWLEDGE = "acknowledge"
    PAGE = "page"
    ESCALATE = "escalate"
    STOP_PAGING = "stop_paging"
    BE_HERE = "be_here"
    TAKE_CARE = "take_care"
    ASSIGN = "assign"
    SEVERITY = "severity"
    STATUS = "status"
    UPDATE = "update"
    NOTE = "note"
    STEP = "step"
    RESOLVE = "resolve"
    FILL_IN = "fill_in"
    CLOSE = "close"
    REOPEN = "reopen"
    OPEN_UP = "open_up"
    RESTRICT = "restrict"
    SEE_ROTA = "see_rota"
    OVERRIDE_OWN = "override_own"
    OVERRIDE_ANY = "override_any"
    ACCEPT_HANDOFF = "accept_handoff"
    TEST_ANY = "test_any"
    APPLY_ROTA = "apply_rota"


_ROTA = {Action.SEE_ROTA, Action.OVERRIDE_OWN, Action.ACCEPT_HANDOFF}
_LEADS_ONLY = {Action.OVERRIDE_ANY, Action.APPLY_ROTA, Action.TEST_ANY}
_MEMBERS_ONLY = {
    Action.CLOSE,
    Action.REOPEN,
    Action.ASSIGN,
    Action.SEVERITY,
    Action.STATUS,
    Action.RESOLVE,
    Action.ESCALATE,
}
_INSIDERS_ONLY = {Action.ACKNOWLEDGE, Action.ASSIGN, Action.OPEN_UP}  # of a restricted incident


_HOLDERS_ONLY: dict[Action, Callable[[Actor, Incident], bool]] = {
    Action.OPEN_UP: lambda actor, it: actor.user == it.holder,
    Action.RESTRICT: lambda actor, it: actor.is_lead or actor.user == it.holder,
    Action.STOP_PAGING: lambda actor, it: actor.is_lead or actor.user in (it.holder, it.declared_by),
}


def may(actor: Actor, action: Action, subject: Incident | None = None) -> bool:
    """Whether the actor may do this to the subject (None: to no incident in particular)."""
    if actor.is_deactivated or actor.is_stranger or actor.is_bot:
        return False
    if subject is not None and not _is_admitted(actor, action, subject):
        return False
    if action in _HOLDERS_ONLY:
        return subject is not None and _HOLDERS_ONLY[action](actor, subject)
    if action in _LEADS_ONLY:
        return actor.is_lead
    if action in _MEMBERS_ONLY:
        return not actor.is_guest
    if action in _ROTA:
        return not actor.is_guest
    return action is Action.SEE or not actor.is_guest or subject is not None


def _is_admitted(actor: Actor, action: Action, subject: Incident) -> bool:
    is_inside = not (subject.restricted and actor.is_outside)
    return can_see(actor, subject) and (is_inside or action not in _INSIDERS_ONLY)


def can_see(actor: Actor, incident: Incident) -> bool:
    """Everybody inside sees an open incident; a restricted one only the people who are part of it.

    Somebody from outside (vendor, guest) is never part of a restricted one, unless they declared it: then
    they see what becomes of it, but are not invited, never hold command and do not open it up.
    """
    if actor.is_deactivated or actor.is_stranger or actor.is_bot:
        return False
    if not incident.restricted:
        return not actor.is_guest or is_part_of(actor, incident)
    if actor.is_outside:
        return actor.user == incident.declared_by
    return is_part_of(actor, incident)


def is_part_of(actor: Actor, incident: Incident) -> bool:
    """Declared it, holds a role in it, was paged for it or was brought in."""
    return (
        actor.user == incident.declared_by
        or actor.user in incident.responders
        or any(held.user == actor.user for held in incident.roles)
        or any(page.user == actor.user for page in incident.pages)
    )


def demand(actor: Actor, action: Action, subject: Incident | None = None) -> None:
    """Raise UnknownIncident where the subject may not even be seen, else NotAllowed."""
    if may(actor, action, subject):
        return
    if subject is not None and not can_see(actor, subject):
        raise UnknownIncident(subject.key)
    raise NotAllowed(_REFUSALS.get(action, "You cannot do that here. Ask a lead, or press Declare incident."))


_REFUSALS = {
    Action.STOP_PAGING: "Only who holds it, who declared it or a lead can stop the paging. Ask one of them.",
    Action.RESTRICT: "Only the incident manager or a lead can restrict an incident. Ask one of them.",
    Action.OPEN_UP: "Only the incident manager can open a restricted incident to everybody. Ask them.",
    Action.OVERRIDE_ANY: "Only a lead, or the person concerned, can change who is on call. Ask a lead.",
    Action.TEST_ANY: "Only a lead can send a test page to somebody else. Ask a lead, or test your own.",
    Action.APPLY_ROTA: "Only a lead can change the schedules. Ask a lead.",
    Action.DECLARE: "Guests cannot declare an incident. Tell somebody of the team, and they will.",
}

"""Answering a page, saying "I can't", bringing somebody in: typed, pressed, and by form."""

from functools import partial

from handlers.blocks import ids
from handlers.blocks.people_forms import bring_in_form
from handlers.calls import Message
from handlers.commands import BringIn
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
from handlers.listeners.replies import said_of
from incidents.errors import IncidentError
from incidents.model import Target
from incidents.operations import oncall, reading, responding
from rotations.answers import Answers

LEGAL = Target(schedule="legal")
POLICY = Target(schedule="policy")
NEXT_REGION = Target(where="next")


def acknowledge(edge: Edge, asked: Asked, key: str = "") -> Message:
    incident = responding.acknowledge(edge.house, asked.ask(), key_meant(edge, asked, key))
    role = "You have it" if incident.manager == asked.user else "Thank you for coming"
    return said_of(incident, f"{incident.key}: acknowledged. {role}.")


def bring_in(edge: Edge, asked: Asked, wish: BringIn) -> Reply:
    """Each target is a page of its own; without one the form."""
    if not wish.whom:
        return _form(edge, asked, wish.key)
    return _paged(edge, asked, key_meant(edge, asked, wish.key), wish.whom)


def _paged(edge: Edge, asked: Asked, key: str, whom: tuple[Target, ...]) -> Message:
    refusals = [_page_one(edge, asked, number, key, target) for number, target in enumerate(whom)]
    refused = [error for error in refusals if error is not None]
    if len(refused) == len(whom):
        raise refused[0]
    seen = reading.show(edge.house, asked.user, key)
    paged = [target for target, error in zip(whom, refusals, strict=True) if error is None]
    calls = seen.incident.calls[-len(paged) :]
    names = [seen.name_of(t.person) if t.person else c.note for t, c in zip(paged, calls, strict=True)]
    said = [f"{seen.incident.key}: {', '.join(names)} will be paged now.", *map(str, refused)]
    return said_of(seen.incident, " ".join(said))


def _page_one(edge: Edge, asked: Asked, number: int, key: str, whom: Target) -> IncidentError | None:
    """One refusal of several does not stop the others."""
    try:
        responding.bring_in(edge.house, asked.ask(number), key, whom)
    except IncidentError as refusal:
        return refusal
    return None


def _form(edge: Edge, asked: Asked, key: str) -> Opens:
    incident = meant(edge, asked, key).incident
    view = bring_in_form(incident, _next_region(edge, asked))
    said = f"Who should come to {incident.key}?"
    return Opens(view, said, "Bring someone in", ids.BRING_IN, incident.key)


def _next_region(edge: Edge, asked: Asked) -> str:
    try:
        rota = oncall.ask(edge.house, asked.user, "")
    except IncidentError:  # no schedule yet, or a guest: the form goes without this button
        return ""
    following = Answers(rota.organisation, rota.resolver).next_regions(rota.now)
    return following[0].region if following else ""


def _pressed_acknowledge(edge: Edge, press: Press) -> Reply:
    """The page and the card say it; only a private answer, which nobody edits, is answered in words."""
    if press.is_private:
        return acknowledge(edge, press.asked, press.key)
    responding.acknowledge(edge.house, press.asked.ask(), press.key, press.part(1))
    return None


def _pressed_decline(edge: Edge, press: Press) -> Reply:
    responding.decline(edge.house, press.asked.ask(), press.key)
    return None


def _pressed_bring_in(edge: Edge, press: Press) -> Reply:
    return _form(edge, press.asked, press.key)


def _pressed_seat(target: Target, edge: Edge, press: Press) -> Reply:
    return _paged(edge, press.asked, press.key, (target,))


def _sent(edge: Edge, sent: Submission) -> Submitted:
    whom, why = Target(person=sent.values.get(ids.PERSON, "")), sent.values.get(ids.WHY, "")
    responding.bring_in(edge.house, sent.asked.ask(), sent.key, whom, why)
    return None


PRESSES: dict[str, OnPress] = {
    ids.ACKNOWLEDGE: _pressed_acknowledge,
    ids.DECLINE: _pressed_decline,
    ids.BRING_IN: _pressed_bring_in,
    ids.BRING_LEGAL: partial(_pressed_seat, LEGAL),
    ids.BRING_POLICY: partial(_pressed_seat, POLICY),
    ids.BRING_NEXT_REGION: partial(_pressed_seat, NEXT_REGION),
}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_BRING_IN: _sent}

"""Answering a page, saying "I can't", bringing somebody in, paging by hand: typed, pressed, and by form."""

from functools import partial

from handlers.blocks import answers, ids, kit
from handlers.blocks.people_forms import bring_in_form
from handlers.calls import Message
from handlers.commands import Acknowledge, BringIn, Escalate, StopPaging
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
from handlers.listeners.lookup import key_meant, meant, seen_here
from handlers.listeners.replies import said_of
from handlers.listeners.showing import show_home
from incidents.errors import IncidentError, NothingToDo
from incidents.model import PageState, Target
from incidents.operations import oncall, reading, responding
from rotations.answers import Answers

LEGAL = Target(schedule="legal")
POLICY = Target(schedule="policy")
NEXT_REGION = Target(where="next")
WHICH_SHOWN = 5


def acknowledge(edge: Edge, asked: Asked, wish: Acknowledge) -> Message:
    """Of the incident that is named, of this channel's, or of the page that waits for the asker.

    Where several wait, it is asked which is meant. For somebody else the incident has to be plain.
    """
    if wish.on_behalf_of not in ("", asked.user):
        return _for_somebody(edge, asked, wish)
    keys = (wish.key,) if wish.key else _waiting(edge, asked)
    if len(keys) > 1:
        return _which(keys)
    incident = responding.acknowledge(edge.house, asked.ask(), keys[0])
    role = "You have it" if incident.manager == asked.user else "Thank you for coming"
    return said_of(incident, f"{incident.key}: acknowledged. {role}.")


def _waiting(edge: Edge, asked: Asked) -> tuple[str, ...]:
    """The incidents that a bare “ack” can mean here, at least one."""
    seen = seen_here(edge, asked)
    if seen is not None:
        return (seen.incident.key,)
    paged = responding.pages_waiting(edge.house, asked.user)
    answered = [key for key, page in paged if page.message is not None and page.message.ts == asked.thread]
    keys = tuple(dict.fromkeys(answered or [key for key, _ in paged]))
    if not keys:
        raise NothingToDo("You are not being paged now. Nothing for you to do.")
    return keys


def _which(keys: tuple[str, ...]) -> Message:
    first, *rest = (
        kit.button(f"Acknowledge {key}", f"{ids.ACKNOWLEDGE_ONE}{at}", key)
        for at, key in enumerate(keys[:WHICH_SHOWN])
    )
    said = f"You are paged for {len(keys)} incidents. Which do you have?"
    return answers.said(said, kit.primary(first), *rest)


def _for_somebody(edge: Edge, asked: Asked, wish: Acknowledge) -> Message:
    key = key_meant(edge, asked, wish.key)
    incident = responding.acknowledge(edge.house, asked.ask(), key, on_behalf_of=wish.on_behalf_of)
    name = ", ".join(reading.names_of(edge.house, (wish.on_behalf_of,)))
    return said_of(incident, f"{incident.key}: acknowledged for {name}, who is told; the timeline says so.")


def escalate(edge: Edge, asked: Asked, wish: Escalate) -> Message:
    incident = responding.escalate(edge.house, asked.ask(), key_meant(edge, asked, wish.key), wish.reason)
    if any(call.is_open and call.level >= len(call.rungs) for call in incident.calls):
        return said_of(incident, f"{incident.key}: nobody is left to page; the leads read whom to telephone.")
    waiting = [page.user for page in incident.pages if page.state is PageState.WAITING]
    names = ", ".join(reading.names_of(edge.house, waiting))
    return said_of(incident, f"{incident.key}: paged now: {names}.")


def stop_paging(edge: Edge, asked: Asked, wish: StopPaging) -> Message:
    incident = responding.stop_paging(edge.house, asked.ask(), key_meant(edge, asked, wish.key), wish.reason)
    name = ", ".join(reading.names_of(edge.house, (incident.holder,)))
    said = f"{incident.key}: nobody is paged any more, and the leads are told. {name} holds it."
    return said_of(incident, said)


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
        return acknowledge(edge, press.asked, Acknowledge(press.key))
    responding.acknowledge(edge.house, press.asked.ask(), press.key, press.part(1))
    if press.view.get("type") == "home":
        show_home(edge, press.asked.user)
    return None


def _pressed_which(edge: Edge, press: Press) -> Reply:
    return acknowledge(edge, press.asked, Acknowledge(press.key))


def _pressed_escalate(edge: Edge, press: Press) -> Reply:
    return escalate(edge, press.asked, Escalate(press.key))


def _pressed_stop(edge: Edge, press: Press) -> Reply:
    return stop_paging(edge, press.asked, StopPaging(press.key))


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
    ids.ACKNOWLEDGE_ONE: _pressed_which,
    ids.ESCALATE: _pressed_escalate,
    ids.STOP_PAGING: _pressed_stop,
    ids.DECLINE: _pressed_decline,
    ids.BRING_IN: _pressed_bring_in,
    ids.BRING_LEGAL: partial(_pressed_seat, LEGAL),
    ids.BRING_POLICY: partial(_pressed_seat, POLICY),
    ids.BRING_NEXT_REGION: partial(_pressed_seat, NEXT_REGION),
}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_BRING_IN: _sent}

"""Resolving, the postmortem's parts, closing: typed, pressed, and by form."""

from datetime import date

from handlers.blocks import ids
from handlers.blocks.forms import close_form, resolve_form
from handlers.blocks.postmortem import draft_view, fill_in_form
from handlers.commands import Close, Resolve
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
from handlers.text import zone_of
from incidents.document import Record, document
from incidents.model import ActionItem, Incident
from incidents.operations import closing, reading, reviewing
from incidents.postmortem import missing, required


def resolve(edge: Edge, asked: Asked, wish: Resolve) -> Reply:
    if not wish.summary:
        return _resolve_form(edge, asked, wish.key)
    key = key_meant(edge, asked, wish.key)
    incident = _resolved(edge, asked, key, wish.summary)
    return said_of(incident, f"{incident.key} is resolved. The postmortem draft is posted in its channel.")


def _resolved(edge: Edge, asked: Asked, key: str, summary: str) -> Incident:
    """The draft waits a moment for the channel to be read back."""
    incident = closing.resolve(edge.house, asked.ask(), key, summary)
    edge.read_back()
    return incident


def close(edge: Edge, asked: Asked, wish: Close) -> Reply:
    """Typed, it closes at once; refused, the sentence says which parts are empty."""
    incident = closing.close(edge.house, asked.ask(), key_meant(edge, asked, wish.key))
    return said_of(incident, f"{incident.key} is closed.")


def _resolve_form(edge: Edge, asked: Asked, key: str) -> Opens:
    incident = meant(edge, asked, key).incident
    return Opens(
        resolve_form(incident), f"{incident.key}: what happened?", "Resolve", ids.RESOLVE, incident.key
    )


def _pressed_resolve(edge: Edge, press: Press) -> Reply:
    return _resolve_form(edge, press.asked, press.key)


def _pressed_fill_in(edge: Edge, press: Press) -> Reply:
    incident = reading.show(edge.house, press.asked.user, press.key).incident
    view = fill_in_form(incident, missing(incident))
    return Opens(view, "Fill in your part.", "Fill in my part", ids.FILL_IN, incident.key)


def _pressed_draft(edge: Edge, press: Press) -> Reply:
    seen = reading.show(edge.house, press.asked.user, press.key)
    record = Record(seen.incident, seen.entries, seen.name_of, zone_of(seen.actor.zone).key)
    view = draft_view(seen.incident, document(record))
    return Opens(view, "The draft, as it is now.", "Open draft", ids.OPEN_DRAFT, press.key)


def _pressed_close(edge: Edge, press: Press) -> Reply:
    incident = reading.show(edge.house, press.asked.user, press.key).incident
    empty = tuple(part.title for part in required(incident))
    return Opens(close_form(incident, empty), f"Close {incident.key}?", "Close", ids.CLOSE, incident.key)


def _pressed_review(edge: Edge, press: Press) -> Reply:
    """Its hours and its file come as a message."""
    reviewing.propose(edge.house, press.asked.ask(), press.key)
    return None


def _sent_resolve(edge: Edge, sent: Submission) -> Submitted:
    _resolved(edge, sent.asked, sent.key, sent.values.get(ids.TEXT, ""))
    return None


def _sent_fill_in(edge: Edge, sent: Submission) -> Submitted:
    """Parts and one action item; each is an operation of its own, and an empty form is refused."""
    texts = {
        name.removeprefix(ids.PART): text for name, text in sent.values.items() if name.startswith(ids.PART)
    }
    item = _action(sent.values)
    if texts or item is None:
        closing.fill_in(edge.house, sent.asked.ask(), sent.key, texts)
    if item is not None:
        closing.add_action(edge.house, sent.asked.ask(1), sent.key, item)
    return None


def _action(values: dict[str, str]) -> ActionItem | None:
    text, due = values.get(ids.ACTION_TEXT, "").strip(), values.get(ids.ACTION_DUE, "")
    if not text:
        return None
    return ActionItem(text, values.get(ids.ACTION_OWNER, ""), date.fromisoformat(due) if due else None)


def _sent_close(edge: Edge, sent: Submission) -> Submitted:
    closing.close(edge.house, sent.asked.ask(), sent.key)
    return None


PRESSES: dict[str, OnPress] = {
    ids.RESOLVE: _pressed_resolve,
    ids.FILL_IN: _pressed_fill_in,
    ids.OPEN_DRAFT: _pressed_draft,
    ids.CLOSE: _pressed_close,
    ids.PROPOSE_REVIEW: _pressed_review,
}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_RESOLVE: _sent_resolve,
    ids.VIEW_FILL_IN: _sent_fill_in,
    ids.VIEW_CLOSE: _sent_close,
}

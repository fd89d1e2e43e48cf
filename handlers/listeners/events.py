"""What happens in the workspace: what is said and marked, a look at the home, people who come or change.

Raises StoreUnavailable: an event that could not be kept is not acknowledged, so Slack delivers it again."""

from collections.abc import Callable, Mapping

from handlers.calls import Json
from handlers.delivery_keys import of_event
from handlers.errors import attempt
from handlers.listeners import messages
from handlers.listeners.edge import Edge
from handlers.listeners.showing import show_home
from handlers.listeners.typed import answer_direct, answer_mention
from handlers.listeners.watching import note_presence
from incidents.model import MessageRef
from incidents.operations import recording
from incidents.people import Ask

MARK = "pushpin"


def take(edge: Edge, body: Json) -> None:
    """Events that nobody handles are acknowledged by doing nothing."""
    handler = _EVENTS.get(body["event"].get("type", ""))
    if handler is None:
        edge.unhandled("event")
    else:
        handler(edge, body)


def is_asked(body: Json) -> bool:
    """Whether a person has written to Meridian itself, and waits for an answer."""
    event = body["event"]
    is_to_us = event.get("type") == "app_mention" or event.get("channel_type") == "im"
    return is_to_us and bool(event.get("user")) and not event.get("bot_id")


def _home_opened(edge: Edge, body: Json) -> None:
    """A home that cannot be drawn now is drawn at the next look."""
    event = body["event"]
    if event.get("tab", "home") == "home":
        drawn = attempt(edge, lambda: show_home(edge, event["user"]))
        note_presence(edge, event["user"], drawn)


def _reacted(edge: Edge, body: Json) -> None:
    """📌 puts the message on its incident's timeline, at its own time. Any mark is a sign of life."""
    event = body["event"]
    item = event.get("item") or {}
    if event.get("reaction") == MARK and item.get("type") == "message" and event.get("user"):
        ref = MessageRef(item["channel"], item["ts"])
        recording.keep(edge.house, Ask(event["user"], of_event(body)), ref)
    if event.get("user"):
        note_presence(edge, event["user"], None)


def _said(edge: Edge, body: Json) -> None:
    """To Meridian itself it is answered; in a channel it is history."""
    if body["event"].get("channel_type") == "im":
        answer_direct(edge, body)
    else:
        messages.hear(edge, body)


def _somebody_changed(edge: Edge, _body: Json) -> None:
    edge.learn()


_EVENTS: Mapping[str, Callable[[Edge, Json], None]] = {
    "app_home_opened": _home_opened,
    "app_mention": answer_mention,
    "message": _said,
    "reaction_added": _reacted,
    "team_join": _somebody_changed,
    "user_change": _somebody_changed,
}

"""Shortcuts: declaring from anywhere or from a message, putting a message on the timeline."""

from handlers.blocks import answers, ids
from handlers.calls import Json
from handlers.delivery_keys import of_trigger
from handlers.errors import Refused, attempt
from handlers.listeners import declaring
from handlers.listeners.edge import Asked, Edge, Opens, Reply
from handlers.listeners.lookup import with_names
from handlers.listeners.replies import refused, said_of, send
from handlers.listeners.watching import note_presence
from handlers.said import pinned_in
from handlers.words_pieces import as_typed
from incidents.intake import clean_title
from incidents.operations import recording


def answer_shortcut(edge: Edge, body: Json) -> None:
    """Those of the manifest; any other needs nothing."""
    channel = (body.get("channel") or {}).get("id", "")
    asked = Asked(
        user=body["user"]["id"],
        delivery=of_trigger(body),
        channel=channel,
        trigger=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
    )
    reply = attempt(edge, lambda: _reply(edge, asked, body))
    note_presence(edge, asked.user, reply)
    if isinstance(reply, Refused):
        reply = refused(reply)
    if isinstance(reply, Opens):
        edge.front.open_view(asked.trigger, reply.view, asked.user, asked.response_url)
    elif reply is not None:
        send(edge, asked, reply)


def _reply(edge: Edge, asked: Asked, body: Json) -> Reply:
    match body.get("callback_id", ""):
        case ids.SHORTCUT_DECLARE:
            return declaring.form(edge)
        case ids.SHORTCUT_DECLARE_FROM_MESSAGE:
            text = as_typed(with_names(edge, body["message"].get("text", "")))
            message = pinned_in(asked.channel, body["message"])
            return declaring.form(edge, clean_title(text)[0], message=message)
        case ids.SHORTCUT_TO_TIMELINE:
            return _to_timeline(edge, asked, body["message"])
        case _:
            edge.unhandled("shortcut")
            return None


def _to_timeline(edge: Edge, asked: Asked, message: Json) -> Reply:
    """At the message's own time. Only in an incident's channel is there a timeline to put it on."""
    incident = recording.pin(edge.house, asked.ask(), pinned_in(asked.channel, message))
    if incident is None:
        return answers.said("This channel is no incident's, so there is no timeline. Nothing was written.")
    return said_of(incident, f"{incident.key}: the message is on the timeline, at its own time.")

"""Words as they come: slash commands, mentions of the bot, direct messages to it."""

from handlers.blocks import answers
from handlers.calls import Json
from handlers.commands import Acknowledge
from handlers.delivery_keys import of_event, of_trigger
from handlers.errors import Refused, attempt
from handlers.listeners import following, oncall, responding
from handlers.listeners.edge import Asked, Edge, Opens, Reply
from handlers.listeners.lookup import key_of_place, with_names
from handlers.listeners.replies import as_message, refused, send
from handlers.listeners.verbs import carry_out
from handlers.listeners.watching import note_presence
from handlers.words_pieces import as_typed
from handlers.words_watching import is_taken
from incidents.errors import StoreUnavailable

INCIDENT, ON_CALL = "/incident", "/oncall"


def answer_command(edge: Edge, body: Json) -> Json:
    """What is answered in the acknowledgement: an ephemeral message, or nothing where a form opens."""
    asked = Asked(
        user=body["user_id"],
        delivery=of_trigger(body),
        channel=body.get("channel_id", ""),
        trigger=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
    )
    command, text = body.get("command", ""), with_names(edge, body.get("text") or "")
    reply = attempt(edge, lambda: _carried_out(edge, asked, command, text))
    note_presence(edge, asked.user, reply)
    if isinstance(reply, Opens):
        edge.front.open_view(asked.trigger, reply.view, asked.user, asked.response_url)
        return {}
    if isinstance(reply, Refused):
        reply = refused(reply, f"{command} {as_typed(following.kept(text))}", _key_for(edge, asked, reply))
    return {"response_type": "ephemeral", **reply.as_args()} if reply else {}


def _carried_out(edge: Edge, asked: Asked, command: str, text: str) -> Reply:
    if command == INCIDENT:
        return carry_out(edge, asked, text)
    if command == ON_CALL:
        return oncall.answer(edge, asked, text)
    edge.unhandled("command")
    return answers.said(f"Meridian does not know {command[:80]}. Type /incident help for what it knows.")


def _key_for(edge: Edge, asked: Asked, refusal: Refused) -> str:
    """The incident that the way on leads to; a database that refuses is not asked a second time."""
    return "" if isinstance(refusal.error, StoreUnavailable) else key_of_place(edge, asked)


def answer_mention(edge: Edge, body: Json) -> None:
    """`@meridian <words>`, also in threads. Raises StoreUnavailable, so that Slack delivers it again."""
    event = body["event"]
    mention = f"<@{edge.bot_user()}>"
    before, _, after = event.get("text", "").partition(mention)
    _answer(edge, body, after.strip() or before.strip())


def answer_direct(edge: Edge, body: Json) -> None:
    """A message to the bot itself. What is no plain message of a person is passed over."""
    event = body["event"]
    if event.get("channel_type") != "im" or event.get("subtype"):
        return
    words = event.get("text", "").replace(f"<@{edge.bot_user()}>", " ")
    _answer(edge, body, words.strip())


def _answer(edge: Edge, body: Json, words: str) -> None:
    event = body["event"]
    if event.get("bot_id") or not event.get("user") or event["user"] == edge.bot_user():
        return
    asked = Asked(event["user"], of_event(body), event.get("channel", ""), event.get("thread_ts", ""))
    words = with_names(edge, words)
    reply = attempt(edge, lambda: _done(edge, asked, words))
    note_presence(edge, asked.user, reply)
    if isinstance(reply, Refused):
        if isinstance(reply.error, StoreUnavailable):
            raise reply.error
        reply = refused(reply, as_typed(following.kept(words)), _key_for(edge, asked, reply))
    message = as_message(reply)
    if message is not None:
        send(edge, asked, message)


def _done(edge: Edge, asked: Asked, words: str) -> Reply:
    """To Meridian itself, “OK” and “on it” answer a page: nobody declares an incident of that title."""
    if asked.channel.startswith("D") and is_taken(words):
        return responding.acknowledge(edge, asked, Acknowledge())
    return carry_out(edge, asked, words)

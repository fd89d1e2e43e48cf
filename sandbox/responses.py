"""What the app says back: slash ack payloads and response_urls, which need no membership."""

from typing import Any

from sandbox import messages
from sandbox.errors import SlackError
from sandbox.model import Channel, Ephemeral, Message, ResponseUrl
from sandbox.state import Workspace
from sandbox.web_api.chat import drafted, whisper
from sandbox.web_api.content import content
from sandbox.web_api.method import Call

MAX_USES = 5
MAX_AGE_S = 30 * 60
KEPT_URLS = 5_000


def new_url(ws: Workspace, where: ResponseUrl) -> str:
    """An address good for five answers within thirty minutes of the workspace's time."""
    name = ws.ids.next("R")
    ws.response_urls[name] = where
    if len(ws.response_urls) > KEPT_URLS:
        del ws.response_urls[next(iter(ws.response_urls))]
    return f"{ws.url}response/{name}"


def use(ws: Workspace, name: str, body: dict[str, Any]) -> None:
    """One post to a response_url. Raises `invalid_url`, `used_url`, `expired_url`, what content may."""
    where = ws.response_urls.get(name)
    if where is None:
        raise SlackError("invalid_url")
    if where.uses >= MAX_USES:
        raise SlackError("used_url")
    if ws.clock.stamp() - where.created > MAX_AGE_S:
        raise SlackError("expired_url")
    answer(ws, where, body)
    where.uses += 1


def answer(ws: Workspace, where: ResponseUrl, body: dict[str, Any]) -> None:
    """Posts, replaces or deletes, as the body asks."""
    channel, call = ws.channel(where.channel), Call("response_url", body, ws.manifest)
    if call.flag("delete_original"):
        take_away(ws, channel, where)
        return
    said = content(ws, call)
    if call.flag("replace_original") and where.ts is not None:
        fields = {"text": said.text, "blocks": said.blocks or [], "attachments": said.attachments or []}
        replace(ws, channel, where, fields)
        return
    draft = drafted(said, call.text("thread_ts") or None)
    if call.text("response_type") == "in_channel":
        draft.subtype = "bot_message"
        messages.post(ws, channel, draft)
    else:
        whisper(ws, channel, where.user, draft)


def replace(ws: Workspace, channel: Channel, where: ResponseUrl, fields: dict[str, Any]) -> None:
    if not where.is_ephemeral:
        message = ws.message(channel, str(where.ts))
        messages.change(ws, channel, message, **fields)
        return
    for name, value in fields.items():
        setattr(shown_to(ws, where).message, name, value)
    ws.changed("ephemeral")


def take_away(ws: Workspace, channel: Channel, where: ResponseUrl) -> None:
    if where.ts is None:
        return
    if where.is_ephemeral:
        ws.ephemerals.remove(shown_to(ws, where))
        ws.changed("ephemeral")
    else:
        messages.delete(ws, channel, ws.message(channel, where.ts))


def shown_to(ws: Workspace, where: ResponseUrl) -> Ephemeral:
    for each in ws.ephemerals:
        if (each.channel, each.user, each.message.ts) == (where.channel, where.user, where.ts):
            return each
    raise SlackError("message_not_found")


def from_slackbot(ws: Workspace, channel: Channel, user: str, text: str) -> Message:
    """What Slack itself tells one person, such as that a command failed."""
    return whisper(ws, channel, user, Message("", "USLACKBOT", text))

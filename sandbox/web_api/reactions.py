"""`reactions.*`: the app's own reactions to messages, each name once."""

import re
from typing import Any

from sandbox import messages
from sandbox.errors import SlackError
from sandbox.model import Channel, Message
from sandbox.state import BOT_USER, Workspace
from sandbox.web_api.method import TIER_2, TIER_3, Call, Method

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def methods() -> dict[str, Method]:
    return {
        "reactions.add": Method(add, TIER_3, ("reactions:write",)),
        "reactions.get": Method(get, TIER_3, ("reactions:read",)),
        "reactions.remove": Method(remove, TIER_2, ("reactions:write",)),
    }


def add(ws: Workspace, call: Call) -> dict[str, Any]:
    name = emoji(call)
    channel, message = target(ws, call)
    own(channel)
    messages.react(ws, channel, message, BOT_USER, name)
    return {}


def remove(ws: Workspace, call: Call) -> dict[str, Any]:
    name = emoji(call)
    channel, message = target(ws, call)
    own(channel)
    messages.unreact(ws, channel, message, BOT_USER, name)
    return {}


def get(ws: Workspace, call: Call) -> dict[str, Any]:
    channel, message = target(ws, call)
    body = messages.as_json(ws, channel, message)
    return {"type": "message", "channel": channel.id, "message": body}


def emoji(call: Call) -> str:
    name = call.required("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def target(ws: Workspace, call: Call) -> tuple[Channel, Message]:
    if not (call.has("channel") and call.has("timestamp")):
        raise SlackError("no_item_specified")
    channel = ws.bot_channel(call.text("channel"))
    return channel, ws.message(channel, call.text("timestamp"))


def own(channel: Channel) -> None:
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")

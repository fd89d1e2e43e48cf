"""`pins.*`: at most a hundred messages a channel, each pinned once."""

from typing import Any

from sandbox import messages
from sandbox.errors import SlackError
from sandbox.model import Channel, Message, Pin
from sandbox.state import BOT_USER, Workspace
from sandbox.web_api.method import TIER_2, Call, Method

MAX_PINS = 100
UNPINNABLE = (
    "channel_join",
    "channel_leave",
    "channel_topic",
    "channel_purpose",
    "channel_name",
    "tombstone",
)


def methods() -> dict[str, Method]:
    return {
        "pins.add": Method(add, TIER_2, ("pins:write",)),
        "pins.list": Method(list_all, TIER_2, ("pins:read",)),
        "pins.remove": Method(remove, TIER_2, ("pins:write",)),
    }


def add(ws: Workspace, call: Call) -> dict[str, Any]:
    channel, message = target(ws, call)
    if message.subtype in UNPINNABLE:
        raise SlackError("not_pinnable")
    pin(ws, channel, message, BOT_USER)
    return {}


def remove(ws: Workspace, call: Call) -> dict[str, Any]:
    channel, message = target(ws, call)
    found = next((each for each in channel.pins if each.ts == message.ts), None)
    if found is None:
        raise SlackError("no_pin")
    channel.pins.remove(found)
    emit(ws, channel, message, BOT_USER, "pin_removed", found)
    return {}


def list_all(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = ws.bot_channel(call.required("channel"))
    pinned = [item(ws, channel, channel.messages[each.ts], each) for each in reversed(channel.pins)]
    return {"items": pinned}


def target(ws: Workspace, call: Call) -> tuple[Channel, Message]:
    """The message meant; Slack refuses outside of the app's own, living channels."""
    channel = ws.bot_channel(call.required("channel"))
    if not call.has("timestamp"):
        raise SlackError("no_item_specified")
    message = ws.message(channel, call.text("timestamp"))
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel, message


def pin(ws: Workspace, channel: Channel, message: Message, user: str) -> None:
    """Pins for whoever does it. Raises `already_pinned`, `too_many_pins`."""
    if any(each.ts == message.ts for each in channel.pins):
        raise SlackError("already_pinned")
    if len(channel.pins) >= MAX_PINS:
        raise SlackError("too_many_pins")
    new = Pin(message.ts, ws.seconds(), user)
    channel.pins.append(new)
    emit(ws, channel, message, user, "pin_added", new)


def emit(ws: Workspace, channel: Channel, message: Message, user: str, kind: str, pinned: Pin) -> None:
    event = {"type": kind, "user": user, "channel_id": channel.id, "item_user": message.user}
    ws.emit({**event, "item": item(ws, channel, message, pinned), "pin_count": len(channel.pins)})
    ws.changed(channel.id)


def item(ws: Workspace, channel: Channel, message: Message, pinned: Pin) -> dict[str, Any]:
    """Slack's pinned item."""
    body = messages.as_json(ws, channel, message) | {"pinned_to": [channel.id]}
    return {
        "type": "message",
        "channel": channel.id,
        "created": pinned.created,
        "created_by": pinned.created_by,
        "message": body,
    }

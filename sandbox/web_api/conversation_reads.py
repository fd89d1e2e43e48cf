"""`conversations.*` that only read: info, list, members, history, replies."""

from bisect import bisect_left, bisect_right
from typing import Any

from sandbox import channels, messages
from sandbox.errors import SlackError, invalid_arguments
from sandbox.model import Channel, Message
from sandbox.state import BOT_USER, Workspace
from sandbox.web_api.method import TIER_2, TIER_3, TIER_4, Call, Method
from sandbox.web_api.paging import page

READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY = {kind: scope.replace("read", "history") for kind, scope in READ.items()}
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def methods() -> dict[str, Method]:
    read, history = tuple(READ.values()), tuple(HISTORY.values())
    return {
        "conversations.info": Method(info, TIER_3, read),
        "conversations.list": Method(list_all, TIER_2, read),
        "conversations.members": Method(members, TIER_4, read),
        "conversations.history": Method(read_history, TIER_3, history),
        "conversations.replies": Method(read_replies, TIER_3, history),
        "users.conversations": Method(list_of_user, TIER_3, read),
    }


def readable(ws: Workspace, call: Call, scopes: dict[str, str]) -> Channel:
    channel = ws.bot_channel(call.required("channel"))
    call.need(scopes[channel.kind])
    return channel


def info(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = readable(ws, call, READ)
    about = channels.as_json(ws, channel)
    if call.flag("include_num_members"):
        about["num_members"] = len(channel.members)
    return {"channel": about}


def kinds(call: Call) -> set[str]:
    words = call.words("types") or ["public_channel"]
    if any(word not in TYPES for word in words):
        raise SlackError("invalid_types")
    found = {TYPES[word] for word in words}
    for kind in sorted(found):
        call.need(READ[kind])
    return found


def listed(ws: Workspace, call: Call, viewer: str, only_own: bool) -> dict[str, Any]:
    wanted, no_archived = kinds(call), call.flag("exclude_archived")
    found = [
        channel
        for channel in ws.channels.values()
        if channel.kind in wanted
        and (BOT_USER in channel.members or channel.kind == "channel")
        and (viewer in channel.members or not only_own)
        and not (channel.is_archived and no_archived)
    ]
    chosen, more = page(call, found, lambda channel: channel.id)
    counted = [{**channels.as_json(ws, each), "num_members": len(each.members)} for each in chosen]
    return {"channels": counted, **more}


def list_all(ws: Workspace, call: Call) -> dict[str, Any]:
    return listed(ws, call, BOT_USER, only_own=False)


def list_of_user(ws: Workspace, call: Call) -> dict[str, Any]:
    return listed(ws, call, ws.person(call.text("user", BOT_USER)).id, only_own=True)


def members(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = readable(ws, call, READ)
    chosen, more = page(call, channel.members, lambda user: user)
    return {"members": list(chosen), **more}


def read_history(ws: Workspace, call: Call) -> dict[str, Any]:
    """Newest first, of replies only those broadcast. `oldest` and `latest` are exclusive by default."""
    channel = readable(ws, call, HISTORY)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    found = [channel.messages[ts] for ts in reversed(between(call, channel.order))]
    top = [each for each in found if is_top_level(each)]
    chosen, more = page(call, top, lambda each: each.ts)
    with_metadata = call.flag("include_all_metadata")
    shown = [messages.as_json(ws, channel, each, with_metadata) for each in chosen]
    is_more = bool(more["response_metadata"]["next_cursor"])
    answer = {"messages": shown, "has_more": is_more, "pin_count": len(channel.pins)}
    return answer | {"channel_actions_ts": None, "channel_actions_count": 0} | (more if is_more else {})


def is_top_level(message: Message) -> bool:
    return message.thread_ts in (None, message.ts) or message.subtype == "thread_broadcast"


def between(call: Call, order: list[str]) -> list[str]:
    oldest, latest = call.text("oldest", "0") or "0", call.text("latest")
    inclusive = call.flag("inclusive")
    for name, value in (("oldest", oldest), ("latest", latest)):
        check_ts(name, value)
    first = (bisect_left if inclusive else bisect_right)(order, full(oldest))
    last = (bisect_right if inclusive else bisect_left)(order, full(latest)) if latest else len(order)
    return order[first:last]


def check_ts(name: str, value: str) -> None:
    if value and not value.replace(".", "", 1).isdigit():
        raise SlackError(f"invalid_ts_{name}")


def full(ts: str) -> str:
    """The `ts` with ten digits before the point and six behind, so that it sorts as text."""
    seconds, _, fraction = ts.partition(".")
    return f"{seconds.rjust(10, '0')}.{fraction.ljust(6, '0')[:6]}"


def read_replies(ws: Workspace, call: Call) -> dict[str, Any]:
    """The thread's first message, then its replies, oldest first."""
    channel = readable(ws, call, HISTORY)
    if not call.has("ts"):
        raise invalid_arguments("missing required field: ts")
    parent = ws.message(channel, call.text("ts"), "thread_not_found")
    inside = set(between(call, channel.order))
    thread = [channel.messages[ts] for ts in parent.replies if ts in channel.messages and ts in inside]
    chosen, more = page(call, thread, lambda each: each.ts, default=1000)
    shown = [
        messages.as_json(ws, channel, each, call.flag("include_all_metadata")) for each in (parent, *chosen)
    ]
    is_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": shown, "has_more": is_more, **(more if is_more else {})}

"""`conversations.*` that change or open a conversation. What only reads is in `conversation_reads`."""

from typing import Any

from sandbox import channels
from sandbox.errors import SlackError, invalid_arguments
from sandbox.model import Channel
from sandbox.state import BOT_USER, Workspace
from sandbox.web_api.method import TIER_2, TIER_3, Call, Method

MAX_INVITED = 100
MAX_IN_DM = 8
MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write")
INVITE = (*MANAGE, "channels:write.invites", "groups:write.invites", "mpim:write.invites")
TOPIC = (*MANAGE, "channels:write.topic", "groups:write.topic", "im:write.topic", "mpim:write.topic")


def methods() -> dict[str, Method]:
    return {
        "conversations.create": Method(create, TIER_2, MANAGE[:2]),
        "conversations.invite": Method(invite, TIER_3, INVITE),
        "conversations.kick": Method(kick, TIER_3, MANAGE[:2]),
        "conversations.join": Method(join, TIER_3, ("channels:join",)),
        "conversations.leave": Method(leave, TIER_3, MANAGE),
        "conversations.open": Method(open_direct, TIER_3, ("im:write", "mpim:write")),
        "conversations.setTopic": Method(set_topic, TIER_2, TOPIC),
        "conversations.setPurpose": Method(set_purpose, TIER_2, TOPIC),
        "conversations.rename": Method(rename, TIER_2, MANAGE[:2]),
        "conversations.archive": Method(archive, TIER_2, MANAGE[:2]),
        "conversations.unarchive": Method(unarchive, TIER_2, MANAGE[:2]),
    }


def create(ws: Workspace, call: Call) -> dict[str, Any]:
    is_private = call.flag("is_private")
    call.need("groups:write" if is_private else "channels:manage")
    return {"channel": channels.as_json(ws, channels.create(ws, BOT_USER, call.text("name"), is_private))}


def own_channel(ws: Workspace, call: Call, *narrower: str) -> Channel:
    """The channel we manage: found, of the right kind and scope, not archived, and we are in it."""
    channel = managed(ws, call, *narrower)
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def managed(ws: Workspace, call: Call, *narrower: str) -> Channel:
    channel = ws.bot_channel(call.required("channel"))
    if channel.kind in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_private:
        call.need("groups:write", *(f"groups:{each}" for each in narrower))
    else:
        call.need("channels:manage", *(f"channels:{each}" for each in narrower))
    return channel


def invite(ws: Workspace, call: Call) -> dict[str, Any]:
    """All or nothing, unless `force`: then those who can come do, and the others are listed in `errors`."""
    channel = own_channel(ws, call, "write.invites")
    users = list(dict.fromkeys(call.words("users")))
    if not users:
        raise SlackError("no_user")
    if len(users) > MAX_INVITED:
        raise invalid_arguments(f"no more than {MAX_INVITED} users allowed [json-pointer:/users]")
    errors = {user: channels.invite_error(ws, channel, user, BOT_USER) for user in users}
    failed = [{"user": user, "ok": False, "error": error} for user, error in errors.items() if error]
    welcome = [user for user, error in errors.items() if error is None]
    if failed and not (call.flag("force") and welcome):
        raise SlackError(str(failed[0]["error"]), errors=failed)
    for user in welcome:
        channels.join(ws, channel, user, inviter=BOT_USER)
    answer = {"channel": channels.as_json(ws, channel)}
    return {**answer, "errors": failed} if failed else answer


def kick(ws: Workspace, call: Call) -> dict[str, Any]:
    channel, user = own_channel(ws, call), call.required("user")
    if user == BOT_USER:
        raise SlackError("cant_kick_self")
    ws.person(user)
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    channels.leave(ws, channel, user, by=BOT_USER)
    return {"errors": {}}


def join(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = ws.bot_channel(call.required("channel"))
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER in channel.members:
        warnings = ["already_in_channel"]
        return {
            "channel": channels.as_json(ws, channel),
            "warning": warnings[0],
            "response_metadata": {"warnings": warnings},
        }
    channels.join(ws, channel, BOT_USER)
    return {"channel": channels.as_json(ws, channel)}


def leave(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = managed(ws, call)
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if BOT_USER not in channel.members:
        return {"not_in_channel": True}
    channels.leave(ws, channel, BOT_USER)
    return {}


def open_direct(ws: Workspace, call: Call) -> dict[str, Any]:
    """A DM by its `channel` id or by `users`; with `return_im` the whole object, else its id."""
    if call.has("channel"):
        channel, existed = ws.bot_channel(call.text("channel")), True
        if channel.kind not in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
    else:
        channel, existed = channels.direct(ws, [BOT_USER, *dm_partners(ws, call)])
    about = channels.as_json(ws, channel) if call.flag("return_im") else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": about} if existed else {"channel": about}


def dm_partners(ws: Workspace, call: Call) -> list[str]:
    users = [user for user in dict.fromkeys(call.words("users")) if user != BOT_USER]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > MAX_IN_DM:
        raise SlackError("too_many_users")
    call.need("im:write" if len(users) == 1 else "mpim:write")
    for user in users:
        if ws.person(user).deleted:
            raise SlackError("user_disabled")
    return users


def set_topic(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = own_channel(ws, call, "write.topic")
    channels.set_topic(ws, channel, BOT_USER, call.text("topic"))
    return {"channel": channels.as_json(ws, channel)}


def set_purpose(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = own_channel(ws, call, "write.topic")
    channels.set_purpose(ws, channel, BOT_USER, call.text("purpose"))
    return {"purpose": channel.purpose.value}


def rename(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = own_channel(ws, call)
    if channel.creator != BOT_USER:
        raise SlackError("not_authorized")
    channels.rename(ws, channel, BOT_USER, call.text("name"))
    return {"channel": channels.as_json(ws, channel)}


def archive(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = managed(ws, call)
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    channels.archive(ws, channel, BOT_USER)
    return {}


def unarchive(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = managed(ws, call)
    if not channel.is_archived:
        raise SlackError("not_archived")
    channels.unarchive(ws, channel, BOT_USER)
    return {}

"""`chat.*`: what the app says. Threads, edits and deletions keep Slack's rules on whose and where."""

from typing import Any

from sandbox import channels, messages
from sandbox.errors import SlackError
from sandbox.model import Channel, Ephemeral, Message
from sandbox.state import BOT_ID, BOT_USER, Workspace
from sandbox.web_api.content import MAX_POSTED_TEXT, MAX_UPDATED_TEXT, Content, content
from sandbox.web_api.method import PER_CHANNEL, TIER_3, TIER_4, UNLIMITED, Call, Method

WRITE = ("chat:write",)
CUSTOM = ("username", "icon_emoji", "icon_url")


def methods() -> dict[str, Method]:
    return {
        "chat.postMessage": Method(post, PER_CHANNEL, WRITE),
        "chat.postEphemeral": Method(post_ephemeral, TIER_4, WRITE),
        "chat.update": Method(update, TIER_3, WRITE),
        "chat.delete": Method(delete, TIER_3, WRITE),
        "chat.getPermalink": Method(permalink, UNLIMITED),
    }


def post(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = addressed(ws, call.required("channel"))
    if BOT_USER not in channel.members and not call.manifest.grants("chat:write.public"):
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    said = content(ws, call)
    draft = drafted(said, call.text("thread_ts") or None)
    customise(call, draft)
    message = messages.post(ws, channel, draft, broadcast=call.flag("reply_broadcast"))
    shown = messages.as_json(ws, channel, message, with_metadata=True)
    answer = {"channel": channel.id, "ts": message.ts, "message": shown}
    if len(said.text) > MAX_POSTED_TEXT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def addressed(ws: Workspace, name: str) -> Channel:
    """A channel by id or name, or the DM with a person; as the app may see it."""
    if name in ws.people:
        if ws.people[name].is_bot:
            raise SlackError("cannot_dm_bot")
        if ws.people[name].deleted:
            raise SlackError("channel_not_found")
        return channels.direct(ws, [BOT_USER, name])[0]
    return ws.bot_channel(ws.channel_ids.get(name.removeprefix("#"), name))


def drafted(said: Content, thread_ts: str | None) -> Message:
    draft = Message("", BOT_USER, said.text[:MAX_POSTED_TEXT], thread_ts=thread_ts, bot_id=BOT_ID)
    draft.blocks, draft.attachments = said.blocks or [], said.attachments or []
    draft.metadata = said.metadata or None
    return draft


def customise(call: Call, draft: Message) -> None:
    chosen = {name: call.text(name) for name in CUSTOM if call.has(name)}
    if not chosen:
        return
    call.need("chat:write.customize")
    draft.subtype = "bot_message"
    icons = {key.removeprefix("icon_"): value for key, value in chosen.items() if key != "username"}
    draft.extra = {"username": chosen.get("username", ""), "icons": icons}


def post_ephemeral(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = ws.bot_channel(
        ws.channel_ids.get(call.required("channel").removeprefix("#"), call.text("channel"))
    )
    user = call.required("user")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    draft = drafted(content(ws, call), call.text("thread_ts") or None)
    return {"message_ts": whisper(ws, channel, user, draft).ts}


def whisper(ws: Workspace, channel: Channel, user: str, draft: Message) -> Message:
    """Shows the draft to one person only."""
    draft.ts = messages.next_ts(ws, channel)
    ws.ephemerals.append(Ephemeral(channel.id, user, draft))
    ws.changed("ephemeral")
    return draft


def own_message(ws: Workspace, call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = ws.bot_channel(call.required("channel"))
    message = ws.message(channel, call.required("ts"))
    if (
        message.user != BOT_USER
        or message.bot_id != BOT_ID
        or message.subtype in ("channel_join", "tombstone")
    ):
        raise SlackError(refusal)
    return channel, message


def update(ws: Workspace, call: Call) -> dict[str, Any]:
    """Text without blocks takes the blocks away and shows as edited; what is not mentioned stays."""
    channel, message = own_message(ws, call, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    said = content(ws, call)
    if len(said.text) > MAX_UPDATED_TEXT and not call.has("markdown_text"):
        raise SlackError("msg_too_long")
    fields: dict[str, Any] = {}
    if call.has("text") or said.blocks is not None:
        fields = {"text": said.text, "blocks": said.blocks or []}
    if said.attachments is not None:
        fields["attachments"] = said.attachments
    if said.metadata is not None:
        fields["metadata"] = said.metadata or None
    messages.change(ws, channel, message, is_edit=not said.blocks, **fields)
    shown = messages.as_json(ws, channel, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(ws: Workspace, call: Call) -> dict[str, Any]:
    channel, message = own_message(ws, call, "cant_delete_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    messages.delete(ws, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(ws: Workspace, call: Call) -> dict[str, Any]:
    channel = ws.bot_channel(call.required("channel"))
    message = ws.message(channel, call.required("message_ts"))
    link = f"{ws.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}

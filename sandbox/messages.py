"""Posting, changing, deleting and reacting: the rules every author obeys, with the events that follow.

Never asks who may do it: the Web API and the control acts do.
"""

from bisect import insort
from typing import Any

from sandbox import files, mentions, people
from sandbox.errors import SlackError
from sandbox.model import Channel, Message, Notification, Person, Reaction
from sandbox.state import APP_ID, BOT_ID, BOT_USER, TEAM_ID, Workspace

MICROSECONDS = 1_000_000
MAX_REACTIONS = 50
KEPT_MESSAGES = 10_000
"""In one conversation; older ones are forgotten, as by a plan with a limited history."""


def next_ts(ws: Workspace, channel: Channel) -> str:
    """A `ts` that this channel never gave out, from the workspace's clock, in microseconds."""
    now = int(ws.clock.stamp() * MICROSECONDS)
    if 0 <= channel.last_us - now < MICROSECONDS:
        now = channel.last_us + 1
    while as_ts(now) in channel.messages:
        now += 1
    channel.last_us = now
    return as_ts(now)


def as_ts(microseconds: int) -> str:
    return f"{microseconds // MICROSECONDS}.{microseconds % MICROSECONDS:06d}"


def post(ws: Workspace, channel: Channel, message: Message, broadcast: bool = False) -> Message:
    """Gives the draft its `ts`, files it (in its thread, if it has one), tells the app and the phones.

    Raises `thread_not_found` when the thread's first message does not exist.
    """
    parent = thread_parent(channel, message.thread_ts)
    message.ts = next_ts(ws, channel)
    if parent is not None:
        message.thread_ts = parent.ts
        parent.replies.append(message.ts)
        parent.kept = None
        if broadcast:
            message.subtype = "thread_broadcast"
            message.extra["root"] = as_json(ws, channel, parent)
    channel.messages[message.ts] = message
    insort(channel.order, message.ts)
    if len(channel.order) > KEPT_MESSAGES:
        remove(channel, channel.messages[channel.order[0]])
    if not (message.subtype or "").startswith(("channel_", "group_")):  # who is added has read nothing yet
        channel.read[message.user] = message.ts
    announce(ws, channel, message)
    notify(ws, channel, message)
    ws.changed(channel.id)
    return message


def thread_parent(channel: Channel, thread_ts: str | None) -> Message | None:
    if not thread_ts:
        return None
    found = channel.messages.get(thread_ts)
    if found is None:
        raise SlackError("thread_not_found")
    if found.thread_ts and found.thread_ts != found.ts:
        return channel.messages.get(found.thread_ts, found)
    return found


def system(ws: Workspace, channel: Channel, user: str, subtype: str, text: str, **extra: Any) -> Message:
    """A line that Slack itself writes: `channel_join`, `channel_topic`. `text` follows the person's name."""
    line = f"<@{user}> {text}"
    return post(ws, channel, Message("", user, line, subtype=subtype, extra=dict(extra)))


def announce(ws: Workspace, channel: Channel, message: Message) -> None:
    ws.emit(event_of(ws, channel, as_json(ws, channel, message, with_metadata=True)))
    if mentions_app(channel, message):
        body = as_json(ws, channel, message)
        body.pop("subtype", None)
        ws.emit({**body, "type": "app_mention", "channel": channel.id, "event_ts": message.ts})


def mentions_app(channel: Channel, message: Message) -> bool:
    if channel.is_im or message.user == BOT_USER or f"<@{BOT_USER}" not in message.text:
        return False
    return message.subtype in (None, "thread_broadcast", "file_share")


def event_of(ws: Workspace, channel: Channel, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "channel": channel.id, "event_ts": body["ts"], "channel_type": channel.kind}


def notify(ws: Workspace, channel: Channel, message: Message) -> None:
    """Lights the phones: everybody in a DM, the mentioned members elsewhere; never the author."""
    if message.subtype not in (None, "bot_message", "file_share", "thread_broadcast", "me_message"):
        return
    everyone = channel.kind in ("im", "mpim") or mentions.is_for_everybody(message)
    for user in channel.members if everyone else mentions.named(message).intersection(channel.members):
        push(ws, channel, message, ws.people.get(user))


def push(ws: Workspace, channel: Channel, message: Message, person: Person | None) -> None:
    now = ws.clock.stamp()
    if person is None or person.is_bot or person.id == message.user or people.is_silent(person, now):
        return
    text = people.readable(ws, message.text) or "This content can't be displayed."
    ws.notifications.append(Notification(now, person.id, message.user, channel.id, text))


def change(ws: Workspace, channel: Channel, message: Message, is_edit: bool = True, **fields: Any) -> None:
    """Sets the given fields and tells the app (`message_changed`). `is_edit`: its author edited it."""
    previous = as_json(ws, channel, message)
    for name, value in fields.items():
        setattr(message, name, value)
    event_ts = as_ts(int(ws.clock.stamp() * MICROSECONDS))
    message.kept = None
    if is_edit:
        message.edited = {"user": message.user, "ts": event_ts.split(".")[0] + ".000000"}
    hidden(ws, channel, "message_changed", message=as_json(ws, channel, message), previous_message=previous)
    ws.changed(channel.id)


def delete(ws: Workspace, channel: Channel, message: Message) -> None:
    """Removes a message; one with replies leaves Slack's tombstone."""
    previous = as_json(ws, channel, message)
    if message.replies:
        unpin(channel, message)
        message.text, message.subtype, message.user = "This message was deleted.", "tombstone", "USLACKBOT"
        message.blocks, message.files, message.reactions, message.bot_id = [], [], [], None
        message.extra["hidden"], message.kept = True, None
        hidden(
            ws, channel, "message_changed", message=as_json(ws, channel, message), previous_message=previous
        )
    else:
        remove(channel, message)
        hidden(ws, channel, "message_deleted", deleted_ts=message.ts, previous_message=previous)
    ws.changed(channel.id)


def remove(channel: Channel, message: Message) -> None:
    """Takes it out of its channel, its thread and what is pinned, without a word."""
    del channel.messages[message.ts]
    channel.order.remove(message.ts)
    unpin(channel, message)
    parent = channel.messages.get(message.thread_ts or "")
    if parent is not None and message.ts in parent.replies:
        parent.replies.remove(message.ts)
        parent.kept = None


def unpin(channel: Channel, message: Message) -> None:
    channel.pins = [pin for pin in channel.pins if pin.ts != message.ts]


def hidden(ws: Workspace, channel: Channel, subtype: str, **body: Any) -> None:
    ts = next_ts(ws, channel)
    event = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, **body}
    ws.emit(event_of(ws, channel, event))


def react(ws: Workspace, channel: Channel, message: Message, user: str, name: str) -> None:
    """Raises `already_reacted`, `too_many_reactions`."""
    reaction = next((each for each in message.reactions if each.name == name), None)
    if reaction is None:
        if len(message.reactions) >= MAX_REACTIONS:
            raise SlackError("too_many_reactions")
        reaction = Reaction(name)
        message.reactions.append(reaction)
    if user in reaction.users:
        raise SlackError("already_reacted")
    reaction.users.append(user)
    emit_reaction(ws, channel, message, user, "reaction_added", name)


def unreact(ws: Workspace, channel: Channel, message: Message, user: str, name: str) -> None:
    """Raises `no_reaction`."""
    reaction = next((each for each in message.reactions if each.name == name and user in each.users), None)
    if reaction is None:
        raise SlackError("no_reaction")
    reaction.users.remove(user)
    message.reactions = [each for each in message.reactions if each.users]
    emit_reaction(ws, channel, message, user, "reaction_removed", name)


def emit_reaction(ws: Workspace, channel: Channel, message: Message, user: str, kind: str, name: str) -> None:
    message.kept = None
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    ws.emit({"type": kind, "user": user, "reaction": name, "item": item, "item_user": message.user})
    ws.changed(channel.id)


def as_json(ws: Workspace, channel: Channel, message: Message, with_metadata: bool = False) -> dict[str, Any]:
    """Slack's message object; metadata only where it is asked for."""
    body: dict[str, Any] = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.subtype:
        body["subtype"] = message.subtype
    if message.bot_id:
        body |= {"bot_id": message.bot_id, "app_id": APP_ID, "bot_profile": bot_profile(ws)}
    body["team"] = TEAM_ID
    for name in ("blocks", "attachments", "edited"):
        if getattr(message, name):
            body[name] = getattr(message, name)
    if message.files:
        body["files"] = [files.as_json(ws, ws.files[each]) for each in message.files if each in ws.files]
    if message.reactions:
        body["reactions"] = [
            {"name": each.name, "users": list(each.users), "count": len(each.users)}
            for each in message.reactions
        ]
    if message.metadata and with_metadata:
        body["metadata"] = message.metadata
    return body | thread_json(channel, message) | message.extra


def thread_json(channel: Channel, message: Message) -> dict[str, Any]:
    if message.replies:
        authors = [channel.messages[ts].user for ts in message.replies if ts in channel.messages]
        unique = list(dict.fromkeys(authors))
        return {
            "thread_ts": message.ts,
            "reply_count": len(message.replies),
            "reply_users_count": len(unique),
            "latest_reply": message.replies[-1],
            "reply_users": unique[:5],
            "is_locked": False,
            "subscribed": BOT_USER in unique,
        }
    if message.thread_ts is None:
        return {}
    parent = channel.messages.get(message.thread_ts)
    return {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else None}


def bot_profile(ws: Workspace) -> dict[str, Any]:
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER,
        "name": ws.manifest.bot_name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": TEAM_ID,
    }

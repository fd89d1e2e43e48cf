"""Putting files into a conversation: the message that carries them and the events the app hears."""

from sandbox import messages
from sandbox.model import Channel, File, Message
from sandbox.state import BOT_ID, BOT_USER, Workspace


def share(
    ws: Workspace, file: File, channel: Channel, user: str, text: str = "", thread_ts: str | None = None
) -> Message:
    """Posts one file with its comment."""
    return share_all(ws, [file], channel, Message("", user, text, thread_ts=thread_ts))


def share_all(ws: Workspace, shared: list[File], channel: Channel, draft: Message) -> Message:
    """Posts the draft as a `file_share` message that carries the files, and tells the app of each.

    Raises `thread_not_found`.
    """
    for file in shared:
        file.is_complete = True
        if channel.id not in file.channels:
            file.channels.append(channel.id)
    draft.subtype, draft.files = "file_share", [file.id for file in shared]
    draft.bot_id = BOT_ID if draft.user == BOT_USER else None
    message = messages.post(ws, channel, draft)
    for file in shared:
        event = {"type": "file_shared", "channel_id": channel.id, "file_id": file.id, "user_id": draft.user}
        ws.emit({**event, "file": {"id": file.id}, "event_ts": message.ts})
    return message

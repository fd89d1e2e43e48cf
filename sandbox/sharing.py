"""Putting a file into a conversation: the message that carries it and the event the app hears."""

from sandbox import messages
from sandbox.model import Channel, File, Message
from sandbox.state import BOT_ID, BOT_USER, Workspace


def share(
    ws: Workspace, file: File, channel: Channel, user: str, text: str = "", thread_ts: str | None = None
) -> Message:
    """Posts the file to the channel as a `file_share` message and tells the app."""
    file.is_complete = True
    if channel.id not in file.channels:
        file.channels.append(channel.id)
    draft = Message("", user, text, thread_ts=thread_ts, subtype="file_share", files=[file.id])
    draft.bot_id = BOT_ID if user == BOT_USER else None
    message = messages.post(ws, channel, draft)
    event = {"type": "file_shared", "channel_id": channel.id, "file_id": file.id, "user_id": user}
    ws.emit({**event, "file": {"id": file.id}, "event_ts": message.ts})
    return message

"""`files.*`: the steps of an upload, what an app may see and delete. The bytes travel in `file_bytes`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox import channels, files, messages, sharing
from sandbox.block_ids import name_blocks
from sandbox.errors import SlackError, invalid_arguments
from sandbox.model import Channel, File, Message
from sandbox.state import BOT_USER, Workspace
from sandbox.web_api.content import read_blocks
from sandbox.web_api.method import TIER_3, TIER_4, Call, Method

MAX_SNIPPET = 1_000_000
MAX_FILE = 64_000_000
MAX_ALT = 1_000
MAX_PAGE = 1_000


def methods() -> dict[str, Method]:
    return {
        "files.getUploadURLExternal": Method(upload_url, TIER_4, ("files:write",)),
        "files.completeUploadExternal": Method(complete, TIER_4, ("files:write",)),
        "files.info": Method(info, TIER_4, ("files:read",)),
        "files.list": Method(list_all, TIER_3, ("files:read",)),
        "files.delete": Method(delete, TIER_3, ("files:write",)),
    }


def upload_url(ws: Workspace, call: Call) -> dict[str, Any]:
    """Step one: a name and a length make a place to post the bytes to."""
    name, length = call.required("filename"), call.number("length", 0)
    if length < 1:
        raise invalid_arguments("must be greater than 1 [json-pointer:/length]")
    if call.has("snippet_type") and length > MAX_SNIPPET:
        raise SlackError("snippet_too_large")
    if length > MAX_FILE:
        raise SlackError("file_upload_size_restricted")
    if len(call.text("alt_txt")) > MAX_ALT:
        raise SlackError("alt_txt_too_large")
    file = files.new_file(ws, BOT_USER, name, None, files.mimetype_of(name))
    file.size, file.alt = length, call.text("alt_txt")
    return {"upload_url": f"{ws.url}upload/v1/{file.id}", "file_id": file.id}


def complete(ws: Workspace, call: Call) -> dict[str, Any]:
    """Step three: only now the files exist, in the channels named or for the app alone."""
    titles = wanted(call)
    uploaded = [waiting(ws, each) for each in titles]
    places = [postable(ws, each) for each in destinations(call)]
    draft = comment(ws, call)
    if call.has("thread_ts") and len(places) != 1:
        raise invalid_arguments("must provide only one channel when using thread_ts")
    for channel in places:
        messages.thread_parent(channel, draft.thread_ts)
    for file in uploaded:
        file.title, file.is_complete = titles[file.id] or file.name, True
    for channel in places:
        sharing.share_all(ws, uploaded, channel, replace(draft))
    return {"files": [files.as_json(ws, file) for file in uploaded]}


def info(ws: Workspace, call: Call) -> dict[str, Any]:
    file = visible(ws, call.required("file"))
    shown = files.as_json(ws, file) | {"shares": shares(ws, file)}
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def list_all(ws: Workspace, call: Call) -> dict[str, Any]:
    count, number = call.number("count", 100), call.number("page", 1)
    if not 1 <= count <= MAX_PAGE or number < 1:
        raise invalid_arguments("must be greater than 1 [json-pointer:/count]")
    channel = ws.bot_channel(call.text("channel")).id if call.has("channel") else None
    user = call.text("user") or None
    found = [
        file
        for file in reversed(ws.files.values())
        if is_visible(ws, file) and channel in (None, *file.channels) and user in (None, file.user)
    ]
    chosen = found[(number - 1) * count : number * count]
    paging = {"count": count, "total": len(found), "page": number, "pages": -(-len(found) // count)}
    return {"files": [files.as_json(ws, file) for file in chosen], "paging": paging}


def delete(ws: Workspace, call: Call) -> dict[str, Any]:
    """The app's own files only; the messages that held them lose them."""
    file = visible(ws, call.required("file"))
    if file.user != BOT_USER:
        raise SlackError("cant_delete_file")
    del ws.files[file.id]
    for channel, message in held_by(ws, file):
        left = [each for each in message.files if each != file.id]
        if left or message.text or message.blocks:
            messages.change(ws, channel, message, is_edit=False, files=left)
        else:
            messages.delete(ws, channel, message)
    ws.emit({"type": "file_deleted", "file_id": file.id, "channel_ids": list(file.channels)})
    return {}


def wanted(call: Call) -> dict[str, str]:
    """File id → title, in the order given."""
    listed = call.json("files", "invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise invalid_arguments("missing required field: files")
    titles: dict[str, str] = {}
    for index, entry in enumerate(listed):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            raise invalid_arguments(f"missing required field: id [json-pointer:/files/{index}]")
        title = entry.get("title")
        titles[entry["id"]] = title if isinstance(title, str) else ""
    return titles


def waiting(ws: Workspace, file_id: str) -> File:
    """A file whose bytes have come and that was not completed yet."""
    file = ws.files.get(file_id)
    if file is None or file.user != BOT_USER or file.content is None or file.is_complete:
        raise SlackError("file_not_found")
    return file


def destinations(call: Call) -> list[str]:
    return [call.text("channel_id")] if call.has("channel_id") else call.words("channels")


def postable(ws: Workspace, name: str) -> Channel:
    person = ws.people.get(name)
    if person is not None and not person.is_bot and not person.deleted:
        return channels.direct(ws, [BOT_USER, name])[0]
    channel = ws.bot_channel(name)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def comment(ws: Workspace, call: Call) -> Message:
    """The message that carries the files; Slack ignores the blocks where there is a comment."""
    text = call.text("initial_comment")
    blocks = None if text else name_blocks(ws, read_blocks(call))
    return Message("", BOT_USER, text, blocks or [], thread_ts=call.text("thread_ts") or None)


def visible(ws: Workspace, file_id: str) -> File:
    file = ws.files.get(file_id)
    if file is None or not is_visible(ws, file):
        raise SlackError("file_not_found")
    return file


def is_visible(ws: Workspace, file: File) -> bool:
    """The app sees its own finished files, those that were put into its forms, and those where it is."""
    if not file.is_complete:
        return False
    return (
        file.user == BOT_USER
        or file.is_given
        or any(
            ws.channels[each].kind == "channel" or BOT_USER in ws.channels[each].members
            for each in file.channels
            if each in ws.channels
        )
    )


def held_by(ws: Workspace, file: File) -> list[tuple[Channel, Message]]:
    places = [ws.channels[each] for each in file.channels if each in ws.channels]
    return [
        (channel, channel.messages[ts])
        for channel in places
        for ts in reversed(channel.order)
        if file.id in channel.messages[ts].files
    ]


def shares(ws: Workspace, file: File) -> dict[str, Any]:
    """Where the file was posted: {public|private: {channel: [{ts, …}]}}."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for channel, message in held_by(ws, file):
        side = found.setdefault("public" if channel.kind == "channel" else "private", {})
        entry = {"ts": message.ts, "channel_name": channel.name, "reply_count": len(message.replies)}
        if message.thread_ts:
            entry["thread_ts"] = message.thread_ts
        side.setdefault(channel.id, []).append(entry)
    return found

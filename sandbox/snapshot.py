"""Keeps a workspace on disk: one JSON file a channel and one for the rest, each written whole or not at all.

Forms that are open, triggers and ephemeral messages end with the process, as they do when a browser reloads.
"""

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.model import (
    Channel,
    File,
    Message,
    Note,
    Notification,
    Person,
    PhoneCall,
    Pin,
    Reaction,
    ResponseUrl,
    UserGroup,
    View,
)
from sandbox.responses import MAX_AGE_S
from sandbox.state import Workspace

LOG = logging.getLogger(__name__)
DELAY_S = 0.4
BYTES_PER_S = 5_000_000
RETRY_S = 5.0
WORKSPACE = "workspace"


class Snapshot:
    """Writes what changed soon after it changed; `note` hears the workspace's changes."""

    def __init__(self, ws: Workspace, folder: Path) -> None:
        self._ws, self._folder = ws, folder
        self._dirty: set[str] = set()
        self._kept_files: set[str] = set()
        self._written = 0
        self._ending = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None
        (folder / "channels").mkdir(parents=True, exist_ok=True)
        (folder / "files").mkdir(exist_ok=True)

    def note(self, what: str) -> None:
        self._dirty.add(what if what in self._ws.channels else WORKSPACE)
        self._dirty.add(WORKSPACE)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._soon())

    async def _soon(self) -> None:
        """The more was written the last time, the longer it waits: it has other things to do."""
        while self._dirty:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), DELAY_S + self._written / BYTES_PER_S)
            dirty = set(self._dirty)
            documents = self._documents()
            self._written = sum(len(content) for _, content in documents)
            try:
                await asyncio.to_thread(write_all, documents)
            except OSError as error:
                LOG.error("workspace not kept: %s", error)
                self._dirty |= dirty
                await asyncio.sleep(RETRY_S)

    def _documents(self) -> list[tuple[Path, bytes]]:
        """What is to be written, taken in one go, so that every file is of the same moment."""
        dirty, self._dirty = self._dirty, set()
        documents = [
            (self._folder / "channels" / f"{name}.json", channel_bytes(self._ws.channels[name]))
            for name in sorted(dirty - {WORKSPACE})
        ]
        for file in self._ws.files.values():
            if file.content is not None and file.id not in self._kept_files:
                self._kept_files.add(file.id)
                documents.append((self._folder / "files" / file.id, file.content))
        documents.append((self._folder / f"{WORKSPACE}.json", as_bytes(workspace_json(self._ws))))
        return documents

    async def close(self) -> None:
        """Writes what is left, after what is being written."""
        self._ending.set()
        if self._writing is not None:
            await asyncio.wait([self._writing], timeout=RETRY_S)

    def load(self) -> bool:
        """Fills the empty workspace from disk; False when nothing was kept."""
        path = self._folder / f"{WORKSPACE}.json"
        if not path.exists():
            return False
        restore(self._ws, json.loads(path.read_text(encoding="utf-8")), self._folder / "files")
        for each in sorted((self._folder / "channels").glob("*.json")):
            self._ws.add_channel(channel_of(json.loads(each.read_text(encoding="utf-8"))))
        self._kept_files = {file.id for file in self._ws.files.values() if file.content is not None}
        return True


def as_bytes(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def write_all(documents: list[tuple[Path, bytes]]) -> None:
    for path, content in documents:
        beside = path.with_name(f"{path.name}.part")
        beside.write_bytes(content)
        beside.replace(path)


def plain(record: Any) -> dict[str, Any]:
    """A record of plain values as a dict; `asdict` would copy deeply and take ten times as long."""
    return {name: getattr(record, name) for name in record.__slots__}


def channel_bytes(channel: Channel) -> bytes:
    """A long conversation is put together from messages that are in their form already."""
    body = plain(channel)
    body["topic"], body["purpose"] = plain(channel.topic), plain(channel.purpose)
    body["pins"] = [plain(pin) for pin in channel.pins]
    del body["order"], body["messages"]
    found = map(channel.messages.__getitem__, channel.order)
    said = b",".join([message.kept or message_bytes(message) for message in found])
    return as_bytes(body)[:-1] + b',"messages":[' + said + b"]}"


def message_bytes(message: Message) -> bytes:
    """Its form on disk, made once for each change of it."""
    body = plain(message)
    body["kept"], body["reactions"] = None, [plain(reaction) for reaction in message.reactions]
    message.kept = as_bytes({name: value for name, value in body.items() if value not in (None, [], {})})
    return message.kept


def channel_of(body: dict[str, Any]) -> Channel:
    said = [message_of(each) for each in body.pop("messages")]
    body["topic"], body["purpose"] = Note(**body["topic"]), Note(**body["purpose"])
    body["pins"] = [Pin(**pin) for pin in body["pins"]]
    channel = Channel(**body)
    channel.messages = {message.ts: message for message in said}
    channel.order = [message.ts for message in said]
    return channel


def message_of(body: dict[str, Any]) -> Message:
    body["reactions"] = [Reaction(**reaction) for reaction in body.get("reactions", ())]
    return Message(**{"text": "", **body})


def workspace_json(ws: Workspace) -> dict[str, Any]:
    oldest = ws.clock.stamp() - MAX_AGE_S
    usable = {name: plain(where) for name, where in ws.response_urls.items() if where.created > oldest}
    return {
        "version": 1,
        "clock_offset_s": ws.clock.offset.total_seconds(),
        "people": [plain(person) for person in ws.people.values()],
        "groups": [plain(group) for group in ws.groups.values()],
        "files": [file_json(file) for file in ws.files.values()],
        "homes": [plain(ws.views[view_id]) for view_id in ws.homes.values()],
        "response_urls": usable,
        "notifications": [plain(each) for each in ws.notifications],
        "calls": [plain(each) for each in ws.calls.values()],
    }


def file_json(file: File) -> dict[str, Any]:
    body = {each.name: getattr(file, each.name) for each in fields(file) if each.name != "content"}
    return {**body, "has_content": file.content is not None}


def restore(ws: Workspace, body: dict[str, Any], folder: Path) -> None:
    ws.clock.advance(timedelta(seconds=body["clock_offset_s"]))
    ws.people.update({each["id"]: Person(**each) for each in body["people"]})
    ws.groups.update({each["id"]: UserGroup(**each) for each in body.get("groups", ())})
    for each in body["files"]:
        path, has_content = folder / each["id"], each.pop("has_content")
        content = path.read_bytes() if has_content and path.exists() else None
        ws.files[each["id"]] = File(**each, content=content)
    for each in body["homes"]:
        ws.views[each["id"]] = View(**each)
        ws.homes[each["user"]] = each["id"]
    ws.response_urls.update({name: ResponseUrl(**each) for name, each in body["response_urls"].items()})
    ws.notifications.extend(Notification(**each) for each in body["notifications"])
    ws.calls.update({each["handle"]: PhoneCall(**each) for each in body.get("calls", ())})

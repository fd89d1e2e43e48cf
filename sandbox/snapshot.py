"""Keeps a workspace on disk: one JSON file a channel and one for the rest, each written whole or not at all.

Forms that are open, triggers and ephemeral messages end with the process, as they do when a browser reloads.
"""

import asyncio
import json
from dataclasses import asdict, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.model import Channel, File, Message, Note, Notification, Person, Pin, Reaction, ResponseUrl, View
from sandbox.state import Workspace

DELAY_S = 0.4
WORKSPACE = "workspace"


class Snapshot:
    """Writes what changed soon after it changed; `note` hears the workspace's changes."""

    def __init__(self, ws: Workspace, folder: Path) -> None:
        self._ws, self._folder = ws, folder
        self._dirty: set[str] = set()
        self._writing: asyncio.Task[None] | None = None
        (folder / "channels").mkdir(parents=True, exist_ok=True)
        (folder / "files").mkdir(exist_ok=True)

    def note(self, what: str) -> None:
        self._dirty.add(what if what in self._ws.channels else WORKSPACE)
        self._dirty.add(WORKSPACE)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._soon())

    async def _soon(self) -> None:
        while self._dirty:
            await asyncio.sleep(DELAY_S)
            documents = self._documents()
            await asyncio.get_running_loop().run_in_executor(None, write_all, documents)

    def _documents(self) -> list[tuple[Path, bytes]]:
        """What is to be written, taken in one go, so that every file is of the same moment."""
        dirty, self._dirty = self._dirty, set()
        documents = [
            (self._folder / "channels" / f"{name}.json", as_bytes(channel_json(self._ws.channels[name])))
            for name in sorted(dirty - {WORKSPACE})
        ]
        for file in self._ws.files.values():
            path = self._folder / "files" / file.id
            if file.content is not None and not path.exists():
                documents.append((path, file.content))
        documents.append((self._folder / f"{WORKSPACE}.json", as_bytes(workspace_json(self._ws))))
        return documents

    async def close(self) -> None:
        """Writes what is left."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        if self._dirty:
            write_all(self._documents())

    def load(self) -> bool:
        """Fills the empty workspace from disk; False when nothing was kept."""
        path = self._folder / f"{WORKSPACE}.json"
        if not path.exists():
            return False
        restore(self._ws, json.loads(path.read_text(encoding="utf-8")), self._folder / "files")
        for each in sorted((self._folder / "channels").glob("*.json")):
            self._ws.add_channel(channel_of(json.loads(each.read_text(encoding="utf-8"))))
        return True


def as_bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def write_all(documents: list[tuple[Path, bytes]]) -> None:
    for path, content in documents:
        beside = path.with_name(f"{path.name}.part")
        beside.write_bytes(content)
        beside.replace(path)


def channel_json(channel: Channel) -> dict[str, Any]:
    """Shallow where it can be: messages are the bulk, and `asdict` copies deeply."""
    body = {each.name: getattr(channel, each.name) for each in fields(channel)}
    body["topic"], body["purpose"] = asdict(channel.topic), asdict(channel.purpose)
    body["pins"] = [asdict(pin) for pin in channel.pins]
    body["messages"] = [message_json(channel.messages[ts]) for ts in channel.order]
    del body["order"]
    return body


def message_json(message: Message) -> dict[str, Any]:
    body = {each.name: getattr(message, each.name) for each in fields(message)}
    body["reactions"] = [asdict(reaction) for reaction in message.reactions]
    return {name: value for name, value in body.items() if value not in (None, [], {})}


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
    homes = [asdict(ws.views[view_id]) for view_id in ws.homes.values()]
    return {
        "version": 1,
        "clock_offset_s": ws.clock.offset.total_seconds(),
        "people": [asdict(person) for person in ws.people.values()],
        "files": [file_json(file) for file in ws.files.values()],
        "homes": homes,
        "response_urls": {name: asdict(where) for name, where in ws.response_urls.items()},
        "notifications": [asdict(each) for each in ws.notifications],
    }


def file_json(file: File) -> dict[str, Any]:
    body = {each.name: getattr(file, each.name) for each in fields(file) if each.name != "content"}
    return {**body, "has_content": file.content is not None}


def restore(ws: Workspace, body: dict[str, Any], folder: Path) -> None:
    ws.clock.advance(timedelta(seconds=body["clock_offset_s"]))
    ws.people.update({each["id"]: Person(**each) for each in body["people"]})
    for each in body["files"]:
        path, has_content = folder / each["id"], each.pop("has_content")
        content = path.read_bytes() if has_content and path.exists() else None
        ws.files[each["id"]] = File(**each, content=content)
    for each in body["homes"]:
        ws.views[each["id"]] = View(**each)
        ws.homes[each["user"]] = each["id"]
    ws.response_urls.update({name: ResponseUrl(**each) for name, each in body["response_urls"].items()})
    ws.notifications.extend(Notification(**each) for each in body["notifications"])

"""The front lane: answers to people who wait, straight to the outbound loop, at most once, never awaited.

Nothing here is durable. What must not be lost goes through the outbox instead."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.sending import Outbound, Sent
from handlers.calls import Json, Message, Picture

LIMIT_S = 2.5  # a trigger lives for 3 s
TOO_LATE = Message(
    "Slack did not take the form in time. Nothing was changed; please do it once more.",
)

log = logging.getLogger(__name__)


class FrontLane:
    """Implements `handlers.calls.Front`."""

    def __init__(self, outbound: Outbound, limit_s: float = LIMIT_S) -> None:
        self._outbound = outbound
        self._limit_s = limit_s
        self._pencil = asyncio.Lock()

    def open_view(self, trigger_id: str, view: Json, user: str, response_url: str = "") -> None:
        self._spawn(self._view("views.open", user, response_url, trigger_id=trigger_id, view=view))

    def push_view(self, trigger_id: str, view: Json, user: str) -> None:
        self._spawn(self._view("views.push", user, trigger_id=trigger_id, view=view))

    def update_view(self, view_id: str, view: Json, user: str) -> None:
        self._spawn(self._view("views.update", user, view_id=view_id, view=view))

    def publish_home(self, user: str, view: Json) -> None:
        self._spawn(self._tried("views.publish", user_id=user, view=view))

    def respond(self, response_url: str, message: Message, replace: bool = False) -> None:
        self._spawn(self._respond(response_url, message, replace))

    def tell(self, user: str, message: Message) -> None:
        self._spawn(self._tried("chat.postMessage", channel=user, **message.as_args()))

    def show(self, user: str, picture: Picture) -> None:
        self._spawn(self._show(user, picture))

    def share(self, response_url: str, message: Message) -> None:
        body = {"response_type": "in_channel", "replace_original": False, **message.as_args()}
        self._spawn(self._within_limit("response_url", self._outbound.post_bytes(response_url, body)))

    def tell_here(self, channel: str, user: str, message: Message, thread_ts: str = "") -> None:
        self._spawn(self._tell_here(channel, user, message, thread_ts))

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            self._outbound.spawn(work)
        except RuntimeError:  # the loop has been closed: we are stopping
            work.close()
            log.warning("an answer could not be given any more")

    async def _view(self, method: str, user: str, response_url: str = "", /, **args: Any) -> None:
        if (await self._tried(method, **args)).ok:
            return
        if response_url and (await self._respond(response_url, TOO_LATE, False)).ok:
            return
        await self._tried("chat.postMessage", channel=user, **TOO_LATE.as_args())

    async def _respond(self, response_url: str, message: Message, replace: bool) -> Sent:
        body = {"response_type": "ephemeral", "replace_original": replace, **message.as_args()}
        return await self._within_limit("response_url", self._outbound.post_bytes(response_url, body))

    async def _tell_here(self, channel: str, user: str, message: Message, thread_ts: str) -> None:
        """Somebody who is not in the channel cannot be told there; they are told directly."""
        place = {"channel": channel, "user": user} | ({"thread_ts": thread_ts} if thread_ts else {})
        told = await self._tried("chat.postEphemeral", **place, **message.as_args())
        if not told.ok and not told.ambiguous:
            await self._tried("chat.postMessage", channel=user, **message.as_args())

    async def _show(self, user: str, picture: Picture) -> None:
        """Drawn one at a time, and never on the loop: pages leave by it."""
        async with self._pencil:
            content = await self._drawn(picture)
        opened = await self._tried("conversations.open", users=user) if content else Sent(False)
        if not content or not opened.ok:
            return
        length, alt = len(content), picture.alt
        place = await self._tried(
            "files.getUploadURLExternal", filename=picture.filename, length=length, alt_txt=alt
        )
        if not place.ok:
            return
        url = str(place.data["upload_url"])
        stored = await self._within_limit("upload", self._outbound.post_bytes(url, content))
        files = [{"id": place.data["file_id"], "title": picture.title}]
        channel = opened.data["channel"]["id"]
        if stored.ok:
            await self._tried(
                "files.completeUploadExternal", files=files, channel_id=channel, initial_comment=picture.said
            )

    async def _drawn(self, picture: Picture) -> bytes:
        try:
            return await asyncio.to_thread(picture.draw)
        except Exception:
            log.exception("a picture could not be drawn; its words were said")
            return b""

    async def _tried(self, method: str, /, **args: Any) -> Sent:
        return await self._within_limit(method, self._outbound.call(method, **args))

    async def _within_limit(self, method: str, call: Coroutine[Any, Any, Sent]) -> Sent:
        try:
            sent = await asyncio.wait_for(call, self._limit_s)
        except TimeoutError:
            sent = Sent(False, error="timeout", ambiguous=True)
        if not sent.ok:
            log.warning("an answer was not taken", extra={"method": method, "error": sent.error})
        return sent

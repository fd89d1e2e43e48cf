"""The one layer in front of every route: how large, how slowly, and what leaves. It reads no meaning.

What passes has its whole body in memory, 256 KiB at most; no body is ever logged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from msgspec import Struct

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

ON_EVERYTHING = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)

log = logging.getLogger(__name__)


class Limits(Struct, frozen=True):
    """`head_s` and `body_s` are the seconds in which the head, then the body, has to have come."""

    body_bytes: int = 256 * 1024
    head_bytes: int = 16 * 1024
    head_s: float = 10.0
    body_s: float = 10.0
    idle_s: float = 65.0  # longer than a load balancer keeps its own end
    connections: int = 512
    connections_of_one: int = 256  # a proxy in front is one address


class _TooLarge(Exception):
    """More than `body_bytes` has come."""


class _Gone(Exception):
    """Whoever asked has hung up."""


class Outer:
    """`answered` is told every status that leaves."""

    def __init__(self, inner: Asgi, limits: Limits, answered: Callable[[int], None]) -> None:
        self._inner = inner
        self._limits = limits
        self._answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        out = _Out(send, self._answered)
        if _announced_length(scope) > self._limits.body_bytes:
            await out.refuse(413)
            return
        try:
            async with asyncio.timeout(self._limits.body_s):
                body = await self._whole(receive)
        except _TooLarge:
            await out.refuse(413)
        except TimeoutError:
            await out.refuse(408)
        except _Gone:
            return
        else:
            await self._inner(scope, _once(body), out.send)

    async def _whole(self, receive: Receive) -> bytes:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            body += message.get("body", b"")
            if len(body) > self._limits.body_bytes:
                raise _TooLarge
            if not message.get("more_body", False):
                return bytes(body)


class _Out:
    """What leaves: counted, with the headers that are on everything, unless a route says otherwise."""

    def __init__(self, send: Send, answered: Callable[[int], None]) -> None:
        self._send = send
        self._answered = answered

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._answered(message["status"])
            given = list(message.get("headers", ()))
            named = {name for name, _ in given}
            message = {**message, "headers": given + [one for one in ON_EVERYTHING if one[0] not in named]}
        await self._send(message)

    async def refuse(self, status: int) -> None:
        """Without a word. What is still coming is read and dropped: who is cut off in the middle of sending
        never reads why. A slow one is cut off."""
        headers = [(b"content-length", b"0"), *([(b"connection", b"close")] if status == 408 else [])]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": b""})


def _announced_length(scope: Scope) -> int:
    """0 where no length is announced. The server refuses what is no number, or comes twice."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive

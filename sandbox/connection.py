"""One socket of the app: an outgoing queue with its writer, pings, and the ways a socket can go bad."""

import asyncio
import json
from contextlib import suppress

from aiohttp import WSCloseCode, web

from sandbox.deliveries import Delivery
from sandbox.faults import Faults
from sandbox.settings import Settings

PING_TEXT = b"Ping from sandbox"
WARNING_S = 10


class Connection:
    """`send` never blocks; frames leave in order. Half open, nothing leaves."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        line: asyncio.Transport | None,
        faults: Faults,
        settings: Settings,
        life_s: float,
    ) -> None:
        self.socket = socket
        self._line = line
        self.life_s = life_s
        self.unacked: dict[str, Delivery] = {}
        self._faults, self._settings = faults, settings
        self._is_silenced = False
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        lives = (self._write(), self._ping(), self._age())
        self._tasks = [asyncio.create_task(life) for life in lives]

    @property
    def is_half_open(self) -> bool:
        """Open to the eye, and nothing passes."""
        return self._is_silenced or self._faults.is_on("half_open")

    def silence(self) -> None:
        """From now on nothing passes here, until the app ends it."""
        self._is_silenced = True

    def send(self, text: str) -> None:
        if not self.is_half_open:
            self._frames.put_nowait(text)

    def say_goodbye(self, reason: str) -> None:
        """A `disconnect` frame; after all but a `warning` the socket closes once what is queued has left."""
        self.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}))
        if reason != "warning":
            self._frames.put_nowait(None)

    def abort(self) -> None:
        """Cuts the line, as a network does."""
        if self._line is not None:
            self._line.abort()

    async def _age(self) -> None:
        """Slack renews every connection after some hours, with a warning ten seconds before."""
        await asyncio.sleep(self.life_s - WARNING_S)
        self.say_goodbye("warning")
        await asyncio.sleep(WARNING_S)
        self.say_goodbye("refresh_requested")

    async def pong(self, data: bytes) -> None:
        if not (self._faults.is_on("withhold_pong") or self.is_half_open):
            await self.socket.pong(data)

    async def _write(self) -> None:
        with suppress(ConnectionError):
            while (text := await self._frames.get()) is not None:
                await self.socket.send_str(text)
            await self.socket.close(code=WSCloseCode.OK)

    async def _ping(self) -> None:
        with suppress(ConnectionError):
            while True:
                await asyncio.sleep(self._settings.ping_s)
                if not (self._faults.is_on("withhold_pong") or self.is_half_open):
                    await self.socket.ping(PING_TEXT)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self.socket.closed:
            await self.socket.close(code=WSCloseCode.GOING_AWAY)

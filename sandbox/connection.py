"""One socket of the app: an outgoing queue with its writer, pings, and the ways a socket can go bad."""

import asyncio
from contextlib import suppress

from aiohttp import WSCloseCode, web

from sandbox.deliveries import Delivery
from sandbox.faults import Faults
from sandbox.settings import Settings

PING_TEXT = b"Ping from sandbox"


class Connection:
    """`send` never blocks; frames leave in order. While `half_open` is on, nothing leaves."""

    def __init__(self, socket: web.WebSocketResponse, faults: Faults, settings: Settings) -> None:
        self.socket = socket
        self.unacked: dict[str, Delivery] = {}
        self._faults, self._settings = faults, settings
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._ping())]

    def send(self, text: str) -> None:
        if not self._faults.is_on("half_open"):
            self._frames.put_nowait(text)

    def close_soon(self) -> None:
        """Closes once what is queued has left."""
        self._frames.put_nowait(None)

    async def pong(self, data: bytes) -> None:
        if not (self._faults.is_on("withhold_pong") or self._faults.is_on("half_open")):
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
                if not (self._faults.is_on("withhold_pong") or self._faults.is_on("half_open")):
                    await self.socket.ping(PING_TEXT)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self.socket.closed:
            await self.socket.close(code=WSCloseCode.GOING_AWAY)

"""uvicorn, as this house wants it: no access log, no proxy's word, our own connections. Loaded when used."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, cast

import uvicorn

from bot.web.connections import Connection, Crowd
from bot.web.outer import Limits
from bot.web.routes import Route
from bot.web.site import site

WORKERS = 32
ANSWER_WITHIN_S = 3
DATE_EVERY_S = 1.0
WRITES_DATE_AT = 10  # uvicorn writes the date anew at each tenth tick


class Server(uvicorn.Server):
    """It says when it listens, and is told when to end: uvicorn's own looks for that ten times a second."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._is_listening = listening
        self._over = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """From any thread: take nothing more and answer what was taken."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._over.set)

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += WRITES_DATE_AT
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), DATE_EVERY_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Whoever has not taken their answer when the time is over is cut off."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # a connection is closed on the next turn

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._is_listening()


@contextmanager
def answering(
    routes: Sequence[Route],
    seconds: Callable[[], float],
    answered: Callable[[int], None],
    limits: Limits,
    listening: Callable[[], None],
) -> Iterator[Server]:
    """A server that has not started, and the threads on which its routes run."""
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # whoever sends nonsense writes no log of ours
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="web-answer")
    try:
        config = uvicorn.Config(
            cast(Any, site(routes, pool, seconds, limits, answered)),
            http=cast(Any, partial(Connection, crowd=Crowd(limits), limits=limits)),
            ws="none",
            lifespan="off",
            interface="asgi3",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=cast(int, limits.idle_s),
            timeout_graceful_shutdown=ANSWER_WITHIN_S,
            h11_max_incomplete_event_size=limits.head_bytes,
        )
        yield Server(config, listening)
    finally:
        pool.shutdown(wait=False)

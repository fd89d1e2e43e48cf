"""What every stand-in is: a small HTTP server on a thread of its own, with faults on order."""

import asyncio
import json
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import parse_qsl

from aiohttp import web
from msgspec import Struct, field

from tests.support.own_loop import OwnLoop

Json = dict[str, Any]


class Received(Struct, frozen=True):
    """One request as it came. `path` is without its query."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Json:
        return dict(json.loads(self.body))


class Reply(Struct, frozen=True):
    body: Json = field(default_factory=dict)
    status: int = 200


class Fault(Struct, frozen=True):
    """What happens instead. `after`: the deed is done all the same, and only its answer is lost.

    `hang`: no answer until the client leaves; `reset`: the connection is cut; `mebibytes`: so much is sent.
    """

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    reset: bool = False
    mebibytes: int = 0
    after: bool = False


class Provider(ABC):
    """`received` is everything that came; `faults` are used up one a request, oldest first."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.faults: deque[Fault] = deque()
        self.sent_mebibytes = 0
        self.is_cut_off = False
        self.port = 0
        self._loop = OwnLoop("provider")
        self._runner: web.AppRunner | None = None
        self._leaving: asyncio.Event | None = None

    def __enter__(self) -> Self:
        self._loop.start()
        self._loop.run(self._serve())
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._close())
        self._loop.end()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def paths(self, method: str = "") -> list[str]:
        return [one.path for one in self.received if method in ("", one.method)]

    def wait_until(self, holds: Callable[[], bool], within_s: float = 30.0) -> None:
        """Return as soon as it holds. Raises TimeoutError."""
        end = time.monotonic() + within_s
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError("it did not come true in time")
            time.sleep(0.01)

    @abstractmethod
    def answer(self, request: Received) -> Reply:
        """What the provider's documentation says it answers."""

    async def _serve(self) -> None:
        self._leaving = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        assert self._runner is not None
        assert self._leaving is not None
        self._leaving.set()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        query = tuple(request.query.items())
        received = Received(request.method, request.path, query, request.headers, await request.read())
        self.received.append(received)
        fault = self.faults.popleft() if self.faults else None
        if fault is not None and not fault.after:
            return await self._fail(request, fault)
        reply = self.answer(received)
        if fault is not None:
            return await self._fail(request, fault)
        return web.json_response(reply.body, status=reply.status)

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        assert request.transport is not None
        assert self._leaving is not None
        if fault.hang:
            await self._leaving.wait()
        if fault.reset or fault.hang:
            request.transport.abort()
        if fault.mebibytes:
            return await self._flood(request, fault)
        return web.Response(status=fault.status, text=fault.body, headers=dict(fault.headers))

    async def _flood(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        response = web.StreamResponse(status=fault.status)
        await response.prepare(request)
        try:
            for _ in range(fault.mebibytes):
                await response.write(b" " * (1024 * 1024))
                self.sent_mebibytes += 1
        except ConnectionError:
            self.is_cut_off = True
        return response

"""`GET /_control/…`: state, journal, clock (with a long poll for its moves), and the stream of changes."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox import people
from sandbox.control import render
from sandbox.control.changes import Changes
from sandbox.journal import Journal, as_json
from sandbox.settings import Settings
from sandbox.state import Workspace

LONG_POLL_S = 25
KEEP_ALIVE_S = 15
BREATH = 200

Lines = Callable[[], dict[str, Any]]


class Reads:
    """Answers questions; changes nothing."""

    def __init__(
        self, ws: Workspace, journal: Journal, changes: Changes, lines: Lines, settings: Settings
    ) -> None:
        self._ws, self._journal, self._changes = ws, journal, changes
        self._lines, self._settings = lines, settings

    async def state(self, request: web.Request) -> web.Response:
        name = request.query.get("as")
        viewer = people.id_of(self._ws, name) if name else None
        if name and viewer is None:
            return web.json_response({"error": "user_not_found"}, status=400)
        body = render.state(self._ws, viewer) | {"version": self._changes.version}
        body |= self._lines() | {"settings": self._settings.as_json()}
        return web.json_response(body)

    async def journal(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "0")
        if not after.lstrip("-").isdigit():
            return web.json_response({"error": "invalid_after"}, status=400)
        entries = self._journal.after(int(after))
        following = entries[-1]["seq"] if entries else int(after)
        texts = []
        for number, entry in enumerate(entries):
            texts.append(as_json(entry))
            if number % BREATH == 0:  # the app's acknowledgements go before
                await asyncio.sleep(0)
        text = f'{{"entries": [{", ".join(texts)}], "next": {following}}}'
        return web.Response(text=text, content_type="application/json")

    async def clock(self, request: web.Request) -> web.Response:
        """With `after`, waits until the clock's version is another, at most 25 s."""
        after = request.query.get("after")
        if after is not None and after == str(self._ws.clock.version):
            await self._changes.wait_for("clock", LONG_POLL_S)
        return web.json_response(render.clock_json(self._ws))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: `{version, what}` after each batch of changes."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        with self._changes.subscribed() as queue:
            await self._stream(response, queue)
        return response

    async def _stream(self, response: web.StreamResponse, queue: asyncio.Queue[list[str] | None]) -> None:
        what: list[str] | None = []
        try:
            while what is not None:
                tick = json.dumps({"version": self._changes.version, "what": what})
                await response.write(f"data: {tick}\n\n".encode())
                what = await self._next(response, queue)
        except ConnectionError:
            return

    async def _next(
        self, response: web.StreamResponse, queue: asyncio.Queue[list[str] | None]
    ) -> list[str] | None:
        while True:
            try:
                return await asyncio.wait_for(queue.get(), KEEP_ALIVE_S)
            except TimeoutError:
                await response.write(b": still here\n\n")

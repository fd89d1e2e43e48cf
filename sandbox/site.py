"""Puts the rooms together: one workspace, its routes, one port. The composition root of the sandbox."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox import responses, seed
from sandbox.buckets import Buckets
from sandbox.carriers import Carriers
from sandbox.clock import Clock, MovableClock, SystemClock
from sandbox.control.acts import ActEndpoint
from sandbox.control.changes import Changes
from sandbox.control.desk import Desk
from sandbox.control.reads import Reads
from sandbox.deliveries import HTTP
from sandbox.errors import SlackError
from sandbox.events import Announcer
from sandbox.faults import DOWN, Faults
from sandbox.guard import Handler, only_own_pages
from sandbox.handshake import Handshake
from sandbox.http_delivery import HttpDelivery
from sandbox.ids import Ids
from sandbox.interactions import Interactions
from sandbox.journal import Journal
from sandbox.keys import WORKSPACE
from sandbox.manifest import Manifest, read_manifest
from sandbox.phone_line import PhoneLine
from sandbox.posting import Poster
from sandbox.settings import Settings
from sandbox.snapshot import Snapshot
from sandbox.socket_mode import SocketMode
from sandbox.state import Workspace
from sandbox.web_api.arguments import read_json
from sandbox.web_api.endpoint import Endpoint
from sandbox.web_api.registry import all_methods, all_routes

PAGE = Path(__file__).parent / "page"
SLACK_PATHS = ("/api/", "/link/", "/response/", "/upload/", "/files/")
MAX_BODY = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace starts from. `run` tells runs apart in ids: any number that never comes twice."""

    run: int
    document: Mapping[str, Any] | None = None
    manifest: Path | None = None
    data: Path | None = None
    clock: Clock | None = None
    settings: Settings | None = None


class Site:
    """One workspace, served. Build it inside the running loop that will serve it."""

    def __init__(self, plan: Plan) -> None:
        manifest = read_manifest(plan.manifest) if plan.manifest else Manifest()
        self.ws = Workspace(MovableClock(plan.clock or SystemClock()), Ids(plan.run), manifest)
        self.journal, self.faults = Journal(self.ws.clock), Faults(self.ws.clock.stamp)
        self.settings, self.changes = plan.settings or Settings(), Changes()
        self.ws.trigger_lives_s = lambda: 0 if self.faults.is_on("expire_triggers") else self.settings.limit_s
        self.settings.check_delivery()
        self.socket = SocketMode(self.ws, self.journal, self.faults, self.settings)
        poster = Poster(self.settings)
        self.http = HttpDelivery(self.ws, self.journal, self.faults, poster)
        self.handshake = Handshake(self.ws.ids, poster)
        self.carriers = Carriers(self.settings, self.socket, self.http)
        self._snapshot = Snapshot(self.ws, plan.data) if plan.data else None
        if self._snapshot:
            self._snapshot.load()
        seed.plant(self.ws, seed.EXAMPLE if plan.document is None else plan.document)
        self._listen()
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.5)

    def _listen(self) -> None:
        self.announcer = Announcer(self.ws, self.carriers.deliver_event)
        self.ws.emit, self.ws.changed = self.announcer, self.changes.note
        self.ws.clock.when_moved(lambda: self.changes.note("clock"))
        if self._snapshot:
            self.changes.also(self._snapshot.note)

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[only_own_pages, self._unless_down], client_max_size=MAX_BODY)
        app[WORKSPACE] = self.ws
        app.add_routes([*self._slack_routes(), *self._control_routes(), *all_routes()])
        app.router.add_static("/page", PAGE)
        app.on_response_prepare.append(keep_nothing)
        app.router.add_get("/", page)
        app.router.add_get("/archives/{channel}/{message}", permalink)
        return app

    def _slack_routes(self) -> list[web.RouteDef]:
        buckets = Buckets(self.ws.clock)
        endpoint = Endpoint(self.ws, all_methods(), self.journal, self.faults, self.settings, buckets)
        return [
            web.get("/api/{method}", endpoint.__call__),
            web.post("/api/{method}", endpoint.__call__),
            web.get("/link/", self.socket.connect),
            web.post("/response/{name}", self._response),
        ]

    def _control_routes(self) -> list[web.RouteDef]:
        interactions = Interactions(self.ws, self.carriers, self.settings)
        desk = Desk(
            self.ws, interactions, self.announcer, self.socket, self.handshake, self.faults, self.settings
        )
        reads = Reads(self.ws, self.journal, self.changes, self.lines, self.settings)
        return [
            web.post("/_control/{act}", ActEndpoint(desk).__call__),
            web.get("/_control/state", reads.state),
            web.get("/_control/journal", reads.journal),
            web.get("/_control/clock", reads.clock),
            web.get("/_control/events", reads.events),
            web.post("/_phone", PhoneLine(self.ws, self.journal, self.settings).__call__),
        ]

    async def _response(self, request: web.Request) -> web.Response:
        entry = self.journal.begin("response_url", name=request.match_info["name"], args={})
        try:
            body = read_json(await request.text())
            self.journal.note(entry, args=body)
            responses.use(self.ws, request.match_info["name"], body)
        except SlackError as error:
            self.journal.end(entry, ok=False, error=error.code)
            status = 404 if error.code in ("invalid_url", "used_url", "expired_url") else 400
            return web.json_response({"ok": False, "error": error.code, **error.extra}, status=status)
        self.journal.end(entry, ok=True)
        return web.json_response({"ok": True})

    @web.middleware
    async def _unless_down(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """While Slack is down what belongs to it is cut off; the page and the orders of tests are not."""
        if self.faults.is_on(DOWN) and request.path.startswith(SLACK_PATHS):
            cut(request)
        return await handler(request)

    def lines(self) -> dict[str, Any]:
        """How the app is reached just now, and whether Slack is there at all."""
        is_down = self.faults.is_on(DOWN)
        return {
            "slack": {"down": is_down, "until": self.faults.until(DOWN) if is_down else None},
            "socket": self.socket.summary(),
            "http": {"verified": self.handshake.is_verified},
        }

    async def start(self, port: int) -> str:
        """Listens on loopback (`port` 0: any that is free) and answers the address."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024).start()
        self.ws.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        if self.settings.delivery == HTTP:
            self.handshake.until_verified()
        return self.ws.url

    async def stop(self) -> None:
        """Ends sockets and streams, stops listening, writes what is left."""
        self.changes.close()
        await self.socket.close()
        await self.handshake.close()
        await self.http.close()
        await self._runner.cleanup()
        if self._snapshot:
            await self._snapshot.close()
        await asyncio.sleep(0)


async def keep_nothing(_: web.Request, response: web.StreamResponse) -> None:
    """Browsers ask again each time, so that a new version's page never runs an old one's scripts."""
    response.headers.setdefault("Cache-Control", "no-cache")


def cut(request: web.Request) -> None:
    """Ends the connection without a word."""
    if request.transport is not None:
        request.transport.abort()


async def page(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


async def permalink(request: web.Request) -> web.StreamResponse:
    """Where `chat.getPermalink` points: the conversation on the page."""
    digits = request.match_info["message"].removeprefix("p")
    query = {"channel": request.match_info["channel"], "ts": f"{digits[:-6]}.{digits[-6:]}"}
    if "thread_ts" in request.query:
        query["thread"] = request.query["thread_ts"]
    raise web.HTTPFound(f"/?{urlencode(query)}")

"""A few of Slack's methods over a real socket, with faults on order: for tests of the outbound loop alone.

Not the sandbox: it checks nothing and renders nothing. It counts what arrived."""

import asyncio
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.own_loop import OwnLoop

Json = dict[str, Any]
BOT = "U0BOT"


class TinySlack:
    """`faults[method]` is a queue of: {"retry_after"}, {"error"}, {"status"}, {"reset"}, {"html"}, {"delay"};
    with "after" the deed is done first."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json, float]] = []
        self.faults: dict[str, deque[Json]] = defaultdict(deque)
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, list[Json]] = defaultdict(list)
        self.bookmarks: dict[str, list[Json]] = defaultdict(list)
        self.users: list[Json] = []
        self.created = 0.0
        self.latency_s = 0.0
        self.is_silent = False  # answers nothing until it is false again
        self.sockets: list[web.WebSocketResponse] = []
        self.acks: list[Json] = []
        self.peers: set[object] = set()
        self.is_mute = False
        self.is_shy = False
        self._transports: list[asyncio.Transport] = []
        self._numbers = count(1)
        self._loop = OwnLoop("tiny-slack")
        self._runner: web.AppRunner | None = None
        self.port = 0
        self._pulse = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def start(self, port: int = 0) -> "TinySlack":
        self._loop.start()
        self._loop.run(self._serve(port))
        return self

    def stop(self) -> None:
        self._loop.run(self._close())
        self._loop.end()

    def named(self, method: str) -> list[Json]:
        return [args for called, args, _ in self.calls if called == method]

    def posts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.messages[channel] if "text" in message]

    def wait_until(self, holds: Callable[[], bool], within_s: float = 30.0) -> None:
        """Return as soon as it holds. Raises TimeoutError."""
        end = time.monotonic() + within_s
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError("it did not come true in time")
            self._pulse.wait(0.01)

    def tell_sockets(self, frame: Json, close: bool = False) -> None:
        """Write a frame to every socket, then close them if asked."""
        self._loop.run(self._tell(list(self.sockets), frame, close))

    def drop_sockets(self) -> None:
        """Reset every socket without a word."""
        for transport in self._transports:
            self._loop.soon(transport.abort)
        self._transports.clear()

    def deliver(self, envelope: Json) -> None:
        """Write to the newest open socket."""
        self._loop.run(self.sockets[-1].send_json(envelope))

    async def _serve(self, port: int) -> None:
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/upload", self._upload)
        app.router.add_post("/response", self._response)
        app.router.add_get("/link", self._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        is_json = "json" in request.content_type
        args: Json = await request.json() if is_json and await request.text() else dict(await request.post())
        self.calls.append((method, args, time.monotonic()))
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        if self.latency_s and method != "api.test":
            await asyncio.sleep(self.latency_s)
        while self.is_silent and method != "api.test":
            await asyncio.sleep(0.01)
        fault = self.faults[method].popleft() if self.faults[method] else {}
        is_done = fault.get("after") or not set(fault) - {"delay"}
        answer = self._do(method, args) if is_done else {}
        if "delay" in fault:
            await asyncio.sleep(fault["delay"])
        if "reset" in fault:
            assert request.transport is not None
            request.transport.abort()
        if "retry_after" in fault:
            headers = {"Retry-After": str(fault["retry_after"])}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if "html" in fault:
            return web.Response(text="<html>oops</html>", status=500, content_type="text/html")
        if "error" in fault:
            answer = {"ok": False, "error": fault["error"], **fault.get("more", {})}
        return web.json_response(answer, status=fault.get("status", 200))

    def _do(self, method: str, args: Json) -> Json:
        deed: Callable[[Json], Json] = getattr(self, "_" + method.replace(".", "_").lower(), lambda _args: {})
        return {"ok": True, **deed(args)}

    def _conversations_create(self, args: Json) -> Json:
        if args["name"] in self.channels:
            return {"ok": False, "error": "name_taken"}
        channel = {
            "id": f"C{next(self._numbers)}",
            "name": args["name"],
            "creator": BOT,
            "created": self.created,
        }
        self.channels[args["name"]] = channel
        return {"channel": channel}

    def _chat_postmessage(self, args: Json) -> Json:
        channel = _home_of(args["channel"])
        message: Json = {name: args[name] for name in ("text", "metadata", "thread_ts") if name in args}
        message["ts"] = self._ts()
        self.messages[channel].append(message)
        return {"channel": channel, "ts": message["ts"]}

    def _bookmarks_add(self, args: Json) -> Json:
        bookmark = {"id": f"Bk{next(self._numbers)}", "title": args["title"], "link": args["link"]}
        self.bookmarks[args["channel_id"]].append(bookmark)
        return {"bookmark": bookmark}

    def _files_completeuploadexternal(self, args: Json) -> Json:
        files = [{"id": "F1", "name": "draft.md", "title": json.loads(args["files"])[0]["title"]}]
        self.messages[args["channel_id"]].append({"ts": self._ts(), "files": files})
        return {"files": files}

    def _ts(self) -> str:
        return f"{self.created + next(self._numbers):.6f}"

    def _auth_test(self, _args: Json) -> Json:
        return {"user_id": BOT, "bot_id": "B0BOT", "team_id": "T1", "team": "Tiny", "url": "https://tiny/"}

    def _apps_connections_open(self, _args: Json) -> Json:
        return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={next(self._numbers)}"}

    def _conversations_open(self, args: Json) -> Json:
        return {"channel": {"id": _home_of(args["users"])}}

    def _conversations_history(self, args: Json) -> Json:
        since = float(args.get("oldest", 0))
        found = [
            m for m in self.messages[args["channel"]] if float(m["ts"]) >= since and "thread_ts" not in m
        ]
        return {"messages": found[::-1]}

    def _conversations_replies(self, args: Json) -> Json:
        return {"messages": [m for m in self.messages[args["channel"]] if m.get("thread_ts") == args["ts"]]}

    def _users_conversations(self, _args: Json) -> Json:
        return {"channels": list(self.channels.values())}

    def _users_list(self, args: Json) -> Json:
        at = int(args.get("cursor") or 0)
        following = str(at + 2) if at + 2 < len(self.users) else ""
        return {"members": self.users[at : at + 2], "response_metadata": {"next_cursor": following}}

    def _bookmarks_list(self, args: Json) -> Json:
        return {"bookmarks": self.bookmarks[args["channel_id"]]}

    def _files_getuploadurlexternal(self, _args: Json) -> Json:
        return {"upload_url": f"http://127.0.0.1:{self.port}/upload", "file_id": "F1"}

    async def _upload(self, request: web.Request) -> web.Response:
        self.calls.append(("upload", {"length": len(await request.read())}, time.monotonic()))
        return web.Response(text="OK")

    async def _response(self, request: web.Request) -> web.Response:
        self.calls.append(("response", await request.json(), time.monotonic()))
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.sockets.append(socket)
        assert request.transport is not None
        self._transports.append(request.transport)
        if not self.is_shy:
            await socket.send_json({"type": "hello", "num_connections": len(self.sockets)})
        async for message in socket:
            if message.type is WSMsgType.PING and not self.is_mute:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self.acks.append(json.loads(message.data))
        self.sockets.remove(socket)
        return socket

    async def _tell(self, sockets: list[web.WebSocketResponse], frame: Json, close: bool) -> None:
        for socket in sockets:
            await socket.send_json(frame)
        for socket in sockets if close else ():
            await socket.close()


def _home_of(channel: str) -> str:
    return "D" + channel[1:] if channel.startswith("U") else channel

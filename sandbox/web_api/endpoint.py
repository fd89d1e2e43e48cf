"""`/api/<method>`: faults, latency, token, scope, tier, then the method; Slack's JSON and headers."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.buckets import POST_BURST, POSTS_PER_MINUTE, Buckets
from sandbox.errors import SlackError
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.settings import Settings
from sandbox.state import TEAM_ID, Workspace
from sandbox.web_api import arguments
from sandbox.web_api.method import PER_CHANNEL, UNLIMITED, Call, Method

SANDBOX_TOKENS = ("xoxb-sandbox", "xapp-sandbox")
FATAL_PAGE = "<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>"


class RateLimited(Exception):
    """`seconds` until the bucket holds a token again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request holds, or why it could not be read."""

    token: str
    args: dict[str, Any]
    refusal: SlackError | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Serves every method of the Web API over one workspace."""

    ws: Workspace
    methods: Mapping[str, Method]
    journal: Journal
    faults: Faults
    settings: Settings
    buckets: Buckets

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        entry = self.journal.begin("call", method=name, args={})
        asked = await self._read(request, entry)
        fault = self.faults.for_call(name, asked.args)
        if "reset_before" in fault:
            return self._reset(request, entry)
        await asyncio.sleep((self.settings.latency_ms / 2 + fault.get("delay_ms", 0)) / 1000)
        status, answer, headers = self._answer(name, asked, fault)
        await self._go_back(fault)
        if "reset_after" in fault:
            return self._reset(request, entry)
        if "html_500" in fault:
            self.journal.end(entry, ok=False, error="html_500")
            return web.Response(status=500, text=FATAL_PAGE, content_type="text/html")
        self.journal.end(entry, ok=answer["ok"], error=answer.get("error"), status=status)
        body = json.dumps(answer)
        return web.Response(status=status, text=body, content_type="application/json", headers=headers)

    async def _go_back(self, fault: dict[str, Any]) -> None:
        """The answer's way; with `delay_after_ms` the caller may have given up before it arrives."""
        wait_ms = self.settings.latency_ms / 2 + fault.get("delay_after_ms", 0)
        if wait_ms:
            await asyncio.sleep(wait_ms / 1000)

    def _reset(self, request: web.Request, entry: dict[str, Any]) -> web.StreamResponse:
        """Cuts the connection: the caller cannot know whether the call happened."""
        self.journal.end(entry, ok=False, error="connection_reset")
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _read(self, request: web.Request, entry: dict[str, Any]) -> Asked:
        try:
            token, args = await arguments.read(request)
        except SlackError as error:
            return Asked("", {}, error)
        self.journal.note(entry, args=args)
        return Asked(token, args)

    def _answer(
        self, name: str, asked: Asked, fault: dict[str, Any]
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        try:
            if asked.refusal is not None:
                raise asked.refusal
            injected = faulted(fault)
            if injected is not None:
                return injected
            return 200, {"ok": True, **self._run(name, asked.token, asked.args)}, self._headers(name)
        except RateLimited as limit:
            return limited(limit.seconds)
        except SlackError as error:
            return 200, {"ok": False, "error": error.code, **error.extra}, self._headers(name)

    def _run(self, name: str, token: str, args: dict[str, Any]) -> dict[str, Any]:
        method = self.methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        call = Call(name, args, self.ws.manifest)
        if method.tokens:
            check_token(token, method.tokens)
            if token.startswith("xoxb-") and self.faults.is_on("dead_token"):
                raise SlackError("token_revoked")
            call.need(*method.scopes)
        self._check_rate(method, call)
        return method.handler(self.ws, call)

    def _check_rate(self, method: Method, call: Call) -> None:
        if not self.settings.tiers or method.tier == UNLIMITED:
            return
        if method.tier == PER_CHANNEL:
            wait = self.buckets.take(
                f"{call.method} {call.args.get('channel')}", POSTS_PER_MINUTE, POST_BURST
            )
        else:
            wait = self.buckets.take(f"{call.method} {TEAM_ID}", method.tier, method.tier * 2)
        if wait:
            raise RateLimited(wait)

    def _headers(self, name: str) -> dict[str, str]:
        """Slack tells each caller which scopes it has and which the method wanted."""
        method = self.methods.get(name)
        scopes = self.ws.manifest.scopes
        accepted = {"x-accepted-oauth-scopes": ",".join(method.scopes if method else ())}
        return accepted if scopes is None else accepted | {"x-oauth-scopes": ",".join(sorted(scopes))}


def check_token(token: str, accepted: tuple[str, ...]) -> None:
    """Raises `not_authed`, `invalid_auth`, `not_allowed_token_type`."""
    if not token:
        raise SlackError("not_authed")
    if not token.startswith(SANDBOX_TOKENS):
        raise SlackError("invalid_auth")
    if not token.startswith(accepted):
        raise SlackError("not_allowed_token_type")


def faulted(fault: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    """The answer that a fault puts in place of the method's; None when the method runs."""
    if "retry_after" in fault:
        return limited(int(fault["retry_after"]))
    if "error" in fault:
        return 200, {"ok": False, "error": str(fault["error"])}, {}
    if "status" in fault:
        return int(fault["status"]), {"ok": False, "error": "service_unavailable"}, {}
    return None


def limited(seconds: int) -> tuple[int, dict[str, Any], dict[str, str]]:
    return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)}

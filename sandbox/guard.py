"""Keeps other pages and other machines out: only loopback names as Host, only our own pages as Origin."""

import re
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

LOOPBACK = re.compile(r"(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?")
REAL_TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_USER_TOKEN")
OURS = ("xoxb-sandbox", "xapp-sandbox")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def only_own_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page elsewhere that names us by another host, or posts to us across origins, gets nothing done."""
    host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
    if not LOOPBACK.fullmatch(host):
        return web.json_response({"error": "forbidden_host"}, status=403)
    if origin is not None and not is_same_machine_and_port(origin, host):
        return web.json_response({"error": "forbidden_origin"}, status=403)
    return await handler(request)


def is_same_machine_and_port(origin: str, host: str) -> bool:
    """Whether the origin is ours. Some socket clients leave the port out of Host; the name has to do then."""
    scheme, _, place = origin.partition("://")
    if scheme not in ("http", "ws") or not LOOPBACK.fullmatch(place):
        return False
    return place == host or ":" not in host.rpartition("]")[2]


def real_token(environment: Mapping[str, str]) -> str | None:
    """The name of a variable that holds a token of a real workspace; None when there is none."""
    for name in REAL_TOKENS:
        value = environment.get(name, "")
        if value and not value.startswith(OURS):
            return name
    return None

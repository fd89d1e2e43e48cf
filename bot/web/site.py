"""The table of routes as one ASGI application: finds the route, runs it on the pool, guards its failures."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextvars import copy_context

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute
from starlette.routing import Router

from bot.web.outer import Asgi, Limits, Outer
from bot.web.routes import Answer, Incoming, Route
from incidents.errors import StoreUnavailable

AWAY = Answer(503, headers={"retry-after": "1"})
FAILED = Answer(500)

log = logging.getLogger(__name__)
Seconds = Callable[[], float]


def site(
    routes: Sequence[Route],
    pool: Executor,
    seconds: Seconds,
    limits: Limits,
    answered: Callable[[int], None] = lambda _status: None,
) -> Asgi:
    """`answered` is told every status that leaves; `seconds` are monotonic."""
    router = Router([_mounted(route, pool, seconds) for route in routes], redirect_slashes=False)
    return Outer(router, limits, answered)


def _mounted(route: Route, pool: Executor, seconds: Seconds) -> StarletteRoute:
    async def endpoint(request: Request) -> Response:
        incoming = Incoming(
            method=request.method,
            path=request.url.path,
            headers=_joined(request),
            body=await request.body(),
            query=request.url.query,
            params=dict(request.path_params),
            began=seconds(),
        )
        if route.waits:
            alone = copy_context().run  # what one has in hand is not found by the next on the same thread
            answer = await asyncio.get_running_loop().run_in_executor(pool, alone, _guarded, route, incoming)
        else:
            answer = _guarded(route, incoming)
        headers = {"content-type": answer.content_type, **answer.headers}
        return Response(answer.body, answer.status, headers)

    return StarletteRoute(route.path, endpoint, methods=[route.method])


def _joined(request: Request) -> dict[str, str]:
    return {name: ", ".join(request.headers.getlist(name)) for name in request.headers.keys()}  # noqa: SIM118


def _guarded(route: Route, incoming: Incoming) -> Answer:
    """The boundary: whatever a route raises is logged without the request, and answered without a reason."""
    try:
        return route.answer(incoming)
    except StoreUnavailable:
        log.warning("the database takes nothing now: %s %s is refused", route.method, route.path)
        return AWAY
    except Exception:
        log.exception("%s %s failed", route.method, route.path)
        return FAILED

"""One request to a provider: no redirect, no second try of what changes anything, only a small answer.

What became of it is judged here as far as all providers agree; adapters read the rest from `data`."""

import json
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from msgspec import Struct, field
from msgspec.structs import replace

from bot.loopback import LOOPBACK
from bot.ring.port import RING_GONE, RING_REFUSED, RING_UNAUTHORISED
from bot.sending import CALL_TIMEOUT_S, CONNECT_TIMEOUT_S, DEFAULT_RETRY_AFTER_S, KEEPALIVE_S, Sent

MOST_ANSWER = 256 * 1024
MOST_RETRY_AFTER_S = 300.0
_STATUSES = {401: RING_UNAUTHORISED, 403: RING_UNAUTHORISED, 404: RING_GONE, 410: RING_GONE}
_RETRY_AFTER = ("Retry-After", "ratelimit-reset")  # the second is PagerDuty's


class Request(Struct, frozen=True):
    """`form` is sent as a form, else `body` as it is. All but the address may hold secrets."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: tuple[tuple[str, str], ...] = ()
    form: Mapping[str, str] | None = None
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"Request({self.method} {self.url})"


class Wire:
    """The session of the phone leg; it lives on the loop of its first request."""

    def __init__(self, timeout_s: float = CALL_TIMEOUT_S) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=CONNECT_TIMEOUT_S)
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def ask(self, request: Request) -> Sent:
        """The answer's JSON object in `data`, a refusal's too. Nothing that the other side can do raises."""
        if self._is_closed:
            return Sent(False, error="unreachable")
        try:
            return await self._ask(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Sent(False, error="unreachable")
        except TimeoutError:
            return Sent(False, error="timeout", ambiguous=True)
        except (aiohttp.ClientError, OSError):
            return Sent(False, error="connection_lost", ambiguous=True)
        except ValueError:  # a proxy that is none
            return Sent(False, error="unreachable")

    async def close(self) -> None:
        """For good: what is asked afterwards leaves no more."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, request: Request) -> Sent:
        async with self._open().request(
            request.method,
            request.url,
            headers=request.headers,
            params=request.params,
            data=request.body if request.form is None else dict(request.form),
            proxy=_proxy_for(request.url),
            allow_redirects=False,
        ) as answer:
            content = await _read(answer)
            return judged(answer.status, answer.headers, content)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEPALIVE_S),
                headers={"User-Agent": "Meridian", "Accept-Encoding": "identity"},
                auto_decompress=False,  # a small answer may be a large one in disguise
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


async def _read(answer: aiohttp.ClientResponse) -> bytes | None:
    """The answer, or None when it is longer than any that is meant: the rest is not waited for."""
    content = bytearray()
    async for piece in answer.content.iter_any():
        content += piece
        if len(content) > MOST_ANSWER:
            answer.close()
            return None
    return bytes(content)


def judged(status: int, headers: Mapping[str, str], content: bytes | None) -> Sent:
    """What all providers agree on. `content` is None when there was too much of it."""
    said = _object(content)
    if status == 429:
        return Sent(False, said or {}, "ratelimited", retry_after=_retry_after(headers))
    if 200 <= status < 300:
        return Sent(False, error="unreadable", ambiguous=True) if said is None else Sent(True, said)
    if status >= 500 or status == 408:
        return Sent(False, error=f"http_{status}", ambiguous=True)
    refused = RING_REFUSED if status >= 400 else f"http_{status}"
    return Sent(False, said or {}, _STATUSES.get(status, refused))


def _object(content: bytes | None) -> dict[str, Any] | None:
    """The JSON object, {} for an answer without a body, None for anything else: `Infinity` is no JSON."""
    if not content:
        return None if content is None else {}
    try:
        found = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; a date, or what makes no sense, counts as unsaid."""
    said = next((headers[name] for name in _RETRY_AFTER if name in headers), "")
    try:
        seconds = float(said)
    except ValueError:
        return DEFAULT_RETRY_AFTER_S
    return min(max(seconds, 0.1), MOST_RETRY_AFTER_S) if math.isfinite(seconds) else DEFAULT_RETRY_AFTER_S


def _proxy_for(url: str) -> str | None:
    """What the environment names, as for Slack; never for this machine itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


def is_gone(sent: Sent) -> bool:
    """Whether the provider itself, and not something on the way to it, says that there is no such thing."""
    return sent.error == RING_GONE and bool(sent.data)


def rung(sent: Sent, handle: str) -> Sent:
    """What `ring` answers: the handle, and no other word of the provider's."""
    if sent.ok:
        return Sent(True, {"handle": handle}) if handle else Sent(False, error="unreadable", ambiguous=True)
    error = RING_REFUSED if sent.error == RING_GONE else sent.error
    return replace(sent, data={}, error=error)


def stopped(sent: Sent, is_over: bool = False) -> Sent:
    """What `stop` answers. `is_over`: the refusal says that it rings no more."""
    return Sent(True) if sent.ok or is_over or sent.error == RING_GONE else replace(sent, data={})

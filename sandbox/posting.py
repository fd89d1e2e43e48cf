"""Signed posts to the app's request URL, and what came of them. Knows nothing of events and interactions.

The signature carries the machine's time, not the workspace's: that is what any verifier compares it with.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from sandbox.clock import SystemClock
from sandbox.settings import Settings
from sandbox.signing import v0

MAX_REDIRECTS = 2
MAX_AT_ONCE = 100
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
TIMEOUT = "http_timeout"


class Unreachable(Exception):
    """No answer came; `reason` is Slack's word for it, as in X-Slack-Retry-Reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    text: str
    forbids_retry: bool = False


class Poster:
    """Posts over connections that are kept. Needs a running loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._real = SystemClock()
        self._session: aiohttp.ClientSession | None = None

    async def post(self, content_type: str, body: str, more: Mapping[str, str]) -> Answer:
        """The answer, whatever its status. Raises Unreachable."""
        try:
            return await self._post(body.encode(), {"Content-Type": content_type, **more})
        except TimeoutError:
            raise Unreachable(TIMEOUT) from None
        except aiohttp.TooManyRedirects:
            raise Unreachable("too_many_redirects") from None
        except aiohttp.ClientSSLError:
            raise Unreachable("ssl_error") from None
        except aiohttp.ClientConnectionError:
            raise Unreachable("connection_failed") from None
        except (aiohttp.ClientError, ValueError):
            raise Unreachable("unknown_error") from None

    async def _post(self, content: bytes, headers: dict[str, str]) -> Answer:
        timestamp = str(int(self._real.now().timestamp()))
        headers |= {
            "User-Agent": AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": v0(self._settings.signing_secret, timestamp, content),
        }
        posting = self._open().post(
            self._settings.request_url,
            data=content,
            headers=headers,
            max_redirects=MAX_REDIRECTS,
            timeout=aiohttp.ClientTimeout(total=self._settings.limit_s),
        )
        async with posting as found:
            forbids = found.headers.get("X-Slack-No-Retry") == "1"
            return Answer(found.status, found.content_type, await found.text(errors="replace"), forbids)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MAX_AT_ONCE),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

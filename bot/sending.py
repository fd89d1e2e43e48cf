"""The outbound loop: one asyncio thread, one warm connection pool, every call to Slack's Web API.

It calls once and tells what happened; it never repeats what changes anything, for whether a call may be
repeated is decided by those who know what it was (see `reconcile.py`)."""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

import aiohttp
from msgspec import Struct, field
from msgspec.structs import replace
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.calls import Call, Json, OutsideSlack, RingOut, Upload

T = TypeVar("T")

CALL_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 5.0
KEEPALIVE_S = 30.0
WARM_EVERY_S = 12.0
WARM_CONNECTIONS = 8
MAX_CONNECTIONS = 64
DEFAULT_RETRY_AFTER_S = 5.0
_JSON_METHODS = ("chat.", "views.", "canvases.")

log = logging.getLogger(__name__)


class Sent(Struct, frozen=True):
    """What became of one call.

    `data` is Slack's answer. `error` is Slack's code, or ours: unreachable (nothing left this machine),
    timeout, connection_lost, http_500, unreadable. `ambiguous`: Slack may have done it all the same.
    `retry_after` in seconds.
    """

    ok: bool
    data: Json = field(default_factory=dict)
    error: str = ""
    retry_after: float = 0.0
    ambiguous: bool = False


LEASE_LOST = Sent(False, error="lease_lost")  # nothing was sent: somebody else may have it in hand


class DeliversOutside(Protocol):
    async def deliver_out(self, what: OutsideSlack) -> Sent: ...

    async def find(self, ring: RingOut) -> Sent | None: ...


class NoPhones:
    """Where nothing but Slack is set up."""

    async def deliver_out(self, what: OutsideSlack) -> Sent:
        return Sent(False, error="no_provider")

    async def find(self, ring: RingOut) -> Sent | None:
        return None


class Outbound:
    """The loop's thread. Public methods without `async` are called from any other thread."""

    def __init__(self, token: str, base_url: str, warm_every_s: float = WARM_EVERY_S) -> None:
        """`warm_every_s` 0 keeps nothing warm."""
        self._token = token
        self._base_url = base_url
        self._warm_every_s = warm_every_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="outbound", daemon=True)
        self._started = threading.Event()
        self._stopping = asyncio.Event()

    def start(self) -> None:
        self._thread.start()
        self._started.wait()

    def stop(self, timeout_s: float = 5.0) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(timeout_s)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def spawn(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run on the loop; the future is of the calling side. Raises RuntimeError when the loop has ended."""
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:
            work.close()  # nobody will ever await it
            raise

    def call_now(self, method: str, /, **args: Any) -> Sent:
        """One call, waited for. Never from the loop itself."""
        return self.spawn(self.call(method, **args)).result(CALL_TIMEOUT_S + 5)

    def beat(self, then: Callable[[], None]) -> None:
        """Call `then` from the loop: a loop that is stuck does not."""
        self._loop.call_soon_threadsafe(then)

    async def call(self, method: str, /, **args: Any) -> Sent:
        """One call of Slack's Web API, once. Raises nothing that Slack or the network can cause."""
        try:
            answer = await self._client.api_call(method, **_body(method, args))
        except SlackApiError as refusal:
            return _refused(refusal)
        except aiohttp.ClientConnectorError:  # a name that does not resolve, a refused or slow connection
            return Sent(False, error="unreachable")
        except aiohttp.ConnectionTimeoutError:
            return Sent(False, error="unreachable")
        except TimeoutError:
            return Sent(False, error="timeout", ambiguous=True)
        except (aiohttp.ClientError, OSError):
            return Sent(False, error="connection_lost", ambiguous=True)
        except (ValueError, AttributeError):  # an answer that is not of Slack's form at all
            return Sent(False, error="unreadable", ambiguous=True)
        return Sent(True, data=answer.data if isinstance(answer.data, dict) else {})

    async def pages(self, method: str, /, *, is_patient: bool = False, **args: Any) -> AsyncIterator[Sent]:
        """The pages of a listing, one after the other; the last may be a refusal.

        `is_patient`: where nobody waits, "too many calls" is waited out, as long as Slack asks.
        """
        cursor = ""
        while True:
            sent = await self.call(method, **args, **({"cursor": cursor} if cursor else {}))
            if is_patient and sent.error == "ratelimited":
                await asyncio.sleep(sent.retry_after)
                continue
            yield sent
            cursor = str((sent.data.get("response_metadata") or {}).get("next_cursor") or "")
            if not sent.ok or not cursor:
                return

    async def send(
        self,
        rendered: Call | Upload,
        marks: Json | None = None,
        has_file: bool = False,
        is_ours: Callable[[], bool] = lambda: True,
    ) -> Sent:
        """Send what was rendered. `marks` go on the message; `has_file`: the file is there already.

        `is_ours` says whether nobody else may be at it by now: of several calls, each that shows asks it.
        """
        if not is_ours():
            return LEASE_LOST
        if isinstance(rendered, Upload):
            return await self._upload(rendered, marks or {}, has_file, is_ours)
        is_post = rendered.method == "chat.postMessage"
        args = {**rendered.args, **marks} if marks and is_post else rendered.args
        return await self.call(rendered.method, **args)

    async def post_bytes(self, url: str, body: bytes | Json) -> Sent:
        """POST to an address that Slack gave out: a file's bytes, or JSON to a response_url."""
        content: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
        try:
            async with self._session.post(url, proxy=self._client.proxy, **content) as answer:
                await answer.read()
                if answer.status < 300:
                    return Sent(True)
                return Sent(False, error=f"http_{answer.status}", ambiguous=answer.status >= 500)
        except aiohttp.ClientConnectorError:
            return Sent(False, error="unreachable")
        except (TimeoutError, aiohttp.ClientError, OSError):
            return Sent(False, error="connection_lost", ambiguous=True)

    async def get_bytes(self, url: str, most: int) -> Sent:
        """GET from Slack's own host, with the token: `data["content"]`, at most `most` bytes.

        A redirect or a page means that Slack wants somebody to sign in.
        """
        head = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._session.get(
                url, proxy=self._client.proxy, headers=head, allow_redirects=False
            ) as answer:
                if answer.status >= 400:
                    return Sent(False, error=f"http_{answer.status}")
                if answer.status != 200 or answer.content_type == "text/html":
                    return Sent(False, error="sign_in")
                content = bytearray()
                async for piece in answer.content.iter_any():
                    content += piece
                    if len(content) > most:
                        return Sent(False, error="too_large")
                return Sent(True, {"content": bytes(content)})
        except aiohttp.ClientConnectorError:
            return Sent(False, error="unreachable")
        except (TimeoutError, aiohttp.ClientError, OSError):
            return Sent(False, error="connection_lost")

    async def _upload(self, upload: Upload, marks: Json, has_file: bool, is_ours: Callable[[], bool]) -> Sent:
        thread = {"thread_ts": upload.thread_ts} if upload.thread_ts else {}
        if not has_file:
            shared = await self._share_file(upload, thread, is_ours)
            if not shared.ok:
                return shared
        if not is_ours():
            return replace(LEASE_LOST, ambiguous=True)  # its file is there
        args = {"channel": upload.channel, **upload.message.as_args(), **thread, **marks}
        posted = await self.call("chat.postMessage", **args)
        # The file is there now: whatever comes next must look before it uploads again.
        return (
            posted if posted.ok else replace(posted, ambiguous=posted.error != "unreachable" or not has_file)
        )

    async def _share_file(self, upload: Upload, thread: Json, is_ours: Callable[[], bool]) -> Sent:
        content = upload.content.encode()
        opened = await self._opened(upload.channel)
        if not opened.ok:
            return opened
        place = await self.call("files.getUploadURLExternal", filename=upload.filename, length=len(content))
        if not place.ok:
            return place
        stored = await self.post_bytes(str(place.data["upload_url"]), content)
        if not stored.ok:
            return stored
        if not is_ours():
            return LEASE_LOST
        files = [{"id": place.data["file_id"], "title": upload.title}]
        return await self.call(
            "files.completeUploadExternal", files=files, channel_id=opened.data["channel"]["id"], **thread
        )

    async def _opened(self, place: str) -> Sent:
        """Where a file can be shared: Slack takes a person for a message, and for a file a channel alone."""
        if place.startswith(("U", "W")):
            return await self.call("conversations.open", users=place)
        return Sent(True, {"channel": {"id": place}})

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.close()

    async def _live(self) -> None:
        limits = aiohttp.ClientTimeout(total=CALL_TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S)
        pool = aiohttp.TCPConnector(keepalive_timeout=KEEPALIVE_S, limit=MAX_CONNECTIONS)
        async with aiohttp.ClientSession(timeout=limits, connector=pool) as session:
            self._session = session
            self._client = AsyncWebClient(
                token=self._token, base_url=self._base_url, session=session, retry_handlers=[]
            )
            self._client.logger.setLevel(logging.WARNING)  # at DEBUG it writes message bodies
            self._started.set()
            warming = asyncio.create_task(self._keep_warm())
            await self._stopping.wait()
            warming.cancel()
            await _end_all_tasks()

    async def _keep_warm(self) -> None:
        while self._warm_every_s:
            await asyncio.gather(*(self.call("api.test") for _ in range(WARM_CONNECTIONS)))
            await asyncio.sleep(self._warm_every_s)


async def _end_all_tasks() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _body(method: str, args: Json) -> dict[str, Any]:
    given = {name: value for name, value in args.items() if value is not None}
    if method.startswith(_JSON_METHODS):
        return {"json": given}
    return {"data": {name: _form_value(value) for name, value in given.items()}}


def _form_value(value: object) -> str:
    """As Slack reads forms: booleans 1 and 0, lists of ids joined by commas, everything nested as JSON."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    if isinstance(value, list | tuple | dict):
        return json.dumps(value)
    return str(value)


def _refused(refusal: SlackApiError) -> Sent:
    answer: Any = refusal.response
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0) or 0)
    data = getattr(answer, "data", None)
    data = data if isinstance(data, dict) else {}
    if status == 429 or data.get("error") in ("ratelimited", "rate_limited"):
        return Sent(False, data, "ratelimited", retry_after=_retry_after(getattr(answer, "headers", {})))
    error = str(data.get("error") or (f"http_{status}" if status != 200 else "unreadable"))
    return Sent(False, data, error, ambiguous=status >= 500 or error == "unreadable")


def _retry_after(headers: Any) -> float:
    try:
        return max(float(headers.get("Retry-After", DEFAULT_RETRY_AFTER_S)), 0.1)
    except ValueError:
        return DEFAULT_RETRY_AFTER_S

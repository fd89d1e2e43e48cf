"""Keeps two Socket Mode connections, so that Slack can always deliver: opens, watches, replaces them.

One thread that only looks; opening and closing have threads of their own."""

import logging
import threading
from collections.abc import Callable
from http.client import HTTPException

from msgspec import Struct
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.patience import Patience
from bot.socket_line import BoltLine, Line, Seconds

log = logging.getLogger(__name__)


class Pace(Struct, frozen=True):
    """Seconds. A line without any frame for `silence_s` is replaced though it looks connected: three of our
    pings have then gone without an answer."""

    lines: int = 2
    silence_s: float = 8.0
    greeting_s: float = 10.0
    linger_s: float = 3.0  # an outgoing line may still acknowledge what it delivered
    look_every_s: float = 0.5
    most_wait_s: float = 6.0  # nine by chance, so that ten seconds after an outage somebody listens again
    stood_still_s: float = 3.0  # nobody looked for so long: what has come meanwhile may not be read yet


class Chances(Struct, frozen=True):
    """Where real seconds (monotonic) and a number in [0, 1) come from."""

    seconds: Seconds
    chance: Callable[[], float]


class Socket:
    """`on_connected` is called whenever a new line has been greeted; it must return at once."""

    def __init__(
        self,
        app: App,
        app_token: str,
        web_client: WebClient,
        on_connected: Callable[[], None],
        chances: Chances,
        pace: Pace | None = None,
    ) -> None:
        """`web_client` needs only the base URL and `retry_handlers=[]`."""
        self._app = app
        self._app_token = app_token
        self._web_client = web_client
        self._on_connected = on_connected
        self._seconds, self._chance = chances.seconds, chances.chance
        self._pace = pace or Pace()
        self._lines: list[Line] = []
        self._opening = 0
        self._patience = Patience(self._pace.most_wait_s)
        self._looked_at = self._awake_since = 0.0
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="socket", daemon=True)
        self.beat: Callable[[], None] = lambda: None
        self.acked: Callable[[float, bool], None] = lambda _seconds, _is_acked: None

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Close every line; what was delivered and not acknowledged comes again after the next start."""
        self._stopping.set()
        self._news.set()
        self._thread.join(timeout_s)
        closers = [threading.Thread(target=line.close, daemon=True) for line in self._all_lines()]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join(timeout_s)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def is_ready(self) -> bool:
        """A greeted line is open and has been heard of late."""
        now = self._seconds()
        return any(
            line.is_live() and now - line.last_heard < self._pace.silence_s for line in self._all_lines()
        )

    def live_lines(self) -> int:
        return sum(line.is_live() for line in self._all_lines())

    def _all_lines(self) -> list[Line]:
        with self._lock:
            return list(self._lines)

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self.beat()
            try:
                self._look(self._seconds())
            except Exception:
                log.exception("looking after the sockets failed; it goes on")
            self._news.wait(self._pace.look_every_s)
            self._news.clear()

    def _look(self, now: float) -> None:
        self._heed_own_absence(now)
        self._welcome()
        for line in self._all_lines():
            if why := self._why_not(line, now):
                log.log(logging.INFO if why == "replaced" else logging.WARNING, "a socket goes: %s", why)
                self._forget(line)
        serving = [line for line in self._all_lines() if line.spent_at is None]
        for _ in range(self._pace.lines - len(serving) - self._opening):
            if now >= self._patience.not_before:
                with self._lock:
                    self._opening += 1
                threading.Thread(target=self._open, name="socket-open", daemon=True).start()

    def _heed_own_absence(self, now: float) -> None:
        """A machine that slept, or was busy elsewhere, has heard nobody: that is no line's silence."""
        if now - self._looked_at > self._pace.stood_still_s:
            self._awake_since = now
        self._looked_at = now

    def _welcome(self) -> None:
        for line in self._all_lines():
            if line.is_greeted and not line.is_announced:
                line.is_announced = True
                with self._lock:
                    self._patience.succeeded()
                log.info("a socket is open")
                self._on_connected()

    def _why_not(self, line: Line, now: float) -> str:
        """Why this line is to be dropped, or ""."""
        if line.has_ended:
            return "it ended" if line.spent_at is None else "replaced"
        if not line.is_greeted:
            return "no greeting" if now - line.born > self._pace.greeting_s else ""
        if now - max(line.last_heard, self._awake_since) > self._pace.silence_s:
            return "it fell silent"
        has_heir = any(other.is_live() and other.spent_at is None for other in self._all_lines())
        is_over = line.spent_at is not None and now - line.spent_at > self._pace.linger_s
        return "replaced" if is_over and has_heir else ""

    def _forget(self, line: Line) -> None:
        with self._lock:
            self._lines.remove(line)
        if not line.is_greeted:
            self._failed(line.born)
        line.close_soon()

    def _open(self) -> None:
        """Get an address, then serve that line to its end. The thread lives as long as the line."""
        line: Line | None = None
        began = self._seconds()
        try:
            answer = self._web_client.apps_connections_open(app_token=self._app_token)
            line = Line(str(answer["url"]), self._web_client, self._news.set, self._seconds)
            BoltLine(self._app, line, self.acked)
        except (SlackClientError, OSError, HTTPException, ValueError) as error:
            self._failed(began, _asked_to_wait_s(error))
            log.warning("Slack gave no socket; trying again", extra={"error": _why(error)})
        finally:  # whatever went wrong: a place that is not given back is a line that never opens again
            with self._lock:
                self._opening -= 1
                if line is not None:
                    self._lines.append(line)
        if line is not None and not self._stopping.is_set():
            line.serve()

    def _failed(self, tried_at: float, at_least_s: float = 0.0) -> None:
        with self._lock:
            self._patience.failed(tried_at, self._seconds(), self._chance(), at_least_s)


def _asked_to_wait_s(error: Exception) -> float:
    """What Slack says with a 429, else nothing."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    wait_s = str(headers.get("Retry-After", ""))
    return float(wait_s) if wait_s.isdecimal() else 0.0


def _why(error: Exception) -> str:
    response = getattr(error, "response", None)
    data = getattr(response, "data", None)
    return str(data.get("error")) if isinstance(data, dict) else type(error).__name__

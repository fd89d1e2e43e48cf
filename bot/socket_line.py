"""One Socket Mode connection, from opening to its end; it never reconnects: it says when it is spent.

The SDK's client does the protocol and Bolt's adapter the listeners; who replaces a line is `socket.py`."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import websocket
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient

CONCURRENCY = 32
PING_EVERY_S = 2.5  # a line that answers none of three is dead: see `Pace.silence_s`
CLOSE_WITHIN_S = 2.0

log = logging.getLogger(__name__)
Seconds = Callable[[], float]


class Unheard(Exception):
    """The line has gone before the acknowledgement; Slack delivers again."""


class Line(SocketModeClient):
    """`news` is called, from any thread, when it has said hello, is to be replaced, or has ended.

    `last_heard` is the monotonic second of the last frame of any kind, pongs included.
    """

    def __init__(self, url: str, web_client: WebClient, news: Callable[[], None], seconds: Seconds) -> None:
        """`url` is the one-time address from `apps.connections.open`."""
        self._news = news
        self.seconds = seconds
        self.born = seconds()
        self.spent_at: float | None = None
        self.is_greeted = False
        self.is_announced = False
        self.has_ended = False
        self._reader_ended = threading.Event()
        self._raw: socket.socket | None = None
        self.last_heard = self.born
        super().__init__(
            app_token="",  # the address is asked for outside
            logger=log,
            web_client=web_client,
            auto_reconnect_enabled=False,
            ping_interval=PING_EVERY_S,
            concurrency=CONCURRENCY,
            on_open_listeners=[self._take_hold],
            on_message_listeners=[self._hear],
        )
        self.wss_uri = url
        self.message_listeners.append(self._greet)

    def serve(self) -> None:
        """Connect and read until the connection ends, on the calling thread, once."""
        self.connect()
        session = self.current_session
        assert session is not None
        session.on_ping = self._hear
        session.on_pong = self._hear
        try:
            session.run_forever(ping_interval=PING_EVERY_S)
        except (OSError, websocket.WebSocketException) as error:
            log.warning("a socket broke", extra={"error": type(error).__name__})
        finally:
            if self._raw is not None:
                self._raw.close()  # the library forgets to, when it reads the end of the file
            self.has_ended = True
            self._reader_ended.set()
            self._news()

    def send_message(self, message: str) -> None:
        """Once: this line never reconnects, so the SDK's second try is none. Raises Unheard."""
        session = self.current_session
        try:
            if session is None:
                raise Unheard
            session.send(message)
        except (OSError, websocket.WebSocketException) as error:
            raise Unheard from error

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Slack's `disconnect` frame has come: somebody else opens the next line."""
        self.spent_at = self.seconds()
        self._news()

    def is_live(self) -> bool:
        """Slack may deliver here."""
        return self.is_greeted and not self.has_ended and self.is_connected()

    def disconnect(self) -> None:
        """Wake the reader with an end of file: it alone closes the socket, with a close frame.

        The SDK closes from this thread, and the two get in each other's way.
        """
        if self.current_session is not None:
            self.current_session.keep_running = False
        if self._raw is not None:
            with contextlib.suppress(OSError):  # it is gone already
                # Not SSLSocket's own shutdown, which drops the encryption before the close frame.
                socket.socket.shutdown(self._raw, socket.SHUT_RD)

    def close(self) -> None:
        """Return when listeners at work are done and the reader has ended, or after a few seconds."""
        self.message_processor.event.set()
        self.message_queue.put(None)  # or the SDK waits up to a second for a message that does not come
        super().close()
        self._reader_ended.wait(CLOSE_WITHIN_S)

    def close_soon(self) -> None:
        """Close in a thread of its own: the SDK waits for its readers and for listeners at work."""
        threading.Thread(target=self.close, name="socket-close", daemon=True).start()

    def _take_hold(self, session: Any) -> None:
        self._raw = session.sock.sock
        self._hear()

    def _hear(self, *_frame: Any) -> None:
        self.last_heard = self.seconds()

    def _greet(self, _client: object, message: dict[str, Any], _raw: str | None = None) -> None:
        if message.get("type") == "hello":
            self.is_greeted = True
            self._news()

    def _run_current_session(self) -> None:
        """The SDK's own reader stands still: it would come up to half a second late. See `serve`."""


class BoltLine(SocketModeHandler):
    """Bolt's adapter over a line of ours. `acked` is told of each delivery how many seconds it took, and
    whether it was acknowledged."""

    def __init__(self, app: App, line: Line, acked: Callable[[float, bool], None]) -> None:
        self.app = app
        self.client = line
        self._seconds = line.seconds
        self._acked = acked
        line.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        began = self._seconds()
        response = run_bolt_app(self.app, req)
        is_acked = response.status == 200
        try:
            send_response(client, req, response, began)
        except Unheard:
            is_acked = False
            log.info("a socket has gone before an acknowledgement: it comes again")
        self._acked(self._seconds() - began, is_acked)

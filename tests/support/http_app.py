"""The app's end of delivery over HTTP: keeps what is posted to it, and answers as it was told."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct, field

DEADLINE_S = 30.0
SECRET = "sandbox-signing-secret"

Json = dict[str, Any]


class Posted(Struct, frozen=True):
    """One request; `headers` ask for names in any case."""

    headers: Message
    body: bytes

    def json(self) -> Json:
        found: Json = json.loads(self.body)
        return found

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def retry(self) -> tuple[str | None, str | None]:
        """Number and reason, as Slack's headers give them."""
        return self.headers["X-Slack-Retry-Num"], self.headers["X-Slack-Retry-Reason"]


class Reply(Struct, frozen=True):
    """What the app answers; while `held` is not set it answers nothing."""

    status: int = 200
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    held: threading.Event | None = None


class HttpApp:
    """Serves at `url`. `replies` are used up one a request, url_verification excepted; then it is 200."""

    def __init__(self) -> None:
        self._posted: Queue[Posted] = Queue()
        self.replies: Queue[Reply] = Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def will(self, *replies: Reply) -> None:
        """Answers the next requests so."""
        for reply in replies:
            self.replies.put(reply)

    def next(self) -> Posted:
        return self._posted.get(timeout=DEADLINE_S)

    def hears(self, text: str) -> Posted:
        """The next event of this text."""
        while True:
            found = self.next()
            is_json = found.headers["Content-Type"] == "application/json"
            if is_json and found.json().get("event", {}).get("text") == text:
                return found

    def is_quiet(self) -> bool:
        """Whether nothing has been posted that was not taken."""
        return self._posted.empty()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(DEADLINE_S)

    def answer(self, posted: Posted) -> Reply:
        """What the app does with a request; a test may hang its own here."""
        if posted.headers["Content-Type"] == "application/json" and "challenge" in posted.json():
            return Reply(text=posted.json()["challenge"])
        self._posted.put(posted)
        return Reply() if self.replies.empty() else self.replies.get()

    def _handler(app) -> type[BaseHTTPRequestHandler]:  # noqa: N805 (the handler's own self is within)
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                reply = app.answer(Posted(self.headers, body))
                if reply.held is not None:
                    reply.held.wait(DEADLINE_S)
                with suppress(ConnectionError):  # who asked may have waited long enough
                    self.send(reply, reply.text.encode())

            def send(self, reply: Reply, content: bytes) -> None:
                self.send_response(reply.status)
                for name, value in {**reply.headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Says nothing: a test tells what went wrong."""

        return Handler


@contextmanager
def http_app() -> Iterator[HttpApp]:
    app = HttpApp()
    try:
        yield app
    finally:
        app.close()

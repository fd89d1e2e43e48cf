"""A web server of ours on a free port, and clients who speak HTTP by hand, well or badly."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct

from bot.web.outer import Limits
from bot.web.routes import Route
from bot.web.server import Opening, WebServer


class Got(Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Site(Struct, frozen=True):
    """Somebody on the other side of the wire."""

    port: int

    def get(self, path: str, **headers: str) -> Got:
        return self.ask("GET", path, b"", headers)

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Got:
        return self.ask("POST", path, body, headers or {})

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Got:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request(method, path, body or None, dict(headers))
            answer = line.getresponse()
            return Got(answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()})
        finally:
            line.close()

    def opens(self, *pieces: bytes) -> socket.socket:
        """A connection on which so much was said, and no more."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        for piece in pieces:
            line.sendall(piece)
        return line


@contextmanager
def web_site(
    routes: Sequence[Route], limits: Limits | None = None, answered: Callable[[int], None] | None = None
) -> Iterator[Site]:
    """Started and listening; it must have stopped in good time, too."""
    opening = Opening("127.0.0.1", 0)
    server = WebServer(routes, opening, time.monotonic, answered or (lambda _status: None), limits)
    server.start()
    try:
        until("it listens", server.is_listening)
        yield Site(server.port)
    finally:
        server.stop()
    assert not server.is_alive()


def until(what: str, condition: Callable[[], object], within_s: float = 15.0) -> None:
    give_up = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > give_up:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        time.sleep(0.01)


def all_of(line: socket.socket) -> bytes:
    """Everything that comes until the other side closes."""
    pieces = []
    while piece := line.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)

"""The clock of the sandbox is followed, and its last offset is kept while it is away."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.clock import SandboxClock, SystemClock

WITHIN_S = 20.0


class ClockServer(ThreadingHTTPServer):
    """Answers `/clock` with an offset; with `?after=` of the present version it waits for the next."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.offset_s, self.version = 3600.0, 1
        self.moved = threading.Condition()

    def move(self, offset_s: float) -> None:
        with self.moved:
            self.offset_s, self.version = offset_s, self.version + 1
            self.moved.notify_all()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, ClockServer)
        with server.moved:
            if self.path.endswith(f"after={server.version}"):
                server.moved.wait(WITHIN_S)
            body = {"now": "", "offset_s": server.offset_s, "version": server.version}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[ClockServer]:
    server = ClockServer()
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.move(0)
    server.shutdown()
    thread.join(WITHIN_S)
    server.server_close()


def is_ahead_by(clock: SandboxClock, offset: timedelta) -> bool:
    before, there, after = SystemClock().now(), clock.now(), SystemClock().now()
    return before + offset <= there <= after + offset


def test_the_offset_is_right_from_the_start_and_a_move_wakes(server: ClockServer) -> None:
    woken = threading.Event()
    clock = SandboxClock(f"http://127.0.0.1:{server.server_port}/clock")
    clock.start()
    clock.when_moved(woken.set)
    assert is_ahead_by(clock, timedelta(hours=1))
    assert clock.now().tzinfo is UTC
    server.move(86400.0)
    assert woken.wait(WITHIN_S)
    assert is_ahead_by(clock, timedelta(days=1))
    clock.stop()


def test_without_the_sandbox_the_machines_time_is_told() -> None:
    gone = ClockServer()
    port = gone.server_port
    gone.server_close()
    clock = SandboxClock(f"http://127.0.0.1:{port}/clock")
    clock.start()
    assert is_ahead_by(clock, timedelta())
    clock.stop()

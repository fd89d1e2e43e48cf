"""The web server as a part among others: it waits for its time, beats, comes back, and minds a taken port."""

import socket
import subprocess
import sys
import time

import pytest

from bot.web.routes import Route, as_text
from bot.web.server import Opening, PortTaken, WebServer, bound
from tests.support.processes import ROOT
from tests.support.web import Site, until

LAZY = """
import http.client, sys, time
from bot.web.routes import Route, as_text
from bot.web.server import Opening, WebServer
hello = Route("GET", "/hello", lambda _incoming: as_text("hello"))
server = WebServer([hello], Opening("127.0.0.1", 0, is_needed=False), time.monotonic)
server.start()
while not server.is_listening():
    pass
print("loaded" if {"uvicorn", "starlette"} & set(sys.modules) else "not loaded")
line = http.client.HTTPConnection("127.0.0.1", server.port)
line.request("GET", "/hello")
print(line.getresponse().read().decode())
line.close()
print("loaded" if {"uvicorn", "starlette"} <= set(sys.modules) else "not loaded")
server.stop()
"""

HELLO = (Route("GET", "/hello", lambda _incoming: as_text("hello")),)


def _server(opening: Opening) -> WebServer:
    return WebServer(HELLO, opening, time.monotonic)


def test_where_it_is_not_needed_it_loads_nothing_until_somebody_comes() -> None:
    """In a process of its own: in this one other tests have loaded the libraries."""
    done = subprocess.run(
        [sys.executable, "-c", LAZY], cwd=ROOT, capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.stdout, done.stderr) == ("not loaded\nhello\nloaded\n", "")


def test_it_beats_before_somebody_comes_and_afterwards() -> None:
    beats = [0]
    server = _server(Opening("127.0.0.1", 0, is_needed=False))
    server.beat = lambda: beats.__setitem__(0, beats[0] + 1)
    server.start()
    try:
        until("it beats", lambda: beats[0] > 1)
        assert Site(server.port).get("/hello").body == b"hello"
        before = beats[0]
        server.prompt()
        until("its loop beats", lambda: beats[0] > before)
    finally:
        server.stop()
    assert not server.is_alive()


def test_stopped_before_somebody_comes_it_ends_at_once() -> None:
    server = _server(Opening("127.0.0.1", 0, is_needed=False))
    server.start()
    until("it listens", server.is_listening)
    server.stop()
    assert not server.is_alive()
    assert server.port == 0


def test_a_thread_that_has_ended_is_started_again() -> None:
    server = _server(Opening("127.0.0.1", 0))
    server.start()
    try:
        until("it listens", server.is_listening)
        assert server._server is not None
        server._server.should_exit = True
        until("it has ended", lambda: not server.is_alive())
        server.start()
        until("it listens again", server.is_listening)
        assert Site(server.port).get("/hello").body == b"hello"
    finally:
        server.stop()


def test_where_it_is_needed_a_taken_port_ends_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = _server(Opening("127.0.0.1", taken.getsockname()[1]))
        with pytest.raises(PortTaken, match="Set PORT"):
            server.hold()


def test_where_it_is_not_needed_it_waits_until_the_port_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = _server(Opening("127.0.0.1", port, is_needed=False))
        server.start()
        assert server.is_alive()
        assert server.port == 0
    try:
        until("it listens", server.is_listening)
        assert Site(port).get("/hello").body == b"hello"
    finally:
        server.stop()


def test_on_all_addresses_it_is_reached_by_both_families() -> None:
    server = _server(Opening("", 0))
    server.start()
    try:
        until("it listens", server.is_listening)
        assert Site(server.port).get("/hello").status == 200
        if server._socket is not None and server._socket.family is socket.AF_INET6:
            with socket.create_connection(("::1", server.port), timeout=5) as line:
                line.sendall(b"GET /hello HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                assert line.recv(100).startswith(b"HTTP/1.1 200 ")
    finally:
        server.stop()


def test_asyncio_takes_it_for_tcp_and_so_lets_no_answer_wait_for_more() -> None:
    with bound("127.0.0.1", 0) as held:
        assert held.proto == socket.IPPROTO_TCP


def test_on_one_address_it_is_bound_to_that_alone() -> None:
    with bound("127.0.0.1", 0) as held:
        assert held.getsockname()[0] == "127.0.0.1"

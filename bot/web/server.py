"""The web server in a thread of its own: it starts, beats, restarts and stops like every other part.

Where a process can do without it, its libraries are loaded when the first visitor comes."""

import asyncio
import errno
import logging
import select
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.web.outer import Limits
from bot.web.routes import Route

if TYPE_CHECKING:
    from bot.web.serving import Server

BACKLOG = 128
LOOK_EVERY_S = 1.0
BIND_AGAIN_S = 3.0
STOP_WITHIN_S = 5.0

log = logging.getLogger(__name__)


class PortTaken(Exception):
    """Nothing can be served at this address; the sentence says what to do."""


class Opening(Struct, frozen=True):
    """Where it listens. `host` "": on all addresses; `port` 0: any that is free.

    `is_needed`: without it the process is of no use, so a port that is taken ends the start; otherwise it
    goes on without, and neither its start nor its memory suffers before somebody comes.
    """

    host: str
    port: int
    is_needed: bool = True


class WebServer:
    """`answered` is told every status that leaves."""

    def __init__(
        self,
        routes: Sequence[Route],
        opening: Opening,
        seconds: Callable[[], float],
        answered: Callable[[int], None] = lambda _status: None,
        limits: Limits | None = None,
    ) -> None:
        self._routes = tuple(routes)
        self._opening = opening
        self._seconds = seconds
        self._answered = answered
        self._limits = limits or Limits()
        self._stopping = threading.Event()
        self._listening = threading.Event()
        self._socket: socket.socket | None = None
        self._server: Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.beat: Callable[[], None] = lambda: None

    def hold(self) -> None:
        """Take the port before anything else has begun, where it is needed. Raises PortTaken."""
        if self._opening.is_needed and not self.port:
            self._bind()

    def start(self) -> None:
        """Also once more, when the thread has died. Raises PortTaken where it is needed."""
        self.hold()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = STOP_WITHIN_S) -> None:
        """Take nothing more, answer what was taken, within a few seconds."""
        self._stopping.set()
        if self._server is not None:
            self._server.end()
        elif self._socket is not None:
            with suppress(OSError):  # where the system allows it, whoever waits for a visitor is woken
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(timeout_s)
        self._close()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def is_listening(self) -> bool:
        return self._listening.is_set()

    @property
    def port(self) -> int:
        """The port that it holds, 0 while there is none."""
        if self._socket is None or self._socket.fileno() < 0:  # uvicorn closes it at its end
            return 0
        return int(self._socket.getsockname()[1])

    def prompt(self) -> None:
        """Ask the loop for a beat; before it runs, the thread beats of its own accord."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.beat)

    def _run(self) -> None:
        if not self._awaited(self._has_port, BIND_AGAIN_S):
            return
        if not (self._opening.is_needed or self._awaited(self._has_visitor)):
            return
        from bot.web.serving import answering

        self.beat()
        with answering(self._routes, self._seconds, self._answered, self._limits, self._announce) as server:
            self._server = server
            try:
                if not self._stopping.is_set():
                    asyncio.run(self._serve(server))
            finally:
                self._listening.clear()

    async def _serve(self, server: "Server") -> None:
        assert self._socket is not None
        self._loop = asyncio.get_running_loop()
        await server.serve(sockets=[self._socket])

    def _announce(self) -> None:
        self._listening.set()
        log.info("web endpoints on port %d", self.port)

    def _awaited(self, condition: Callable[[], bool], every_s: float = 0.0) -> bool:
        """False when it is to stop instead."""
        while not condition():
            self.beat()
            if self._stopping.wait(every_s):
                return False
        return not self._stopping.is_set()

    def _has_port(self) -> bool:
        if not self.port:
            try:
                self._bind()
            except PortTaken as taken:
                log.warning("no web endpoints yet: %s", taken)
        return bool(self.port)

    def _has_visitor(self) -> bool:
        """Who has come waits in the system's queue until the server is there."""
        assert self._socket is not None
        self._socket.listen(BACKLOG)
        self._listening.set()
        return bool(select.select([self._socket], [], [], LOOK_EVERY_S)[0])

    def _bind(self) -> None:
        try:
            self._socket = bound(self._opening.host, self._opening.port)
        except OSError as error:
            raise PortTaken(
                f"Port {self._opening.port} cannot be used: {error.strerror}. Set PORT to a free one."
            ) from None

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def bound(host: str, port: int) -> socket.socket:
    """Bound, not listening yet. On all addresses: of both families where the machine has both."""
    if host or not socket.has_dualstack_ipv6():
        return _bound(socket.AF_INET6 if ":" in host else socket.AF_INET, host, port)
    try:
        return _bound(socket.AF_INET6, host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise
        return _bound(socket.AF_INET, host, port)  # the machine's version 6 is switched off


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    # By its number: asyncio sends at once (TCP_NODELAY) on none that it does not take for TCP.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1 if host else 0)
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    return opened

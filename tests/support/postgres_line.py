"""The line to PostgreSQL, which can be cut: at once, for a while, or when a COMMIT has been carried out and
its answer is on the way."""

import ctypes
import os
import selectors
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from stat import S_ISSOCK
from typing import TypeVar

from sqlalchemy import URL, make_url

T = TypeVar("T")
ATTACH_FILTER = 26  # Linux: a program of one step, which lets no byte of any packet in
RETURNS = 0x06
COMMIT = b"COMMIT\x00"
READ_ONLY = b"READ ONLY"


class PostgresLine:
    """Forwards between a port of this machine and the server's own socket."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._open: set[socket.socket] = set()
        self._only_reading: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._port = 0
        self._listening: socket.socket | None = None
        self._lost_answers = 0
        self.lost = 0  # answers to a COMMIT that never came

    @property
    def url(self) -> str:
        here = self._server.set(host="127.0.0.1", port=self._port, query={})
        return here.render_as_string(hide_password=False)

    def up(self) -> None:
        """The server takes connections."""
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self._listening = listening
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def down(self) -> None:
        """Every connection breaks and no new one is taken."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)  # or the port stays open while somebody accepts
            self._listening.close()
        self.cut()

    def cut(self) -> None:
        """Every connection breaks; new ones are taken."""
        with self._lock:
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def vanish(self) -> None:
        """Whoever is connected hears nothing any more, not even that there is nobody; new ones are taken."""
        deaf = ctypes.create_string_buffer(struct.pack("HBBI", RETURNS, 0, 0, 0))
        takes_nothing = struct.pack("HP", 1, ctypes.addressof(deaf))
        with self._lock:
            for end in self._open:
                if end.family == socket.AF_INET:
                    end.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, takes_nothing)

    def asked(self, ask: Callable[[socket.socket], T]) -> list[T]:
        """What this process's own end of each connection answers."""
        answers = []
        for number in map(int, os.listdir("/dev/fd")):
            with suppress(OSError):
                if not S_ISSOCK(os.fstat(number).st_mode):
                    continue
                with socket.socket(fileno=os.dup(number)) as end:
                    if end.family == socket.AF_INET and end.getpeername()[1] == self._port:
                        answers.append(ask(end))
        return answers

    def lose_answers(self, count: int) -> None:
        """The next COMMITs of what may write are carried out, and whoever gave them never hears of it."""
        self._lost_answers = count

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = self._connected()
        with client, server, selectors.DefaultSelector() as ready:
            with self._lock:
                self._open |= {client, server}
            for end, other in ((client, server), (server, client)):
                ready.register(end, selectors.EVENT_READ, other)
            with suppress(OSError):
                while self._forwarded(ready, client):
                    pass
            with self._lock:
                self._open -= {client, server}
                self._only_reading.discard(client)

    def _forwarded(self, ready: selectors.BaseSelector, client: socket.socket) -> bool:
        for key, _ in ready.select():
            assert isinstance(key.fileobj, socket.socket)
            said = key.fileobj.recv(65536)
            if not said:
                return False
            key.data.sendall(said)
            if key.fileobj is client and self._ends_a_writing(client, said) and self._lost_answers:
                self._lost_answers -= 1
                self.lost += bool(key.data.recv(65536))
                return False
        return True

    def _ends_a_writing(self, client: socket.socket, said: bytes) -> bool:
        with self._lock:
            if b"BEGIN" in said:
                self._only_reading.discard(client)
            if READ_ONLY in said:
                self._only_reading.add(client)
            return COMMIT in said and client not in self._only_reading

    def _connected(self) -> socket.socket:
        host = str(self._server.query.get("host", ""))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{self._server.port or 5432}")
        return server


@contextmanager
def postgres_line(url: str) -> Iterator[PostgresLine]:
    """A line to the database of this address."""
    line = PostgresLine(make_url(url))
    line.up()
    yield line
    line.down()

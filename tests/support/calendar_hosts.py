"""Local web servers with a certificate of their own, and a resolver that answers as a test says."""

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from msgspec import Struct, field

Send = Callable[[bytes], None]
Answering = Callable[[bytes, Send, Event], None]
"""The request's head, what sends an answer, and whether the host is being closed."""

NAME = "calendar.example.test"


class Host(Struct):
    """A server on one loopback address. `requests` are the heads of what was asked of it."""

    address: str
    port: int
    requests: list[bytes] = field(default_factory=list)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for NAME alone, and its key."""
    kept = folder / "cert.pem", folder / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    made += ["-out", str(kept[0]), "-keyout", str(kept[1])]
    subprocess.run(made, check=True, capture_output=True)
    return kept


@contextmanager
def serving(address: str, answering: Answering, kept: tuple[Path, Path]) -> Iterator[Host]:
    """A host on a free port of that address, over TLS, one connection after another."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*kept)
    closing = Event()
    with socket.create_server((address, 0)) as listening:
        host = Host(address, listening.getsockname()[1])
        listening.settimeout(0.02)

        def serve() -> None:
            while not closing.is_set():
                with suppress(TimeoutError):
                    taken, _ = listening.accept()
                    _answered(taken, context, host, answering, closing)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield host
        finally:
            closing.set()
            thread.join(10)


def _answered(
    taken: socket.socket, context: ssl.SSLContext, host: Host, answering: Answering, closing: Event
) -> None:
    """A client that turns away, at any moment, is what these hosts are there for."""
    taken.settimeout(5)
    with taken, suppress(OSError), context.wrap_socket(taken, server_side=True) as connection:
        head = b""
        while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
            head += piece
        host.requests.append(head)
        answering(head, connection.sendall, closing)
        connection.unwrap()


def answer(body: bytes, status: str = "200 OK", *headers: str) -> Answering:
    """The same answer to everybody."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]

    def send_it(_: bytes, send: Send, __: Event) -> None:
        send("\r\n".join(lines).encode() + body)

    return send_it


class Resolver(Struct):
    """Name → the answers to one question after another; the last is repeated. `asked`: the questions."""

    answers: Mapping[str, Sequence[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        rows = self.answers.get(host)
        if rows is None:
            raise OSError("no such name")
        return rows[min(self.asked.count(host), len(rows)) - 1]

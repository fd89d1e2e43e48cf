"""A mail server as RFC 5321 and RFC 3207 have it: STARTTLS, a login, and refusals on order."""

import socketserver
import ssl
import threading
from base64 import b64decode
from email import message_from_string
from email.message import Message
from pathlib import Path
from typing import Self

CERTIFICATE = Path(__file__).with_name("mail_server.pem")
USER, PASSWORD = "meridian", "pass/word@1"


class MailServer:
    """`letters` is what was handed in; `refusals` are replies instead of 250, by command: {"RCPT": "550 …"}.

    After DATA a reply of "" cuts the connection: the letter is kept, and its answer lost. A refusal of any
    other command by "" is none: the client waits.
    """

    def __init__(self, offers_tls: bool = True, begins_encrypted: bool = False) -> None:
        self.offers_tls = offers_tls
        self.begins_encrypted = begins_encrypted
        self.letters: list[Message] = []
        self.refusals: dict[str, str] = {}
        self.encrypted: list[bool] = []
        self._server = _Listening(("127.0.0.1", 0), _Session)
        self._server.desk = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])


class _Listening(socketserver.ThreadingTCPServer):
    daemon_threads = True
    desk: MailServer


class _Session(socketserver.StreamRequestHandler):
    server: _Listening

    def handle(self) -> None:
        self.is_encrypted = False
        if self.server.desk.begins_encrypted:
            self._wrap()
        self._say("220 mail.example.org")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if not self._do(word, line):
                return

    def _do(self, word: str, line: str) -> bool:
        """False when the session is over."""
        refusal = self.server.desk.refusals.get(word)
        if refusal is not None and word != "DATA":
            if refusal:
                self._say(refusal)
            return True
        if word == "EHLO":
            extensions = ["STARTTLS"] if self.server.desk.offers_tls and not self.is_encrypted else []
            self._say(
                "\r\n".join(f"250-{each}" for each in ("mail.example.org", *extensions))
                + "\r\n250 AUTH PLAIN"
            )
            return True
        if word == "STARTTLS":
            return self._encrypt()
        if word == "AUTH":
            said = b64decode(line.split(" ")[2]).decode()
            self._say("235 welcome" if said == f"\0{USER}\0{PASSWORD}" else "535 no")
            return True
        if word == "DATA":
            return self._take_letter(refusal)
        self._say("221 goodbye" if word == "QUIT" else "250 well")
        return word != "QUIT"

    def _encrypt(self) -> bool:
        self._say("220 go on")
        try:
            self._wrap()
        except OSError:  # the client does not trust us
            return False
        return True

    def _wrap(self) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.setup()
        self.is_encrypted = True

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def _take_letter(self, answer: str | None) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode()) and line != ".\r\n":
            lines.append(line)
        self.server.desk.letters.append(message_from_string("".join(lines)))
        self.server.desk.encrypted.append(self.is_encrypted)
        if answer == "":
            return False
        self._say(answer or "250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

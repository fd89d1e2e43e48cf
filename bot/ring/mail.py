"""Copies of pages by e-mail: SMTP, always encrypted but on this machine itself. A copy, never a page.

Submission as RFC 6409 has it, STARTTLS by RFC 3207; `smtps:` begins encrypted (RFC 8314)."""

import asyncio
import hashlib
import re
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from bot.loopback import LOOPBACK
from bot.ring.port import MAIL_REFUSED, MAIL_UNAUTHORISED
from bot.sending import CALL_TIMEOUT_S, Sent
from handlers.calls import MailOut
from incidents.ports import Clock

MAIL_DEFERRED = "mail_deferred"
Work = Callable[[smtplib.SMTP], object]
_PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]+@[^\s@<>,;:\"\\()\[\]]+")


class Post(Struct, frozen=True):
    """Where letters are handed in, as `smtp://USER:PASSWORD@HOST:587` says it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Post({self.scheme}, {self.host}, {self.port})"


def post_of(url: str) -> Post:
    """Of an address that the settings have found to be one."""
    parts = urlsplit(url)
    port = parts.port or _PORTS[parts.scheme]
    return Post(
        parts.scheme, parts.hostname or "", port, unquote(parts.username or ""), unquote(parts.password or "")
    )


class Mailer:
    """`context` says whom to trust; None: as the machine does, and without encryption on this machine."""

    timeout_s = CALL_TIMEOUT_S  # of each step
    patience_s = 2 * CALL_TIMEOUT_S  # of the whole

    def __init__(self, post: Post, sender: str, clock: Clock, context: ssl.SSLContext | None = None) -> None:
        self._post = post
        self._sender = sender
        self._domain = sender.rpartition("@")[2].rstrip("> ")
        self._clock = clock
        self._context = context

    async def send(self, mail: MailOut) -> Sent:
        """Hand one letter in. The same letter has the same Message-ID, so that a repeat is seen to be one."""
        if not _ADDRESS.fullmatch(mail.address):
            return Sent(False, error=MAIL_REFUSED)
        return await self._in_thread(lambda server: server.send_message(self._letter(mail)))

    async def check(self) -> Sent:
        """Log in and leave."""
        return await self._in_thread(lambda server: server.noop())

    async def _in_thread(self, work: Work) -> Sent:
        """`smtplib` waits, so in a thread that holds up nobody's end; who answers in drips is left."""
        done: Future[Sent] = Future()
        threading.Thread(target=lambda: done.set_result(self._tried(work)), name="mail", daemon=True).start()
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(done)), self.patience_s)
        except TimeoutError:
            return Sent(False, error="timeout", ambiguous=True)

    def _tried(self, work: Work) -> Sent:
        is_open = is_done = False
        try:
            with self._server() as server:
                is_open = True
                work(server)
                is_done = True
        except (smtplib.SMTPException, OSError, ValueError) as fault:
            if not is_done:
                return _judged(fault, is_open)
        return Sent(True)

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        post = self._post
        context = self._context or ssl.create_default_context()
        if post.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                post.host, post.port, self._domain, timeout=self.timeout_s, context=context
            )
        else:
            server = smtplib.SMTP(post.host, post.port, self._domain, timeout=self.timeout_s)
        with server:
            if post.scheme == "smtp" and (self._context is not None or post.host not in LOOPBACK):
                server.starttls(context=context)
            if post.user:
                server.login(post.user, post.password)
            yield server

    def _letter(self, mail: MailOut) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._sender, mail.address, mail.subject
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = f"<{_digest(mail)}@{self._domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(mail.words)
        return letter


def _judged(fault: Exception, is_open: bool) -> Sent:
    """`is_open`: the server had greeted us and let us in, so the letter may have gone."""
    match fault:
        case smtplib.SMTPNotSupportedError() | ssl.SSLCertVerificationError():
            return Sent(False, error=MAIL_UNAUTHORISED)  # no encryption, no login, or a certificate of nobody
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return _coded(max((code for code, _ in refused.values()), default=0), MAIL_REFUSED)
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return _coded(code, MAIL_UNAUTHORISED)
        case smtplib.SMTPResponseException(smtp_code=code):
            return _coded(code, MAIL_REFUSED)
        case ValueError():
            return Sent(False, error=MAIL_REFUSED)
        case _ if not is_open:
            return Sent(False, error="unreachable")
        case _:  # silence counts as a lost connection to `smtplib`
            return Sent(False, error="connection_lost", ambiguous=True)


def _coded(code: int, refused: str) -> Sent:
    """By SMTP's reply codes (RFC 5321, section 4.2.1): 5xx is for good, the rest for now."""
    return Sent(False, error=refused if code >= 500 else MAIL_DEFERRED)


def _digest(mail: MailOut) -> str:
    said = "\n".join((mail.address, mail.subject, mail.words))
    return hashlib.sha256(said.encode()).hexdigest()[:32]

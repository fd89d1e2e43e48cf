"""`GET /calendar/<token>.ics`: a calendar to whoever holds its secret. Unknown and revoked are one answer.

The token is in no log: what is logged of a route is its pattern."""

import gzip
import hashlib
import re
import threading
from collections import Counter
from collections.abc import Callable

from msgspec import Struct, field

from bot.web.routes import Answer, Incoming, Route
from incidents.operations import calendars
from incidents.ports import House

PATTERN = "/calendar/{token}.ics"
CALENDAR = "text/calendar; charset=utf-8"
READS_A_MINUTE = 20
TOKENS_COUNTED = 10_000
TOKEN = re.compile(r"[0-9a-f]{64}")

NOT_FOUND = Answer(404, b"Not Found")
TOO_OFTEN = Answer(429, headers={"retry-after": "60"})
KEEP_TO_YOURSELF = {"cache-control": "private, no-cache", "vary": "accept-encoding"}


def calendar_url(base: str, token: str) -> str:
    """`base` is where the bot's web is reached, with or without a slash at its end; "" where it cannot be."""
    return "" if not base else f"{base.rstrip('/')}{PATTERN.format(token=token)}"


class Turnstile(Struct):
    """How often each token was read in this minute, whether there is such a one or not."""

    seconds: Callable[[], float]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _minute: int = -1
    _reads: Counter[str] = field(default_factory=Counter)

    def lets_in(self, token: str) -> bool:
        with self._lock:
            minute = int(self.seconds() // 60)
            if minute != self._minute or len(self._reads) >= TOKENS_COUNTED:
                self._minute = minute
                self._reads.clear()
            self._reads[token] += 1
            return self._reads[token] <= READS_A_MINUTE


class CalendarsDoor(Struct, frozen=True):
    house: House
    turnstile: Turnstile

    @property
    def route(self) -> Route:
        return Route("GET", PATTERN, self.answer)

    def answer(self, incoming: Incoming) -> Answer:
        token = incoming.params.get("token", "")
        if not TOKEN.fullmatch(token):
            return NOT_FOUND
        if not self.turnstile.lets_in(token):
            return TOO_OFTEN
        text = calendars.read(self.house, token)
        return NOT_FOUND if text is None else _calendar(incoming, text.encode())


def _calendar(incoming: Incoming, body: bytes) -> Answer:
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, **KEEP_TO_YOURSELF}
    if _is_known(incoming.header("if-none-match"), tag):
        return Answer(304, b"", CALENDAR, headers)
    if _takes_gzip(incoming.header("accept-encoding")):
        packed = gzip.compress(body, compresslevel=5, mtime=0)
        return Answer(200, packed, CALENDAR, {**headers, "content-encoding": "gzip"})
    return Answer(200, body, CALENDAR, headers)


def _is_known(said: str, tag: str) -> bool:
    """Compared weakly, as RFC 9110 13.1.2 has it."""
    known = {one.strip().removeprefix("W/") for one in said.split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def _takes_gzip(said: str) -> bool:
    for coding in said.lower().split(","):
        name, _, quality = coding.partition(";")
        if name.strip() in ("gzip", "x-gzip"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return False

"""The real clock, the clock that follows the sandbox's, and the source of ids and chance.

The only room that asks the machine for the time of day; durations are measured on the monotonic clock."""

import json
import logging
import random
import secrets
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from bot.loopback import opened

KEY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U/V look-alikes
_POLL_TIMEOUT_S = 60.0
_AWAY_S = 1.0

log = logging.getLogger(__name__)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemIds:
    def new(self) -> str:
        return uuid.uuid4().hex[:26]

    def restricted_key(self) -> str:
        return "R-" + "".join(secrets.choice(KEY_ALPHABET) for _ in range(4))

    def secret(self) -> str:
        return new_secret()


def new_secret() -> str:
    """256 bits that nobody guesses."""
    return secrets.token_hex(32)


def monotonic_seconds() -> float:
    return time.monotonic()


def chance() -> float:
    """A number in [0, 1), for jitter only."""
    return random.random()


class SandboxClock:
    """The machine's time plus the offset of the sandbox's clock; a move calls `moved`.

    While the sandbox is away the last offset stays. `url` is its `/_control/clock`.
    """

    def __init__(self, url: str, moved: Callable[[], None] = lambda: None) -> None:
        self._url = url
        self._moved = [moved]
        self._offset = timedelta()
        self._version = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="sandbox-clock", daemon=True)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def when_moved(self, moved: Callable[[], None]) -> None:
        self._moved.append(moved)

    def look(self) -> None:
        """Read the offset once, if the sandbox answers."""
        self._read(after=None)

    def start(self) -> None:
        """Look once, then follow."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            if not self._read(after=self._version):
                self._stopping.wait(_AWAY_S)

    def _read(self, after: int | None) -> bool:
        query = "" if after is None else "?" + urllib.parse.urlencode({"after": after})
        limit = 2.0 if after is None else _POLL_TIMEOUT_S
        try:
            with opened(self._url + query, limit) as answer:
                told: dict[str, Any] = json.load(answer)
            offset, version = timedelta(seconds=float(told["offset_s"])), int(told["version"])
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            log.debug("the sandbox's clock does not answer: %s", type(error).__name__)
            return False
        has_moved = abs(offset - self._offset) > timedelta(milliseconds=1)
        self._offset, self._version = offset, version
        if has_moved:
            for moved in self._moved:
                moved()
        return True

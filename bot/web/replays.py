"""A signed request is carried out once: what was answered is remembered for as long as it would be accepted.

Remembered after the answer, never before: what was not acknowledged Slack may repeat within the same second,
and then with the same signature. Two that come at the same time are the inbox's business."""

import hashlib
import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.web.signatures import MOST_AGE_S
from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from storage.opening import SqlStore

ACCEPTED_FOR = timedelta(seconds=2 * MOST_AGE_S)  # a timestamp may lie in the past or ahead
GATHER_S = 0.05
AGAIN_S = 1.0
STOP_WITHIN_S = 3.0

log = logging.getLogger(__name__)


class Replays:
    """Written down by a thread of its own, many in one commit: nobody who waits for an answer waits for that.

    Where the database is away nothing is known of a signature; nothing can be changed then, either.
    """

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._unwritten: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Also once more, when the thread has died."""
        self._thread = threading.Thread(target=self._run, name="signatures", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = STOP_WITHIN_S) -> None:
        """Return when what was answered is written down."""
        self._stopping.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def is_known(self, signature: str) -> bool:
        digest = _digest(signature)
        with self._lock:
            if digest in self._unwritten:
                return True
        try:
            return self._store.read(lambda unit: unit.signatures.is_known(digest))
        except StoreUnavailable:
            return False

    def answered(self, signature: str) -> None:
        """Returns at once."""
        with self._lock:
            self._unwritten[_digest(signature)] = self._clock.now()
        self._news.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.wait()
            self._stopping.wait(GATHER_S)
            self._news.clear()
            if not self._written():
                self._news.set()
                self._stopping.wait(AGAIN_S)
        self._written()

    def _written(self) -> bool:
        """Those that nobody would take any more are let go, written or not."""
        with self._lock:
            seen: Mapping[str, datetime] = dict(self._unwritten)
        if not seen:
            return True
        is_done = True
        try:
            self._store.write(lambda unit: unit.signatures.remember(seen), patient=True)
        except StoreUnavailable:
            log.warning("signatures could not be written down; trying again")
            seen, is_done = self._old(seen), False
        with self._lock:
            for digest in seen:
                self._unwritten.pop(digest, None)
        return is_done

    def _old(self, seen: Mapping[str, datetime]) -> dict[str, datetime]:
        before = self._clock.now() - ACCEPTED_FOR
        return {digest: at for digest, at in seen.items() if at < before}


def forget_old(store: SqlStore, clock: Clock) -> None:
    """Those that are too old to be accepted anyway: a sweep."""
    before = clock.now() - ACCEPTED_FOR
    store.write(lambda unit: unit.signatures.forget(before), patient=True)


def _digest(signature: str) -> str:
    return hashlib.sha256(signature.encode()).hexdigest()

"""A signed request is carried out once: what was answered is remembered for as long as it would be accepted.

Remembered after the answer, never before: what was not acknowledged Slack may repeat within the same second,
with the same signature then. Two that come at the same time are the inbox's business."""

import hashlib
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.web.signatures import MOST_AGE_S
from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

ACCEPTED_FOR = timedelta(seconds=2 * MOST_AGE_S)  # a timestamp may lie in the past or ahead
KEEPERS = 4

log = logging.getLogger(__name__)


class Replays:
    """Kept by threads of its own, so that nobody who waits for an answer waits for that commit.

    Where the database is away nothing is known of a signature; nothing can be changed then, either.
    """

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._pool = ThreadPoolExecutor(KEEPERS, thread_name_prefix="signatures")
        self._just_answered: set[str] = set()
        self._lock = threading.Lock()

    def is_known(self, signature: str) -> bool:
        digest = _digest(signature)
        with self._lock:
            if digest in self._just_answered:
                return True
        try:
            return self._store.read(lambda unit: unit.signatures.is_known(digest))
        except StoreUnavailable:
            return False

    def answered(self, signature: str) -> None:
        """Returns at once."""
        digest = _digest(signature)
        with self._lock:
            self._just_answered.add(digest)
        self._pool.submit(self._keep, digest)

    def close(self) -> None:
        """Return when what was answered is remembered."""
        self._pool.shutdown()

    def _keep(self, digest: str) -> None:
        now = self._clock.now()

        def remember(unit: SqlUnit) -> None:
            unit.signatures.remember(digest, now)

        try:
            self._store.write(remember, patient=True)
        except StoreUnavailable:
            log.warning("a signature could not be remembered; the inbox alone absorbs its repeat")
        finally:
            with self._lock:
                self._just_answered.discard(digest)


def forget_old(store: SqlStore, clock: Clock) -> None:
    """Those that are too old to be accepted anyway: a sweep."""
    before = clock.now() - ACCEPTED_FOR
    store.write(lambda unit: unit.signatures.forget(before), patient=True)


def _digest(signature: str) -> str:
    return hashlib.sha256(signature.encode()).hexdigest()

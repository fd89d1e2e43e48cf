"""The dead man's switch: once a minute a request to HEARTBEAT_URL, while everything that a page needs works.

Whoever listens there raises the alarm, outside Slack, when it stays silent. It reads the database alone, so
it is right for one process and for many; the address is a secret and is never logged."""

import logging
import threading
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from bot.alive import said_at
from incidents.decision import stamp
from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from storage.lateness import SqlLateness
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

HEARD = "heard"  # the fact in which a process that takes deliveries in says that it can
EVERY = timedelta(minutes=1)
MOST_AGE = timedelta(seconds=30)
MOST_WAIT_OF_A_PAGE = timedelta(seconds=60)
EAR_EVERY_S = 10.0
CLOSED_S = 1.0  # until it is open: who has just started is not thought deaf for long
ANSWERS_WITHIN_S = 10.0

log = logging.getLogger(__name__)


class Heart(Struct, frozen=True):
    """`skew` says what is wrong with the clocks, or ""."""

    store: SqlStore
    clock: Clock
    url: str
    skew: Callable[[], str] = lambda: ""

    def beat(self) -> bool:
        """Whether a request was made and answered. Silence is logged with its reason."""
        why = self._why_silent()
        if why:
            log.warning("no heartbeat is sent: %s", why)
            return False
        try:
            request = urllib.request.Request(self.url, headers={"User-Agent": "Meridian"})
            with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S):
                return True
        except (OSError, ValueError) as error:  # HTTPError is an OSError; a wrong address is a ValueError
            log.warning("the heartbeat did not arrive", extra={"error": type(error).__name__})
            return False

    def _why_silent(self) -> str:
        now = self.clock.now()
        try:
            return self.skew() or self.store.read(lambda unit: why_silent(unit, now))
        except StoreUnavailable as error:
            return str(error)


def why_silent(unit: SqlUnit, now: datetime) -> str:
    """What keeps a page from being made, sent or answered now; "" when all is well."""
    if not _is_fresh(said_at(unit), now):
        return "what falls due is not fired"
    if not is_heard(unit, now):
        return "Slack is not heard"
    oldest = SqlLateness(unit.outbox.tx).oldest_unsent_page()
    if oldest is not None and now - oldest > MOST_WAIT_OF_A_PAGE:
        return f"a page has waited for {(now - oldest).total_seconds():.0f} s"
    return ""


def is_heard(unit: SqlUnit, now: datetime) -> bool:
    """Whether some process has been able to take deliveries in of late."""
    heard = unit.facts.get(HEARD)
    return _is_fresh(datetime.fromisoformat(heard) if heard else None, now)


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at <= MOST_AGE


class Ear:
    """Says in the database, every few seconds, that deliveries can be taken in: `is_open` knows."""

    def __init__(self, store: SqlStore, clock: Clock, is_open: Callable[[], bool]) -> None:
        self._store = store
        self._clock = clock
        self._is_open = is_open
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ear", daemon=True)
        self.beat: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        self._stopping.set()
        self._thread.join(timeout_s)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.beat()
            is_open = True
            try:
                is_open = self.say()
            except Exception:
                log.exception("that Slack is heard could not be said; it goes on")
            self._stopping.wait(EAR_EVERY_S if is_open else CLOSED_S)

    def say(self) -> bool:
        """Whether there was anything to say."""
        is_open = self._is_open()
        if is_open:
            now = stamp(self._clock.now())
            self._store.write(lambda unit: unit.facts.put(HEARD, now), patient=True)
        return is_open

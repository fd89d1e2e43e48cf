"""The store on PostgreSQL: any number of processes, row locks, and a wake-up across them by NOTIFY."""

from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

import psycopg
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from storage import engine
from storage.errors import TOO_MANY_AT_ONCE, Conflict, StoreUnavailable
from storage.faults import is_worth_repeating, refusals
from storage.transaction import Memory, Salt, Transaction
from storage.unit_of_work import SqlUnit, unit_of

T = TypeVar("T")
TRIES = 5
PAUSE_S = 0.02
RECONNECT_S = 1.0
LISTEN_S = 0.5
CHANNEL = "meridian_outbox"
NOTIFY = text("SELECT pg_notify(:channel, :origin)")


class PostgresStore:
    """Every unit of work has a connection of its own; a race or a lost line runs the whole unit again."""

    def __init__(self, url: URL, salt: Salt) -> None:
        self._url = url
        self._salt = salt
        self._memory = Memory()
        self._origin = salt()
        self._closing = Event()
        self._refusal = ""
        self._callbacks: list[Callable[[], None]] = []
        self._listener: Listener | None = None
        self._engine = engine.postgresql(url)
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    def write(self, work: Callable[[SqlUnit], T], patient: bool = False) -> T:
        """Commit and return, or roll back and raise what `work` raised. Durable when it returns.

        Raises StoreUnavailable when nothing could be saved. A line lost during the commit leaves open whether
        it was saved: the unit runs again, and its unique keys decide."""
        try:
            result, has_put = self._repeated(lambda: self._write_once(work))
        except StoreUnavailable as refusal:
            self._refusal = str(refusal)
            raise
        self._refusal = ""
        if has_put:
            self._wake()
        return result

    def read(self, work: Callable[[SqlUnit], T]) -> T:
        """Run on a snapshot that cannot be written to."""
        return self._repeated(lambda: self._read_once(work))

    def check(self) -> None:
        """Raises StoreUnavailable when the database does not answer, or nothing was saved since it refused
        to: a standby answers, and saves nothing."""
        if self._refusal:
            raise StoreUnavailable(self._refusal)
        self.read(lambda unit: unit.facts.get(""))

    def is_alive(self) -> bool:
        """Whether the thread that hears of other processes' commits lives, if there has to be one."""
        return self._listener is None or self._listener.is_alive()

    def has_news(self) -> bool:
        """It cannot be told without asking."""
        return True

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Called after a commit, by any process, that put effects or timers; it must not block."""
        self._callbacks.append(callback)
        if self._listener is None:
            self._listener = Listener(self._url, self._origin, self._wake)

    def close(self) -> None:
        self._closing.set()
        if self._listener:
            self._listener.close()
        self._engine.dispose()

    def _write_once(self, work: Callable[[SqlUnit], T]) -> tuple[T, bool]:
        with self._engine.begin() as connection:
            tx = Transaction(connection, self._memory, self._salt)
            result = work(unit_of(tx))
            if tx.has_put:
                connection.execute(NOTIFY, {"channel": CHANNEL, "origin": self._origin})
        return result, tx.has_put

    def _read_once(self, work: Callable[[SqlUnit], T]) -> T:
        with self._snapshots.begin() as connection:
            return work(unit_of(Transaction(connection, self._memory, self._salt)))

    def _repeated(self, once: Callable[[], T]) -> T:
        with refusals():
            return self._settled(once)

    def _settled(self, once: Callable[[], T]) -> T:
        tries = TRIES
        while True:
            tries -= 1
            try:
                return once()
            except Conflict as conflict:
                if not tries:
                    raise StoreUnavailable(TOO_MANY_AT_ONCE) from conflict
            except DBAPIError as error:
                if not (tries and is_worth_repeating(error)):
                    raise
            self._closing.wait(PAUSE_S)

    def _wake(self) -> None:
        for callback in self._callbacks:
            callback()


class Listener:
    """Hears the commits of other processes on a connection of its own, and comes back when it is lost."""

    def __init__(self, url: URL, origin: str, heard: Callable[[], None]) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._origin = origin
        self._heard = heard
        self._closing = Event()
        self._thread = Thread(target=self._run, name="postgresql-listener", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._listen()
            except psycopg.Error:
                self._closing.wait(RECONNECT_S)

    def _listen(self) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._heard()  # something may have been put while nobody listened
            while not self._closing.is_set():
                for note in connection.notifies(timeout=LISTEN_S):
                    if note.payload != self._origin:
                        self._heard()

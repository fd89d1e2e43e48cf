"""The store on one SQLite file: one writer thread, readers beside it, one long-running process at a time."""

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from sqlite3 import OperationalError
from typing import TypeVar

from sqlalchemy import URL, Connection

from storage import engine
from storage.errors import TOO_MANY_AT_ONCE, Conflict, StoreUnavailable
from storage.faults import refusals
from storage.lock_file import hold
from storage.transaction import Memory, Salt, Transaction
from storage.unit_of_work import SqlUnit, unit_of
from storage.writer import Writer

T = TypeVar("T")
TRIES = 5


class SqliteStore:
    """Write units run in order on one thread; reads see the last commit and never wait for a writer."""

    def __init__(self, url: URL, salt: Salt, *, exclusive: bool, busy_timeout_ms: int) -> None:
        self._lock = hold(Path(url.database or "")) if exclusive else None
        self._log_file, self._seen = Path(f"{url.database}-wal"), (0, 0)
        self._salt = salt
        self._memory = Memory()
        self._callbacks: list[Callable[[], None]] = []
        self._reading = engine.sqlite_reader(url, busy_timeout_ms)
        self._writing = engine.sqlite_writer(url, busy_timeout_ms)
        self._writer = Writer(self._writing, self._wake)

    def write(self, work: Callable[[SqlUnit], T], patient: bool = False) -> T:
        """Commit and return, or roll back and raise what `work` raised. Durable when it returns. A patient
        one lets others go first for a little while.

        Raises StoreUnavailable when nothing could be saved. `work` runs again after a Conflict."""

        erased: list[bool] = []

        def run(connection: Connection) -> tuple[T, bool]:
            tx = Transaction(connection, self._memory, self._salt)
            result = work(unit_of(tx))
            erased.append(tx.has_erased)
            return result, tx.has_put

        tries = TRIES
        while True:
            tries -= 1
            try:
                result: T = self._writer.write(run, patient)
                if any(erased):
                    self._empty_the_log()
                return result
            except Conflict as conflict:
                if not tries:
                    raise StoreUnavailable(TOO_MANY_AT_ONCE) from conflict

    def read(self, work: Callable[[SqlUnit], T]) -> T:
        """Run on a snapshot that cannot be written to."""
        with refusals(), self._reading.connect() as connection:
            return work(unit_of(Transaction(connection, self._memory, self._salt)))

    def check(self) -> None:
        """Raises StoreUnavailable when the file cannot be read, or the writer has died or could not save of
        late."""
        self._writer.check()
        self.read(lambda unit: unit.facts.get(""))

    def is_alive(self) -> bool:
        """Whether the writer's thread lives; without it nothing can be saved any more."""
        return self._writer.is_alive()

    def has_news(self) -> bool:
        """By the write-ahead log, which every commit of any process touches. For one thread."""
        try:
            log = self._log_file.stat()
        except OSError:
            return True
        seen, self._seen = self._seen, (log.st_mtime_ns, log.st_size)
        return seen != self._seen

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Called after every commit that put effects or timers, on the writer's thread: it must not block."""
        self._callbacks.append(callback)

    def close(self) -> None:
        self._writer.close()
        self._reading.dispose()
        self._writing.dispose()
        if self._lock:
            self._lock.close()

    def _empty_the_log(self) -> None:
        """What was erased is not left in the write-ahead log either. Where somebody reads too long for that,
        SQLite does it at its next checkpoint."""
        with suppress(OperationalError), closing(self._reading.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _wake(self) -> None:
        for callback in self._callbacks:
            callback()

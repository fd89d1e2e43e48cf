"""The one thread that writes to an SQLite file. Units that wait together share a commit, each in its own
savepoint: one that fails fails alone. It never calls out while a transaction is open.

Patient units (the sender's own book-keeping) let others go first, but for no longer than PATIENCE_S. Where
others come without end, they then wait four times as long as they take: a fifth of the time is theirs."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from sqlite3 import Connection as SqliteConnection
from threading import Condition, Lock, Thread, current_thread
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection, Engine

from storage.errors import StoreUnavailable
from storage.faults import unavailable

SHARE_MAX = 64
PATIENCE_S, LEAST_PATIENCE_S = 0.2, 0.02
OTHERS_SHARE = 4
A_CROWD, CROWD_S = 3, 0.03  # so many at once are a burst, and more of them are about to come
DIED = "The thread that writes to the database has died. Restart Meridian."


class BatchLost(Exception):
    """SQLite has rolled back the whole transaction, not only the unit that failed."""


class Job(Struct, frozen=True):
    """One unit of work in the queue; it says whether somebody is to be woken after the commit."""

    run: Callable[[Connection], tuple[Any, bool]]
    answer: Future[Any] = field(default_factory=Future)
    put_at: float = field(default_factory=time.monotonic)
    is_patient: bool = False


class Lines:
    """The two lines before the writer: whoever has a person waiting, and the patient."""

    def __init__(self) -> None:
        self._urgent: deque[Job] = deque()
        self._patient: deque[Job] = deque()
        self._news = Condition()
        self._closed = False
        self._crowded_until = 0.0
        self._patience_s = self._shorter_s = PATIENCE_S

    def put(self, job: Job, patient: bool) -> None:
        with self._news:
            (self._patient if patient else self._urgent).append(job)
            self._news.notify()

    def close(self) -> None:
        """`next` answers None once everybody in the lines has been served."""
        with self._news:
            self._closed = True
            self._news.notify()

    def next(self) -> Job | None:
        """The job to begin a transaction with; waits for one."""
        with self._news:
            while not (self._urgent or self._closed or self._is_patient_turn()):
                self._news.wait(CROWD_S if self._patient else None)
            if self._urgent and not self._is_overdue():
                return self._popped(self._urgent)
            self._patience_s = self._shorter_s if self._urgent else PATIENCE_S
            return self._popped(self._patient)

    def sharer(self) -> Job | None:
        """One more that may share the commit: nobody waits for a patient one."""
        with self._news:
            return self._popped(self._urgent)

    def _popped(self, line: deque[Job]) -> Job | None:
        if len(self._urgent) >= A_CROWD:
            self._crowded_until = time.monotonic() + CROWD_S
        return line.popleft() if line else None

    def _is_patient_turn(self) -> bool:
        return bool(self._patient) and (time.monotonic() >= self._crowded_until or self._is_overdue())

    def _is_overdue(self) -> bool:
        return bool(self._patient) and time.monotonic() - self._patient[0].put_at > self._patience_s

    def took(self, seconds: float) -> None:
        """How long a patient one has just held up the others."""
        self._shorter_s = min(max(OTHERS_SHARE * seconds, LEAST_PATIENCE_S), PATIENCE_S)

    def leftover(self) -> Job | None:
        with self._news:
            line = self._urgent or self._patient
            return line.popleft() if line else None


class Batch(Struct):
    """What happened inside one shared transaction, to be told after its commit."""

    done: list[tuple[Job, Any]] = field(default_factory=list)
    failed: list[tuple[Job, Exception]] = field(default_factory=list)
    begun: list[Job] = field(default_factory=list)
    has_put: bool = False


class Writer:
    """`on_put` is called on this thread after a commit that put effects or timers; it must not block."""

    def __init__(self, engine: Engine, on_put: Callable[[], None]) -> None:
        self._engine = engine
        self._on_put = on_put
        self._lines = Lines()
        self._gate = Lock()
        self._closed = ""
        self._refusal = ""
        self._thread = Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    def write(self, run: Callable[[Connection], tuple[Any, bool]], patient: bool = False) -> Any:
        """Run in a transaction and wait for its commit. Raises what `run` raised, or StoreUnavailable."""
        if current_thread() is self._thread:
            raise RuntimeError("a unit of work cannot open another one")
        job = Job(run, is_patient=patient)
        with self._gate:
            if self._closed:
                raise StoreUnavailable(self._closed)
            self._lines.put(job, patient)
        return job.answer.result()

    def check(self) -> None:
        """Raises StoreUnavailable when the thread has ended, or nothing was saved since the last refusal."""
        if reason := self._closed or self._refusal:
            raise StoreUnavailable(reason)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        """Finish what waits, then end."""
        self._lines.close()
        self._thread.join()

    def _run(self) -> None:
        reason = DIED
        try:
            job = self._lines.next()
            while job is not None and self._serve(job):
                job = self._lines.next()
            reason = DIED if job else "The database is closed."
        finally:
            self._end(reason)

    def _end(self, reason: str) -> None:
        with self._gate:
            self._closed = reason
        while (job := self._lines.leftover()) is not None:
            job.answer.set_exception(StoreUnavailable(reason))

    def _serve(self, first: Job) -> bool:
        """One shared commit. False when this thread is asked to end (SystemExit and its like)."""
        batch = Batch()
        try:
            with self._engine.connect() as connection, connection.begin():
                before = _changes(connection)
                self._fill(batch, connection, first)
                has_changed = _changes(connection) > before
        except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            self._refuse(batch, first, error)
            return isinstance(error, Exception)
        if has_changed:  # an empty commit goes through on a full disk, too
            self._refusal = ""
        self._note([fault for _, fault in batch.failed])
        for job, result in batch.done:
            job.answer.set_result(result)
        for job, fault in batch.failed:
            job.answer.set_exception(fault)
        if batch.has_put:
            self._on_put()
        return True

    def _fill(self, batch: Batch, connection: Connection, first: Job) -> None:
        job: Job | None = first
        while job is not None:
            batch.begun.append(job)
            began = time.monotonic()
            _run_alone(batch, connection, job)
            if job.is_patient:
                self._lines.took(time.monotonic() - began)
            job = self._lines.sharer() if len(batch.begun) < SHARE_MAX else None

    def _refuse(self, batch: Batch, first: Job, error: BaseException) -> None:
        """Nothing of the batch was saved: everybody in it is told. When it could not even begin, everybody
        who waits is told, for each would wait as long again."""
        cause = error.__cause__ if isinstance(error, BatchLost) else error
        told = (unavailable(cause) or cause) if isinstance(cause, Exception) else StoreUnavailable(DIED)
        self._note([told])
        for job in batch.begun or [first, *iter(self._lines.leftover, None)]:
            job.answer.set_exception(told)

    def _note(self, faults: Iterable[BaseException]) -> None:
        for fault in faults:
            if isinstance(fault, StoreUnavailable):
                self._refusal = str(fault)


def _run_alone(batch: Batch, connection: Connection, job: Job) -> None:
    """In a savepoint of its own. Raises BatchLost when SQLite has given up the whole transaction."""
    say: Any = connection.connection.execute  # past SQLAlchemy: three of these a unit add up
    say("SAVEPOINT unit")
    try:
        result, has_put = job.run(connection)
    except Exception as error:
        if not _is_open(connection):
            raise BatchLost from error
        say("ROLLBACK TO unit")
        say("RELEASE unit")
        batch.failed.append((job, unavailable(error) or error))
        return
    say("RELEASE unit")
    batch.done.append((job, result))
    batch.has_put = batch.has_put or has_put


def _is_open(connection: Connection) -> bool:
    driver: Any = connection.connection.dbapi_connection
    return isinstance(driver, SqliteConnection) and driver.in_transaction


def _changes(connection: Connection) -> int:
    """Rows inserted, changed or deleted on this connection so far."""
    driver: Any = connection.connection.dbapi_connection
    return int(driver.total_changes)

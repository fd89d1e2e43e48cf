"""Opens the store that DATABASE_URL names. The schema is the business of `migrating.py`; for a long-running
process it is brought up to date here, once no other can be in the way."""

from collections.abc import Callable
from contextlib import ExitStack
from secrets import token_hex
from typing import Protocol, TypeVar

from storage.engine import BUSY_TIMEOUT_MS, database_url
from storage.migrating import migrate
from storage.sqlite import SqliteStore
from storage.transaction import Salt
from storage.unit_of_work import SqlUnit

T = TypeVar("T")


class SqlStore(Protocol):
    """What both stores do. Every method raises StoreUnavailable when the database cannot serve now."""

    def write(self, work: Callable[[SqlUnit], T], patient: bool = False) -> T:
        """Commit and return, or roll back and raise what `work` raised; `work` may run more than once.

        `patient`: nobody waits for it, so those for whom somebody waits may go first."""
        ...

    def read(self, work: Callable[[SqlUnit], T]) -> T:
        """Run on a snapshot that cannot be written to."""
        ...

    def check(self) -> None:
        """Raises StoreUnavailable when the database does not answer, or has refused to save of late."""
        ...

    def is_alive(self) -> bool:
        """Whether the store's own threads live; it asks the database nothing."""
        ...

    def has_news(self) -> bool:
        """Whether anybody may have saved anything since this was asked last; cheap where nobody has."""
        ...

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Called, on some thread, after a commit that put effects or timers; it must not block or raise."""
        ...

    def close(self) -> None: ...


def open_store(
    url: str, *, exclusive: bool = False, salt: Salt = token_hex, busy_timeout_ms: int = BUSY_TIMEOUT_MS
) -> SqlStore:
    """A store on SQLite or PostgreSQL. ValueError for any other address.

    `exclusive` is for a long-running process: a second one on the same SQLite file raises StoreInUse and has
    changed nothing; then the schema is brought up to date, which raises SchemaTooNew and StoreUnavailable. A
    one-shot command opens without it a database that is migrated already. `salt` gives the secret part of a
    timeline digest."""
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        from storage.postgres import PostgresStore  # its driver is loaded only where it is used

        if exclusive:
            migrate(url)
        return PostgresStore(parsed, salt)
    store = SqliteStore(parsed, salt, exclusive=exclusive, busy_timeout_ms=busy_timeout_ms)
    if exclusive:
        with ExitStack() as unless_done:
            unless_done.callback(store.close)
            migrate(url)
            unless_done.pop_all()
    return store

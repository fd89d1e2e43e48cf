"""What a database error means: unavailable, worth running the unit again, or a fault of ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import StoreUnavailable

SQLITE_REFUSALS = {
    sqlite3.SQLITE_BUSY: "it is locked by another program",
    sqlite3.SQLITE_LOCKED: "it is locked by another program",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk gives errors",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is no database",
    sqlite3.SQLITE_PROTOCOL: "its lock cannot be taken",
}
SERIALIZATION = frozenset({"40001", "40P01"})
UNIQUE = "23505"
POSTGRESQL_REFUSALS = {
    "25006": "it is read-only",
    "55P03": "a row is locked by another program",
    "40001": "too many changes meet at once",
    "40P01": "too many changes meet at once",
    "08": "the connection failed",
    "53": "it has run out of room or connections",
    "57": "it is stopping, starting or too slow",
    "58": "its disk gives errors",
}
LINE_LOST = "the connection failed"


def unavailable(error: Exception) -> StoreUnavailable | None:
    """The refusal when the database itself cannot serve now, else None."""
    reason = "every connection is busy" if isinstance(error, PoolTimeout) else _reason(error)
    return StoreUnavailable(f"The database cannot be used now: {reason}.") if reason else None


@contextmanager
def refusals() -> Iterator[None]:
    """Inside, a database that cannot serve raises StoreUnavailable; everything else goes through."""
    try:
        yield
    except Exception as error:
        refusal = unavailable(error)
        if refusal is None:
            raise
        raise refusal from error


def is_worth_repeating(error: DBAPIError) -> bool:
    """A race that running the whole unit again settles: deadlock, unique key, a line that was lost."""
    return error.connection_invalidated or _sqlstate(error.orig) in SERIALIZATION | {UNIQUE}


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return SQLITE_REFUSALS.get((getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF, "")
    state = _sqlstate(cause)
    if isinstance(error, DBAPIError) and (error.connection_invalidated or _has_no_answer(error, state)):
        return LINE_LOST
    return POSTGRESQL_REFUSALS.get(state) or POSTGRESQL_REFUSALS.get(state[:2], "")


def _sqlstate(cause: object) -> str:
    """PostgreSQL's five characters, or "" when it did not say."""
    return str(getattr(cause, "sqlstate", None) or "")


def _has_no_answer(error: DBAPIError, state: str) -> bool:
    return not state and type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout")

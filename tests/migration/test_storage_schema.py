"""The schema: migrated is what the tables say, on both databases; a newer one is left alone."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Index, Inspector, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.pool import NullPool

from storage.engine import database_url as parsed
from storage.errors import SchemaTooNew, StoreUnavailable
from storage.migrating import MIGRATIONS, head_matches, known_revisions, migrate
from storage.opening import open_store
from storage.tables import METADATA


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("empty_postgres_url"))
    return f"sqlite:///{tmp_path / 'empty.sqlite'}"


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = create_engine(parsed(empty_url), poolclass=NullPool)
    yield engine
    engine.dispose()


def test_an_empty_database_is_brought_to_the_head_once(empty_url: str) -> None:
    assert not head_matches(empty_url)
    assert migrate(empty_url)
    assert head_matches(empty_url)
    assert not migrate(empty_url)


def test_a_migrated_database_is_what_the_tables_say(empty_url: str, engine: Engine) -> None:
    migrate(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_a_migrated_database_and_a_fresh_one_have_the_same_shape(
    empty_url: str, engine: Engine, tmp_path: Path
) -> None:
    migrate(empty_url)
    fresh = create_engine(f"sqlite:///{tmp_path / 'fresh.sqlite'}", poolclass=NullPool)
    METADATA.create_all(fresh)
    assert _shape(engine) == _shape(fresh)


@pytest.mark.postgres
def test_the_indexes_of_what_is_unfinished_are_partial_on_postgresql(empty_postgres_url: str) -> None:
    migrate(empty_postgres_url)
    engine = create_engine(parsed(empty_postgres_url), poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %'"))
        names = {str(row.indexname) for row in found}
    engine.dispose()
    partial = {
        index.name for table in METADATA.tables.values() for index in table.indexes if _is_partial(index)
    }
    assert names == partial


def _is_partial(index: Index) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None


def test_the_tables_load_no_dialect_that_is_not_used() -> None:
    look = "import sys, storage.opening; print([m for m in sys.modules if 'dialects.postgresql' in m])"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_what_was_stored_outlives_a_second_migrate(empty_url: str) -> None:
    migrate(empty_url)
    store = open_store(empty_url)
    store.write(lambda unit: unit.facts.put("bot.user", "U0"))
    migrate(empty_url)
    assert store.read(lambda unit: unit.facts.get("bot.user")) == "U0"
    store.close()


def test_a_newer_schema_is_refused_and_left_alone(empty_url: str, engine: Engine) -> None:
    migrate(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match="schema 9999"):
        migrate(empty_url)
    with pytest.raises(SchemaTooNew):
        head_matches(empty_url)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/x.sqlite", "postgres://x@/x?host=/nowhere"])
def test_a_database_that_is_not_there_is_unavailable(url: str) -> None:
    with pytest.raises(StoreUnavailable):
        migrate(url)


def test_the_files_and_alembic_agree_on_the_order() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    order = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(order)) == known_revisions()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "half.sqlite"
    half = sqlite3.connect(path)
    half.execute("CREATE TABLE counter (name TEXT)")  # in the way of the last table
    half.commit()
    with pytest.raises(Exception, match="counter"):
        migrate(f"sqlite:///{path}")
    names = half.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    half.close()
    assert names == [("counter",)]


def _shape(engine: Engine) -> dict[str, tuple[object, ...]]:
    """Per table: its columns with their nullability, its unique columns, its indexes."""
    found = inspect(engine)
    return {
        name: (
            [(column["name"], column["nullable"]) for column in found.get_columns(name)],
            sorted(unique["column_names"] for unique in found.get_unique_constraints(name)),
            sorted((index["name"] or "", index["column_names"]) for index in _plain_indexes(found, name)),
        )
        for name in sorted(METADATA.tables)
    }


def _plain_indexes(found: Inspector, name: str) -> list[ReflectedIndex]:
    return [index for index in found.get_indexes(name) if "duplicates_constraint" not in index]

"""One open transaction, as the parts of a unit of work share it, and the statements both databases know."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection, CursorResult, Executable, RowMapping, Table
from sqlalchemy.sql.dml import ReturningInsert

from rotations.model import Organisation
from storage.conflicts import Insert, insert_into
from storage.tables import COUNTER

Salt = Callable[[], str]
Rows = Sequence[Mapping[str, Any]]


class Memory(Struct):
    """What a store remembers between units of work: the parsed organisation and the mark it was read at."""

    organisation: tuple[tuple[int, int, int], Organisation] | None = None


class Transaction(Struct):
    """`has_put`: effects or timers were added, so somebody is to be woken at the commit. `has_replanned`: the
    organisation was changed, so what is read of it here may still be rolled back and is not remembered.
    `has_erased`: words were taken out, and are to be left nowhere. `bodies`: by an incident's key
    what stands in its row, and the value it was read as."""

    connection: Connection
    memory: Memory
    salt: Salt
    has_put: bool = False
    has_replanned: bool = False
    has_erased: bool = False
    bodies: dict[str, tuple[str, object]] = field(default_factory=dict)

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        return self.connection.execute(statement, rows)

    def one(self, statement: Executable, **values: Any) -> RowMapping | None:
        """The first row, or None. `values` fill the statement's named parameters."""
        return self.connection.execute(statement, values).mappings().first()

    def all(self, statement: Executable, **values: Any) -> Sequence[RowMapping]:
        return self.connection.execute(statement, values).mappings().all()

    def insert_new(self, table: Table, rows: Rows) -> int:
        """Insert; a row whose unique key is there already is left as it is. The number inserted."""
        return self.run(_insert_new(table, self.is_postgresql), rows).rowcount if rows else 0

    def upsert(self, table: Table, rows: Rows) -> None:
        """Insert, or replace every other column of the row with the same primary key."""
        if rows:
            self.run(_upsert(table, self.is_postgresql), rows)

    def counted(self, name: str) -> int:
        """Count one further, from 1. The counter is held until the transaction ends; a rollback undoes it."""
        return int(self.run(_count(self.is_postgresql), [{"name": name, "value": 1}]).scalar_one())


@cache
def _insert_new(table: Table, is_postgresql: bool) -> Insert:
    return (
        insert_into(table, is_postgresql).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    )


@cache
def _upsert(table: Table, is_postgresql: bool) -> Insert:
    insert = insert_into(table, is_postgresql)
    keys = [column.name for column in table.primary_key]
    news = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
    return insert.on_conflict_do_update(index_elements=keys, set_=news)


@cache
def _count(is_postgresql: bool) -> ReturningInsert[Any]:
    more = {"value": COUNTER.c.value + 1}
    insert = insert_into(COUNTER, is_postgresql).on_conflict_do_update(index_elements=["name"], set_=more)
    return insert.returning(COUNTER.c.value)

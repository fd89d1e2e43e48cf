"""One open transaction, as the parts of a unit of work share it, and the statements both databases know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite

from rotations.model import Organisation
from storage.tables import COUNTER

Salt = Callable[[], str]
Rows = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Memory:
    """What a store remembers between units of work: the parsed organisation and the mark it was read at."""

    organisation: tuple[tuple[int, int, int], Organisation] | None = None


@dataclass(slots=True)
class Transaction:
    """`has_put`: effects or timers were added, so somebody is to be woken at the commit. `has_replanned`: the
    organisation was changed, so what is read of it here may still be rolled back and is not remembered."""

    connection: Connection
    memory: Memory
    salt: Salt
    has_put: bool = False
    has_replanned: bool = False

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        return self.connection.execute(statement, rows)

    def one(self, statement: Executable) -> RowMapping | None:
        """The first row, or None."""
        return self.connection.execute(statement).mappings().first()

    def all(self, statement: Executable) -> Sequence[RowMapping]:
        return self.connection.execute(statement).mappings().all()

    def insert_new(self, table: Table, rows: Rows) -> int:
        """Insert; a row whose unique key is there already is left as it is. The number inserted."""
        if not rows:
            return 0
        insert = self._insert(table).on_conflict_do_nothing()
        return self.run(insert.execution_options(preserve_rowcount=True), rows).rowcount

    def upsert(self, table: Table, rows: Rows) -> None:
        """Insert, or replace every other column of the row with the same primary key."""
        if not rows:
            return
        insert = self._insert(table)
        keys = [column.name for column in table.primary_key]
        news = {name: insert.excluded[name] for name in rows[0] if name not in keys}
        self.run(insert.on_conflict_do_update(index_elements=keys, set_=news), rows)

    def counted(self, name: str) -> int:
        """Count one further, from 1. The counter is held until the transaction ends; a rollback undoes it."""
        insert = self._insert(COUNTER)
        grown = insert.on_conflict_do_update(index_elements=["name"], set_={"value": COUNTER.c.value + 1})
        found = self.run(grown.values(name=name, value=1).returning(COUNTER.c.value))
        return int(found.scalar_one())

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        return postgresql.insert(table) if self.is_postgresql else sqlite.insert(table)

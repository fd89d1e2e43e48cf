"""The body of a row that is saved again: what only a newer version knows of it stays as it stands."""

from sqlalchemy import ColumnElement, Table, select

from storage import codec
from storage.transaction import Transaction


def body_over(tx: Transaction, table: Table, mine: ColumnElement[bool], value: object) -> str:
    """The value as JSON for this row of a table, or for a new one. The row is held until the unit of work
    ends. Raises NotKnownHere where what stands there is in words of a newer version."""
    old = tx.run(select(table.c.body).where(mine).with_for_update()).scalar()
    if old is None:
        return codec.written(value)
    return codec.written_over(old, codec.read(type(value), old), value)

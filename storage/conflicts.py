"""The INSERT that knows ON CONFLICT, of the database at hand: the other database's is never loaded."""

from typing import TYPE_CHECKING, TypeAlias, Union

from sqlalchemy import Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = Union["sqlite.Insert", "postgresql.Insert"]


def insert_into(table: Table, is_postgresql: bool) -> Insert:
    if is_postgresql:
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)

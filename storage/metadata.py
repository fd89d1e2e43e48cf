"""The one metadata of all tables, with the names of keys and indexes that migrations are compared with.

A partial index says its condition here for SQLite alone: to read PostgreSQL's word for it SQLAlchemy would
load that whole dialect at every start. The migrations say it for both.
"""

from typing import Any, ClassVar, Final

from sqlalchemy import Column, MetaData, Table
from sqlmodel import SQLModel
from sqlmodel.main import get_column_from_field

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """A table, declared as SQLModel declares it. Statements are written with SQLAlchemy's Core and no row is
    ever loaded as an object: no mapping is made and no validators, which take a twentieth of a start."""

    model_config = {"defer_build": True}
    __tablename__: ClassVar[str]
    __table_args__: ClassVar[tuple[Any, ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **_config: Any) -> None:
        columns = [_column(name, field) for name, field in cls.model_fields.items()]
        Table(cls.__tablename__, METADATA, *columns, *cls.__table_args__)


def _column(name: str, field: Any) -> Column[Any]:
    column = get_column_from_field(field)
    column.name = column.key = name
    return column

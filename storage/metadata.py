"""The one metadata of all tables, with the names of keys and indexes that migrations are compared with.

A partial index says its condition here for SQLite alone: to read PostgreSQL's word for it SQLAlchemy would
load that whole dialect at every start. The migrations say it for both.
"""

from typing import Final

from sqlalchemy import MetaData
from sqlmodel import SQLModel

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """What every table shares: the one metadata that migrations are compared with."""

    metadata = METADATA

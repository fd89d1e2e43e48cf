"""The one metadata of all tables, with the names of keys and indexes that migrations are compared with."""

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

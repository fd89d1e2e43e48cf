"""The table of what came in from other tools.

A column that a query needs stands beside `body`, which is the whole value as JSON."""

from datetime import datetime
from typing import Final

from sqlalchemy import Index, Text
from sqlmodel import Field

from storage.columns import Instant
from storage.metadata import METADATA, Row


class RotaImportRow(Row, table=True):
    """What an import would change, or has changed; `by` is the lead who was shown it."""

    __tablename__ = "rota_import"
    __table_args__ = (Index("ix_rota_import_by_made_at", "by", "made_at"),)

    id: str = Field(primary_key=True)
    by: str
    state: str
    made_at: datetime = Field(sa_type=Instant)
    body: str = Field(sa_type=Text)


ROTA_IMPORT: Final = METADATA.tables["rota_import"]

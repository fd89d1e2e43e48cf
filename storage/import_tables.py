"""The table of what came in from other tools.

A column that a query needs stands beside `body`, which is the whole value as JSON."""

from datetime import datetime
from typing import Final

from sqlalchemy import Index, Text
from sqlmodel import Field

from storage.columns import Instant
from storage.metadata import METADATA, Row


class RotaImportRow(Row):
    """What an import would change, or has changed; `by` is the lead who was shown it."""

    __tablename__ = "rota_import"
    __table_args__ = (Index("ix_rota_import_by_made_at", "by", "made_at"),)

    id: str = Field(primary_key=True)
    by: str
    state: str
    made_at: datetime = Field(sa_type=Instant)
    body: str = Field(sa_type=Text)


class ProposalRow(Row):
    """An import that leads are asked about. `content` is what it was read from, until it is decided."""

    __tablename__ = "proposal"

    id: str = Field(primary_key=True)
    state: str = Field(index=True)
    made_at: datetime = Field(sa_type=Instant)
    origin: str = Field(index=True)
    import_id: str = Field(index=True)
    body: str = Field(sa_type=Text)
    content: bytes | None


ROTA_IMPORT: Final = METADATA.tables["rota_import"]
PROPOSAL: Final = METADATA.tables["proposal"]

"""The table of calendars that are followed by their address."""

from datetime import datetime
from typing import Final

from sqlalchemy import Text
from sqlmodel import Field

from storage.columns import Instant
from storage.metadata import METADATA, Row


class CalendarSourceRow(Row):
    """`url` is a secret that has to be sent as it is, so it is kept as it is, in this column alone, until the
    calendar is followed no more. `body` is the whole value without it, as JSON."""

    __tablename__ = "calendar_source"

    id: str = Field(primary_key=True)
    url: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, index=True, sa_type=Instant)
    body: str = Field(sa_type=Text)


CALENDAR_SOURCE: Final = METADATA.tables["calendar_source"]

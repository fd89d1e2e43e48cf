"""The tables of calendars out: who subscribes to what, and what their calendars have been told."""

from datetime import datetime
from typing import Final

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import Instant
from storage.metadata import METADATA, Row


class FeedRow(Row):
    """A secret address; of its token only the digest is kept. `user` is a Slack id."""

    __tablename__ = "feed"

    id: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    user: str = Field(index=True)
    kind: str
    schedule: str
    region: str
    alarm: int
    made_at: datetime = Field(sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class FeedEventRow(Row):
    """One shift of one person as calendars know it; kept while a feed may show it."""

    __tablename__ = "feed_event"
    __table_args__ = (Index("ix_feed_event_schedule_ends_at", "schedule", "ends_at"),)

    uid: str = Field(primary_key=True)
    schedule: str
    region: str
    seat: str
    person: str
    name: str
    kind: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant, index=True)
    sequence: int
    stamped_at: datetime = Field(sa_type=Instant)
    is_cancelled: bool


FEED: Final = METADATA.tables["feed"]
FEED_EVENT: Final = METADATA.tables["feed_event"]

"""The tables beside a page: phones that ring, proofs that they do, and who was heard in a channel."""

from datetime import datetime
from typing import Final

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from storage.columns import Instant
from storage.metadata import METADATA, Row

RINGING: Final = text("state = 'ringing'")


class RingRow(Row):
    """A phone that was rung, for asking whether it was answered and for hanging up."""

    __tablename__ = "ring"
    __table_args__ = (Index("ix_ring_ringing", "rang_at", sqlite_where=RINGING),)

    key: str = Field(primary_key=True)
    subject: str = Field(index=True)
    page: str
    user: str
    handle: str = Field(index=True)
    rang_at: datetime = Field(sa_type=Instant)
    state: str
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class ProofRow(Row):
    """A test page to a person and what became of it."""

    __tablename__ = "proof"
    __table_args__ = (Index("ix_proof_user_asked_at", "user", "asked_at"),)

    id: str = Field(primary_key=True)
    user: str
    asked_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    body: str = Field(sa_type=Text)


class MessageRow(Row):
    """A message in an incident's channel: who, when and what kind, never its text."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_incident_author_at", "incident", "author", "at"),)

    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    incident: str
    author: str
    at: datetime = Field(sa_type=Instant)
    kind: str
    thread_ts: str
    edited_at: datetime | None = Field(default=None, sa_type=Instant)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)


RING: Final = METADATA.tables["ring"]
PROOF: Final = METADATA.tables["proof"]
MESSAGE: Final = METADATA.tables["message"]

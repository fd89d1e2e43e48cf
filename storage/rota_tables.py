"""The tables beside a schedule: what was changed in chat, what is still asked, and what a person wants told.

A column that a query needs stands beside `body`, which is the whole value as JSON."""

from datetime import datetime
from typing import Final

from sqlalchemy import Index, Text
from sqlmodel import Field

from storage.columns import Instant
from storage.metadata import METADATA, Row


class OverrideRow(Row):
    """An override made in chat; those of the schedules file are in the organisation.

    From `withdrawn_at` on it counts no more; what it answered before stays.
    """

    __tablename__ = "override"

    id: str = Field(primary_key=True)
    schedule: str
    made_at: datetime = Field(sa_type=Instant)
    body: str = Field(sa_type=Text)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class SwapRow(Row):
    """Two turns that changed hands."""

    __tablename__ = "swap"

    id: str = Field(primary_key=True)
    schedule: str
    made_at: datetime = Field(sa_type=Instant)
    body: str = Field(sa_type=Text)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class AbsenceRow(Row):
    """A person is away in `[starts_at, ends_at)`; `person` is their key in the schedules file."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_person_ends_at", "person", "ends_at"),)

    id: str = Field(primary_key=True)
    person: str
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    made_at: datetime = Field(sa_type=Instant)
    body: str = Field(sa_type=Text)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class RotaRequestRow(Row):
    """Something asked of people: a change, a cover, a swap; `by` is who asked. `due_at`: when it lapses."""

    __tablename__ = "rota_request"
    __table_args__ = (
        Index("ix_rota_request_state_due_at", "state", "due_at"),
        Index("ix_rota_request_by_made_at", "by", "made_at"),
    )

    id: str = Field(primary_key=True)
    kind: str
    state: str
    schedule: str
    by: str
    made_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    body: str = Field(sa_type=Text)


class PreferenceRow(Row):
    """What a person wants to be told, and when not."""

    __tablename__ = "preference"

    user: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)


OVERRIDE: Final = METADATA.tables["override"]
SWAP: Final = METADATA.tables["swap"]
ABSENCE: Final = METADATA.tables["absence"]
ROTA_REQUEST: Final = METADATA.tables["rota_request"]
PREFERENCE: Final = METADATA.tables["preference"]

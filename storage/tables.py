"""The tables, as SQLModel declares them. Rows stay in this package: the core sees its own frozen values.

A column that a query needs stands beside `body`, which is the whole value as JSON."""

from datetime import datetime
from typing import Final

from sqlalchemy import JSON, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Instant
from storage.feed_tables import FEED, FEED_EVENT
from storage.import_tables import PROPOSAL, ROTA_IMPORT
from storage.metadata import METADATA, Row
from storage.paging_tables import MESSAGE, PROOF, RING, RINGING
from storage.rota_tables import ABSENCE, OVERRIDE, PREFERENCE, ROTA_REQUEST, SWAP
from storage.subscription_tables import CALENDAR_SOURCE

__all__ = [
    "ABSENCE",
    "CALENDAR_SOURCE",
    "FEED",
    "FEED_EVENT",
    "MESSAGE",
    "METADATA",
    "OVERRIDE",
    "PREFERENCE",
    "PROOF",
    "PROPOSAL",
    "RING",
    "RINGING",
    "ROTA_IMPORT",
    "ROTA_REQUEST",
    "SWAP",
]

UNFINISHED: Final = text("done_at IS NULL")
WAITING: Final = text("state = 'pending'")


class IncidentRow(Row):
    """`next_seq` and `chain_head` are where the incident's timeline goes on."""

    __tablename__ = "incident"

    key: str = Field(primary_key=True)
    key_folded: str = Field(unique=True)
    number: int | None = None
    title: str
    title_folded: str = Field(index=True)
    severity: int
    status: str = Field(index=True)
    restricted: bool
    manager: str = Field(index=True)
    channel_id: str = Field(index=True)
    declared_at: datetime = Field(sa_type=Instant, index=True)
    version: int
    next_seq: int
    chain_head: str
    body: str = Field(sa_type=Text)
    thread: str = Field(index=True)


class TimelineRow(Row):
    """Append-only. `hash` covers `prev_hash`, the columns and `digest`, the salted digest of `body`."""

    __tablename__ = "timeline"
    __table_args__ = (UniqueConstraint("incident", "seq"),)

    id: int | None = Field(default=None, primary_key=True)
    incident: str = Field(foreign_key="incident.key")
    seq: int
    dedup: str | None = Field(default=None, unique=True)
    at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    kind: str
    by: str
    body: str = Field(sa_type=Text)
    salt: str
    digest: str
    prev_hash: str
    hash: str


class OutboxRow(Row):
    """One effect on its way out. Unfinished rows have no `done_at`; `id` is the order of putting.

    `rank` is its priority, less what it has aged while it waited. `bucket` is the rate bucket it waits in,
    None as long as it has not waited for one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending','running','done','failed','skipped','dead')", name="state"),
        Index("ix_outbox_open", "rank", "id", sqlite_where=UNFINISHED),
        Index("ix_outbox_lane", "lane", "id", sqlite_where=UNFINISHED),
        Index("ix_outbox_newest", "newest", "id", sqlite_where=UNFINISHED),
        Index("ix_outbox_subject", "subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    subject: str
    args: dict[str, str] = Field(sa_type=JSON)
    users: list[str] = Field(sa_type=JSON)
    after: list[str] = Field(sa_type=JSON)
    lane: str
    newest: str
    priority: int
    not_before: datetime = Field(sa_type=Instant)
    state: str
    attempts: int
    owner: str
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    ambiguous: bool
    result: dict[str, str] = Field(sa_type=JSON)
    last_error: str = Field(sa_type=Text)
    put_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    rank: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    bucket: str | None = None


class TimerRow(Row):
    """A thing due at an instant. `attempts` counts firings that failed."""

    __tablename__ = "timer"
    __table_args__ = (
        CheckConstraint("state IN ('pending','fired','cancelled','dead')", name="state"),
        Index("ix_timer_due", "due_at", sqlite_where=WAITING),
        Index("ix_timer_subject", "subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    subject: str
    due_at: datetime = Field(sa_type=Instant)
    args: dict[str, str] = Field(sa_type=JSON)
    state: str
    attempts: int
    last_error: str = Field(sa_type=Text)


class InboxRow(Row):
    """One delivery from Slack that was acted on, and what it was about."""

    __tablename__ = "inbox"

    key: str = Field(primary_key=True)
    subject: str
    received_at: datetime = Field(sa_type=Instant)


class ProfileRow(Row):
    """What Slack says of a person."""

    __tablename__ = "profile"

    user: str = Field(primary_key=True)
    name: str
    zone: str
    deleted: bool
    guest: bool
    stranger: bool
    bot: bool
    seen_at: datetime = Field(sa_type=Instant)


class MemberRow(Row):
    """What the schedules file says of a person. `slack` is as written there (an id or an address), `user` the
    Slack id once it is known, else ""."""

    __tablename__ = "member"

    key: str = Field(primary_key=True)
    slack: str
    user: str = Field(index=True)
    lead: bool
    vendor: bool
    phone: str
    region: str
    ring: str = Field(default="", sa_column_kwargs={"server_default": ""})
    mail: str = Field(default="", sa_column_kwargs={"server_default": ""})


class OrganisationRow(Row):
    """Every applied version of the organisation; the last one counts."""

    __tablename__ = "organisation"

    version: int = Field(primary_key=True)
    applied_at: datetime = Field(sa_type=Instant)
    applied_by: str
    body: str = Field(sa_type=Text)


class HandoffRow(Row):
    __tablename__ = "handoff"
    __table_args__ = (Index("ix_handoff_schedule_at", "schedule", "at"),)

    id: str = Field(primary_key=True)
    schedule: str
    at: datetime = Field(sa_type=Instant)
    state: str = Field(index=True)
    body: str = Field(sa_type=Text)


class DutyRow(Row):
    """A periodic duty that some process has taken, once for each slot (a local date, an instant)."""

    __tablename__ = "duty"

    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)


class AuditRow(Row):
    """Append-only: who did what to what."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    by: str
    action: str
    subject: str = Field(index=True)
    detail: dict[str, str] = Field(sa_type=JSON)


class FactRow(Row):
    __tablename__ = "fact"

    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)


class CounterRow(Row):
    __tablename__ = "counter"

    name: str = Field(primary_key=True)
    value: int


class BucketRow(Row):
    """A rate bucket, shared by every process: until when Slack wants no call, and how full it is.

    `tat` is the instant at which it is full again (GCRA); `stretch` how many times slower than the tier
    it was filled when Slack had refused a call at `refused_at`; that is forgotten by and by. `each_s` and
    `depth` are its pace when it was last counted: seconds between two calls, and how many at once.
    """

    __tablename__ = "bucket"

    name: str = Field(primary_key=True)
    held_until: datetime = Field(sa_type=Instant)
    tat: datetime | None = Field(default=None, sa_type=Instant)
    stretch: float = Field(default=1.0, sa_column_kwargs={"server_default": "1"})
    refused_at: datetime | None = Field(default=None, sa_type=Instant)
    each_s: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    depth: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})


class SignatureRow(Row):
    """A signed request that was answered, by the digest of its signature: it is not taken a second time."""

    __tablename__ = "signature"

    digest: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=Instant, index=True)


INCIDENT: Final = METADATA.tables["incident"]
TIMELINE: Final = METADATA.tables["timeline"]
OUTBOX: Final = METADATA.tables["outbox"]
TIMER: Final = METADATA.tables["timer"]
INBOX: Final = METADATA.tables["inbox"]
PROFILE: Final = METADATA.tables["profile"]
MEMBER: Final = METADATA.tables["member"]
ORGANISATION: Final = METADATA.tables["organisation"]
HANDOFF: Final = METADATA.tables["handoff"]
DUTY: Final = METADATA.tables["duty"]
AUDIT: Final = METADATA.tables["audit"]
FACT: Final = METADATA.tables["fact"]
COUNTER: Final = METADATA.tables["counter"]
BUCKET: Final = METADATA.tables["bucket"]
SIGNATURE: Final = METADATA.tables["signature"]
APPEND_ONLY: Final = ("timeline", "audit")

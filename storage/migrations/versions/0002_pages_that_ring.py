"""Rings, proofs of ring, messages without their text, counted buckets, phones, signatures that were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
RINGING = sa.text("state = 'ringing'")


def upgrade() -> None:
    _rings()
    _messages()
    op.create_table(
        "signature",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("seen_at", INSTANT, nullable=False, index=True),
    )
    op.add_column("bucket", sa.Column("tat", INSTANT))
    op.add_column("bucket", sa.Column("stretch", sa.Float(), nullable=False, server_default="1"))
    for name in ("ring", "mail"):
        op.add_column("member", sa.Column(name, sa.String(), nullable=False, server_default=""))


def _rings() -> None:
    op.create_table(
        "ring",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("subject", sa.String(), nullable=False, index=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False, index=True),
        sa.Column("rang_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", INSTANT),
    )
    op.create_index("ix_ring_ringing", "ring", ["rang_at"], sqlite_where=RINGING, postgresql_where=RINGING)
    op.create_table(
        "proof",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_index("ix_proof_user_asked_at", "proof", ["user", "asked_at"])


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("ts", sa.String(), primary_key=True),
        sa.Column("incident", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("permalink", sa.String(), nullable=False),
        sa.Column("edited_at", INSTANT),
        sa.Column("deleted_at", INSTANT),
    )
    op.create_index("ix_message_incident_author_at", "message", ["incident", "author", "at"])

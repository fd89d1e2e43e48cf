"""Rings, proofs of ring, messages without their text, counted buckets, phones, signatures that were seen."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
UNFINISHED = sa.text("done_at IS NULL")
RINGING = sa.text("state = 'ringing'")
KEPT = ("id", "incident", "seq", "dedup", "at", "recorded_at", "kind", "by", "digest", "prev_hash", "hash")
WORDS_GO = "OLD.kind IN ('message', 'amended') AND OLD.salt <> '' AND NEW.salt = '' AND NEW.body = ''"


def upgrade() -> None:
    _rings()
    _messages()
    _let_words_be_erased()
    op.create_table(
        "signature",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("seen_at", INSTANT, nullable=False, index=True),
    )
    _rates()
    op.add_column("incident", sa.Column("thread", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_incident_thread", "incident", ["thread"])
    for name in ("ring", "mail"):
        op.add_column("member", sa.Column(name, sa.String(), nullable=False, server_default=""))


def _rates() -> None:
    op.add_column("bucket", sa.Column("tat", INSTANT))
    op.add_column("bucket", sa.Column("stretch", sa.Float(), nullable=False, server_default="1"))
    op.add_column("bucket", sa.Column("refused_at", INSTANT))
    for name in ("each_s", "depth"):
        op.add_column("bucket", sa.Column(name, sa.Float(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("bucket", sa.String()))
    op.execute("UPDATE outbox SET rank = priority")
    op.drop_index("ix_outbox_open", "outbox")
    op.create_index(
        "ix_outbox_open", "outbox", ["rank", "id"], sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
    )


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
        sa.Column("edited_at", INSTANT),
        sa.Column("deleted_at", INSTANT),
    )
    op.create_index("ix_message_incident_author_at", "message", ["incident", "author", "at"])


def _let_words_be_erased() -> None:
    """Of a message on the timeline the words may be taken out, with the salt of their digest, and nothing
    else may be changed: the row keeps who, when, the digest and its place in the chain."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER timeline_append_only ON timeline")
        op.execute(
            "CREATE TRIGGER timeline_append_only BEFORE DELETE OR TRUNCATE ON timeline "
            "FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_append_only()"
        )
        op.execute(
            "CREATE TRIGGER timeline_no_update BEFORE UPDATE ON timeline FOR EACH ROW "
            f"WHEN (NOT ({_erasure('IS NOT DISTINCT FROM')})) EXECUTE FUNCTION timeline_is_append_only()"
        )
        return
    op.execute("DROP TRIGGER timeline_no_update")
    op.execute(
        f"CREATE TRIGGER timeline_no_update BEFORE UPDATE ON timeline WHEN NOT ({_erasure('IS')}) "
        "BEGIN SELECT RAISE(ABORT, 'timeline is append-only'); END"
    )


def _erasure(same: str) -> str:
    """The one change that is let through, in SQL; `same` is the comparison that knows NULL."""
    return " AND ".join([WORDS_GO, *(f'NEW."{name}" {same} OLD."{name}"' for name in KEPT)])

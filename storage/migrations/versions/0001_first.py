"""The first schema: incidents and timeline, outbox, timers, inbox, people, schedules, handoffs, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
UNFINISHED = sa.text("done_at IS NULL")
WAITING = sa.text("state = 'pending'")


def upgrade() -> None:
    _incidents()
    _outbox()
    _timers()
    _people()
    _schedules()
    _small_tables()
    for table in ("timeline", "audit"):
        _refuse_change(table)


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("key_folded", sa.String(), nullable=False, unique=True),
        sa.Column("number", sa.Integer()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_folded", sa.String(), nullable=False, index=True),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False, index=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False, index=True),
        sa.Column("channel_id", sa.String(), nullable=False, index=True),
        sa.Column("declared_at", INSTANT, nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_seq", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "timeline",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("incident", sa.String(), sa.ForeignKey("incident.key"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("dedup", sa.String(), unique=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.UniqueConstraint("incident", "seq"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("users", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("newest", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", INSTANT),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("put_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.CheckConstraint("state IN ('pending','running','done','failed','skipped','dead')", name="state"),
    )
    for name, columns in {
        "ix_outbox_open": ["priority", "id"],
        "ix_outbox_lane": ["lane", "id"],
        "ix_outbox_newest": ["newest", "id"],
    }.items():
        op.create_index(name, "outbox", columns, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)
    op.create_index("ix_outbox_subject", "outbox", ["subject"])
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("held_until", INSTANT, nullable=False),
    )


def _timers() -> None:
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('pending','fired','cancelled','dead')", name="state"),
    )
    op.create_index("ix_timer_due", "timer", ["due_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_timer_subject", "timer", ["subject"])


def _people() -> None:
    op.create_table(
        "profile",
        sa.Column("user", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("guest", sa.Boolean(), nullable=False),
        sa.Column("stranger", sa.Boolean(), nullable=False),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
    )
    op.create_table(
        "member",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("slack", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False, index=True),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("vendor", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
    )


def _schedules() -> None:
    op.create_table(
        "organisation",
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("applied_at", INSTANT, nullable=False),
        sa.Column("applied_by", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "override",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "handoff",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False, index=True),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_index("ix_handoff_schedule_at", "handoff", ["schedule", "at"])


def _small_tables() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False, index=True),
        sa.Column("detail", sa.JSON(), nullable=False),
    )
    op.create_table(
        "duty",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("subject", sa.String(), primary_key=True),
        sa.Column("slot", sa.String(), primary_key=True),
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
    )


def _refuse_change(table: str) -> None:
    """UPDATE and DELETE of this table fail from now on, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )

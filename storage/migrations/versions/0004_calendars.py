"""Calendars: secret addresses of feeds, what calendars have been told; and imports."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("user", sa.String(), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("alarm", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
    )
    op.create_table(
        "feed_event",
        sa.Column("uid", sa.String(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("schedule", "region", "seat", "person", "name", "kind")
        ),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False, index=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamped_at", INSTANT, nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_feed_event_schedule_ends_at", "feed_event", ["schedule", "ends_at"])
    _what_comes_in()
    _what_is_followed()


def _what_comes_in() -> None:
    op.create_table(
        "rota_import",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_index("ix_rota_import_by_made_at", "rota_import", ["by", "made_at"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False, index=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("origin", sa.String(), nullable=False, index=True),
        sa.Column("import_id", sa.String(), nullable=False, index=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
    )


def _what_is_followed() -> None:
    op.create_table(
        "calendar_source",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, index=True),
        sa.Column("body", sa.Text(), nullable=False),
    )

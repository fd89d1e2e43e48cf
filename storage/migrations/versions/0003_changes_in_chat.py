"""Changes of a schedule made in chat: undone overrides, swaps, absences, requests, preferences."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.String(27).with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("override", sa.Column("withdrawn_at", INSTANT))
    op.create_table(
        "swap",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
    )
    op.create_index("ix_absence_person_ends_at", "absence", ["person", "ends_at"])
    op.create_table(
        "rota_request",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_index("ix_rota_request_state_due_at", "rota_request", ["state", "due_at"])
    op.create_index("ix_rota_request_by_made_at", "rota_request", ["by", "made_at"])
    op.create_table(
        "preference",
        sa.Column("user", sa.String(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
    )

"""The column types of the tables: an instant is aware UTC on the way in and out, on both databases."""

from datetime import UTC, datetime

from sqlalchemy import TIMESTAMP, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

INSTANT_WIDTH = len("2026-03-01T12:00:00.000000Z")


class Instant(TypeDecorator[datetime]):
    """An instant: `timestamptz` on PostgreSQL, on SQLite fixed-width RFC 3339 text, which sorts by time."""

    impl = String(INSTANT_WIDTH)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(INSTANT_WIDTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value!r}")
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        return instant_text(value)

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return value.astimezone(UTC)


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`: the one written form, in rows and in hashes."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

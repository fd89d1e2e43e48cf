"""Calendar feeds in SQL: addresses by the digest of their token, and what calendars have been told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import RowMapping, delete, insert, select

from incidents.feeds import Feed, FeedKind, Scope
from rotations.feed import Kind
from rotations.feed_changes import Published
from rotations.model import Seat
from storage.tables import FEED, FEED_EVENT
from storage.transaction import Transaction

REVISIONS: Final = "feed.revisions"


class SqlFeeds(Struct, frozen=True):
    tx: Transaction

    def hold(self) -> None:
        """Nobody else revises what calendars have been told until this unit of work ends."""
        self.tx.counted(REVISIONS)

    def add(self, feed: Feed) -> None:
        self.tx.run(insert(FEED), [_row(feed)])

    def by_digest(self, digest: str) -> Feed | None:
        """Also one that is revoked."""
        row = self.tx.one(select(FEED).where(FEED.c.digest == digest))
        return _feed(row) if row else None

    def get(self, feed_id: str) -> Feed | None:
        row = self.tx.one(select(FEED).where(FEED.c.id == feed_id))
        return _feed(row) if row else None

    def of(self, user: str) -> Sequence[Feed]:
        """Those of a person that are not revoked, the oldest first."""
        mine = select(FEED).where(FEED.c.user == user, FEED.c.revoked_at.is_(None))
        return [_feed(row) for row in self.tx.all(mine.order_by(FEED.c.made_at, FEED.c.id))]

    def save(self, feed: Feed) -> None:
        self.tx.upsert(FEED, [_row(feed)])

    def told(self, schedule: str | None, since: datetime) -> Mapping[str, Published]:
        """By UID, what calendars know of a schedule (None: of all) that ends after an instant."""
        found = select(FEED_EVENT).where(FEED_EVENT.c.ends_at > since)
        if schedule is not None:
            found = found.where(FEED_EVENT.c.schedule == schedule)
        return {row["uid"]: _published(row) for row in self.tx.all(found)}

    def tell(self, entries: Sequence[Published]) -> None:
        self.tx.upsert(FEED_EVENT, [entry._asdict() for entry in entries])

    def forget(self, before: datetime) -> None:
        """What had ended by then is shown no more."""
        self.tx.run(delete(FEED_EVENT).where(FEED_EVENT.c.ends_at <= before))


def _row(feed: Feed) -> dict[str, Any]:
    scope = feed.scope
    return {
        "id": feed.id,
        "digest": feed.digest,
        "user": feed.user,
        "kind": scope.kind.value,
        "schedule": scope.schedule,
        "region": scope.region,
        "alarm": feed.alarm,
        "made_at": feed.made_at,
        "read_at": feed.read_at,
        "revoked_at": feed.revoked_at,
    }


def _feed(row: RowMapping) -> Feed:
    return Feed(
        id=row["id"],
        digest=row["digest"],
        user=row["user"],
        scope=Scope(FeedKind(row["kind"]), row["schedule"], row["region"]),
        made_at=row["made_at"],
        alarm=row["alarm"],
        read_at=row["read_at"],
        revoked_at=row["revoked_at"],
    )


def _published(row: RowMapping) -> Published:
    return Published(**{**row, "seat": Seat(row["seat"]), "kind": Kind(row["kind"])})

"""Calendars that are followed, in SQL. A row without `due_at` is followed no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import RowMapping, func, select, update

from incidents.subscriptions import Subscription
from storage import codec
from storage.bodies import body_over
from storage.tables import CALENDAR_SOURCE
from storage.transaction import Transaction

FOLLOWING: Final = "calendar_source.following"
_WHOLE: Final = select(CALENDAR_SOURCE.c.id, CALENDAR_SOURCE.c.url, CALENDAR_SOURCE.c.body)


class SqlSubscriptions(Struct, frozen=True):
    tx: Transaction

    def hold(self) -> None:
        self.tx.counted(FOLLOWING)

    def add(self, one: Subscription) -> None:
        row = {"id": one.id, "made_at": one.made_at, **_columns(one, codec.written(_shown(one)))}
        self.tx.insert_new(CALENDAR_SOURCE, [row])

    def get(self, subscription_id: str, lock: bool = False) -> Subscription | None:
        found = _WHOLE.where(CALENDAR_SOURCE.c.id == subscription_id)
        row = self.tx.one(found.with_for_update() if lock and self.tx.is_postgresql else found)
        return _read(row) if row else None

    def save(self, one: Subscription) -> None:
        mine = CALENDAR_SOURCE.c.id == one.id
        body = body_over(self.tx, CALENDAR_SOURCE, mine, _shown(one))
        self.tx.run(update(CALENDAR_SOURCE).where(mine).values(_columns(one, body)))

    def followed(self) -> Sequence[Subscription]:
        found = _WHOLE.where(CALENDAR_SOURCE.c.due_at.is_not(None))
        rows = self.tx.all(found.order_by(CALENDAR_SOURCE.c.made_at, CALENDAR_SOURCE.c.id))
        urls = {row["id"]: row["url"] for row in rows}
        known = codec.read_all(Subscription, (row["body"] for row in rows))
        return [replace(one, url=urls[one.id]) for one in known]

    def next_due(self) -> datetime | None:
        """None while nothing is followed."""
        row = self.tx.one(select(func.min(CALENDAR_SOURCE.c.due_at).label("at")))
        return row["at"] if row else None

    def due(self, now: datetime) -> Subscription | None:
        """Rows that another process holds are passed over: it reads them."""
        waiting = _WHOLE.where(CALENDAR_SOURCE.c.due_at <= now)
        first = waiting.order_by(CALENDAR_SOURCE.c.due_at, CALENDAR_SOURCE.c.id).limit(1)
        row = self.tx.one(first.with_for_update(skip_locked=True) if self.tx.is_postgresql else first)
        return _read(row) if row else None


def _shown(one: Subscription) -> Subscription:
    """The address stands in its own column and nowhere else."""
    return replace(one, url="")


def _columns(one: Subscription, body: str) -> dict[str, Any]:
    return {"url": one.url, "due_at": None if one.ended_at else one.due_at, "body": body}


def _read(row: RowMapping) -> Subscription:
    return replace(codec.read(Subscription, row["body"]), url=row["url"])

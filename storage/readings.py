"""What is measured in the database for health, metrics and `status`. Counts and instants, never a word."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, or_, select, text

from storage import claims
from storage.inbox import ABSORBED
from storage.tables import COUNTER, INCIDENT, OUTBOX, TIMER, UNFINISHED, WAITING
from storage.transaction import Transaction

SERVER_NOW = text("SELECT clock_timestamp()")


class Waiting(Struct, frozen=True):
    """Effects of one priority that have not left, and since when the oldest of them could have."""

    priority: int
    count: int
    oldest_at: datetime


class SqlReadings(Struct, frozen=True):
    tx: Transaction

    def waiting(self, now: datetime) -> Sequence[Waiting]:
        """By priority, most urgent first. What is to leave later than now does not wait yet."""
        priority, put_at = OUTBOX.c.priority, OUTBOX.c.put_at
        oldest_at: ColumnElement[datetime] = func.min(put_at, type_=put_at.type)
        is_due = or_(OUTBOX.c.not_before <= now, OUTBOX.c.attempts > 0)
        found = select(priority, func.count().label("count"), oldest_at.label("oldest_at"))
        rows = self.tx.all(
            found.where(UNFINISHED, claims.KNOWN_KIND, is_due).group_by(priority).order_by(priority)
        )
        return [Waiting(row["priority"], row["count"], row["oldest_at"]) for row in rows]

    def parked(self) -> dict[str, int]:
        """Rate bucket → how many effects wait for it."""
        mine = OUTBOX.c.bucket
        found = select(mine.label("bucket"), func.count().label("count")).where(UNFINISHED, claims.PENDING)
        rows = self.tx.all(found.where(mine.is_not(None), mine != "").group_by(mine).order_by(mine))
        return {row["bucket"]: row["count"] for row in rows}

    def dead(self) -> int:
        """Effects that were given up: every attempt failed."""
        return self._count(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state == "dead"))

    def timers(self) -> int:
        """Those that have not fired."""
        return self._count(select(func.count()).select_from(TIMER).where(WAITING))

    def open_incidents(self, statuses: Sequence[str]) -> int:
        """How many have one of these statuses."""
        return self._count(
            select(func.count()).select_from(INCIDENT).where(INCIDENT.c.status.in_(list(statuses)))
        )

    def absorbed(self) -> int:
        """Deliveries that came again and changed nothing, since the database was made."""
        return self._count(select(COUNTER.c.value).where(COUNTER.c.name == ABSORBED))

    def database_now(self) -> datetime | None:
        """What the database server's clock shows; None where there is no server."""
        if not self.tx.is_postgresql:
            return None
        shown: datetime = self.tx.run(SERVER_NOW).scalar_one()
        return shown

    def _count(self, statement: Select[int]) -> int:
        return int(self.tx.run(statement).scalar() or 0)

"""What was given up: effects that failed at every attempt or that Slack refused, what failed because of them,
and timers that were buried. A person may have them tried again, or drop them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, RowMapping, select, update

from storage import claims
from storage.tables import OUTBOX, TIMER
from storage.transaction import Transaction

MOST_LISTED = 500
FAILED_AFTER: Final = (OUTBOX.c.state == "failed", OUTBOX.c.last_error == claims.AFTER_A_FAILURE)
BURIED: Final = TIMER.c.state == "dead"


class DeadLetter(Struct, frozen=True):
    """`state` is dead (given up), failed (because something before it was) or buried (a timer). `at` is when;
    of a timer, when it should have fired. Kinds are words, for a newer version may have put them."""

    key: str
    kind: str
    subject: str
    state: str
    error: str
    attempts: int
    at: datetime


class SqlDeadLetters(Struct, frozen=True):
    tx: Transaction

    def listed(self) -> Sequence[DeadLetter]:
        """Newest first."""
        lost = select(OUTBOX).where(claims.LOST).order_by(OUTBOX.c.done_at.desc(), OUTBOX.c.id.desc())
        buried = select(TIMER).where(BURIED).order_by(TIMER.c.due_at.desc())
        letters = [_lost(row) for row in self.tx.all(lost.limit(MOST_LISTED))]
        return letters + [_buried(row) for row in self.tx.all(buried.limit(MOST_LISTED))]

    def get(self, key: str) -> DeadLetter | None:
        if (lost := self.tx.one(select(OUTBOX).where(OUTBOX.c.key == key, claims.LOST))) is not None:
            return _lost(lost)
        buried = self.tx.one(select(TIMER).where(TIMER.c.key == key, BURIED))
        return None if buried is None else _buried(buried)

    def retry(self, key: str, now: datetime) -> int:
        """Have it tried again at once, with fresh attempts, and all that failed only because it did. How many
        they are. What may have reached Slack is looked for first."""
        again = {"state": "pending", "attempts": 0, "not_before": now, "done_at": None, "last_error": ""}
        keys = [key, *self._failed_with(key)]
        count = 0
        for one in keys:
            is_lost = (OUTBOX.c.key == one, claims.LOST)
            count += self.tx.run(
                update(OUTBOX).where(*is_lost).values(**again, ambiguous=_WAS_TRIED)
            ).rowcount
        fires = update(TIMER).where(TIMER.c.key == key, BURIED)
        count += self.tx.run(fires.values(state="pending", attempts=0, due_at=now)).rowcount
        self.tx.has_put = self.tx.has_put or count > 0
        return count

    def drop(self, key: str, by: str) -> bool:
        """It is no longer wanted, and is listed no more; `by` whom is kept in its row."""
        words = f"dropped by {by}"
        gone = (
            update(OUTBOX).where(OUTBOX.c.key == key, claims.LOST).values(state="skipped", last_error=words)
        )
        fires_no_more = update(TIMER).where(TIMER.c.key == key, BURIED)
        ended = self.tx.run(fires_no_more.values(state="cancelled", last_error=words)).rowcount
        return bool(self.tx.run(gone).rowcount + ended)

    def _failed_with(self, key: str) -> list[str]:
        """What failed because of it, and because of that, and so on down."""
        rows = self.tx.all(select(OUTBOX.c.key, OUTBOX.c.after).where(*FAILED_AFTER))
        found = [key]
        for lost in found:  # grows while it is walked
            found += [row["key"] for row in rows if lost in row["after"] and row["key"] not in found]
        return found[1:]


_WAS_TRIED: Final[ColumnElement[bool]] = OUTBOX.c.attempts > 0


def _lost(row: RowMapping) -> DeadLetter:
    return _letter(row, row["state"], row["done_at"])


def _buried(row: RowMapping) -> DeadLetter:
    return _letter(row, "buried", row["due_at"])


def _letter(row: RowMapping, state: str, at: Any) -> DeadLetter:
    return DeadLetter(row["key"], row["kind"], row["subject"], state, row["last_error"], row["attempts"], at)

"""Timers as rows: put, cancelled, fired. Firing writes effects in the same unit of work, nothing else."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, RowMapping, bindparam, func, literal_column, select, update

from incidents.effects import Timer, TimerKind
from storage.tables import TIMER, WAITING
from storage.transaction import Transaction

KNOWN_KIND: Final = TIMER.c.kind.in_([literal_column(f"'{kind.value}'") for kind in TimerKind])
LIVING = TIMER.c.state.in_(("pending", "fired"))  # a claimed one can be put off by who claimed it
FIELDS = (TIMER.c.key, TIMER.c.kind, TIMER.c.subject, TIMER.c.due_at, TIMER.c.args)
DUE: Final = (
    select(TIMER.c.id, *FIELDS)
    .where(WAITING, TIMER.c.due_at <= bindparam("now", type_=TIMER.c.due_at.type), KNOWN_KIND)
    .order_by(TIMER.c.due_at, TIMER.c.id)
    .limit(bindparam("at_most", type_=Integer))
    .with_for_update(skip_locked=True)
)
NEARER: Final = (
    update(TIMER)
    .where(TIMER.c.id == bindparam("same"), WAITING)
    .values(due_at=bindparam("now_due", type_=TIMER.c.due_at.type))
)
FIRE: Final = update(TIMER).where(TIMER.c.id.in_(bindparam("ids", expanding=True))).values(state="fired")


class SqlTimers(Struct, frozen=True):
    """A kind that this version does not know stays pending for the version that does."""

    tx: Transaction

    def put(self, timers: Sequence[Timer]) -> None:
        """Add; a key that is already there is left as it is."""
        if self.tx.insert_new(TIMER, [_columns(timer) for timer in timers]):
            self.tx.has_put = True

    def cancel(self, subject: str, prefix: str) -> None:
        """Pending timers of this subject whose key begins with the prefix."""
        begins = func.substr(TIMER.c.key, 1, len(prefix)) == prefix
        gone = update(TIMER).where(TIMER.c.subject == subject, begins, WAITING)
        self.tx.run(gone.values(state="cancelled"))

    def claim_due(self, now: datetime, limit: int) -> Sequence[Timer]:
        """Timers due at `now`, oldest first and one of each subject, marked as fired in this unit of work:
        what the older one cancels is not taken with it.

        When the unit fails they are pending again: see `postpone` and `bury` for one that keeps failing."""
        rows = self.tx.all(DUE, now=now, at_most=limit)
        firsts: dict[str, RowMapping] = {}
        for row in rows:
            firsts.setdefault(row["subject"], row)
        if firsts:
            self.tx.connection.execute(FIRE, {"ids": [row["id"] for row in firsts.values()]})
        return [_timer(row) for row in firsts.values()]

    def bring_nearer(self, by: timedelta, but: Collection[TimerKind] = ()) -> int:
        """Everything pending is due so much sooner, except these kinds. How many there were."""
        rows = self.tx.all(select(TIMER.c.id, TIMER.c.kind, TIMER.c.due_at).where(WAITING, KNOWN_KIND))
        news = [{"same": row["id"], "now_due": row["due_at"] - by} for row in rows if row["kind"] not in but]
        if news:
            self.tx.run(NEARER, news)
        return len(news)

    def next_due(self) -> datetime | None:
        soonest: ColumnElement[datetime] = func.min(TIMER.c.due_at, type_=TIMER.c.due_at.type)
        return self.tx.run(select(soonest).where(WAITING, KNOWN_KIND)).scalar()

    def of(self, subject: str) -> Sequence[Timer]:
        """Pending timers of the subject, soonest first."""
        found = select(*FIELDS).where(TIMER.c.subject == subject, WAITING, KNOWN_KIND)
        return [_timer(row) for row in self.tx.all(found.order_by(TIMER.c.due_at, TIMER.c.id))]

    def postpone(self, key: str, until: datetime, error: str, counts: bool = True) -> int:
        """A firing failed: try again at `until`. The number of failed firings that count so far."""
        failed = TIMER.c.attempts + int(counts)
        news = {"state": "pending", "due_at": until, "attempts": failed, "last_error": error}
        later = update(TIMER).where(TIMER.c.key == key, LIVING).values(news).returning(TIMER.c.attempts)
        return int(self.tx.run(later).scalar() or 0)

    def bury(self, key: str, error: str) -> None:
        """This timer has failed too often: it never fires again and is listed as dead."""
        self.tx.run(update(TIMER).where(TIMER.c.key == key, LIVING).values(state="dead", last_error=error))


def _columns(timer: Timer) -> dict[str, Any]:
    return {
        "key": timer.key,
        "kind": timer.kind.value,
        "subject": timer.subject,
        "due_at": timer.due_at,
        "args": timer.args,
        "state": "pending",
        "attempts": 0,
        "last_error": "",
    }


def _timer(row: RowMapping) -> Timer:
    kind = TimerKind(row["kind"])
    return Timer(kind, row["key"], row["subject"], row["due_at"], dict(row["args"]))

"""Timers as rows: put, cancelled, fired. Firing writes effects in the same unit of work, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, exists, func, literal_column, select, tuple_, update

from incidents.effects import Timer, TimerKind
from storage.tables import TIMER, WAITING
from storage.transaction import Transaction

KINDS: Final = [literal_column(f"'{kind.value}'") for kind in TimerKind]
KNOWN_KIND: Final = TIMER.c.kind.in_(KINDS)
OLDER: Final = TIMER.alias("older")
HAS_OLDER: Final = exists().where(
    OLDER.c.subject == TIMER.c.subject,
    OLDER.c.state == literal_column("'pending'"),
    OLDER.c.kind.in_(KINDS),
    tuple_(OLDER.c.due_at, OLDER.c.id) < tuple_(TIMER.c.due_at, TIMER.c.id),
)
LIVING = TIMER.c.state.in_(("pending", "fired"))  # a claimed one can be put off by who claimed it
FIELDS = (TIMER.c.key, TIMER.c.kind, TIMER.c.subject, TIMER.c.due_at, TIMER.c.args)


@dataclass(frozen=True, slots=True)
class SqlTimers:
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
        due = select(TIMER.c.id).where(WAITING, TIMER.c.due_at <= now, KNOWN_KIND, ~HAS_OLDER)
        mine = due.order_by(TIMER.c.due_at, TIMER.c.id).limit(limit).with_for_update(skip_locked=True)
        fired = update(TIMER).where(TIMER.c.id.in_(mine)).values(state="fired").returning(*FIELDS)
        return sorted(map(_timer, self.tx.all(fired)), key=lambda timer: (timer.due_at, timer.key))

    def next_due(self) -> datetime | None:
        soonest: ColumnElement[datetime] = func.min(TIMER.c.due_at, type_=TIMER.c.due_at.type)
        return self.tx.run(select(soonest).where(WAITING, KNOWN_KIND)).scalar()

    def of(self, subject: str) -> Sequence[Timer]:
        """Pending timers of the subject, soonest first."""
        found = select(*FIELDS).where(TIMER.c.subject == subject, WAITING)
        return [_timer(row) for row in self.tx.all(found.order_by(TIMER.c.due_at, TIMER.c.id))]

    def postpone(self, key: str, until: datetime, error: str) -> int:
        """A firing failed: try again at `until`. The number of firings that have failed so far."""
        news = {"state": "pending", "due_at": until, "attempts": TIMER.c.attempts + 1, "last_error": error}
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

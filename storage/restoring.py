"""After a restore from an older copy: what was on its way then may have arrived since. The rows' side of it.

Which kinds are treated how is the core's rule (`incidents/restoring.py`)."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select, update

from incidents.restoring import DOUBTED, LAPSED, NEVER_AGAIN, is_doubted
from storage.incidents import NUMBERS
from storage.tables import COUNTER, OUTBOX, TIMER, UNFINISHED, WAITING
from storage.transaction import Transaction

NUMBERS_LEFT_OUT = 100


class SqlRestoring(Struct, frozen=True):
    tx: Transaction

    def doubt(self, now: datetime) -> tuple[int, int]:
        """Nothing that waits or was in hand is sent without a look; what cannot be looked for, not at all.

        How many are looked for, and how many are dropped."""
        dropped = update(OUTBOX).where(UNFINISHED, OUTBOX.c.kind.in_(_names(NEVER_AGAIN)))
        gone = {"state": "skipped", "owner": "", "last_error": "it may have been sent", "done_at": now}
        count = self.tx.run(dropped.values(gone)).rowcount
        rows = self.tx.all(select(OUTBOX.c.id, OUTBOX.c.priority, OUTBOX.c.args).where(UNFINISHED))
        for row in rows:
            news = {"state": "pending", "owner": "", "lease_until": None, "ambiguous": True}
            args = {**row["args"], DOUBTED: "yes"} if is_doubted(row["priority"]) else row["args"]
            self.tx.run(update(OUTBOX).where(OUTBOX.c.id == row["id"]).values(args=args, **news))
        return len(rows), count

    def lapse(self, now: datetime) -> int:
        """What fell due before `now` fires no more: the copy cannot know whether it has. How many."""
        due = update(TIMER).where(WAITING, TIMER.c.due_at <= now, TIMER.c.kind.in_(_names(LAPSED)))
        return self.tx.run(due.values(state="cancelled")).rowcount

    def leave_numbers_out(self) -> None:
        """Incidents may have been numbered since the copy: no number is given to a second one."""
        more = update(COUNTER).where(COUNTER.c.name == NUMBERS)
        self.tx.run(more.values(value=COUNTER.c.value + NUMBERS_LEFT_OUT))


def _names(kinds: Iterable[object]) -> list[str]:
    return sorted(str(kind) for kind in kinds)

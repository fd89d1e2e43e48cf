"""What should have happened already: timers that did not fire in time, pages that have not left."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, func, or_, select

from incidents.bundles import TOGETHER
from incidents.effects import EffectKind, Timer, TimerKind
from storage.tables import OUTBOX, TIMER, UNFINISHED, WAITING
from storage.timers import FIELDS
from storage.transaction import Transaction

PAGES = [kind.value for pair in TOGETHER.items() for kind in pair]


class SqlLateness(Struct, frozen=True):
    tx: Transaction

    def overdue(self, kinds: Iterable[TimerKind], before: datetime) -> Sequence[Timer]:
        """Timers of these kinds that should have fired before an instant and wait still, oldest first."""
        of_kind = TIMER.c.kind.in_([kind.value for kind in kinds])
        found = select(*FIELDS).where(WAITING, TIMER.c.due_at < before, of_kind).order_by(TIMER.c.due_at)
        return [
            Timer(TimerKind(row["kind"]), row["key"], row["subject"], row["due_at"], dict(row["args"]))
            for row in self.tx.all(found)
        ]

    def pages(self, put_before: datetime, done_after: datetime) -> int:
        """How many pages were put before one instant and had not left by the other. What nobody wanted any
        more, because it was answered meanwhile, is none."""
        page = OUTBOX.c.kind == EffectKind.SEND_PAGE.value
        late = or_(OUTBOX.c.done_at.is_(None), OUTBOX.c.done_at >= done_after)
        wanted = OUTBOX.c.state != "skipped"
        found = (
            select(func.count()).select_from(OUTBOX).where(page, OUTBOX.c.put_at < put_before, late, wanted)
        )
        return int(self.tx.run(found).scalar_one())

    def oldest_unsent_page(self) -> datetime | None:
        """Since when the oldest page or ring has waited to leave."""
        oldest: ColumnElement[datetime] = func.min(OUTBOX.c.put_at, type_=OUTBOX.c.put_at.type)
        return self.tx.run(select(oldest).where(UNFINISHED, OUTBOX.c.kind.in_(PAGES))).scalar()

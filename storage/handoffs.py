"""Handoffs in SQL: the whole value as JSON, with schedule, instant and state beside it."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, select, update

from incidents.handoff import IN_FORCE, Handoff, HandoffState
from storage import codec
from storage.bodies import body_over
from storage.tables import HANDOFF
from storage.transaction import Transaction

BODIES = select(HANDOFF.c.body).order_by(HANDOFF.c.at, HANDOFF.c.id)
WAITING = BODIES.where(HANDOFF.c.state.in_([state.value for state in IN_FORCE]))
DRAFTED = BODIES.where(HANDOFF.c.state == HandoffState.DRAFTED.value)


class SqlHandoffs(Struct, frozen=True):
    tx: Transaction

    def add(self, handoff: Handoff) -> bool:
        """False when this handoff (schedule and instant) exists already."""
        return self.tx.insert_new(HANDOFF, [_columns(handoff, codec.written(handoff))]) == 1

    def get(self, handoff_id: str, lock: bool = False) -> Handoff | None:
        found = select(HANDOFF.c.body).where(HANDOFF.c.id == handoff_id)
        return self._first(found.with_for_update() if lock else found)

    def save(self, handoff: Handoff) -> None:
        mine = HANDOFF.c.id == handoff.id
        body = body_over(self.tx, HANDOFF, mine, handoff)
        self.tx.run(update(HANDOFF).where(mine).values(_columns(handoff, body)))

    def waiting(self) -> Sequence[Handoff]:
        """Offered and not yet accepted, those that a lead holds with them, oldest first."""
        return self._all(WAITING)

    def drafted(self) -> Sequence[Handoff]:
        """Written down and not yet offered, oldest first."""
        return self._all(DRAFTED)

    def recent(self, schedule: str, limit: int) -> Sequence[Handoff]:
        """The newest of a schedule first."""
        same = select(HANDOFF.c.body).where(HANDOFF.c.schedule == schedule)
        return self._all(same.order_by(HANDOFF.c.at.desc()).limit(limit))

    def _all(self, found: Select[Any]) -> Sequence[Handoff]:
        return codec.read_all(Handoff, self.tx.run(found).scalars())

    def _first(self, found: Select[Any]) -> Handoff | None:
        row = self.tx.one(found)
        return codec.read(Handoff, row["body"]) if row else None


def _columns(handoff: Handoff, body: str) -> dict[str, Any]:
    return {
        "id": handoff.id,
        "schedule": handoff.schedule,
        "at": handoff.at,
        "state": handoff.state.value,
        "body": body,
    }

"""Handoffs in SQL: the whole value as JSON, with schedule, instant and state beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, update

from incidents.handoff import Handoff, HandoffState
from storage import codec
from storage.tables import HANDOFF
from storage.transaction import Transaction

OFFERED = HANDOFF.c.state == HandoffState.OFFERED.value
WAITING = select(HANDOFF.c.body).where(OFFERED).order_by(HANDOFF.c.at, HANDOFF.c.id)


@dataclass(frozen=True, slots=True)
class SqlHandoffs:
    tx: Transaction

    def add(self, handoff: Handoff) -> bool:
        """False when this handoff (schedule and instant) exists already."""
        return self.tx.insert_new(HANDOFF, [_columns(handoff)]) == 1

    def get(self, handoff_id: str, lock: bool = False) -> Handoff | None:
        found = select(HANDOFF.c.body).where(HANDOFF.c.id == handoff_id)
        return self._first(found.with_for_update() if lock else found)

    def save(self, handoff: Handoff) -> None:
        self.tx.run(update(HANDOFF).where(HANDOFF.c.id == handoff.id).values(_columns(handoff)))

    def waiting(self) -> Sequence[Handoff]:
        """Offered and not yet accepted, oldest first."""
        return [codec.read(Handoff, row["body"]) for row in self.tx.all(WAITING)]

    def latest(self, schedule: str) -> Handoff | None:
        same = HANDOFF.c.schedule == schedule
        return self._first(select(HANDOFF.c.body).where(same).order_by(HANDOFF.c.at.desc()).limit(1))

    def _first(self, found: Select[Any]) -> Handoff | None:
        row = self.tx.one(found)
        return codec.read(Handoff, row["body"]) if row else None


def _columns(handoff: Handoff) -> dict[str, Any]:
    return {
        "id": handoff.id,
        "schedule": handoff.schedule,
        "at": handoff.at,
        "state": handoff.state.value,
        "body": codec.written(handoff),
    }

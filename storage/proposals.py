"""Imports that leads are asked about, in SQL: the value as JSON, and the bytes that it was read from."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, select, update

from incidents.proposals import Proposal, State
from storage import codec
from storage.bodies import body_over
from storage.tables import PROPOSAL
from storage.transaction import Transaction


class SqlProposals(Struct, frozen=True):
    tx: Transaction

    def add(self, proposal: Proposal, content: bytes | None = None) -> bool:
        row = {"id": proposal.id, **_columns(proposal, codec.written(proposal)), "content": content}
        return bool(self.tx.insert_new(PROPOSAL, [row]))

    def get(self, proposal_id: str, lock: bool = False) -> Proposal | None:
        found = select(PROPOSAL.c.body).where(PROPOSAL.c.id == proposal_id)
        row = self.tx.one(found.with_for_update() if lock and self.tx.is_postgresql else found)
        return codec.read(Proposal, row["body"]) if row else None

    def save(self, proposal: Proposal) -> None:
        mine = PROPOSAL.c.id == proposal.id
        body = body_over(self.tx, PROPOSAL, mine, proposal)
        self.tx.run(update(PROPOSAL).where(mine).values(_columns(proposal, body)))

    def content(self, proposal_id: str) -> bytes | None:
        row = self.tx.one(select(PROPOSAL.c.content).where(PROPOSAL.c.id == proposal_id))
        return row["content"] if row else None

    def keep(self, proposal_id: str, content: bytes | None) -> None:
        self.tx.run(update(PROPOSAL).where(PROPOSAL.c.id == proposal_id).values(content=content))

    def to_read(self) -> list[Proposal]:
        waiting = select(PROPOSAL.c.body).where(PROPOSAL.c.state == State.READING.value)
        return self._all(waiting.order_by(PROPOSAL.c.made_at, PROPOSAL.c.id))

    def undecided(self, before: datetime) -> list[Proposal]:
        open_ones = select(PROPOSAL.c.body).where(
            PROPOSAL.c.state == State.OPEN.value, PROPOSAL.c.origin == "", PROPOSAL.c.made_at < before
        )
        return self._all(open_ones.order_by(PROPOSAL.c.id))

    def of_origin(self, origin: str) -> Proposal | None:
        return self._newest(PROPOSAL.c.origin == origin)

    def of_import(self, import_id: str) -> Proposal | None:
        return self._newest(PROPOSAL.c.import_id == import_id)

    def _all(self, found: Select[Any]) -> list[Proposal]:
        return codec.read_all(Proposal, self.tx.run(found).scalars())

    def _newest(self, which: ColumnElement[bool]) -> Proposal | None:
        found = select(PROPOSAL.c.body).where(which)
        row = self.tx.one(found.order_by(PROPOSAL.c.made_at.desc(), PROPOSAL.c.id.desc()).limit(1))
        return codec.read(Proposal, row["body"]) if row else None


def _columns(proposal: Proposal, body: str) -> dict[str, Any]:
    return {
        "state": proposal.state.value,
        "made_at": proposal.made_at,
        "origin": proposal.origin,
        "import_id": proposal.import_id,
        "body": body,
    }

"""Phones that were rung, and proofs of ring."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import RowMapping, Select, select, update

from incidents.ringing import Proof, Ring, RingState
from rotations.newer import known
from storage import codec
from storage.bodies import body_over
from storage.tables import PROOF, RING, RINGING
from storage.transaction import Transaction


class SqlRings(Struct, frozen=True):
    tx: Transaction

    def add(self, ring: Ring) -> None:
        """A ring that is known already is left as it is."""
        self.tx.insert_new(RING, [_columns(ring)])

    def get(self, key: str) -> Ring | None:
        row = self.tx.one(select(RING).where(RING.c.key == key))
        return _ring(row) if row else None

    def ringing(self) -> Sequence[Ring]:
        """Everything that rings now, oldest first."""
        return self._all(select(RING).where(RINGING))

    def of(self, subject: str, page: str = "") -> Sequence[Ring]:
        """What still rings for this page (or test), oldest first."""
        return self._all(select(RING).where(RINGING, RING.c.subject == subject, RING.c.page == page))

    def end(self, key: str, state: RingState, now: datetime) -> None:
        """It rings no more; one that has ended keeps its ending."""
        mine = update(RING).where(RING.c.key == key, RING.c.state == RingState.RINGING.value)
        self.tx.run(mine.values(state=state.value, ended_at=now))

    def _all(self, found: Select[Any]) -> Sequence[Ring]:
        return [_ring(row) for row in self.tx.all(found.order_by(RING.c.rang_at, RING.c.key))]


class SqlProofs(Struct, frozen=True):
    tx: Transaction

    def add(self, proof: Proof) -> None:
        self.tx.insert_new(PROOF, [_proof_columns(proof, codec.written(proof))])

    def get(self, proof_id: str, lock: bool = False) -> Proof | None:
        found = select(PROOF.c.body).where(PROOF.c.id == proof_id)
        row = self.tx.one(found.with_for_update() if lock else found)
        return codec.read(Proof, row["body"]) if row else None

    def save(self, proof: Proof) -> None:
        mine = PROOF.c.id == proof.id
        body = body_over(self.tx, PROOF, mine, proof)
        self.tx.run(update(PROOF).where(mine).values(_proof_columns(proof, body)))

    def latest(self, user: str) -> Proof | None:
        """The newest that was answered; None where nobody has ever heard it ring."""
        answered = select(PROOF.c.body).where(PROOF.c.user == user, PROOF.c.answered_at.is_not(None))
        row = self.tx.one(answered.order_by(PROOF.c.answered_at.desc()).limit(1))
        return codec.read(Proof, row["body"]) if row else None

    def answered(self, user: str, since: datetime) -> Sequence[Proof]:
        """Those of which any leg was first answered since then, newest first."""
        theirs = select(PROOF.c.body).where(PROOF.c.user == user, PROOF.c.answered_at >= since)
        return [
            codec.read(Proof, row["body"]) for row in self.tx.all(theirs.order_by(PROOF.c.answered_at.desc()))
        ]

    def last_asked(self, user: str) -> Proof | None:
        """The newest that was sent, answered or not."""
        sent = select(PROOF.c.body).where(PROOF.c.user == user).order_by(PROOF.c.asked_at.desc(), PROOF.c.id)
        row = self.tx.one(sent.limit(1))
        return codec.read(Proof, row["body"]) if row else None


def _columns(ring: Ring) -> dict[str, Any]:
    return {
        "key": ring.key,
        "subject": ring.subject,
        "page": ring.page,
        "user": ring.user,
        "handle": ring.handle,
        "rang_at": ring.rang_at,
        "state": ring.state.value,
        "ended_at": ring.ended_at,
    }


def _ring(row: RowMapping) -> Ring:
    return Ring(**{**row, "state": known(RingState, row["state"])})


def _proof_columns(proof: Proof, body: str) -> dict[str, Any]:
    return {
        "id": proof.id,
        "user": proof.user,
        "asked_at": proof.asked_at,
        "answered_at": proof.answered_at,
        "body": body,
    }

"""Signed requests that were answered, so that sending one a second time does nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from storage.tables import SIGNATURE
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SqlSignatures:
    tx: Transaction

    def is_known(self, digest: str) -> bool:
        return self.tx.one(select(SIGNATURE.c.digest).where(SIGNATURE.c.digest == digest)) is not None

    def remember(self, digest: str, now: datetime) -> None:
        self.tx.insert_new(SIGNATURE, [{"digest": digest, "seen_at": now}])

    def forget(self, before: datetime) -> None:
        """Those that are too old to be accepted anyway."""
        self.tx.run(delete(SIGNATURE).where(SIGNATURE.c.seen_at < before))

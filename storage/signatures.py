"""Signed requests that were answered, so that sending one a second time does nothing."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, select

from storage.tables import SIGNATURE
from storage.transaction import Transaction


class SqlSignatures(Struct, frozen=True):
    tx: Transaction

    def is_known(self, digest: str) -> bool:
        return self.tx.one(select(SIGNATURE.c.digest).where(SIGNATURE.c.digest == digest)) is not None

    def remember(self, seen: Mapping[str, datetime]) -> None:
        """Digest → when it was seen. One that is known already stays as it is."""
        self.tx.insert_new(SIGNATURE, [{"digest": digest, "seen_at": at} for digest, at in seen.items()])

    def forget(self, before: datetime) -> None:
        """Those that are too old to be accepted anyway."""
        self.tx.run(delete(SIGNATURE).where(SIGNATURE.c.seen_at < before))

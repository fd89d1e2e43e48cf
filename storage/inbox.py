"""Deliveries that were acted on, each once, so that a redelivery changes nothing and gets the same answer."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storage.tables import INBOX
from storage.transaction import Transaction

ABSORBED = "deliveries.absorbed"
ANSWERED = update(INBOX).where(INBOX.c.key == bindparam("same_key"))


class SqlInbox(Struct, frozen=True):
    tx: Transaction

    def first(self, key: str, now: datetime) -> bool:
        """Record the delivery; False when it was recorded before. Those are counted, for the metrics."""
        is_new = self.tx.insert_new(INBOX, [{"key": key, "subject": "", "received_at": now}]) == 1
        if not is_new:
            self.tx.counted(ABSORBED)
        return is_new

    def answered(self, key: str, subject: str) -> None:
        self.tx.run(ANSWERED, [{"same_key": key, "subject": subject}])

    def subject(self, key: str) -> str:
        row = self.tx.one(select(INBOX.c.subject).where(INBOX.c.key == key))
        return str(row["subject"]) if row else ""

"""Who did what to what: appended to and read, never changed (triggers refuse it)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, insert, select

from storage.tables import AUDIT
from storage.transaction import Transaction

INSERT = insert(AUDIT)


class AuditEntry(Struct, frozen=True):
    at: datetime
    by: str
    action: str
    subject: str
    detail: dict[str, str]


class SqlAudit(Struct, frozen=True):
    tx: Transaction

    def write(self, at: datetime, by: str, action: str, subject: str, detail: dict[str, str]) -> None:
        row = {"at": at, "by": by, "action": action, "subject": subject, "detail": detail}
        self.tx.run(INSERT, [row])

    def last_by(self, subject: str, by: str) -> datetime | None:
        """When this person last did something to the subject."""
        latest = func.max(AUDIT.c.at, type_=AUDIT.c.at.type)
        return self.tx.run(select(latest).where(AUDIT.c.subject == subject, AUDIT.c.by == by)).scalar()

    def newest(self, limit: int, subject: str = "") -> Sequence[AuditEntry]:
        """The newest first; of one subject, or of all."""
        found = select(AUDIT.c.at, AUDIT.c.by, AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail)
        mine = found.where(AUDIT.c.subject == subject) if subject else found
        return [
            AuditEntry(*row.values()) for row in self.tx.all(mine.order_by(AUDIT.c.id.desc()).limit(limit))
        ]

    def of(self, subject: str) -> Sequence[AuditEntry]:
        """What was done to the subject, in the order it was written."""
        columns = (AUDIT.c.at, AUDIT.c.by, AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail)
        found = select(*columns).where(AUDIT.c.subject == subject).order_by(AUDIT.c.id)
        return [AuditEntry(*row.values()) for row in self.tx.all(found)]

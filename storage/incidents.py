"""Incidents in SQL: the whole value as JSON, and the columns that queries and unique keys need beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from incidents.model import Incident, Severity, Status
from storage import chain, codec
from storage.errors import Conflict
from storage.tables import INCIDENT
from storage.transaction import Transaction

OPEN = tuple(status.value for status in Status if status.is_open)
NUMBERS = "incident"


@dataclass(frozen=True, slots=True)
class SqlIncidents:
    tx: Transaction

    def next_number(self) -> int:
        """The next number of the open series, from 1; a rollback gives it back."""
        return self.tx.counted(NUMBERS)

    def add(self, incident: Incident) -> None:
        row = {"key": incident.key, "next_seq": 1, "chain_head": chain.GENESIS, **_columns(incident)}
        self.tx.run(insert(INCIDENT), [row])

    def get(self, key: str, lock: bool = False) -> Incident | None:
        """By key, case-insensitively. A lock is a row lock on PostgreSQL; SQLite has one writer anyway."""
        found = select(INCIDENT.c.body).where(INCIDENT.c.key_folded == key.casefold())
        return self._first(found.with_for_update() if lock else found)

    def in_channel(self, channel_id: str) -> Incident | None:
        """The incident whose channel this is; the newest, should a channel ever have had two."""
        newest = INCIDENT.c.declared_at.desc()
        return self._first(
            select(INCIDENT.c.body).where(INCIDENT.c.channel_id == channel_id).order_by(newest)
        )

    def save(self, incident: Incident) -> None:
        """Store with version + 1. Raises Conflict when another unit of work has saved in between."""
        saved = replace(incident, version=incident.version + 1)
        same = (INCIDENT.c.key == incident.key, INCIDENT.c.version == incident.version)
        if self.tx.run(update(INCIDENT).where(*same).values(_columns(saved))).rowcount != 1:
            raise Conflict(f"{incident.key} was changed by somebody else at the same moment. Try again.")

    def listing(self, statuses: Iterable[Status] | None = None, limit: int = 50) -> Sequence[Incident]:
        """Newest first."""
        found = select(INCIDENT.c.body).order_by(INCIDENT.c.declared_at.desc(), INCIDENT.c.number.desc())
        if statuses is not None:
            found = found.where(INCIDENT.c.status.in_([status.value for status in statuses]))
        return self._all(found.limit(limit))

    def managers(self, at_least: Severity) -> Sequence[tuple[str, str]]:
        """(key, incident manager) of the open incidents that are so grave or graver and have one."""
        live = (INCIDENT.c.status.in_(OPEN), INCIDENT.c.severity <= at_least.value, INCIDENT.c.manager != "")
        found = self.tx.all(select(INCIDENT.c.key, INCIDENT.c.manager).where(*live))
        return [(row["key"], row["manager"]) for row in found]

    def titles_since(self, since: datetime) -> Sequence[tuple[str, str]]:
        """(key, title) of the open incidents declared since, newest first."""
        live = (INCIDENT.c.status.in_(OPEN), INCIDENT.c.declared_at >= since)
        found = select(INCIDENT.c.key, INCIDENT.c.title).where(*live).order_by(INCIDENT.c.declared_at.desc())
        return [(row["key"], row["title"]) for row in self.tx.all(found)]

    def _first(self, found: Select[Any]) -> Incident | None:
        row = self.tx.one(found)
        return codec.read(Incident, row["body"]) if row else None

    def _all(self, found: Select[Any]) -> Sequence[Incident]:
        return [codec.read(Incident, row["body"]) for row in self.tx.all(found)]


def _columns(incident: Incident) -> dict[str, Any]:
    _, _, number = incident.key.rpartition("-")
    return {
        "key_folded": incident.key.casefold(),
        "number": int(number) if number.isascii() and number.isdigit() else None,
        "title": incident.title,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "restricted": incident.restricted,
        "manager": incident.manager,
        "channel_id": incident.channel.id if incident.channel else "",
        "declared_at": incident.declared_at,
        "version": incident.version,
        "body": codec.written(incident),
    }

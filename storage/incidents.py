"""Incidents in SQL: the whole value as JSON, and the columns that queries and unique keys need beside it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, insert, select, update

from incidents.intake import folded
from incidents.model import Incident, MessageRef, Severity, Status
from storage import chain, codec
from storage.errors import Conflict
from storage.tables import INCIDENT
from storage.transaction import Transaction

OPEN = tuple(status.value for status in Status if status.is_open)
NUMBERS = "incident"

LIVE = INCIDENT.c.status.in_(OPEN)
NEWEST = INCIDENT.c.declared_at.desc()
BY_KEY = select(INCIDENT.c.body).where(INCIDENT.c.key_folded == bindparam("folded"))
CHANNEL_OF = select(INCIDENT.c.channel_id).where(INCIDENT.c.key_folded == bindparam("folded"))
LOCKED = BY_KEY.with_for_update()
HELD = (
    select(INCIDENT.c.key, INCIDENT.c.body)
    .where(INCIDENT.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(INCIDENT.c.key)
    .with_for_update()
)
BY_CHANNEL = select(INCIDENT.c.body).where(INCIDENT.c.channel_id == bindparam("channel")).order_by(NEWEST)
BY_THREAD = select(INCIDENT.c.body).where(INCIDENT.c.thread == bindparam("thread")).order_by(NEWEST)
MANAGERS = select(INCIDENT.c.key, INCIDENT.c.manager, INCIDENT.c.restricted).where(
    LIVE, INCIDENT.c.severity <= bindparam("at_least"), INCIDENT.c.manager != ""
)
TITLED = (
    select(INCIDENT.c.key)
    .where(LIVE, INCIDENT.c.title_folded == bindparam("folded"), INCIDENT.c.declared_at >= bindparam("since"))
    .order_by(NEWEST)
)
SAVE = update(INCIDENT).where(
    INCIDENT.c.key == bindparam("same_key"), INCIDENT.c.version == bindparam("same_version")
)


class SqlIncidents(Struct, frozen=True):
    tx: Transaction

    def next_number(self) -> int:
        """The next number of the open series, from 1; a rollback gives it back."""
        return self.tx.counted(NUMBERS)

    def add(self, incident: Incident) -> None:
        row = {
            "key": incident.key,
            "next_seq": 1,
            "chain_head": chain.GENESIS,
            **_columns(incident, codec.written(incident)),
        }
        self.tx.run(insert(INCIDENT), [row])

    def get(self, key: str, lock: bool = False) -> Incident | None:
        """By key, case-insensitively. A lock is a row lock on PostgreSQL; SQLite has one writer anyway."""
        row = self.tx.one(LOCKED if lock else BY_KEY, folded=key.casefold())
        if row is None:
            return None
        return self._read(row["body"])

    def channel_of(self, key: str) -> str:
        """The id of the incident's channel, "" while it has none."""
        row = self.tx.one(CHANNEL_OF, folded=key.casefold())
        return str(row["channel_id"]) if row else ""

    def held(self, keys: Iterable[str]) -> dict[str, Incident]:
        """Key → incident, for those that exist; all their rows are held to the end of the unit of work.

        In the order of their keys, so that two processes never wait for each other."""
        rows = self.tx.all(HELD, keys=sorted(keys))
        return {row["key"]: self._read(row["body"]) for row in rows}

    def in_channel(self, channel_id: str) -> Incident | None:
        """The incident whose channel this is; the newest, should a channel ever have had two."""
        row = self.tx.one(BY_CHANNEL, channel=channel_id)
        return codec.read(Incident, row["body"]) if row else None

    def in_thread(self, root: MessageRef) -> Incident | None:
        """The incident that opened in the thread of this message; the newest, should there be two."""
        row = self.tx.one(BY_THREAD, thread=_place(root))
        return codec.read(Incident, row["body"]) if row else None

    def save(self, *incidents: Incident) -> None:
        """Store each with version + 1. Raises Conflict when another unit of work has saved in between."""
        same = [{"same_key": one.key, "same_version": one.version} for one in incidents]
        saved = [replace(one, version=one.version + 1) for one in incidents]
        rows = [{**_columns(one, self._body(one)), **row} for one, row in zip(saved, same, strict=True)]
        if self.tx.run(SAVE, rows).rowcount != len(rows):
            named = " or ".join(incident.key for incident in incidents[:3])
            raise Conflict(f"{named} was changed by somebody else at the same moment. Try again.")

    def _read(self, body: str) -> Incident:
        """And remember, for the case that it is saved, what stands in the row."""
        incident = codec.read(Incident, body)
        self.tx.bodies[incident.key] = body, incident
        return incident

    def _body(self, saved: Incident) -> str:
        """With what a newer version has written into the row that was read."""
        old = self.tx.bodies.get(saved.key)
        body = codec.written_over(*old, saved) if old else codec.written(saved)
        self.tx.bodies[saved.key] = body, saved
        return body

    def listing(self, statuses: Iterable[Status] | None = None, limit: int = 50) -> Sequence[Incident]:
        """Newest first. One that only a newer version can read is left out."""
        found = select(INCIDENT.c.body).order_by(INCIDENT.c.declared_at.desc(), INCIDENT.c.number.desc())
        if statuses is not None:
            found = found.where(INCIDENT.c.status.in_([status.value for status in statuses]))
        return codec.read_all(Incident, self.tx.run(found.limit(limit)).scalars())

    def managers(self, at_least: Severity) -> Sequence[tuple[str, str, bool]]:
        """(key, incident manager, is restricted) of the open incidents so grave or graver that have one."""
        rows = self.tx.all(MANAGERS, at_least=at_least.value)
        return [(row["key"], row["manager"], row["restricted"]) for row in rows]

    def titled(self, title: str, since: datetime) -> Sequence[str]:
        """Keys of the open incidents declared since under the same title, newest first."""
        return [row["key"] for row in self.tx.all(TITLED, folded=folded(title), since=since)]


def _columns(incident: Incident, body: str) -> dict[str, Any]:
    _, _, number = incident.key.rpartition("-")
    return {
        "key_folded": incident.key.casefold(),
        "number": int(number) if number.isascii() and number.isdigit() else None,
        "title": incident.title,
        "title_folded": folded(incident.title),
        "severity": incident.severity.value,
        "status": incident.status.value,
        "restricted": incident.restricted,
        "manager": incident.manager,
        "channel_id": incident.channel.id if incident.channel else "",
        "thread": _place(incident.thread) if incident.thread else "",
        "declared_at": incident.declared_at,
        "version": incident.version,
        "body": body,
    }


def _place(root: MessageRef) -> str:
    return f"{root.channel}:{root.ts}"

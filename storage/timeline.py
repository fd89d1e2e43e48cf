"""The timeline in SQL: appended to, read and verified, never changed (triggers refuse it).

One thing may be done to a row: the words of a message are taken out when it is deleted in Slack."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, func, insert, or_, select, update

from incidents.model import ERASED, Entry, EntryKind, MessageRef, Severity, UserId
from rotations.newer import known
from storage import chain, codec
from storage.tables import INCIDENT, TIMELINE
from storage.transaction import Transaction

INSERT = insert(TIMELINE)
OF_KEY = INCIDENT.c.key == bindparam("key")
PLACE = select(INCIDENT.c.next_seq, INCIDENT.c.chain_head).where(OF_KEY).with_for_update()
READ = tuple(TIMELINE.c[name] for name in ("body", "seq", "recorded_at", "kind", "at", "by", "dedup"))
GROW = update(INCIDENT).where(INCIDENT.c.key == bindparam("same_key"))


class SqlTimeline(Struct, frozen=True):
    tx: Transaction

    def append(self, key: str, entries: Sequence[Entry], recorded_at: datetime) -> None:
        """Append in order, numbering on; an entry whose `dedup` is already there is dropped.

        Holds the incident's row, so that numbers and hashes follow each other. KeyError without incident."""
        head = self.tx.one(PLACE, key=key)
        if head is None:
            raise KeyError(key)
        rows = self._rows(key, self._unseen(entries), head, recorded_at)
        if not rows:
            return
        self.tx.run(INSERT, rows)
        grown = {"next_seq": rows[-1]["seq"] + 1, "chain_head": rows[-1]["hash"]}
        self.tx.run(GROW, [{"same_key": key, **grown}])

    def of(self, key: str) -> Sequence[Entry]:
        """All entries in the order of `at`, then `seq`."""
        found = select(*READ).where(TIMELINE.c.incident == key).order_by(TIMELINE.c.at, TIMELINE.c.seq)
        return [_entry(row) for row in self.tx.all(found)]

    def of_message(self, key: str, ref: MessageRef) -> Sequence[Entry]:
        """What came of one message: the entry itself, its amendments, its deletion; in the order of `seq`."""
        place = f"{ref.channel}:{ref.ts}"
        its = TIMELINE.c.dedup.in_((f"message:{place}", f"erased:{place}"))
        later = TIMELINE.c.dedup.startswith(f"amended:{place}:", autoescape=True)
        found = select(*READ).where(TIMELINE.c.incident == key, or_(its, later)).order_by(TIMELINE.c.seq)
        return [_entry(row) for row in self.tx.all(found)]

    def paged_since(self, since: datetime) -> Sequence[tuple[UserId, bool]]:
        """Who was paged, once a page, and whether it was at SEV0 or SEV1; restricted incidents aside."""
        pages = (
            select(TIMELINE.c.body, INCIDENT.c.severity)
            .join(INCIDENT, INCIDENT.c.key == TIMELINE.c.incident)
            .where(TIMELINE.c.kind == EntryKind.PAGED.value, TIMELINE.c.at >= since)
            .where(INCIDENT.c.restricted.is_(False))
        )
        rows = self.tx.all(pages)
        return [
            (codec.read(Entry, row["body"]).data["user"], row["severity"] <= Severity.SEV1) for row in rows
        ]

    def erase(self, key: str, entries: Sequence[Entry]) -> int:
        """Take the words out of entries that quote a message. Who, when and a digest stay. The number.

        Body and salt go together: without the salt nobody can try words against the digest."""
        numbers = [entry.seq for entry in entries]
        rows = update(TIMELINE).where(
            TIMELINE.c.incident == key, TIMELINE.c.seq.in_(numbers), TIMELINE.c.salt != ""
        )
        if not numbers:
            return 0
        self.tx.has_erased = True
        return self.tx.run(rows.values(body="", salt="")).rowcount

    def erased_count(self) -> int:
        """Entries whose words were taken out."""
        gone = select(func.count()).select_from(TIMELINE).where(TIMELINE.c.salt == "")
        return int(self.tx.run(gone).scalar_one())

    def verify(self, key: str) -> chain.Break | None:
        """The first entry of the incident that does not hold, or None when the chain is whole."""
        head = self.tx.one(select(INCIDENT.c.chain_head).where(INCIDENT.c.key == key))
        rows = self.tx.all(select(TIMELINE).where(TIMELINE.c.incident == key).order_by(TIMELINE.c.seq))
        return chain.first_break(key, rows, head["chain_head"] if head else chain.GENESIS)

    def verify_all(self) -> Sequence[chain.Break]:
        """The first break of every incident that has one."""
        keys = [row["key"] for row in self.tx.all(select(INCIDENT.c.key).order_by(INCIDENT.c.key))]
        return [found for key in keys if (found := self.verify(key))]

    def _unseen(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        named = {entry.dedup for entry in entries if entry.dedup}
        if not named:
            return entries
        seen = {
            row["dedup"]
            for row in self.tx.all(select(TIMELINE.c.dedup).where(TIMELINE.c.dedup.in_(sorted(named))))
        }
        kept = []
        for entry in entries:
            if entry.dedup not in seen:
                kept.append(entry)
            if entry.dedup:
                seen.add(entry.dedup)
        return kept

    def _rows(
        self, key: str, entries: Sequence[Entry], head: Mapping[Any, Any], recorded_at: datetime
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        prev = head["chain_head"]
        for seq, entry in enumerate(entries, start=head["next_seq"]):
            body, salt = codec.written(replace(entry, seq=0, recorded_at=None)), self.tx.salt()
            row = {
                "incident": key,
                "seq": seq,
                "dedup": entry.dedup or None,
                "at": entry.at,
                "recorded_at": recorded_at,
                "kind": entry.kind.value,
                "by": entry.by,
                "body": body,
                "salt": salt,
                "digest": chain.digest(salt, body),
                "prev_hash": prev,
            }
            prev = row["hash"] = chain.link(prev, row)
            rows.append(row)
        return rows


def _entry(row: Mapping[Any, Any]) -> Entry:
    if row["body"]:
        return replace(codec.read(Entry, row["body"]), seq=row["seq"], recorded_at=row["recorded_at"])
    _, channel, ts, *_ = row["dedup"].split(":")
    return Entry(
        known(EntryKind, row["kind"]),
        row["at"],
        row["by"],
        data={ERASED: "yes"},
        source=MessageRef(channel, ts),
        dedup=row["dedup"],
        seq=row["seq"],
        recorded_at=row["recorded_at"],
    )

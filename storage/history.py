"""Who said something when in the channels of incidents, in SQL. Words are never here."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, func, or_, select, update

from incidents.model import MessageRef, Status
from incidents.readback import Stretch
from incidents.said import Said, SaidKind
from rotations.newer import known
from storage.conflicts import Insert, insert_into
from storage.facts import SqlFacts
from storage.tables import INCIDENT, MESSAGE
from storage.transaction import Transaction

HEARD_IN = tuple(status.value for status in Status if status.is_open or status is Status.RESOLVED)
CURSOR = "history"

THIS = (MESSAGE.c.channel == bindparam("its_channel"), MESSAGE.c.ts == bindparam("its_ts"))
ONE = select(MESSAGE).where(*THIS)
LAST = select(func.max(MESSAGE.c.at)).where(
    MESSAGE.c.incident == bindparam("key"), MESSAGE.c.author == bindparam("user")
)
NEWEST = select(func.max(MESSAGE.c.at)).where(MESSAGE.c.incident == bindparam("key"))
EDIT = (
    update(MESSAGE)
    .where(*THIS, or_(MESSAGE.c.edited_at.is_(None), MESSAGE.c.edited_at < bindparam("since")))
    .values(edited_at=bindparam("since"))
)
DELETE = update(MESSAGE).where(*THIS, MESSAGE.c.deleted_at.is_(None)).values(deleted_at=bindparam("since"))


class SqlHistory(Struct, frozen=True):
    tx: Transaction

    def hear(self, said: Said) -> bool:
        """Record a message where its channel or thread is a live or resolved incident's, in one statement
        that holds no incident. False: it is known already, or said elsewhere."""
        values = {name: value for name, value in _columns("", said).items() if name != "incident"}
        if said.thread:
            values["root"] = f"{said.ref.channel}:{said.thread}"
        return self.tx.run(_hear(self.tx.is_postgresql, bool(said.thread)), [values]).rowcount == 1

    def put(self, key: str, said: Sequence[Said]) -> int:
        """Add; a message that is there already is left as it is. The number added."""
        return self.tx.insert_new(MESSAGE, [_columns(key, each) for each in said])

    def edited(self, key: str, said: Said, at: datetime) -> Said:
        """It was edited then; the latest edit is kept. The message as it stands now."""
        return self._changed(key, said, EDIT, at)

    def deleted(self, key: str, said: Said, at: datetime) -> Said:
        """It was deleted then; the first telling is kept. The message as it stands now."""
        return self._changed(key, said, DELETE, at)

    def get(self, ref: MessageRef) -> Said | None:
        row = self.tx.one(ONE, its_channel=ref.channel, its_ts=ref.ts)
        return _said(row) if row else None

    def incident_of(self, ref: MessageRef) -> str:
        """The key of the incident in which this was heard, or ""."""
        row = self.tx.one(ONE, its_channel=ref.channel, its_ts=ref.ts)
        return str(row["incident"]) if row else ""

    def of(self, key: str) -> Sequence[Said]:
        """Everything that was said, in the order of its time."""
        found = select(MESSAGE).where(MESSAGE.c.incident == key).order_by(MESSAGE.c.at, MESSAGE.c.ts)
        return [_said(row) for row in self.tx.all(found)]

    def near(self, key: str, stretch: Stretch) -> Sequence[Said]:
        """What is known of what this stretch covers, and of what was found in it."""
        here = [MESSAGE.c.incident == key, MESSAGE.c.channel == stretch.channel]
        covered = [MESSAGE.c.thread_ts == stretch.thread]
        covered += [MESSAGE.c.at >= stretch.since] if stretch.since else []
        covered += [MESSAGE.c.at < stretch.before] if stretch.before else []
        is_found = MESSAGE.c.ts.in_([each.ref.ts for each in stretch.found])
        rows = self.tx.all(select(MESSAGE).where(*here, or_(and_(*covered), is_found)))
        return [_said(row) for row in rows]

    def newest(self, key: str) -> datetime | None:
        """When the last of its messages was said."""
        return self.tx.connection.execute(NEWEST, {"key": key}).scalar()

    def last_by(self, key: str, user: str) -> datetime | None:
        """When this person last said something there; None: never."""
        return self.tx.connection.execute(LAST, {"key": key, "user": user}).scalar()

    def cursor(self, key: str) -> str:
        """The `ts` up to which the channel has been read back without a gap; "" before the first time."""
        return SqlFacts(self.tx).get(f"{CURSOR}:{key}")

    def read_up_to(self, key: str, ts: str) -> None:
        SqlFacts(self.tx).put(f"{CURSOR}:{key}", ts)

    def _changed(self, key: str, said: Said, change: Any, at: datetime) -> Said:
        self.put(key, [said])
        self.tx.run(change, [{"its_channel": said.ref.channel, "its_ts": said.ref.ts, "since": at}])
        return self.get(said.ref) or said


def _columns(key: str, said: Said) -> dict[str, Any]:
    return {
        "channel": said.ref.channel,
        "ts": said.ref.ts,
        "incident": key,
        "author": said.by,
        "at": said.at,
        "kind": said.kind.value,
        "thread_ts": said.thread,
        "edited_at": said.edited_at,
        "deleted_at": said.deleted_at,
    }


def _said(row: Any) -> Said:
    return Said(
        MessageRef(row["channel"], row["ts"]),
        row["author"],
        known(SaidKind, row["kind"]),
        row["thread_ts"],
        row["edited_at"],
        row["deleted_at"],
    )


@cache
def _hear(is_postgresql: bool, in_thread: bool) -> Insert:
    """The incident is found by its channel in the statement itself: its value is not read."""
    given = [column for column in MESSAGE.columns if column.name != "incident"]
    values = [bindparam(column.name, type_=column.type).label(column.name) for column in given]
    there = INCIDENT.alias("there")
    is_there = there.c.channel_id == bindparam("channel", type_=MESSAGE.c.channel.type)
    if in_thread:
        is_there = or_(is_there, there.c.thread == bindparam("root", type_=INCIDENT.c.thread.type))
    newest = select(there.c.key).where(is_there).order_by(there.c.declared_at.desc()).limit(1)
    found = select(INCIDENT.c.key, *values).where(
        INCIDENT.c.key == newest.scalar_subquery(), INCIDENT.c.status.in_(HEARD_IN)
    )
    insert = insert_into(MESSAGE, is_postgresql)
    names = ["incident", *(column.name for column in given)]
    return insert.from_select(names, found).on_conflict_do_nothing().execution_options(preserve_rowcount=True)

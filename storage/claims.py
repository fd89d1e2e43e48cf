"""Which outbox rows may be sent now, and taking them: the rules of order as SQL, for both databases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    String,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from incidents.effects import OUTSIDE_SLACK, Effect, EffectKind, Priority
from storage.tables import BUCKET, OUTBOX
from storage.transaction import Transaction

AFTER_A_FAILURE: Final = "after something that failed"
PENDING: Final = OUTBOX.c.state == literal_column("'pending'")
RUNNING: Final = OUTBOX.c.state == literal_column("'running'")
INSTANT: Final = OUTBOX.c.not_before.type
NOW: Final = bindparam("now", type_=INSTANT)
LOST: Final = OUTBOX.c.state.in_(("dead", "failed"))
REPLACED: Final = "a newer one"
KNOWN_KIND: Final = OUTBOX.c.kind.in_([literal_column(f"'{kind.value}'") for kind in EffectKind])
OUTSIDE: Final = OUTBOX.c.kind.in_([literal_column(f"'{kind.value}'") for kind in sorted(OUTSIDE_SLACK)])


class Claimed(Struct, frozen=True):
    """An effect in hand, until `lease_until`. `attempt` counts from 1; `ambiguous`: it may have reached Slack
    before; `bucket` is the rate bucket that it has taken a call of, "" for none, `waited` how long for it."""

    effect: Effect
    attempt: int
    ambiguous: bool
    owner: str
    put_at: datetime
    bucket: str = ""
    lease_until: datetime | None = None
    waited: timedelta = timedelta()


def settle(tx: Transaction, now: datetime) -> None:
    """Skip what a newer one has replaced; fail what waits for something that failed, and so on down."""
    known = statements(tx.is_postgresql)
    tx.connection.execute(known.replace, {"now": now})
    while tx.connection.execute(known.cascade, {"now": now}).rowcount:
        pass


def waiting(tx: Transaction, now: datetime, limit: int, only_outside: bool = False) -> Sequence[RowMapping]:
    """Up to `limit` rows that may be sent if their buckets let them, most urgent first, locked."""
    values = {"now": now, "at_most": limit, "everything": int(not only_outside)}
    return tx.connection.execute(statements(tx.is_postgresql).waiting, values).mappings().all()


def take(
    tx: Transaction,
    rows: Sequence[tuple[RowMapping, str]],
    owner: str,
    lease_until: datetime,
    now: datetime,
) -> list[Claimed]:
    """Mark these as running under this owner; with each the bucket that it has taken a call of."""
    if rows:
        values = {"ids": [row["id"] for row, _ in rows], "new_owner": owner, "until": lease_until}
        tx.connection.execute(_RUN, values)
    return [
        replace(_claimed(row, owner, now), bucket=bucket, lease_until=lease_until) for row, bucket in rows
    ]


def _claimed(row: RowMapping, owner: str, now: datetime) -> Claimed:
    was_lost = row["ambiguous"] or row["state"] == "running"
    waited = timedelta() if row["bucket"] is None else max(now - row["not_before"], timedelta())
    return Claimed(effect(row), row["attempts"] + 1, was_lost, owner, row["put_at"], waited=waited)


def effect(row: RowMapping) -> Effect:
    return Effect(
        kind=EffectKind(row["kind"]),
        key=row["key"],
        subject=row["subject"],
        args=dict(row["args"]),
        users=tuple(row["users"]),
        after=tuple(row["after"]),
        lane=row["lane"],
        newest=row["newest"],
        priority=Priority(row["priority"]),
        not_before=row["not_before"],
    )


def columns(put: Effect, now: datetime) -> dict[str, Any]:
    """The new row of an effect."""
    return {
        "key": put.key,
        "kind": put.kind.value,
        "subject": put.subject,
        "args": put.args,
        "users": list(put.users),
        "after": list(put.after),
        "lane": put.lane,
        "newest": put.newest,
        "priority": put.priority.value,
        "not_before": put.not_before or now,
        "state": "pending",
        "attempts": 0,
        "owner": "",
        "ambiguous": False,
        "result": {},
        "last_error": "",
        "put_at": now,
        "rank": put.priority.value,
    }


class Statements(Struct, frozen=True):
    """Built once for each kind of database: building costs more than running them."""

    replace: Update
    cascade: Update
    waiting: Select[Any]
    next_due: Select[datetime | None]
    is_waiting: Select[bool]


@cache
def statements(is_postgresql: bool) -> Statements:
    newer = OUTBOX.alias("newer")
    replaced = exists().where(
        newer.c.done_at.is_(None),
        newer.c.newest == OUTBOX.c.newest,
        newer.c.id > OUTBOX.c.id,
        newer.c.state == literal_column("'pending'"),
    )
    lost = _needed(is_postgresql, "'failed'", "'dead'")
    return Statements(
        replace=_close(and_(OUTBOX.c.newest > literal_column("''"), replaced), "skipped", REPLACED),
        cascade=_close(lost, "failed", AFTER_A_FAILURE),
        waiting=_waiting(is_postgresql),
        next_due=_next_due(),
        is_waiting=select(exists().where(OUTBOX.c.done_at.is_(None), PENDING, OUTBOX.c.not_before <= NOW)),
    )


def _waiting(is_postgresql: bool) -> Select[Any]:
    held = select(BUCKET.c.name).where(BUCKET.c.held_until > NOW)
    wanted = or_(bindparam("everything", type_=Integer) == literal_column("1"), OUTSIDE)
    is_open = or_(OUTBOX.c.bucket.is_(None), OUTBOX.c.bucket.not_in(held))
    found = select(OUTBOX).where(
        OUTBOX.c.done_at.is_(None), KNOWN_KIND, wanted, _is_due(), is_open, _is_free(is_postgresql)
    )
    ordered = found.order_by(OUTBOX.c.rank, OUTBOX.c.id).limit(bindparam("at_most", type_=Integer))
    return ordered.with_for_update(skip_locked=True)


_RUN: Final = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="running",
        ambiguous=case((RUNNING, True), else_=OUTBOX.c.ambiguous),
        attempts=OUTBOX.c.attempts + 1,
        owner=bindparam("new_owner", type_=String),
        lease_until=bindparam("until", type_=INSTANT),
    )
)


def _next_due() -> Select[datetime | None]:
    waits = select(OUTBOX.c.not_before.label("at")).where(
        OUTBOX.c.done_at.is_(None), PENDING, OUTBOX.c.not_before > NOW
    )
    leases = select(OUTBOX.c.lease_until).where(
        OUTBOX.c.done_at.is_(None), RUNNING, KNOWN_KIND, OUTBOX.c.lease_until > NOW
    )
    buckets = select(BUCKET.c.held_until).where(BUCKET.c.held_until > NOW)
    return select(func.min(union_all(waits, leases, buckets).subquery().c.at, type_=INSTANT))


def _close(which: ColumnElement[bool], state: str, why: str) -> Update:
    """Rows that another process is claiming at this moment are left for the next time."""
    found = select(OUTBOX.c.id).where(OUTBOX.c.done_at.is_(None), PENDING, which)
    closed = update(OUTBOX).where(OUTBOX.c.id.in_(found.with_for_update(skip_locked=True)))
    return closed.values(state=state, last_error=why, done_at=NOW)


def _is_due() -> ColumnElement[bool]:
    return or_(and_(PENDING, OUTBOX.c.not_before <= NOW), and_(RUNNING, OUTBOX.c.lease_until <= NOW))


def _is_free(is_postgresql: bool) -> ColumnElement[bool]:
    """Nothing stands before it: no unfinished need, no older one in its lane, no older one it replaces."""
    older, rival = OUTBOX.alias("older"), OUTBOX.alias("rival")
    lane = exists().where(older.c.done_at.is_(None), older.c.lane == OUTBOX.c.lane, older.c.id < OUTBOX.c.id)
    newest = exists().where(
        rival.c.done_at.is_(None), rival.c.newest == OUTBOX.c.newest, rival.c.id < OUTBOX.c.id
    )
    return and_(
        ~_needed(is_postgresql, "'pending'", "'running'"),
        or_(OUTBOX.c.lane == literal_column("''"), ~lane),
        or_(OUTBOX.c.newest == literal_column("''"), ~newest),
    )


def _needed(is_postgresql: bool, *states: str) -> ColumnElement[bool]:
    """One of the effects named in `after` is in one of these states. A key nobody has put stops nothing."""
    need = OUTBOX.alias("need")
    elements = func.json_array_elements_text if is_postgresql else func.json_each
    named = elements(OUTBOX.c.after).table_valued("value")
    wanted = need.c.state.in_([literal_column(state) for state in states])
    return exists().where(need.c.key == named.c.value, wanted).select_from(named, need)

"""Which outbox rows may be sent now, and taking them: the rules of order as SQL, for both databases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from incidents.effects import Effect, EffectKind, Priority
from storage.tables import OUTBOX
from storage.transaction import Transaction

PENDING: Final = OUTBOX.c.state == literal_column("'pending'")
RUNNING: Final = OUTBOX.c.state == literal_column("'running'")
KNOWN_KIND: Final = OUTBOX.c.kind.in_([kind.value for kind in EffectKind])


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect in hand. `attempt` counts from 1; `ambiguous`: it may have reached Slack before."""

    effect: Effect
    attempt: int
    ambiguous: bool
    owner: str
    put_at: datetime


def settle(tx: Transaction, now: datetime) -> None:
    """Skip what a newer one has replaced; fail what waits for something that failed, and so on down."""
    newer = OUTBOX.alias("newer")
    replaced = exists().where(
        newer.c.done_at.is_(None),
        newer.c.newest == OUTBOX.c.newest,
        newer.c.id > OUTBOX.c.id,
        newer.c.state == literal_column("'pending'"),
    )
    _close(tx, and_(OUTBOX.c.newest != "", replaced), "skipped", "a newer one has taken its place", now)
    lost = _needed(tx, literal_column("'failed'"), literal_column("'dead'"))
    while _close(tx, lost, "failed", "after something that failed", now):
        pass


def take(tx: Transaction, now: datetime, owner: str, limit: int, lease_until: datetime) -> list[Claimed]:
    """Mark up to `limit` sendable rows as running under this owner, most urgent first."""
    mine = (
        select(OUTBOX.c.id)
        .where(OUTBOX.c.done_at.is_(None), KNOWN_KIND, _is_due(now), _is_free(tx))
        .order_by(OUTBOX.c.priority, OUTBOX.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = update(OUTBOX).where(OUTBOX.c.id.in_(mine))
    news = {
        "state": "running",
        "ambiguous": case((RUNNING, True), else_=OUTBOX.c.ambiguous),
        "attempts": OUTBOX.c.attempts + 1,
        "owner": owner,
        "lease_until": lease_until,
    }
    rows = tx.all(taken.values(news).returning(OUTBOX))
    ordered = sorted(rows, key=lambda row: (row["priority"], row["id"]))
    return [Claimed(effect(row), row["attempts"], row["ambiguous"], owner, row["put_at"]) for row in ordered]


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
    }


def _close(tx: Transaction, which: ColumnElement[bool], state: str, why: str, now: datetime) -> int:
    """Rows that another process is claiming at this moment are left for the next time."""
    found = select(OUTBOX.c.id).where(OUTBOX.c.done_at.is_(None), PENDING, which)
    closed = update(OUTBOX).where(OUTBOX.c.id.in_(found.with_for_update(skip_locked=True)))
    return tx.run(closed.values(state=state, last_error=why, done_at=now)).rowcount


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(and_(PENDING, OUTBOX.c.not_before <= now), and_(RUNNING, OUTBOX.c.lease_until <= now))


def _is_free(tx: Transaction) -> ColumnElement[bool]:
    """Nothing stands before it: no unfinished need, no older one in its lane, no older one it replaces."""
    older, rival = OUTBOX.alias("older"), OUTBOX.alias("rival")
    lane = exists().where(older.c.done_at.is_(None), older.c.lane == OUTBOX.c.lane, older.c.id < OUTBOX.c.id)
    newest = exists().where(
        rival.c.done_at.is_(None), rival.c.newest == OUTBOX.c.newest, rival.c.id < OUTBOX.c.id
    )
    return and_(
        ~_needed(tx, literal_column("'pending'"), literal_column("'running'")),
        or_(OUTBOX.c.lane == "", ~lane),
        or_(OUTBOX.c.newest == "", ~newest),
    )


def _needed(tx: Transaction, *states: ColumnElement[str]) -> ColumnElement[bool]:
    """One of the effects named in `after` is in one of these states. A key nobody has put stops nothing."""
    need = OUTBOX.alias("need")
    named = _keys(tx)
    return exists().where(need.c.key == named.c.value, need.c.state.in_(states)).select_from(named, need)


def _keys(tx: Transaction) -> FromClause:
    if tx.is_postgresql:
        return func.json_array_elements_text(OUTBOX.c.after).table_valued("value")
    return func.json_each(OUTBOX.c.after).table_valued("value")

"""The outbox: effects put by a decision, and the dispatcher's side of them: claim, finish, retry, hold.

A row is sent by whoever holds its lease. A result counts only where owner and attempt still match."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import bindparam, func, or_, select, update

from incidents.effects import Effect, EffectKind, Outcome
from storage import claims
from storage.buckets import Rate, SqlBuckets
from storage.claims import Claimed
from storage.tables import OUTBOX, UNFINISHED
from storage.traffic import Hand, Traffic, depart
from storage.transaction import Transaction

LEASE_S = 30.0
FREE = Traffic()
COUNTED_IN: Final = {EffectKind.CREATE_CHANNEL: "conversations.create"}  # for `behind`
AGING = "outbox.aging"
AGED_A_CLASS_IN = timedelta(seconds=150)


class Failure(Struct, frozen=True):
    """An effect that will not be sent any more: Slack refused it, or every attempt failed."""

    effect: Effect
    state: str
    error: str
    attempts: int
    at: datetime


AHEAD = select(func.count()).where(
    OUTBOX.c.kind == bindparam("same_kind"), OUTBOX.c.done_at.is_(None), claims.PENDING
)
HAND_BACK = update(OUTBOX).where(
    OUTBOX.c.key == bindparam("my_key"),
    OUTBOX.c.owner == bindparam("my_owner"),
    OUTBOX.c.attempts == bindparam("my_attempt"),
    claims.RUNNING,
)


class SqlOutbox(Struct, frozen=True):
    tx: Transaction

    def put(self, effects: Sequence[Effect], now: datetime) -> None:
        """Add; a key that is already there is left as it is."""
        if self.tx.insert_new(OUTBOX, [claims.columns(effect, now) for effect in effects]):
            self.tx.has_put = True

    def skip(self, subject: str, kinds: Iterable[str], now: datetime) -> None:
        """Pending effects of these kinds for this subject are no longer wanted. One that may be in Slack all
        the same is left to its sender, who looks."""
        theirs = (OUTBOX.c.subject == subject, OUTBOX.c.kind.in_([str(kind) for kind in kinds]))
        news = {"state": "skipped", "last_error": "no longer wanted", "done_at": now}
        fresh = (claims.PENDING, OUTBOX.c.attempts == 0, OUTBOX.c.ambiguous.is_(False))
        if self.tx.run(update(OUTBOX).where(UNFINISHED, *fresh, *theirs).values(news)).rowcount:
            self.tx.has_put = True  # what stood behind them in a lane may go now

    def claim(
        self, now: datetime, owner: str, limit: int, lease_s: float = LEASE_S, traffic: Traffic = FREE
    ) -> list[Claimed]:
        """Take up to `limit` due effects, most urgent first, for `lease_s` seconds.

        Due: its time has come, everything in `after` is done or skipped, it is the oldest unfinished one of
        its lane, no newer one with the same `newest` waits, and its rate bucket has a call left. A row whose
        lease ran out is taken over as ambiguous: it may have been sent."""
        claims.settle(self.tx, now)
        return depart(self.tx, Hand(owner, now, now + timedelta(seconds=lease_s)), limit, traffic)

    def finish(self, claimed: Claimed, outcome: Outcome, now: datetime) -> bool:
        """Record Slack's answer: done, or failed for good. False when the lease has gone to somebody else.

        What somebody wrote (`text`) is not kept here: whether it may be is the timeline's business."""
        state = "done" if outcome.ok else "failed"
        result = {name: value for name, value in outcome.result.items() if name != "text"}
        news = {"result": result, "last_error": outcome.error}
        return self._end(claimed, state, now, news) if outcome.ok else self._lose(claimed, state, now, news)

    def skip_one(self, claimed: Claimed, reason: str, now: datetime) -> bool:
        """What was claimed is no longer wanted; nothing was sent."""
        return self._end(claimed, "skipped", now, {"last_error": reason})

    def fail(self, claimed: Claimed, error: str, now: datetime) -> bool:
        """Every attempt failed: the effect is dead, and what waits for it fails."""
        return self._lose(claimed, "dead", now, {"last_error": error})

    def close(self, keys: Sequence[str], state: str, error: str, now: datetime) -> None:
        """What waited to be sent as a part of another effect ends as that has ended."""
        theirs = update(OUTBOX).where(OUTBOX.c.key.in_(keys), UNFINISHED, claims.PENDING)
        self.tx.run(theirs.values(state=state, last_error=error, done_at=now))

    def retry(
        self, claimed: Claimed, not_before: datetime, error: str, ambiguous: bool, counts: bool = True
    ) -> bool:
        """Give the effect back until `not_before`. `ambiguous`: it may have been sent. `counts`: it was an
        attempt (a 429 is none)."""
        news: dict[str, Any] = {
            "state": "pending",
            "not_before": not_before,
            "last_error": error,
            "ambiguous": ambiguous,
            "attempts": claimed.attempt if counts else claimed.attempt - 1,
        }
        return self._hand_back(claimed, news)

    def release(self, owner: str) -> int:
        """Everything this owner still holds is free at once, as ambiguous: it may have been sent.

        For its clean stop, and for its start when the owner's name outlives the process."""
        mine = update(OUTBOX).where(UNFINISHED, OUTBOX.c.owner == owner, claims.RUNNING)
        news = {"state": "pending", "owner": "", "lease_until": None, "ambiguous": True}
        return self.tx.run(mine.values(news)).rowcount

    def hurry(self, now: datetime) -> None:
        """The clock was moved back: nothing waits for an instant that has become far away. Whoever is sent
        too early for Slack is told so again."""
        waits = update(OUTBOX).where(UNFINISHED, claims.PENDING, OUTBOX.c.not_before > now)
        self.tx.run(waits.values(not_before=now))
        SqlBuckets(self.tx).hurry(now)

    def age(self, now: datetime) -> None:
        """What has waited in a bucket while others left ranks one class higher; once in 150 s for all
        processes together, so that after 12.5 minutes it goes before everything new."""
        once = Rate(60 / AGED_A_CLASS_IN.total_seconds(), 1)
        if SqlBuckets(self.tx).take({AGING: 1}, lambda _: once, now)[AGING]:
            waits = update(OUTBOX).where(UNFINISHED, claims.PENDING, OUTBOX.c.bucket.is_not(None))
            self.tx.run(waits.where(OUTBOX.c.rank > 0).values(rank=OUTBOX.c.rank - 1))

    def behind(self, kind: EffectKind, now: datetime) -> timedelta:
        """How long an effect of this kind would wait for its rate bucket if it were put at `now`; no time
        where the kind has no bucket of its own, or where that has never been counted. Those count that wait
        already, for in a rush nobody has yet had the time to claim them."""
        ahead = self.tx.connection.execute(AHEAD, {"same_kind": kind.value}).scalar_one()
        return SqlBuckets(self.tx).wait(COUNTED_IN.get(kind, ""), int(ahead), now)

    def sent(self, kind: EffectKind, subjects: Collection[str]) -> list[tuple[Effect, dict[str, str]]]:
        """What of this kind reached Slack for these subjects, each with Slack's answer, oldest first."""
        theirs = (OUTBOX.c.kind == kind.value, OUTBOX.c.subject.in_(subjects), OUTBOX.c.state == "done")
        rows = self.tx.all(select(OUTBOX).where(*theirs).order_by(OUTBOX.c.id))
        return [(claims.effect(row), dict(row["result"])) for row in rows]

    def waiting(self, kind: EffectKind, now: datetime) -> list[str]:
        """Whose effects of this kind wait for an instant that has not come."""
        theirs = (UNFINISHED, claims.PENDING, OUTBOX.c.kind == kind.value, OUTBOX.c.not_before > now)
        return [row["subject"] for row in self.tx.all(select(OUTBOX.c.subject).where(*theirs))]

    def advance(self, kind: EffectKind, subject: str, now: datetime) -> None:
        """What waits for an instant need not wait for it any longer."""
        theirs = (OUTBOX.c.kind == kind.value, OUTBOX.c.subject == subject, OUTBOX.c.not_before > now)
        waits = update(OUTBOX).where(UNFINISHED, claims.PENDING, *theirs)
        if self.tx.run(waits.values(not_before=now)).rowcount:
            self.tx.has_put = True

    def move(self, claimed: Claimed, bucket: str, now: datetime) -> bool:
        """It is counted in another bucket than it was claimed for, and waits there; that is no attempt."""
        news = {"state": "pending", "not_before": now, "attempts": claimed.attempt - 1, "bucket": bucket}
        return self._hand_back(claimed, {**news, "ambiguous": claimed.ambiguous})

    def next_due(self, now: datetime) -> datetime | None:
        """The next instant at which time alone makes something due: a wait after `now`, or a lease's end."""
        statement = claims.statements(self.tx.is_postgresql).next_due
        return self.tx.connection.execute(statement, {"now": now}).scalar()

    def is_waiting(self, now: datetime) -> bool:
        """Whether any effect's time has come, whatever else it waits for."""
        statement = claims.statements(self.tx.is_postgresql).is_waiting
        return bool(self.tx.connection.execute(statement, {"now": now}).scalar())

    def pending_count(self, by: datetime | None = None) -> int:
        """Effects that are still to be sent, those in flight included; with `by` none that waits longer."""
        waiting = select(func.count()).select_from(OUTBOX).where(UNFINISHED)
        soon = waiting if by is None else waiting.where(OUTBOX.c.not_before <= by)
        return int(self.tx.run(soon).scalar_one())

    def unfinished(self, kinds: Collection[EffectKind], now: datetime) -> int:
        """Effects of these kinds that have still to be sent, those in flight included; not what is to leave
        later than now."""
        theirs = OUTBOX.c.kind.in_([kind.value for kind in kinds])
        is_due = or_(OUTBOX.c.not_before <= now, OUTBOX.c.attempts > 0)
        found = select(func.count()).select_from(OUTBOX).where(UNFINISHED, theirs, is_due)
        return int(self.tx.run(found).scalar_one())

    def get(self, key: str) -> Effect | None:
        """What was put under this key, whatever became of it."""
        row = self.tx.one(select(OUTBOX).where(OUTBOX.c.key == key))
        return claims.effect(row) if row else None

    def state(self, key: str) -> str:
        """pending, running, done, failed, skipped or dead; "" for a key nobody has put."""
        return str(self.tx.run(select(OUTBOX.c.state).where(OUTBOX.c.key == key)).scalar() or "")

    def failed(self, limit: int = 50) -> Sequence[Failure]:
        """What will not be sent any more, newest first."""
        lost = select(OUTBOX).where(claims.LOST, claims.KNOWN_KIND)
        rows = self.tx.all(lost.order_by(OUTBOX.c.done_at.desc(), OUTBOX.c.id.desc()).limit(limit))
        return [
            Failure(claims.effect(row), row["state"], row["last_error"], row["attempts"], row["done_at"])
            for row in rows
        ]

    def _lose(self, claimed: Claimed, state: str, now: datetime, news: dict[str, Any]) -> bool:
        """What is asked for again and again, and refused each time, is a dead letter once: the newest."""
        lost, is_ours = claimed.effect, self._end(claimed, state, now, news)
        if is_ours and lost.newest:
            same = (OUTBOX.c.subject == lost.subject, OUTBOX.c.newest == lost.newest)
            older = update(OUTBOX).where(*same, OUTBOX.c.key != lost.key, claims.LOST)
            self.tx.run(older.values(state="skipped", last_error=claims.REPLACED))
        return is_ours

    def _end(self, claimed: Claimed, state: str, now: datetime, news: dict[str, Any]) -> bool:
        return self._hand_back(claimed, {"state": state, "done_at": now, **news})

    def _hand_back(self, claimed: Claimed, news: dict[str, Any]) -> bool:
        mine = {"my_key": claimed.effect.key, "my_owner": claimed.owner, "my_attempt": claimed.attempt}
        return self.tx.run(HAND_BACK, [{"owner": "", "lease_until": None, **news, **mine}]).rowcount == 1

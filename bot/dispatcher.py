"""Sends what the outbox holds: claim, render, send in parallel, record, and claim the next wave at once.

One thread decides and writes, the outbound loop carries. No rule of the trade lives here."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot.circuit import Circuit
from bot.outcomes import Verdict, bucket_of
from bot.reconcile import Parcel
from bot.sending import CALL_TIMEOUT_S, DeliversOutside, NoPhones, Outbound, Sent
from bot.settling import Answer, Crash, GiveUp, Held, Planned, Record, apply, error_of, named, planned, report
from handlers.calls import Call, OutsideSlack, Rendered, Skip, Upload
from incidents.effects import Effect
from incidents.ports import Clock, Unit
from storage.claims import Claimed
from storage.unit_of_work import SqlUnit

T = TypeVar("T")

LEASE_S = 30.0
SETTLED_TOGETHER = 8  # few, so that nobody who declares waits long behind them
WINDOW = 48  # effects on their way at once; fewer than the pool has connections
TICK_S = 1.0
STOP_WITHIN_S = 6.0
LOOK_EVERY = timedelta(seconds=5)  # for what another process has put
MOVED_BACK = timedelta(seconds=5)
_DRAIN_STEP_S = 4 * CALL_TIMEOUT_S

log = logging.getLogger(__name__)


class UnitStore(Protocol):
    """The store with the sender's side of its units of work."""

    def write(self, work: Callable[[SqlUnit], T], patient: bool = False) -> T: ...

    def read(self, work: Callable[[SqlUnit], T]) -> T: ...


class Delivers(Protocol):
    async def deliver(self, parcel: Parcel) -> Sent: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the dispatcher works with.

    `render` and `record` are the edge's and the core's; `owner` names this process in the leases;
    `chance` is a number in [0, 1); `beat` is called at every turn of the loop, `watch` with everything that
    is settled; while `may_claim` says no, nothing new is sent.
    """

    store: UnitStore
    clock: Clock
    outbound: Outbound
    courier: Delivers
    render: Callable[[Effect, Unit], Rendered]
    record: Record
    owner: str
    chance: Callable[[], float]
    beat: Callable[[], None] = lambda: None
    watch: Callable[[Planned, datetime], None] = lambda _planned, _now: None
    may_claim: Callable[[], bool] = lambda: True
    phones: DeliversOutside = field(default_factory=NoPhones)


@dataclass(frozen=True, slots=True)
class _Probed:
    sent: Sent


@dataclass(frozen=True, slots=True)
class _Claims:
    claimed: Sequence[Claimed] = ()
    held: Mapping[str, datetime] = field(default_factory=dict)
    next_due: datetime | None = None


class Dispatcher:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._circuit = Circuit()
        self._news: queue.SimpleQueue[Answer | _Probed | None] = queue.SimpleQueue()
        self._unsettled: list[Answer] = []
        self._on_its_way = 0
        self._unreachable_in_row = 0
        self._next_due: datetime | None = None  # None: look at once
        self._latest: datetime | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take over what a predecessor of this name had claimed, then work until `stop`."""
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something may be due: called after commits, by the tick and when the clock is moved."""
        self._news.put(None)

    def stop(self, timeout_s: float = STOP_WITHIN_S) -> None:
        """Claim nothing more, wait for what is on its way; what takes longer is given back as unsure."""
        self._stopping.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(timeout_s)
        if self.is_alive():
            self._guarded(self._release)

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def stopped_by(self) -> str:
        """Slack's error while the token is refused and nothing leaves, else ""."""
        return self._circuit.error

    def run_once(self) -> int:
        """One wave, waited for; what it makes due stays for the next. Returns how many were settled."""
        self._turn([None], may_claim=True)
        return self._wait_for_answers(may_claim=False)

    def drain(self) -> int:
        """Waves until nothing is due at the clock's present. Returns how many were settled."""
        self._turn([None], may_claim=True)
        return self._wait_for_answers(may_claim=True)

    def _run(self) -> None:
        self._guarded(self._release)
        while not self._stopping.is_set() or self._on_its_way:
            self._desk.beat()
            news = self._gather(self._pause_s())
            if not self._guarded(partial(self._turn, news, not self._stopping.is_set())):
                self._stopping.wait(TICK_S)
        self._guarded(self._release)

    def _release(self) -> None:
        self._desk.store.write(lambda unit: unit.outbox.release(self._desk.owner))

    def _guarded(self, work: Callable[[], object]) -> bool:
        """The boundary: whatever goes wrong in one turn is logged, and the loop lives on."""
        try:
            work()
        except Exception:
            log.exception("the dispatcher's turn failed; it goes on")
            return False
        return True

    def _wait_for_answers(self, may_claim: bool) -> int:
        settled = 0
        while self._on_its_way or self._circuit.is_probing:
            before, is_left = self._on_its_way, bool(self._unsettled)
            news = self._gather(0.0 if is_left else _DRAIN_STEP_S)
            settled += sum(isinstance(piece, Answer) for piece in news)
            self._turn(news, may_claim)
            if not news and not is_left:
                raise TimeoutError(f"{before} effects got no answer")
        return settled

    def _gather(self, timeout_s: float) -> list[Answer | _Probed | None]:
        news: list[Answer | _Probed | None] = []
        try:
            news.append(self._news.get(timeout=timeout_s) if timeout_s > 0 else self._news.get_nowait())
            while True:
                news.append(self._news.get_nowait())
        except queue.Empty:
            return news

    def _pause_s(self) -> float:
        if self._unsettled:
            return 0.0
        if self._next_due is None or self._is_held_up() or self._on_its_way >= WINDOW:
            return TICK_S
        due_in_s = (self._next_due - self._desk.clock.now()).total_seconds()
        return min(max(due_in_s, 0.0), TICK_S)

    def _is_held_up(self) -> bool:
        return self._circuit.is_open or not self._desk.may_claim()

    def _turn(self, news: Sequence[Answer | _Probed | None], may_claim: bool) -> None:
        """Settle the answers and, in the same transaction, claim what may leave now; then send it."""
        now = self._desk.clock.now()
        self._heed_clock(now)
        self._unsettled += [piece for piece in news if isinstance(piece, Answer)]
        self._heed_probes(news, now)
        plans = [self._plan(answer, now) for answer in self._unsettled[:SETTLED_TOGETHER]]
        room = WINDOW - self._on_its_way + len(plans)
        limit = room if may_claim and not self._is_held_up() else 0
        if plans:
            self._send(self._settle(plans, now, limit), now)
        elif limit and (None in news or self._next_due is None or self._next_due <= now):
            claims = self._desk.store.write(lambda unit: self._claim(unit, now, limit), patient=True)
            self._send(claims, now)

    def _heed_clock(self, now: datetime) -> None:
        """An instant that was near must not become an hour away."""
        if self._latest is not None and now < self._latest - MOVED_BACK:
            log.warning("the clock was moved back: what waits is tried now")
            self._circuit.recount(now)
            self._desk.store.write(lambda unit: unit.outbox.hurry(now))
            self._next_due = None
        self._latest = now

    def _claim(self, unit: SqlUnit, now: datetime, limit: int) -> _Claims:
        if not limit:
            return _Claims()
        claimed = unit.outbox.claim(now, self._desk.owner, limit, LEASE_S)
        held = unit.outbox.held(now) if claimed else {}
        next_due = unit.outbox.next_due(now) if len(claimed) < limit else now
        return _Claims(claimed, held, min(next_due or now + LOOK_EVERY, now + LOOK_EVERY))

    def _plan(self, answer: Answer, now: datetime) -> Planned:
        it = planned(answer, now, self._desk.chance(), self._unreachable_in_row)
        if it.verdict is not None:
            self._unreachable_in_row = (
                self._unreachable_in_row + 1 if it.verdict is Verdict.UNREACHABLE else 0
            )
        if it.verdict is Verdict.DEAD_TOKEN and self._circuit.open(error := error_of(answer), now):
            log.error("Slack refuses the token; everything waits", extra={"error": error})
        report(it)
        self._desk.watch(it, now)
        return it

    def _settle(self, plans: Sequence[Planned], now: datetime, limit: int) -> _Claims:
        def work(unit: SqlUnit) -> _Claims:
            for it in plans:
                apply(unit, it, now, self._desk.record)
            return self._claim(unit, now, limit)

        try:
            claims = self._desk.store.write(work, patient=True)
        except Exception:
            log.exception("one of %d outcomes could not be recorded; each goes alone", len(plans))
            for it in plans:
                self._settle_alone(it, now)
            return _Claims()
        self._on_its_way -= len(plans)
        del self._unsettled[: len(plans)]
        return claims

    def _settle_alone(self, it: Planned, now: datetime) -> None:
        """A poisoned outcome fails alone; where even that cannot be written, it stays unsettled."""
        try:
            self._desk.store.write(lambda unit: apply(unit, it, now, self._desk.record))
        except Exception as error:
            log.exception("an outcome could not be recorded", extra={"effect": it.answer.claimed.effect.key})
            crash = Answer(
                it.answer.claimed, it.answer.rendered, Crash(f"record: {type(error).__name__}", True)
            )
            again = planned(crash, now, self._desk.chance(), 0)
            keep = (lambda *_: None) if isinstance(again.plan, GiveUp) else self._desk.record
            self._desk.store.write(lambda unit: apply(unit, again, now, keep))
        self._on_its_way -= 1
        self._unsettled.remove(it.answer)

    def _send(self, claims: _Claims, now: datetime) -> None:
        self._next_due = claims.next_due
        self._on_its_way += len(claims.claimed)
        if not claims.claimed:
            return
        rendered = self._rendered(claims.claimed)
        for claimed, what in zip(claims.claimed, rendered, strict=True):
            if isinstance(what, Skip | Crash):
                self._news.put(Answer(claimed, None, what))
                continue
            until = claims.held.get(bucket_of(*named(what)))
            if until is not None and until > now:
                self._news.put(Answer(claimed, what, Held(until)))
                continue
            self._desk.outbound.spawn(self._carry(claimed, what))

    def _rendered(self, claimed: Sequence[Claimed]) -> list[Rendered | Crash]:
        try:
            return self._desk.store.read(lambda unit: [self._render(one, unit) for one in claimed])
        except Exception as error:
            log.exception("nothing could be rendered")
            return [Crash(f"read: {type(error).__name__}", False) for _ in claimed]

    def _render(self, claimed: Claimed, unit: SqlUnit) -> Rendered | Crash:
        try:
            return self._desk.render(claimed.effect, unit)
        except Exception as error:
            log.exception("an effect could not be rendered", extra={"effect": claimed.effect.key})
            return Crash(f"render: {type(error).__name__}", False)

    async def _carry(self, claimed: Claimed, what: Call | Upload | OutsideSlack) -> None:
        look_first = claimed.ambiguous or claimed.attempt > 1
        came: Sent | Crash
        try:
            if isinstance(what, OutsideSlack):
                came = await self._desk.phones.deliver_out(what)
            else:
                parcel = Parcel(claimed.effect, what, claimed.put_at, look_first)
                came = await self._desk.courier.deliver(parcel)
        except Exception as error:
            log.exception("an effect could not be sent", extra={"effect": claimed.effect.key})
            came = Crash(f"send: {type(error).__name__}", True)
        self._news.put(Answer(claimed, what, came))

    def _heed_probes(self, news: Sequence[Answer | _Probed | None], now: datetime) -> None:
        for piece in news:
            if isinstance(piece, _Probed):
                self._circuit.probed(piece.sent.ok, now)
                log.warning("asked Slack again", extra={"method": "auth.test", "error": piece.sent.error})
        if self._circuit.take_probe(now):
            self._desk.outbound.spawn(self._probe())

    async def _probe(self) -> None:
        self._news.put(_Probed(await self._desk.outbound.call("auth.test")))

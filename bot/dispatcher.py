"""Sends what the outbox holds: claim, render, send in parallel, record, and claim the next wave at once.

One thread decides and writes, the outbound loop carries. No rule of the trade lives here."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from bot.carrying import Porter
from bot.circuit import Circuit
from bot.desk import Desk
from bot.outcomes import Verdict
from bot.reach import Reach
from bot.sending import CALL_TIMEOUT_S, Sent
from bot.settling import Answer, GiveUp, Mood, Move, Planned, error_of, planned, report, settle, unrecorded
from incidents.bundles import bundled
from incidents.effects import OUTSIDE_SLACK
from storage.claims import Claimed
from storage.outbox import AGED_A_CLASS_IN
from storage.traffic import Traffic
from storage.unit_of_work import SqlUnit

LEASE_S = 30.0
SETTLED_TOGETHER = 8  # few, so that nobody who declares waits long behind them
WINDOW = 48  # effects on their way at once; fewer than the pool has connections
FOR_SLACK = 40  # the rest is kept for phones, which must leave though Slack is slow
TICK_S = 1.0
STOP_WITHIN_S = 4.0  # of the ten that a stop may take in all
LOOK_EVERY = timedelta(seconds=5)  # for what another process has put
MOVED_BACK = timedelta(seconds=5)
_DRAIN_STEP_S = 4 * CALL_TIMEOUT_S

log = logging.getLogger(__name__)


class _Probed(Struct, frozen=True):
    sent: Sent


_News = Answer | _Probed


class _Claims(Struct, frozen=True):
    claimed: Sequence[Claimed] = ()
    next_due: datetime | None = None


class Dispatcher:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._porter = Porter(desk, self._tell)
        self._circuit = Circuit()
        self._news: queue.SimpleQueue[_News | None] = queue.SimpleQueue()
        self._unsettled: list[Answer] = []
        self._on_its_way = 0
        self._for_slack = 0  # of those
        self.reach = Reach()
        self._aged_at: datetime | None = None
        self._next_due: datetime | None = None  # None: look at once
        self._may_wait = True  # as far as is known since the last claim
        self._latest: datetime | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take over what a predecessor of this name had claimed, look at once, then work until `stop`."""
        self.wake()
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something may be due: called after commits and when the clock is moved."""
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

    def _gather(self, timeout_s: float) -> list[_News | None]:
        news: list[_News | None] = []
        try:
            news.append(self._news.get(timeout=timeout_s) if timeout_s > 0 else self._news.get_nowait())
            while True:
                news.append(self._news.get_nowait())
        except queue.Empty:
            return news

    def _pause_s(self) -> float:
        if self._unsettled:
            return 0.0
        if self._next_due is None or self._on_its_way >= WINDOW or not self._desk.may_claim():
            return TICK_S
        due_in_s = (self._next_due - self._desk.clock.now()).total_seconds()
        return min(max(due_in_s, 0.0), TICK_S)

    def _turn(self, news: Sequence[_News | None], may_claim: bool) -> None:
        """Settle the answers and, in the same transaction, claim what may leave now; then send it."""
        now = self._desk.clock.now()
        self._heed_clock(now)
        self._unsettled += [piece for piece in news if isinstance(piece, Answer)]
        self._heed_probes(news, now)
        plans = [self._plan(answer, now) for answer in self._unsettled[:SETTLED_TOGETHER]]
        limit = self._room(plans) if may_claim and self._desk.may_claim() else 0
        if plans:
            self._send(self._settle(plans, now, limit))
        elif limit and self._may_be_due(news, now):
            self._age(now)
            self._send(self._desk.store.write(lambda unit: self._claim(unit, now, limit), patient=True))

    def _may_be_due(self, news: Sequence[_News | None], now: datetime) -> bool:
        """Nothing is written where a second has only gone by: first it is looked whether anything waits that
        another process has put."""
        if None in news or self._next_due is None or self._next_due <= now:
            return True
        if news or not (self._may_wait or self._desk.store.has_news()):
            return False
        self._may_wait = self._desk.store.read(lambda unit: unit.outbox.is_waiting(now))
        return self._may_wait

    def _room(self, plans: Sequence[Planned]) -> int:
        """How many more may be on their way. Where Slack has its share, or wants nothing, phones still go."""
        room = WINDOW - self._on_its_way + len(plans)
        return room if self._only_outside(plans) else min(room, self._slack_room(plans))

    def _only_outside(self, plans: Sequence[Planned]) -> bool:
        return self._circuit.is_open or self._slack_room(plans) <= 0

    def _slack_room(self, plans: Sequence[Planned]) -> int:
        return FOR_SLACK - self._for_slack + sum(_goes_to_slack(it.answer.claimed) for it in plans)

    def _heed_clock(self, now: datetime) -> None:
        """An instant that was near must not become an hour away."""
        if self._latest is not None and now < self._latest - MOVED_BACK:
            log.warning("the clock was moved back: what waits is tried now")
            self._circuit.recount(now)
            self._desk.store.write(lambda unit: unit.outbox.hurry(now))
            self._next_due = self._aged_at = None
        self._latest = now

    def _age(self, now: datetime) -> None:
        """Only time in which others left counts: after an outage everything keeps its order."""
        if self._circuit.is_open or self.reach.unreachable_in_row:
            return
        if self._aged_at is None or now >= self._aged_at + AGED_A_CLASS_IN:
            self._aged_at = now
            self._desk.store.write(partial(_keep_house, now), patient=True)

    def _claim(self, unit: SqlUnit, now: datetime, limit: int, plans: Sequence[Planned] = ()) -> _Claims:
        if not limit:
            return _Claims()
        rates = self._desk.rates
        traffic = Traffic(
            lambda effect: rates.bucket_for(effect, unit), rates.rate_of, bundled, self._only_outside(plans)
        )
        claimed = unit.outbox.claim(now, self._desk.owner, limit, LEASE_S, traffic)
        next_due = unit.outbox.next_due(now) if len(claimed) < limit else now
        return _Claims(claimed, min(next_due or now + LOOK_EVERY, now + LOOK_EVERY))

    def _plan(self, answer: Answer, now: datetime) -> Planned:
        it = planned(answer, now, Mood(self._desk.chance(), self.reach.unreachable_in_row))
        if not isinstance(it.plan, Move):  # it was not its turn yet
            self._desk.watch(it, now)
        report(it)
        if not _goes_to_slack(answer.claimed):
            return it
        if it.verdict is not None:
            self.reach.note(it.verdict, error_of(answer), now)
        if it.verdict is Verdict.DEAD_TOKEN and self._circuit.open(error := error_of(answer), now):
            log.error("Slack refuses the token; everything waits", extra={"error": error})
        return it

    def _settle(self, plans: Sequence[Planned], now: datetime, limit: int) -> _Claims:
        def work(unit: SqlUnit) -> _Claims:
            settle(unit, plans, now, self._desk.record, self._desk.rates.rate_of)
            return self._claim(unit, now, limit, plans)

        try:
            claims = self._desk.store.write(work, patient=True)
        except Exception:
            log.exception("one of %d outcomes could not be recorded; each goes alone", len(plans))
            for it in plans:
                self._settle_alone(it, now)
            return _Claims()
        self._count(plans)
        del self._unsettled[: len(plans)]
        return claims

    def _settle_alone(self, it: Planned, now: datetime) -> None:
        """A poisoned outcome fails alone; where even that cannot be written, it stays unsettled."""
        rate_of = self._desk.rates.rate_of
        try:
            self._desk.store.write(lambda unit: settle(unit, [it], now, self._desk.record, rate_of))
        except Exception as error:
            claimed, rendered = it.answer.claimed, it.answer.rendered
            log.exception("an outcome could not be recorded", extra={"effect": claimed.effect.key})
            answer = Answer(claimed, rendered, unrecorded(error))
            again = planned(answer, now, Mood(self._desk.chance()))
            keep = (lambda *_: None) if isinstance(again.plan, GiveUp) else self._desk.record
            self._desk.store.write(lambda unit: settle(unit, [again], now, keep, rate_of))
        self._count([it])
        self._unsettled.remove(it.answer)

    def _count(self, settled: Sequence[Planned]) -> None:
        self._on_its_way -= len(settled)
        self._for_slack -= sum(_goes_to_slack(it.answer.claimed) for it in settled)

    def _send(self, claims: _Claims) -> None:
        self._next_due, self._may_wait = claims.next_due, True
        self._on_its_way += len(claims.claimed)
        self._for_slack += sum(map(_goes_to_slack, claims.claimed))
        self._porter.carry(claims.claimed)

    def _tell(self, answer: Answer) -> None:
        self._news.put(answer)

    def _heed_probes(self, news: Sequence[_News | None], now: datetime) -> None:
        for piece in news:
            if isinstance(piece, _Probed):
                self._circuit.probed(piece.sent.ok, now)
                self._next_due = None
                log.warning("asked Slack again", extra={"method": "auth.test", "error": piece.sent.error})
        if self._circuit.take_probe(now):
            self._desk.outbound.spawn(self._probe())

    async def _probe(self) -> None:
        self._news.put(_Probed(await self._desk.outbound.call("auth.test")))


def _keep_house(now: datetime, unit: SqlUnit) -> None:
    unit.outbox.age(now)
    unit.buckets.forget(now)


def _goes_to_slack(claimed: Claimed) -> bool:
    return claimed.effect.kind not in OUTSIDE_SLACK

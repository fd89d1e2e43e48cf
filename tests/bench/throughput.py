"""outbox.*: how many effects a second leave one SQLite file, alone and beside people who never stop.

Commits are durable, Slack is a sink in a process of its own that answers at once, no rate is counted."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bot.clock import SystemClock
from bot.desk import Desk
from bot.dispatcher import SETTLED_TOGETHER, Dispatcher
from bot.outcomes import judge
from bot.rates import Rates, bucket_of
from bot.reconcile import Courier, Parcel
from bot.sending import Outbound
from handlers.calls import Call
from incidents.effects import Effect
from storage.migrating import migrate
from storage.opening import SqlStore, open_store
from storage.writer import PATIENCE_S
from tests.bench.rows import Aim, Row
from tests.support.outgoing import bucket_for, call_of, effect
from tests.support.tiny_slack import BOT, TinySlack

EFFECTS, ONE_BY_ONE = 600, 100
PEOPLE, PAUSE_S = 8, 0.004
CHANNELS = 50


def rows(run: str) -> Iterator[Row]:
    with _sink() as slack_url:
        with _sender(slack_url) as (store, desk):
            alone = _one_by_one(store, desk)
        with _sender(slack_url) as (store, desk):
            together = _dispatched(store, desk)
        with _sender(slack_url) as (store, desk), _people(store) as acks:
            beside = _dispatched(store, desk)
    yield Row(
        "outbox.throughput",
        together,
        "/s",
        run,
        alone,
        Aim("ratio", ">=", 2.0),
        "baseline: one after the other",
    )
    acks.sort()
    p99_ms = 1000 * acks[-max(1, len(acks) // 100)]
    note = f"beside {PEOPLE} who never stop, whose p99 is {p99_ms:.0f} ms; baseline: patience alone"
    patient = SETTLED_TOGETHER / PATIENCE_S
    yield Row("outbox.saturated", beside, "/s", run, patient, Aim("ratio", ">=", 2.0), note)


def _effects(count: int) -> list[Effect]:
    return [effect(f"e{n}", channel=f"C{n % CHANNELS}", text=str(n)) for n in range(count)]


def _dispatched(store: SqlStore, desk: Desk) -> float:
    """Effects a second, from their commit to the record of the last."""
    dispatcher = Dispatcher(desk)
    store.on_commit(dispatcher.wake)
    dispatcher.start()
    began = time.monotonic()
    store.write(lambda unit: unit.outbox.put(_effects(EFFECTS), desk.clock.now()))
    while store.read(lambda unit: unit.outbox.pending_count()):
        threading.Event().wait(0.02)
    took_s = time.monotonic() - began
    dispatcher.stop()
    return EFFECTS / took_s


def _one_by_one(store: SqlStore, desk: Desk) -> float:
    """The same work as a plain queue does it: claim one, send it, record it."""
    store.write(lambda unit: unit.outbox.put(_effects(ONE_BY_ONE), desk.clock.now()))
    began = time.monotonic()
    while claimed := store.write(lambda unit: unit.outbox.claim(desk.clock.now(), "one", 1)):
        (one,) = claimed
        what = call_of(one.effect)
        assert isinstance(what, Call)
        parcel = Parcel(one.effect, what, one.put_at, look_first=False)
        sent = desk.outbound.spawn(desk.courier.deliver(parcel)).result()
        found = judge(what.method, what.args, sent, one.attempt).outcome
        assert found is not None
        store.write(lambda unit, one=one, found=found: unit.outbox.finish(one, found, desk.clock.now()))  # type: ignore[misc]
    return ONE_BY_ONE / (time.monotonic() - began)


@contextmanager
def _people(store: SqlStore) -> Iterator[list[float]]:
    """Somebody writes whenever the last one has been answered; how long each waited, in s."""
    over, waited = threading.Event(), list[float]()

    def write(number: int) -> None:
        while not over.is_set():
            began = time.monotonic()
            store.write(lambda unit: unit.facts.put(f"person {number}", "writes"))
            waited.append(time.monotonic() - began)
            over.wait(PAUSE_S)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    yield waited
    over.set()
    for thread in threads:
        thread.join()


@contextmanager
def _sender(slack_url: str) -> Iterator[tuple[SqlStore, Desk]]:
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'meridian.sqlite'}"
        migrate(url)
        store, outbound = open_store(url), Outbound("xoxb-test", slack_url)
        outbound.start()
        yield (
            store,
            Desk(
                store=store,
                clock=SystemClock(),
                outbound=outbound,
                courier=Courier(outbound, lambda: BOT),
                render=lambda effect, _unit: call_of(effect),
                record=lambda *_: None,
                owner="one",
                chance=lambda: 0.0,
                rates=Rates(bucket_for, bucket_of, lambda _: None),
            ),
        )
        outbound.stop()
        store.close()


@contextmanager
def _sink() -> Iterator[str]:
    """A Slack that says yes, in a process of its own; its address."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs,))
    process.start()
    yield str(ours.recv())
    ours.send("enough")
    process.join()


def _answer(ours: Connection) -> None:
    slack = TinySlack().start()
    ours.send(slack.url)
    ours.recv()
    slack.stop()

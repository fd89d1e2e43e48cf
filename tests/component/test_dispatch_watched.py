"""A dispatcher that is watched, and one that may not claim because the database's clock is elsewhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.metrics import Metrics
from bot.reconcile import Courier
from bot.settling import Planned
from bot.skew import Skew
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.outgoing import Outgoing, effect
from tests.support.tiny_slack import BOT, TinySlack


@pytest.fixture
def out(sqlite_store: SqlStore) -> Iterator[Outgoing]:
    slack = TinySlack().start()
    out = Outgoing(sqlite_store, slack, FakeClock())
    yield out
    out.close()
    slack.stop()


def _dispatcher(out: Outgoing, may_claim: bool = True) -> tuple[Dispatcher, list[tuple[Planned, datetime]]]:
    seen: list[tuple[Planned, datetime]] = []
    desk = Desk(
        store=out.store,
        clock=out.clock,
        outbound=out.outbound,
        courier=Courier(out.outbound, lambda: BOT, 0.0),
        render=out.render,
        record=out.record,
        owner="one",
        chance=lambda: 0.0,
        watch=lambda it, now: seen.append((it, now)),
        may_claim=lambda: may_claim,
    )
    return Dispatcher(desk), seen


def test_every_attempt_is_told_once(out: Outgoing) -> None:
    dispatcher, seen = _dispatcher(out)
    out.put(effect("one"), effect("two"))
    dispatcher.drain()
    assert sorted(it.answer.claimed.effect.key for it, _ in seen) == ["one", "two"]


def test_while_it_may_not_claim_nothing_is_sent_and_nothing_spins(out: Outgoing) -> None:
    dispatcher, seen = _dispatcher(out, may_claim=False)
    out.put(effect("one"))
    assert dispatcher.drain() == 0
    assert not seen
    assert out.state("one") == "pending"
    assert dispatcher._pause_s() > 0


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("ahead_s", "is_too_large"), [(0, False), (4, False), (-4, False), (6, True), (-6, True)]
)
def test_a_clock_more_than_five_seconds_from_the_database_s_is_noticed(
    postgres_store: SqlStore, ahead_s: int, is_too_large: bool
) -> None:
    server_now = postgres_store.read(lambda unit: unit.readings.database_now())
    assert server_now is not None
    skew = Skew(postgres_store, FakeClock(server_now + timedelta(seconds=ahead_s)))
    assert not skew.is_too_large()
    assert ("nothing is sent" in skew.look()) is is_too_large
    assert skew.is_too_large() is is_too_large


def test_a_file_s_clock_is_ours(sqlite_store: SqlStore) -> None:
    skew = Skew(sqlite_store, FakeClock())
    skew.measure()
    assert skew.found == timedelta()


def test_metrics_are_made_where_they_are_wanted_and_shared_by_nobody_else() -> None:
    one, other = Metrics(), Metrics()
    one.unhandled.add("action")
    assert "action" in one.text()
    assert "action" not in other.text()

"""A dispatcher that starts looks at once at what has waited for it."""

from collections.abc import Iterator
from contextlib import closing
from threading import Event

import pytest

from bot import dispatcher as dispatching
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.reconcile import Courier
from storage.opening import SqlStore, open_store
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


def dispatching_of(out: Outgoing, left: Event) -> Dispatcher:
    """Nobody wakes it; `left` is set when something has left."""
    desk = Desk(
        store=out.store,
        clock=out.clock,
        outbound=out.outbound,
        courier=Courier(out.outbound, lambda: BOT, 0.0),
        render=out.render,
        record=out.record,
        owner="one",
        chance=lambda: 0.0,
        watch=lambda _it, _now: left.set(),
    )
    return Dispatcher(desk)


def test_what_waited_for_the_start_waits_for_no_tick(out: Outgoing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "TICK_S", 3600.0)
    out.put(effect("page"))
    left = Event()
    dispatcher = dispatching_of(out, left)
    dispatcher.start()
    try:
        assert left.wait(60)
    finally:
        dispatcher.stop()


def test_what_a_short_command_puts_leaves_though_nobody_wakes_it(out: Outgoing, sqlite_url: str) -> None:
    """The clock stands still, so that nothing but the command's commit can tell of it."""
    left = Event()
    dispatcher = dispatching_of(out, left)
    dispatcher.start()
    try:
        with closing(open_store(sqlite_url)) as command:
            for key in ("page", "another page"):
                left.clear()
                command.write(lambda unit, key=key: unit.outbox.put([effect(key)], out.clock.now()))  # type: ignore[misc]
                assert left.wait(60)
    finally:
        dispatcher.stop()

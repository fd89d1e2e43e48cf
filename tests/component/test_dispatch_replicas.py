"""Several processes send from one database and are killed at random: everything is seen, and seen once."""

import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from incidents.effects import Effect, Priority
from storage.opening import SqlStore, open_store
from tests.support.outgoing import effect
from tests.support.sender import FastClock, seeded
from tests.support.started import Started
from tests.support.tiny_slack import TinySlack

EFFECTS, KILLS, SEED = 120, 5, 20261122
WITHIN_S = 40.0

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]


@pytest.fixture
def slow_slack(tiny_slack: TinySlack) -> TinySlack:
    tiny_slack.created = FastClock().now().timestamp()
    tiny_slack.latency_s = 0.03
    return tiny_slack


@pytest.fixture
def store(postgres_url: str) -> Iterator[SqlStore]:
    store = open_store(postgres_url)
    yield store
    store.close()


@pytest.fixture
def sender(slow_slack: TinySlack, postgres_url: str, tmp_path: Path) -> Iterator[Callable[[], Started]]:
    """Starts one more process that sends; all are killed in the end."""
    started: list[Started] = []

    def start() -> Started:
        owner = f"sender-{len(started)}"
        words = [sys.executable, "-m", "tests.support.sender", slow_slack.url, postgres_url, owner]
        started.append(Started(words, {}, "sending", tmp_path / owner))
        return started[-1]

    yield start
    for one in started:
        one.end(signal.SIGKILL)


def a_crowd() -> list[Effect]:
    """Pages and posts in a few channels, some behind others."""
    effects = []
    for number in range(EFFECTS):
        after = (f"e{number - 3}",) if number % 5 == 4 else ()
        priority = Priority.PAGE if number % 7 == 0 else Priority.STATUS
        channel = f"U{number % 4}" if priority is Priority.PAGE else f"C{number % 6}"
        effects.append(
            effect(f"e{number}", "chat.postMessage", priority, after, channel=channel, text=f"e{number}")
        )
    return effects


def seen(slow_slack: TinySlack) -> Counter[str]:
    return Counter(message["text"] for messages in slow_slack.messages.values() for message in messages)


def test_whoever_is_killed_when_every_effect_is_seen_once(
    slow_slack: TinySlack, store: SqlStore, sender: Callable[[], Started]
) -> None:
    chance = seeded(SEED)
    senders = [sender(), sender()]
    store.write(lambda unit: unit.outbox.put(a_crowd(), FastClock().now()))
    for kill in range(1, KILLS + 1):
        enough = kill * EFFECTS // (KILLS + 2)
        slow_slack.wait_until(lambda enough=enough: sum(seen(slow_slack).values()) >= enough, WITHIN_S)  # type: ignore[misc]
        senders.pop(chance.randrange(len(senders))).end(signal.SIGKILL)
        senders.append(sender())
    slow_slack.wait_until(lambda: not store.read(lambda unit: unit.outbox.pending_count()), WITHIN_S)
    assert seen(slow_slack) == {f"e{number}": 1 for number in range(EFFECTS)}
    assert all(store.read(lambda unit, n=n: unit.outbox.state(f"e{n}")) == "done" for n in range(EFFECTS))  # type: ignore[misc]

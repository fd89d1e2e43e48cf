"""Slack's faults one by one: what is urgent leaves in time, nothing is lost, nothing is seen twice."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.dispatcher import FOR_SLACK
from bot.rates import rate_of
from incidents.effects import Effect, Priority
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.outgoing import Outgoing, effect, ring
from tests.support.tiny_slack import TinySlack

TEN_MINUTES_S = 600
LINK: dict[str, Any] = {"channel_id": "C1", "title": "Runbook", "type": "link", "link": "https://x.example/"}
AFTERWARDS: tuple[dict[str, object], ...] = (
    {"html": True, "after": True},
    {"reset": True, "after": True},
    {"status": 502, "error": "service_unavailable", "after": True},
    {"error": "fatal_error", "after": True},
    {"error": "internal_error", "after": True},
    {"error": "request_timeout", "after": True},
)
BEFORE: tuple[dict[str, object], ...] = ({"html": True}, {"reset": True}, {"error": "fatal_error"})


@pytest.fixture
def out(tiny_slack: TinySlack, sqlite_store: SqlStore) -> Iterator[Outgoing]:
    clock = FakeClock()
    tiny_slack.created = clock.now().timestamp()
    out = Outgoing(sqlite_store, tiny_slack, clock, rate_of=rate_of)
    yield out
    out.close()


def page(key: str, user: str = "U7") -> Effect:
    return effect(key, priority=Priority.PAGE, channel=user, text=key)


def attempts(out: Outgoing, key: str) -> int:
    return out.store.read(
        lambda unit: int(
            unit.outbox.tx.connection.exec_driver_sql(
                f"SELECT attempts FROM outbox WHERE key = '{key}'"
            ).scalar_one()
        )
    )


def test_a_page_that_meets_a_429_of_30_seconds_leaves_at_the_thirtieth(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["chat.postMessage"].append({"retry_after": 30})
    out.put(page("page"))
    out.dispatcher.drain()
    other = out.new_dispatcher("another process")
    for _ in range(29):
        out.clock.advance(seconds=1)
        other.drain()
        out.dispatcher.drain()
    assert (tiny_slack.posts("D7"), len(tiny_slack.named("chat.postMessage"))) == ([], 1)
    out.drain_for(seconds=2)
    assert tiny_slack.posts("D7") == ["page"]
    assert attempts(out, "page") == 1


def test_a_429_of_posts_holds_up_no_other_method(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"retry_after": 30})
    out.put(
        page("page"),
        effect("create", "conversations.create", name="inc-1"),
        effect("topic", "conversations.setTopic", channel="C1", topic="x"),
        effect("bookmark", "bookmarks.add", **LINK),
        page("to another", "U8"),
    )
    out.dispatcher.drain()
    assert [out.state(key) for key in ("create", "topic", "bookmark", "to another")] == ["done"] * 4


def _posts(tiny_slack: TinySlack) -> int:
    return len(tiny_slack.posts("C1"))


def _channels(tiny_slack: TinySlack) -> int:
    return len(tiny_slack.channels)


def _bookmarks(tiny_slack: TinySlack) -> int:
    return len(tiny_slack.bookmarks["C1"])


SEEN_ONCE: dict[str, tuple[Effect, Callable[[TinySlack], int]]] = {
    "chat.postMessage": (effect("post", channel="C1", text="post"), _posts),
    "conversations.create": (effect("create", "conversations.create", name="inc-1"), _channels),
    "bookmarks.add": (effect("bookmark", "bookmarks.add", **LINK), _bookmarks),
}


@pytest.mark.parametrize("fault", [*AFTERWARDS, *BEFORE], ids=str)
@pytest.mark.parametrize("method", SEEN_ONCE)
def test_whatever_slack_says_after_it_there_is_one(
    out: Outgoing, tiny_slack: TinySlack, method: str, fault: dict[str, Any]
) -> None:
    wanted, count = SEEN_ONCE[method]
    tiny_slack.faults[method].append(fault)
    out.put(wanted)
    out.drain_for(seconds=8)
    assert (out.state(wanted.key), count(tiny_slack)) == ("done", 1)


REPEATABLE: dict[str, dict[str, Any]] = {
    "conversations.invite": {"channel": "C1", "users": "U2", "force": True},
    "conversations.setTopic": {"channel": "C1", "topic": "x"},
}


@pytest.mark.parametrize("fault", [*AFTERWARDS, *BEFORE], ids=str)
@pytest.mark.parametrize("method", REPEATABLE)
def test_what_may_be_repeated_is_repeated_until_it_is_done(
    out: Outgoing, tiny_slack: TinySlack, method: str, fault: dict[str, Any]
) -> None:
    tiny_slack.faults[method].append(fault)
    out.put(effect("again", method, **REPEATABLE[method]))
    out.drain_for(seconds=8)
    assert (out.state("again"), len(tiny_slack.named(method))) == ("done", 2)


def test_a_token_refused_for_ten_minutes_loses_nothing_and_what_is_urgent_leaves_first(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    def refuse() -> None:
        for method in ("auth.test", "chat.postMessage"):
            tiny_slack.faults[method].extend([{"error": "token_revoked"}] * 2)

    refuse()
    out.put(effect("first", channel="C1", text="first"))
    out.dispatcher.drain()
    assert out.dispatcher.stopped_by == "token_revoked"
    out.put(
        *(
            effect(f"cosmetic-{n}", priority=Priority.COSMETIC, channel=f"C{n}", text=f"cosmetic-{n}")
            for n in range(2, 92)
        )
    )
    out.put(*(effect(f"status-{n}", channel=f"C{n}", text=f"status-{n}") for n in range(100, 110)))
    out.put(page("page"), ring("ring"))
    out.dispatcher.drain()
    assert out.phones.rang == ["ring"]
    for _ in range(TEN_MINUTES_S // 10):
        refuse()
        out.drain_for(seconds=10, step_s=10)
    assert (len(tiny_slack.named("chat.postMessage")), out.dispatcher.stopped_by) == (1, "token_revoked")
    tiny_slack.faults.clear()
    out.drain_for(seconds=60, step_s=10)
    assert out.dispatcher.stopped_by == ""
    kinds = [str(args.get("text", "cosmetic")).split("-")[0] for args in tiny_slack.named("chat.postMessage")]
    assert Counter(kinds[1:]) == {"page": 1, "first": 1, "status": 10, "cosmetic": 90}
    assert set(kinds[1 : FOR_SLACK + 1]) == {"page", "first", "status", "cosmetic"}
    assert "status" not in kinds[FOR_SLACK + 1 :]  # what leaves together may arrive in any order


class ByName(TinySlack):
    """A Slack whose name has to be resolved."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/api/"


def test_while_slacks_name_is_not_resolved_nothing_is_an_attempt(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, is_down = socket.getaddrinfo, threading.Event()

    def resolve(host: Any, *more: Any, **named: Any) -> Any:
        if host == "localhost" and is_down.is_set():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return plain(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    is_down.set()
    slack, clock = ByName().start(), FakeClock()
    out = Outgoing(sqlite_store, slack, clock)
    try:
        out.put(page("page"))
        out.drain_for(seconds=TEN_MINUTES_S, step_s=10)
        assert (out.state("page"), attempts(out, "page")) == ("pending", 0)
        is_down.clear()
        out.drain_for(seconds=10)
        assert (slack.posts("D7"), attempts(out, "page")) == (["page"], 1)
    finally:
        out.close()
        slack.stop()


def test_fifty_incidents_in_a_rate_limited_announcement_channel_hold_up_no_page(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["chat.postMessage"].append({"retry_after": 30})
    out.put(effect("announce-0", channel="CANN", text="announce-0"))
    out.dispatcher.drain()
    out.put(
        *(effect(f"announce-{n}", priority=Priority.ANNOUNCE, channel="CANN", text="x") for n in range(1, 50))
    )
    out.put(*(page(f"page-{n}", f"U{n % 10}") for n in range(50)))
    out.drain_for(seconds=5)
    assert [len(tiny_slack.posts(f"D{n}")) for n in range(10)] == [5] * 10
    assert tiny_slack.posts("CANN") == []
    out.drain_for(seconds=180)
    assert len(tiny_slack.messages["CANN"]) == 50

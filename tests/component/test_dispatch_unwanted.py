"""What nobody wants any more and may be out all the same is looked for: it can then be edited or stopped."""

from collections.abc import Iterator

import pytest

from bot.sending import Sent
from incidents.effects import Priority
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.outgoing import Outgoing, effect, ring
from tests.support.tiny_slack import TinySlack

LANDED = {"reset": True, "after": True}
NEVER_ARRIVED = {"reset": True}
LOST = Sent(False, error="timeout", ambiguous=True)


@pytest.fixture
def out(tiny_slack: TinySlack, store: SqlStore) -> Iterator[Outgoing]:
    clock = FakeClock()
    tiny_slack.created = clock.now().timestamp()
    out = Outgoing(store, tiny_slack, clock)
    yield out
    out.close()


def is_overtaken(out: Outgoing, key: str) -> None:
    """Its first try has ended, one way or the other; then nobody wants it any more."""
    out.dispatcher.drain()
    assert out.state(key) == "pending"
    out.skipped.add(key)


@pytest.mark.parametrize("priority", [Priority.PAGE, Priority.STATUS])
def test_a_post_that_landed_is_known_though_nobody_wants_it_now(
    out: Outgoing, tiny_slack: TinySlack, priority: Priority
) -> None:
    tiny_slack.faults["chat.postMessage"].append(LANDED)
    out.put(effect("page", priority=priority, channel="U7", text="page"))
    is_overtaken(out, "page")
    out.drain_for(seconds=5)
    place = {"channel": "D7", "ts": tiny_slack.messages["D7"][0]["ts"]}
    assert (out.state("page"), out.outcomes["page"].result) == ("done", place)


def test_so_is_one_that_landed_in_a_thread(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append(LANDED)
    out.put(effect("card", channel="C1", text="card", thread_ts="1.1"))
    is_overtaken(out, "card")
    out.drain_for(seconds=5)
    assert out.outcomes["card"].result["ts"] == tiny_slack.messages["C1"][0]["ts"]


@pytest.mark.parametrize("priority", [Priority.PAGE, Priority.STATUS])
def test_one_that_never_arrived_is_dropped(out: Outgoing, tiny_slack: TinySlack, priority: Priority) -> None:
    tiny_slack.faults["chat.postMessage"].append(NEVER_ARRIVED)
    out.put(effect("hello", priority=priority), effect("edit", after=("hello",)))
    is_overtaken(out, "hello")
    out.drain_for(seconds=5)
    assert (out.state("hello"), tiny_slack.posts("C1")) == ("skipped", ["edit"])


def test_what_was_never_tried_is_not_looked_for(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.skipped.add("hello")
    out.put(effect("hello"))
    out.dispatcher.drain()
    assert (out.state("hello"), tiny_slack.calls) == ("skipped", [])


@pytest.mark.parametrize("priority", [Priority.PAGE, Priority.STATUS])
def test_while_slack_cannot_say_it_is_asked_again(
    out: Outgoing, tiny_slack: TinySlack, priority: Priority
) -> None:
    tiny_slack.faults["chat.postMessage"].append(LANDED)
    tiny_slack.faults["conversations.history"] += [{"status": 500, "error": "internal_error"}] * 6
    out.put(effect("hello", priority=priority))
    is_overtaken(out, "hello")
    out.drain_for(seconds=300, step_s=10)
    assert (out.state("hello"), tiny_slack.posts("C1")) == ("done", ["hello"])


def test_where_slack_will_never_say_it_is_dropped(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append(LANDED)
    tiny_slack.faults["conversations.history"].append({"error": "channel_not_found"})
    out.put(effect("hello"))
    is_overtaken(out, "hello")
    out.drain_for(seconds=5)
    assert out.state("hello") == "skipped"


def test_with_a_token_that_is_refused_the_look_waits_for_a_good_one(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["chat.postMessage"].append(LANDED)
    tiny_slack.faults["conversations.history"].append({"error": "token_revoked"})
    out.put(effect("hello"))
    is_overtaken(out, "hello")
    out.drain_for(seconds=60, step_s=5)
    assert out.state("hello") == "done"


def test_a_phone_that_may_ring_is_known_so_that_it_can_be_stopped(out: Outgoing) -> None:
    out.phones.answers.append(LOST)
    out.put(ring("ring"))
    is_overtaken(out, "ring")
    out.drain_for(seconds=5)
    assert (out.phones.rang, out.outcomes["ring"].result) == (["ring"], {"handle": "webhook:found:ring"})

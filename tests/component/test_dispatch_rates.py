"""Slack's rates are counted ahead: what finds no call left waits, in order, and is no attempt."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from bot.dispatcher import FOR_SLACK
from bot.rates import rate_of
from bot.sending import Sent
from incidents.effects import Effect, Priority
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.outgoing import Outgoing, effect, ring
from tests.support.tiny_slack import TinySlack

AT_ONCE = 4  # posts in one channel; one of Slack's five is kept back


@pytest.fixture
def out(tiny_slack: TinySlack, store: SqlStore) -> Iterator[Outgoing]:
    clock = FakeClock()
    tiny_slack.created = clock.now().timestamp()
    out = Outgoing(store, tiny_slack, clock, rate_of=rate_of)
    yield out
    out.close()


def topic(number: int, priority: Priority = Priority.STATUS) -> Effect:
    return effect(
        f"topic-{number}", "conversations.setTopic", priority, channel=f"C{number}", topic=str(number)
    )


def test_posts_in_one_channel_leave_one_a_second_and_other_channels_do_not_wait(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    out.put(*(effect(f"one-{n}", channel="C1", text=f"{n}") for n in range(7)))
    out.put(effect("other", channel="C2", text="other"))
    out.dispatcher.drain()
    assert (len(tiny_slack.posts("C1")), tiny_slack.posts("C2")) == (AT_ONCE, ["other"])
    out.drain_for(seconds=2)
    assert len(tiny_slack.posts("C1")) == AT_ONCE + 2
    out.drain_for(seconds=5)
    assert tiny_slack.posts("C1") == [str(n) for n in range(7)]


def test_waiting_for_a_turn_is_no_attempt(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(*(effect(f"e{n}") for n in range(AT_ONCE + 8)))
    out.drain_for(seconds=9)
    assert len(tiny_slack.posts("C1")) == AT_ONCE + 8
    assert tiny_slack.named("conversations.history") == []  # nothing was looked for


def test_the_urgent_leave_first_whenever_they_came(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(*(effect(f"note {n}", priority=Priority.COSMETIC) for n in range(AT_ONCE + 3)))
    out.dispatcher.drain()
    out.put(effect("page", priority=Priority.PAGE))
    out.drain_for(seconds=1)
    assert tiny_slack.posts("C1")[AT_ONCE] == "page"


def test_of_several_that_wait_for_a_turn_only_the_newest_leaves(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(*(effect(f"first {n}") for n in range(AT_ONCE)))
    out.dispatcher.drain()
    for words in ("older", "newer", "newest"):
        out.put(replace(effect(words), newest="card"))
        out.dispatcher.drain()
    out.drain_for(seconds=5)
    assert tiny_slack.posts("C1")[AT_ONCE:] == ["newest"]
    assert [out.state(words) for words in ("older", "newer", "newest")] == ["skipped", "skipped", "done"]


def test_what_was_overtaken_gives_its_turn_to_the_next(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.skipped |= {f"old {n}" for n in range(AT_ONCE)}
    out.put(*(effect(f"old {n}") for n in range(AT_ONCE)))
    out.dispatcher.drain()
    out.put(*(effect(f"new {n}") for n in range(AT_ONCE)))
    out.dispatcher.drain()
    assert len(tiny_slack.posts("C1")) == AT_ONCE


def test_after_a_429_everybody_waits_and_goes_slower(
    out: Outgoing, tiny_slack: TinySlack, store: SqlStore
) -> None:
    tiny_slack.faults["chat.postMessage"].append({"retry_after": 30})
    out.put(effect("first"))
    out.dispatcher.drain()
    out.put(effect("second"), effect("third"))
    other = out.new_dispatcher("two")
    other.drain()
    out.drain_for(seconds=29)
    assert tiny_slack.posts("C1") == []
    out.drain_for(seconds=1)
    assert tiny_slack.posts("C1") == ["first"]
    out.drain_for(seconds=1)
    assert tiny_slack.posts("C1") == ["first"]  # a second between two was too fast for Slack
    out.drain_for(seconds=4)
    assert tiny_slack.posts("C1") == ["first", "second", "third"]


def test_two_processes_share_one_bucket(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(*(topic(n) for n in range(60)))
    for owner in ("two", "three", "four"):
        out.new_dispatcher(owner).drain()
    assert len(tiny_slack.named("conversations.setTopic")) == 39


class TestOutsideSlack:
    def test_a_phone_rings_while_slack_refuses_the_token(self, out: Outgoing, tiny_slack: TinySlack) -> None:
        tiny_slack.faults["chat.postMessage"].append({"error": "token_revoked"})
        tiny_slack.faults["auth.test"].extend({"error": "token_revoked"} for _ in range(9))
        out.put(effect("page", priority=Priority.PAGE))
        out.dispatcher.drain()
        out.put(ring("ring"), effect("later"))
        out.dispatcher.drain()
        assert (out.dispatcher.stopped_by, out.phones.rang, out.state("later")) == (
            "token_revoked",
            ["ring"],
            "pending",
        )
        assert out.outcomes["ring"].result == {"handle": "webhook:ring"}

    def test_a_phone_rings_while_slack_answers_nothing(self, out: Outgoing, tiny_slack: TinySlack) -> None:
        tiny_slack.is_silent = True
        out.put(*(effect(f"e{n}", "conversations.invite", channel="C1") for n in range(FOR_SLACK + 20)))
        out.store.on_commit(out.dispatcher.wake)
        out.dispatcher.start()
        tiny_slack.wait_until(lambda: len(tiny_slack.named("conversations.invite")) == FOR_SLACK)
        out.put(ring("ring"))
        tiny_slack.wait_until(lambda: out.phones.rang == ["ring"])
        tiny_slack.is_silent = False
        out.dispatcher.stop()

    def test_a_ring_that_may_have_rung_rings_again(self, out: Outgoing, tiny_slack: TinySlack) -> None:
        out.phones.answers = [Sent(False, error="timeout", ambiguous=True)]
        out.put(ring("ring"))
        out.drain_for(seconds=3)
        assert (out.phones.rang, out.state("ring"), tiny_slack.calls) == (["ring", "ring"], "done", [])

    def test_an_outage_of_the_provider_costs_no_attempts(self, out: Outgoing) -> None:
        out.phones.answers = [Sent(False, error="unreachable")] * 9
        out.put(ring("ring"))
        out.drain_for(seconds=120, step_s=5)
        assert out.state("ring") == "done"

    def test_a_number_that_the_provider_refuses_is_final(self, out: Outgoing) -> None:
        out.phones.answers = [Sent(False, error="ring_refused")]
        out.put(ring("ring"))
        out.dispatcher.drain()
        assert (out.state("ring"), out.outcomes["ring"].error) == ("dead", "ring_refused")


def test_what_only_a_newer_version_can_say_is_left_to_it(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.strange.add("new words")
    out.put(effect("new words"))
    out.drain_for(seconds=600, step_s=30)
    out.strange.clear()
    out.drain_for(seconds=30, step_s=30)
    assert (out.state("new words"), tiny_slack.named("conversations.history")) == ("done", [])


def test_what_only_a_newer_version_can_record_is_left_to_it_and_not_sent_again(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    out.strange_now.add("new words")
    out.put(effect("new words"))
    out.drain_for(seconds=600, step_s=30)
    assert (out.state("new words"), out.outcomes) == ("pending", {})
    out.strange_now.clear()
    out.drain_for(seconds=30, step_s=30)
    assert (out.state("new words"), out.outcomes["new words"].ok) == ("done", True)
    assert len(tiny_slack.named("chat.postMessage")) == 1

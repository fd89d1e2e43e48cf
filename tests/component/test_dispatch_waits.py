"""What waits, and what does not wait for it: rate limits, a dead token, an outage, faults of our own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.dispatcher import WINDOW
from incidents.effects import Priority
from incidents.operations.notices import OPERATIONS
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.outgoing import Outgoing, effect
from tests.support.tiny_slack import TinySlack


@pytest.fixture
def out(tiny_slack: TinySlack, sqlite_store: SqlStore) -> Iterator[Outgoing]:
    clock = FakeClock()
    tiny_slack.created = clock.now().timestamp()
    out = Outgoing(sqlite_store, tiny_slack, clock)
    yield out
    out.close()


def test_a_rate_limit_holds_its_channel_and_no_other(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"retry_after": 30})
    out.put(effect("first", channel="C1", text="first"))
    out.dispatcher.drain()
    out.put(effect("same", channel="C1", text="same"), effect("other", channel="C2", text="other"))
    out.drain_for(seconds=29)
    assert (tiny_slack.posts("C1"), tiny_slack.posts("C2")) == ([], ["other"])
    out.drain_for(seconds=1)
    assert sorted(tiny_slack.posts("C1")) == ["first", "same"]
    assert len(tiny_slack.named("chat.postMessage")) == 4


def test_rate_limits_are_no_attempts(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].extend({"retry_after": 1} for _ in range(8))
    out.put(effect("hello"))
    out.drain_for(seconds=8)
    assert (tiny_slack.posts("C1"), tiny_slack.named("conversations.history")) == (["hello"], [])


def test_a_refusal_for_good_is_recorded_with_slacks_word(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"error": "user_not_found"})
    out.put(effect("page", priority=Priority.PAGE, channel="U7", text="page"))
    out.dispatcher.drain()
    assert out.outcomes["page"].error == "user_not_found"
    assert len(tiny_slack.named("chat.postMessage")) == 1


def test_an_unknown_error_is_final_at_the_fifth_attempt(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["conversations.setTopic"].extend({"error": "mercury_in_retrograde"} for _ in range(9))
    out.put(effect("topic", "conversations.setTopic", channel="C1", topic="x"))
    out.drain_for(seconds=120, step_s=10)
    assert len(tiny_slack.named("conversations.setTopic")) == 5
    assert out.outcomes["topic"].error == "mercury_in_retrograde"


def test_who_cannot_be_invited_is_named_and_the_rest_is_done(out: Outgoing, tiny_slack: TinySlack) -> None:
    faults = [
        {"user": "U2", "ok": False, "error": "cant_invite"},
        {"user": "U3", "error": "already_in_channel"},
    ]
    tiny_slack.faults["conversations.invite"].append({"error": "cant_invite", "more": {"errors": faults}})
    out.put(effect("invite", "conversations.invite", channel="C1", users="U1,U2,U3", force=True))
    out.dispatcher.drain()
    assert (out.outcomes["invite"].ok, out.outcomes["invite"].failed_users) == (True, {"U2": "cant_invite"})


def test_a_dead_token_stops_everything_until_a_probe_is_answered(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    for _ in range(2):
        tiny_slack.faults["auth.test"].append({"error": "token_revoked"})
    tiny_slack.faults["chat.postMessage"].append({"error": "token_revoked"})
    out.put(effect("hello"))
    out.dispatcher.drain()
    assert out.dispatcher.stopped_by == "token_revoked"
    out.put(effect("later"))
    out.drain_for(seconds=3)
    assert (tiny_slack.posts("C1"), len(tiny_slack.named("chat.postMessage"))) == ([], 1)
    out.drain_for(seconds=5)
    assert sorted(tiny_slack.posts("C1")) == ["hello", "later"]
    assert out.dispatcher.stopped_by == ""


def test_a_missing_scope_stops_its_method_only(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["bookmarks.add"].append({"error": "missing_scope"})
    link: dict[str, Any] = {
        "channel_id": "C1",
        "title": "Runbook",
        "type": "link",
        "link": "https://x.example/",
    }
    out.put(effect("bookmark", "bookmarks.add", **link), effect("hello"))
    out.dispatcher.drain()
    assert (tiny_slack.posts("C1"), out.state("bookmark")) == (["hello"], "pending")
    out.drain_for(seconds=61, step_s=61)
    assert out.state("bookmark") == "done"


def test_a_missing_scope_is_told_to_those_who_can_install_the_app_again(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    lacking = {"error": "missing_scope", "more": {"needed": "channels:write.topic"}}
    tiny_slack.faults["conversations.setTopic"].append(lacking)
    out.store.write(lambda unit: unit.facts.put(OPERATIONS, "COPS"))
    out.put(effect("topic", "conversations.setTopic", channel="C1", topic="x"))
    out.dispatcher.run_once()
    key = f"notice:missing_scope:conversations.setTopic:{out.clock.now():%G-W%V}"
    notice = out.store.read(lambda unit: unit.outbox.get(key))
    assert notice is not None
    assert notice.args == {
        "about": "missing_scope",
        "method": "conversations.setTopic",
        "scope": "channels:write.topic",
    }


def test_an_outage_costs_no_attempts_and_ends_by_itself(sqlite_store: SqlStore) -> None:
    gone = TinySlack().start()
    port = gone.port
    gone.stop()
    clock = FakeClock()
    out = Outgoing(sqlite_store, gone, clock)
    out.put(effect("page", priority=Priority.PAGE, channel="U7", text="page"))
    out.drain_for(seconds=120, step_s=5)
    silence = out.dispatcher.reach.silence
    back = TinySlack().start(port)
    back.created = clock.now().timestamp()
    out.drain_for(seconds=20, step_s=5)
    posted, looked = back.posts("D7"), back.named("conversations.history")
    out.close()
    back.stop()
    assert (posted, looked) == (["page"], [])
    assert silence is not None
    assert (silence.error, silence.until - silence.since > timedelta(seconds=100)) == ("unreachable", True)
    assert out.dispatcher.reach.silence is None


def test_what_is_overtaken_is_skipped_and_what_waited_for_it_goes(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    out.skipped.add("old")
    out.put(effect("old"), effect("next", after=("old",)))
    out.dispatcher.drain()
    assert (out.state("old"), tiny_slack.posts("C1")) == ("skipped", ["next"])


def test_an_effect_that_cannot_be_rendered_fails_alone_and_at_last(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    out.broken.add("broken")
    out.put(effect("broken"), effect("sound"))
    out.dispatcher.drain()
    assert (tiny_slack.posts("C1"), out.state("broken")) == (["sound"], "pending")
    out.drain_for(seconds=120, step_s=20)
    assert (out.state("broken"), out.outcomes["broken"].error) == ("dead", "render: ValueError")


def test_an_outcome_that_cannot_be_recorded_does_not_hold_up_the_others(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    out.then["bad"] = [None]  # type: ignore[list-item]
    out.put(effect("bad"), effect("good"))
    out.dispatcher.drain()
    assert (out.state("good"), out.state("bad")) == ("done", "pending")
    del out.then["bad"]
    out.drain_for(seconds=5)
    assert (out.state("bad"), sorted(tiny_slack.posts("C1"))) == ("done", ["bad", "good"])


def test_pages_leave_before_everything_else(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(*(effect(f"note {n}", priority=Priority.COSMETIC) for n in range(60)))
    out.put(effect("page", priority=Priority.PAGE, channel="U7", text="page"))
    out.dispatcher.run_once()
    assert tiny_slack.posts("D7") == ["page"]


def test_a_commit_wakes_the_running_dispatcher(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.store.on_commit(out.dispatcher.wake)
    out.dispatcher.start()
    out.put(effect("hello"), effect("after it", after=("hello",)))
    tiny_slack.wait_until(lambda: tiny_slack.posts("C1") == ["hello", "after it"])
    out.dispatcher.stop()
    assert not out.dispatcher.is_alive()
    assert out.state("after it") == "done"


def test_a_stop_gives_back_what_slack_is_slow_to_answer(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"delay": 2})
    out.store.on_commit(out.dispatcher.wake)
    out.dispatcher.start()
    out.put(effect("slow"))
    tiny_slack.wait_until(lambda: len(tiny_slack.named("chat.postMessage")) == 1)
    out.dispatcher.stop(timeout_s=0.1)
    assert out.state("slow") == "pending"
    tiny_slack.wait_until(lambda: not out.dispatcher.is_alive())
    assert out.outcomes == {}


def test_what_a_killed_process_had_in_hand_holds_up_nothing_else(
    tiny_slack: TinySlack, store: SqlStore
) -> None:
    """All that may be on its way at once was on its way; for a while it may still land."""
    out = Outgoing(store, tiny_slack, FakeClock(), settle_s=60)
    out.put(*(effect(f"e{number}", "conversations.invite", channel="C1") for number in range(WINDOW)))
    out.store.write(lambda unit: unit.outbox.claim(out.clock.now(), "one", WINDOW, 30))
    out.put(effect("new"))
    out.dispatcher.start()
    tiny_slack.wait_until(lambda: tiny_slack.posts("C1") == ["new"])
    out.dispatcher.stop()
    out.close()
    assert tiny_slack.named("conversations.invite") == []

"""However Slack fails, each effect is seen once: over real sockets, with a clock that the test moves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents.effects import Priority
from storage.opening import SqlStore
from storage.restoring import SqlRestoring
from tests.support.clock import FakeClock
from tests.support.outgoing import Outgoing, effect
from tests.support.tiny_slack import TinySlack


@pytest.fixture
def out(tiny_slack: TinySlack, store: SqlStore) -> Iterator[Outgoing]:
    clock = FakeClock()
    tiny_slack.created = clock.now().timestamp()
    out = Outgoing(store, tiny_slack, clock)
    yield out
    out.close()


def test_a_post_is_sent_and_its_place_recorded(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(effect("hello", channel="C1", text="hello"))
    assert out.dispatcher.drain() == 1
    assert tiny_slack.posts("C1") == ["hello"]
    assert out.outcomes["hello"].result == {"channel": "C1", "ts": tiny_slack.messages["C1"][0]["ts"]}
    assert out.state("hello") == "done"


def test_what_becomes_due_by_an_answer_leaves_in_the_same_drain(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.then["create"] = [effect("card", channel="C1", text="card")]
    out.put(effect("create", "conversations.create", name="inc-1"), effect("topic", after=("create",)))
    out.dispatcher.drain()
    assert sorted(tiny_slack.posts("C1")) == ["card", "topic"]
    assert out.outcomes["create"].result["name"] == "inc-1"


def test_one_wave_leaves_the_next_for_later(out: Outgoing) -> None:
    out.put(effect("first"), effect("second", after=("first",)))
    out.dispatcher.run_once()
    assert (out.state("first"), out.state("second")) == ("done", "pending")


@pytest.mark.parametrize(
    "fault",
    [{"reset": True}, {"html": True}, {"status": 500, "error": "internal_error"}, {"error": "fatal_error"}],
)
@pytest.mark.parametrize("priority", [Priority.PAGE, Priority.STATUS])
def test_a_post_that_got_through_before_the_failure_is_not_posted_again(
    out: Outgoing, tiny_slack: TinySlack, fault: dict[str, object], priority: Priority
) -> None:
    tiny_slack.faults["chat.postMessage"].append({**fault, "after": True})
    out.put(effect("hello", priority=priority, channel="U7", text="hello"))
    out.drain_for(seconds=5)
    assert tiny_slack.posts("D7") == ["hello"]
    assert out.outcomes["hello"].result["channel"] == "D7"


@pytest.mark.parametrize("fault", [{"reset": True}, {"html": True}, {"error": "some_new_error"}])
def test_a_post_that_did_not_get_through_is_posted_later(
    out: Outgoing, tiny_slack: TinySlack, fault: dict[str, object]
) -> None:
    tiny_slack.faults["chat.postMessage"].append(fault)
    out.put(effect("hello"))
    out.drain_for(seconds=5)
    assert tiny_slack.posts("C1") == ["hello"]


def test_a_page_is_looked_for_twice_before_it_is_sent_again(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"reset": True})
    out.put(effect("page", priority=Priority.PAGE, channel="U7", text="page"))
    out.drain_for(seconds=5)
    assert (len(tiny_slack.named("conversations.history")), tiny_slack.posts("D7")) == (2, ["page"])


def test_a_page_is_sent_again_when_looking_is_impossible(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"reset": True, "after": True})
    tiny_slack.faults["conversations.history"].append({"error": "missing_scope"})
    out.put(effect("page", priority=Priority.PAGE, channel="C1", text="page"))
    out.drain_for(seconds=5)
    assert tiny_slack.posts("C1") == ["page", "page"]


def test_a_page_is_looked_for_until_slack_can_say(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"reset": True, "after": True})
    tiny_slack.faults["conversations.history"].extend([{"error": "internal_error"}, {"reset": True}])
    out.put(effect("page", priority=Priority.PAGE, channel="C1", text="page"))
    out.drain_for(seconds=5)
    assert tiny_slack.posts("C1") == ["page"]


def test_a_page_from_an_older_copy_is_never_sent_without_a_look(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["conversations.history"].extend([{"error": "missing_scope"}] * 2)
    out.put(effect("page", priority=Priority.PAGE, channel="C1", text="page"))
    out.store.write(lambda unit: SqlRestoring(unit.outbox.tx).doubt(out.clock.now()))
    out.dispatcher.run_once()
    assert (tiny_slack.posts("C1"), out.state("page")) == ([], "pending")
    out.drain_for(seconds=10)
    assert tiny_slack.posts("C1") == ["page"]


def test_anything_else_is_given_up_as_unknown_when_looking_is_impossible(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["chat.postMessage"].append({"reset": True, "after": True})
    tiny_slack.faults["conversations.history"].append({"error": "missing_scope"})
    out.put(effect("note", priority=Priority.COSMETIC, channel="C1", text="note"))
    out.drain_for(seconds=5)
    assert (tiny_slack.posts("C1"), out.outcomes["note"].error) == (["note"], "unknown_outcome")


def test_a_channel_made_before_the_failure_is_adopted(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["conversations.create"].append({"reset": True, "after": True})
    out.put(effect("create", "conversations.create", name="inc-1"))
    out.drain_for(seconds=5)
    assert out.outcomes["create"].result == {"channel": tiny_slack.channels["inc-1"]["id"], "name": "inc-1"}
    assert list(tiny_slack.channels) == ["inc-1"]


@pytest.mark.parametrize("strange", [{"creator": "U9"}, {"created": 0}])
def test_a_taken_name_that_is_not_ours_gets_the_next_suffix(
    out: Outgoing, tiny_slack: TinySlack, strange: dict[str, object]
) -> None:
    theirs = {"id": "C9", "name": "inc-1", "creator": "U0BOT", "created": tiny_slack.created}
    tiny_slack.channels["inc-1"] = {**theirs, **strange}
    out.put(effect("create", "conversations.create", name="inc-1"))
    out.dispatcher.drain()
    assert out.outcomes["create"].result["name"] == "inc-1-2"


def test_a_channel_of_ours_that_is_gone_meanwhile_is_not_adopted(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["conversations.create"].append({"reset": True, "after": True})
    tiny_slack.faults["conversations.info"].append({"error": "channel_not_found"})
    out.put(effect("create", "conversations.create", name="inc-1"))
    out.drain_for(seconds=5)
    assert out.outcomes["create"].result["name"] == "inc-1-2"


def test_a_name_that_this_workspace_does_not_take_gives_way_to_the_plainest(
    out: Outgoing, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["conversations.create"].append({"error": "invalid_name_specials"})
    out.put(effect("create", "conversations.create", name="inc-1-fräud"))
    out.dispatcher.drain()
    assert out.outcomes["create"].result["name"] == "inc-1"


def test_no_name_at_all_is_a_refusal(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["conversations.create"].extend({"error": "invalid_name"} for _ in range(2))
    out.put(effect("create", "conversations.create", name="inc-1"))
    out.dispatcher.drain()
    assert (out.state("create"), out.outcomes["create"].error) == ("dead", "invalid_name")


def test_a_bookmark_set_before_the_failure_is_not_set_again(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["bookmarks.add"].append({"reset": True, "after": True})
    link: dict[str, Any] = {
        "channel_id": "C1",
        "title": "Runbook",
        "type": "link",
        "link": "https://x.example/",
    }
    out.put(effect("bookmark", "bookmarks.add", **link))
    out.drain_for(seconds=5)
    assert [bookmark["title"] for bookmark in tiny_slack.bookmarks["C1"]] == ["Runbook"]
    assert out.state("bookmark") == "done"


@pytest.mark.parametrize("method", ["files.completeUploadExternal", "chat.postMessage"])
def test_an_upload_that_broke_half_way_is_resumed_and_not_repeated(
    out: Outgoing, tiny_slack: TinySlack, method: str
) -> None:
    tiny_slack.faults[method].append({"reset": True, "after": True})
    out.put(effect("draft", "upload", channel="C1"))
    out.drain_for(seconds=5)
    assert len(tiny_slack.named("upload")) == 1
    assert [sorted(message) for message in tiny_slack.messages["C1"]] == [
        ["files", "ts"],
        ["metadata", "text", "ts"],
    ]


def test_a_post_after_a_429_does_not_upload_again(out: Outgoing, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postMessage"].append({"retry_after": 3})
    out.put(effect("draft", "upload", channel="C1"))
    out.drain_for(seconds=4)
    assert (len(tiny_slack.named("upload")), tiny_slack.posts("C1")) == (1, ["Here it is"])


def test_what_a_killed_process_had_claimed_is_looked_for_first(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(effect("hello"))
    tiny_slack.faults["chat.postMessage"].append({"after": True, "delay": 0.0})
    out.store.write(lambda unit: unit.outbox.claim(out.clock.now(), "killed", 10, 30))
    out.dispatcher.drain()
    assert tiny_slack.posts("C1") == []
    out.clock.advance(seconds=31)
    out.dispatcher.drain()
    assert tiny_slack.posts("C1") == ["hello"]
    assert len(tiny_slack.named("conversations.history")) == 1


def test_whoever_was_asleep_too_long_sends_nothing(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(effect("hello"))
    out.new_dispatcher("asleep", clock=Sleepy(out.clock)).run_once()
    assert (tiny_slack.posts("C1"), out.state("hello")) == ([], "pending")
    out.clock.advance(seconds=30)
    out.dispatcher.drain()
    assert tiny_slack.posts("C1") == ["hello"]


class Sleepy:
    """Tells the right time once, and then a time by which the lease is over: the process was stopped."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock, self._looks = clock, 0

    def now(self) -> datetime:
        self._looks += 1
        return self._clock.now() + timedelta(seconds=0 if self._looks == 1 else 25)


def test_a_file_for_one_person_goes_into_their_direct_messages(out: Outgoing, tiny_slack: TinySlack) -> None:
    out.put(effect("review", "upload", channel="U7"))
    out.dispatcher.drain()
    [shared] = tiny_slack.named("files.completeUploadExternal")
    assert (shared["channel_id"], len(tiny_slack.posts("D7"))) == ("D7", 1)

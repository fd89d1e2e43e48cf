"""Answers to people who wait: at once, at most once, and somewhere else when Slack does not take them."""

from collections.abc import Callable

import pytest

from bot.front import TOO_LATE, FrontLane
from bot.identity import Directory, Passport
from bot.sending import Outbound
from handlers.calls import Message, Picture
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.tiny_slack import BOT, TinySlack

VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Declare"}, "blocks": []}
HELLO = Message("Hello")


@pytest.fixture
def front(outbound: Outbound) -> FrontLane:
    return FrontLane(outbound, limit_s=20)


def test_a_form_is_opened_once(front: FrontLane, tiny_slack: TinySlack) -> None:
    front.open_view("t1", VIEW, "U7")
    tiny_slack.wait_until(lambda: [call["trigger_id"] for call in tiny_slack.named("views.open")] == ["t1"])
    assert tiny_slack.posts("D7") == []


def test_a_form_that_came_too_late_is_answered_where_the_command_was_typed(
    front: FrontLane, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["views.open"].append({"error": "expired_trigger_id"})
    front.open_view("t1", VIEW, "U7", tiny_slack.url.replace("/api/", "/response"))
    tiny_slack.wait_until(lambda: len(tiny_slack.named("response")) == 1)
    assert tiny_slack.posts("D7") == []


def test_a_form_that_came_too_late_is_answered_directly_without_such_a_place(
    front: FrontLane, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults["views.open"].append({"error": "expired_trigger_id"})
    front.open_view("t1", VIEW, "U7")
    tiny_slack.wait_until(lambda: tiny_slack.posts("D7") == [TOO_LATE.text])


def test_a_form_that_slack_is_slow_to_open_is_answered_too(outbound: Outbound, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["views.open"].append({"delay": 3})
    FrontLane(outbound, limit_s=0.5).open_view("t1", VIEW, "U7")
    tiny_slack.wait_until(lambda: tiny_slack.posts("D7") == [TOO_LATE.text])


def test_somebody_outside_the_channel_is_told_directly(front: FrontLane, tiny_slack: TinySlack) -> None:
    tiny_slack.faults["chat.postEphemeral"].append({"error": "user_not_in_channel"})
    front.tell_here("C1", "U7", HELLO)
    tiny_slack.wait_until(lambda: tiny_slack.posts("D7") == ["Hello"])


def test_nothing_is_raised_when_the_loop_has_ended(outbound: Outbound, front: FrontLane) -> None:
    outbound.stop()
    front.tell("U7", HELLO)


def test_who_we_are_is_known_at_the_next_start_though_slack_is_away(
    outbound: Outbound, tiny_slack: TinySlack, sqlite_store: SqlStore
) -> None:
    assert Passport(sqlite_store, "xoxb-test").renew(outbound).ok
    tiny_slack.faults["auth.test"].append({"error": "internal_error"})
    later = Passport(sqlite_store, "xoxb-test")
    assert not later.renew(outbound).ok
    assert later.authorize(None, "T1", "U7").bot_user_id == BOT


def test_everybody_is_read_page_by_page(
    outbound: Outbound, tiny_slack: TinySlack, sqlite_store: SqlStore
) -> None:
    tiny_slack.users = [{"id": f"U{n}", "name": f"p{n}", "tz": "Asia/Tokyo"} for n in range(5)]
    assert Directory(sqlite_store, FakeClock(), outbound).sync()
    known = sqlite_store.read(lambda unit: unit.people.everybody())
    assert sorted(actor.user for actor in known) == ["U0", "U1", "U2", "U3", "U4"]


def test_eight_connections_are_warm_from_the_start(tiny_slack: TinySlack) -> None:
    outbound = Outbound("xoxb-test", tiny_slack.url)
    outbound.start()
    tiny_slack.wait_until(lambda: len(tiny_slack.named("api.test")) == 8)
    outbound.stop()
    assert len(tiny_slack.peers) == 8


def picture(draw: Callable[[], bytes]) -> Picture:
    return Picture("week.png", "On call", "On call: Ana Lima.", "The same in words", draw)


def test_a_picture_is_drawn_and_sent_to_the_person_with_words_for_whoever_cannot_see_it(
    front: FrontLane, tiny_slack: TinySlack
) -> None:
    front.show("U7", picture(lambda: b"a picture"))
    tiny_slack.wait_until(lambda: len(tiny_slack.messages["D7"]) == 1)
    [place] = tiny_slack.named("files.getUploadURLExternal")
    assert (place["length"], place["alt_txt"]) == ("9", "On call: Ana Lima.")
    assert tiny_slack.named("upload") == [{"length": 9}]
    [shown] = tiny_slack.named("files.completeUploadExternal")
    assert shown["initial_comment"] == "The same in words"


@pytest.mark.parametrize("method", ["conversations.open", "files.getUploadURLExternal"])
def test_a_picture_that_slack_does_not_take_is_left_alone(
    method: str, front: FrontLane, tiny_slack: TinySlack
) -> None:
    tiny_slack.faults[method].append({"error": "internal_error"})
    front.show("U7", picture(lambda: b"a picture"))
    tiny_slack.wait_until(lambda: bool(tiny_slack.named(method)))
    front.show("U8", picture(lambda: b"another"))
    tiny_slack.wait_until(lambda: len(tiny_slack.messages["D8"]) == 1)
    assert tiny_slack.messages["D7"] == []


def test_a_picture_that_cannot_be_drawn_is_written_down_and_holds_up_nobody(
    front: FrontLane, tiny_slack: TinySlack, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> bytes:
        raise ValueError("no ink")

    front.show("U7", picture(fails))
    front.show("U8", picture(lambda: b"another"))
    tiny_slack.wait_until(lambda: len(tiny_slack.messages["D8"]) == 1)
    assert "a picture could not be drawn" in caplog.text


def test_what_is_shared_stands_in_the_channel_for_everybody(front: FrontLane, tiny_slack: TinySlack) -> None:
    front.share(tiny_slack.url.replace("/api/", "/response"), HELLO)
    tiny_slack.wait_until(lambda: len(tiny_slack.named("response")) == 1)
    assert tiny_slack.named("response")[0]["response_type"] == "in_channel"

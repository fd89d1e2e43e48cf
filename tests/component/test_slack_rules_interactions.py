"""Rules of what people do: the three seconds of an acknowledgement, and what a response_url can."""

from __future__ import annotations

from typing import Any

from slack_sdk.webhook import WebhookClient

from tests.support.slack_rules import Slack, refused, rule


def answer(url: str, **body: Any) -> int:
    """Posts to a response_url and tells the HTTP status."""
    sent: int = WebhookClient(url, retry_handlers=[]).send_dict(body).status_code
    return sent


@rule("ack-three-seconds")
def test_a_command_nobody_acknowledges_shows_an_error_and_is_not_repeated(slack: Slack) -> None:
    app = slack.app(acks=False)
    outcome = slack.act("command", **{"as": "U1", "channel": "C1", "text": "/incident help"})
    assert (outcome["acked"], outcome["error"]) == (False, "operation_timeout")
    assert any("operation_timeout" in text for text in slack.texts_seen_by("U1", "C1"))
    assert [request.type for request in app.received()] == ["slash_commands"]


@rule("ack-payload")
def test_an_acknowledgement_may_carry_the_answer(slack: Slack) -> None:
    slack.app(answer={"text": "for you alone"})
    slack.act("command", **{"as": "U1", "channel": "C1", "text": "/incident help"})
    assert "for you alone" in slack.texts_seen_by("U1", "C1")
    assert "for you alone" not in slack.texts_seen_by("U2", "C1")


@rule("command-without-app")
def test_a_command_while_no_app_is_connected_fails_at_once(slack: Slack) -> None:
    outcome = slack.act("command", **{"as": "U1", "channel": "C1", "text": "/incident help"})
    assert (outcome["acked"], outcome["error"]) == (False, "dispatch_failed")


@rule("command-in-thread")
def test_a_command_typed_in_a_thread_is_not_delivered(slack: Slack) -> None:
    app = slack.app()
    parent = slack.said("U1", "C1", "a thread")
    typed = {"as": "U1", "channel": "C1", "text": "/incident help", "thread_ts": parent}
    assert slack.act("command", **typed) == {"error": "not_supported_in_threads"}
    assert [request.type for request in app.received() if request.type == "slash_commands"] == []


@rule("response-url-uses")
def test_a_response_url_works_five_times(slack: Slack) -> None:
    url = slack.commanded("U1", "C1")["response_url"]
    assert [answer(url, text="x") == 200 for _ in range(6)] == [True] * 5 + [False]


@rule("response-url-age")
def test_a_response_url_works_for_thirty_minutes(slack: Slack) -> None:
    url = slack.commanded("U1", "C1")["response_url"]
    slack.advance(29 * 60)
    assert answer(url, text="x") == 200
    slack.advance(2 * 60)
    assert answer(url, text="x") != 200


@rule("response-url-ephemeral")
def test_an_answer_is_for_one_person_unless_it_says_in_channel(slack: Slack) -> None:
    url = slack.commanded("U1", "C1")["response_url"]
    answer(url, text="for you alone")
    answer(url, text="for all", response_type="in_channel")
    assert {"for you alone", "for all"} <= set(slack.texts_seen_by("U1", "C1"))
    assert "for you alone" not in slack.texts_seen_by("U2", "C1")
    assert "for all" in slack.texts_seen_by("U2", "C1")


@rule("response-url-replace")
def test_the_message_that_was_clicked_is_replaced_or_deleted(slack: Slack) -> None:
    room = slack.channel("U1")
    row = {"type": "actions", "block_id": "b", "elements": [slack.button("go")]}
    ts = slack.client.chat_postMessage(channel=room, text="before", blocks=[row])["ts"]
    url = slack.clicked("U1", room, ts, "go")["response_url"]
    answer(url, text="after", replace_original=True)
    assert slack.texts_seen_by("U1", room)[-1] == "after"
    answer(url, text="beside", replace_original=False)
    assert slack.texts_seen_by("U1", room)[-2:] == ["after", "beside"]
    answer(url, delete_original=True)
    assert "after" not in slack.texts_seen_by("U1", room)


@rule("response-url-thread")
def test_an_answer_goes_to_the_thread_it_names(slack: Slack) -> None:
    parent = slack.said("U1", "C1", "a thread")
    url = slack.commanded("U1", "C1")["response_url"]
    reply = {"text": "in the thread", "thread_ts": parent, "response_type": "in_channel"}
    answer(url, **reply, replace_original=False)
    messages = slack.seen_by("U1", "C1")
    assert [each["thread_ts"] for each in messages if each["text"] == "in the thread"] == [parent]


@rule("response-url-content")
def test_an_answer_obeys_the_limits_of_messages_and_costs_no_use_when_refused(slack: Slack) -> None:
    url = slack.commanded("U1", "C1")["response_url"]
    assert answer(url, text="x", blocks=[slack.section("x" * 3001)]) == 400
    assert [answer(url, text="x") for _ in range(5)] == [200] * 5


@rule("response-url-membership")
def test_a_response_url_reaches_a_channel_the_app_is_not_in(slack: Slack) -> None:
    refused("not_in_channel", slack.client.chat_postMessage, channel="C1", text="x")
    url = slack.commanded("U1", "C1")["response_url"]
    assert answer(url, text="here I am", response_type="in_channel") == 200
    assert "here I am" in slack.texts_seen_by("U2", "C1")


@rule("global-shortcut-url")
def test_a_global_shortcut_carries_no_response_url_and_no_channel(slack: Slack) -> None:
    app = slack.app()
    slack.act("shortcut", **{"as": "U1", "callback_id": "declare"})
    payload = app.next("interactive").payload
    assert payload["type"] == "shortcut"
    assert "trigger_id" in payload
    assert "response_url" not in payload
    assert "channel" not in payload

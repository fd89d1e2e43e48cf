"""Rules of chat.*: what a message may hold, whose it is, and who sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.slack_rules import Slack, Starting, refused, rule


@rule("blocks-error")
def test_refused_blocks_say_what_is_wrong_and_where(slack: Slack) -> None:
    room = slack.channel()
    row = {"type": "actions", "elements": [slack.button(str(number)) for number in range(26)]}
    answer = refused(
        "invalid_blocks",
        slack.client.chat_postMessage,
        channel=room,
        text="x",
        blocks=[{"type": "divider"}, row],
    )
    line = "no more than 25 items allowed [json-pointer:/blocks/1/elements]"
    assert answer["errors"] == [line]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {line}"]


@rule("blocks-format")
@pytest.mark.parametrize("blocks", ["[{", "words", "[" * 50_000])
def test_blocks_that_are_no_json_are_refused(slack: Slack, blocks: str) -> None:
    refused(
        "invalid_blocks_format",
        slack.client.chat_postMessage,
        channel=slack.channel(),
        text="x",
        blocks=blocks,
    )


@rule("blocks-total-text")
def test_all_text_of_a_message_has_a_limit(slack: Slack) -> None:
    room = slack.channel()
    slack.client.chat_postMessage(channel=room, text="x", blocks=[slack.section("x" * 2500)] * 4)
    refused(
        "msg_blocks_too_long",
        slack.client.chat_postMessage,
        channel=room,
        text="x",
        blocks=[slack.section("x" * 3000)] * 5,
    )


@rule("text-truncated")
def test_a_posted_text_is_cut_at_forty_thousand_characters(slack: Slack) -> None:
    answer = slack.client.chat_postMessage(channel=slack.channel(), text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000


@rule("text-update")
def test_an_update_refuses_more_than_four_thousand_characters(slack: Slack) -> None:
    room = slack.channel()
    ts = slack.client.chat_postMessage(channel=room, text="x")["ts"]
    slack.client.chat_update(channel=room, ts=ts, text="x" * 4000)
    refused("msg_too_long", slack.client.chat_update, channel=room, ts=ts, text="x" * 4001)


@rule("text-missing")
def test_a_message_has_something_in_it(slack: Slack) -> None:
    refused(
        "no_text", slack.client.api_call, "chat.postMessage", json={"channel": slack.channel(), "text": ""}
    )


@rule("markdown-text")
def test_markdown_text_stands_alone_and_holds_twelve_thousand_characters(slack: Slack) -> None:
    room = slack.channel()
    slack.client.chat_postMessage(channel=room, markdown_text="x" * 12_000)
    refused(
        "markdown_text_conflict", slack.client.chat_postMessage, channel=room, markdown_text="x", text="y"
    )
    refused("msg_too_long", slack.client.chat_postMessage, channel=room, markdown_text="x" * 12_001)


@rule("attachments")
def test_a_message_holds_a_hundred_attachments(slack: Slack) -> None:
    room = slack.channel()
    one = {"text": "a", "fallback": "a"}
    slack.client.chat_postMessage(channel=room, text="x", attachments=[one] * 100)
    refused(
        "too_many_attachments",
        slack.client.chat_postMessage,
        channel=room,
        text="x",
        attachments=[one] * 101,
    )


@rule("attachment-blocks")
def test_blocks_in_an_attachment_obey_the_same_limits(slack: Slack) -> None:
    room = slack.channel()
    bad = {"blocks": [slack.section("x" * 3001)]}
    refused("invalid_attachments", slack.client.chat_postMessage, channel=room, text="x", attachments=[bad])


@rule("metadata")
@pytest.mark.parametrize("metadata", [{"event_type": "a"}, {"event_payload": {}}, []], ids=repr)
def test_metadata_has_a_type_and_a_payload(slack: Slack, metadata: Any) -> None:
    room = slack.channel()
    good = {"event_type": "a", "event_payload": {"key": "k"}}
    slack.client.chat_postMessage(channel=room, text="x", metadata=good)
    refused(
        "invalid_metadata_format", slack.client.chat_postMessage, channel=room, text="x", metadata=metadata
    )


@rule("update-own")
def test_an_app_updates_its_own_messages_only(slack: Slack) -> None:
    room = slack.channel("U1")
    theirs = slack.said("U1", room, "mine")
    refused("cant_update_message", slack.client.chat_update, channel=room, ts=theirs, text="no")


@rule("delete-own")
def test_an_app_deletes_its_own_messages_only(slack: Slack) -> None:
    room = slack.channel("U1")
    theirs = slack.said("U1", room, "mine")
    refused("cant_delete_message", slack.client.chat_delete, channel=room, ts=theirs)


@rule("update-not-ephemeral")
def test_an_ephemeral_message_can_be_neither_updated_nor_deleted(slack: Slack) -> None:
    room = slack.channel("U1")
    ts = slack.client.chat_postEphemeral(channel=room, user="U1", text="x")["message_ts"]
    refused("message_not_found", slack.client.chat_update, channel=room, ts=ts, text="y")
    refused("message_not_found", slack.client.chat_delete, channel=room, ts=ts)


@rule("post-membership")
def test_an_app_posts_where_it_is_a_member_and_the_channel_lives(slack: Slack) -> None:
    refused("not_in_channel", slack.client.chat_postMessage, channel="C1", text="x")
    room = slack.channel()
    slack.client.conversations_archive(channel=room)
    refused("is_archived", slack.client.chat_postMessage, channel=room, text="x")


@rule("update-archived")
def test_a_message_in_an_archived_channel_stays_as_it_is(slack: Slack) -> None:
    room = slack.channel()
    ts = slack.client.chat_postMessage(channel=room, text="x")["ts"]
    slack.client.conversations_archive(channel=room)
    refused("is_inactive", slack.client.chat_update, channel=room, ts=ts, text="y")


@rule("thread-parent")
def test_a_reply_needs_the_message_it_answers(slack: Slack) -> None:
    room = slack.channel()
    refused("thread_not_found", slack.client.chat_postMessage, channel=room, text="x", thread_ts="1.000001")


@rule("ephemeral-membership")
def test_an_ephemeral_message_needs_the_person_in_the_channel(slack: Slack) -> None:
    refused(
        "user_not_in_channel", slack.client.chat_postEphemeral, channel=slack.channel(), user="U1", text="x"
    )


@rule("ephemeral-private")
def test_an_ephemeral_message_is_seen_by_one_person_and_in_no_history(slack: Slack) -> None:
    room = slack.channel("U1", "U2")
    slack.client.chat_postEphemeral(channel=room, user="U1", text="for you alone")
    assert "for you alone" in slack.texts_seen_by("U1", room)
    assert "for you alone" not in slack.texts_seen_by("U2", room)
    history = slack.client.conversations_history(channel=room)["messages"]
    assert "for you alone" not in [message["text"] for message in history]


@rule("ephemeral-forgotten")
def test_an_ephemeral_message_is_gone_after_a_restart(starting: Starting, tmp_path: Path) -> None:
    first = starting(data=tmp_path)
    room = first.channel("U1")
    first.client.chat_postMessage(channel=room, text="for all")
    first.client.chat_postEphemeral(channel=room, user="U1", text="for you alone")
    first.close()
    texts = starting(data=tmp_path).texts_seen_by("U1", room)
    assert "for all" in texts
    assert "for you alone" not in texts

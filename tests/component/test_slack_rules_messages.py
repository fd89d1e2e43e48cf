"""Rules of the `message` event: which messages the app hears of, and how it hears of edits and deletions."""

from __future__ import annotations

from tests.support.slack_rules import Slack, Starting, rule

WRITES = ("chat:write", "channels:manage", "groups:write", "im:write")


@rule("message-events")
def test_the_app_hears_the_kinds_of_conversation_it_subscribed_to(starting: Starting) -> None:
    slack = starting(WRITES, events=("message.groups", "message.im"))
    app = slack.app()
    public = slack.channel("U1")
    made = slack.client.conversations_create(name="hidden", is_private=True)["channel"]["id"]
    slack.client.conversations_invite(channel=made, users="U1")
    slack.said("U1", public, "not subscribed")
    slack.said("U1", made, "in a private channel")
    slack.said("U1", "U0SANDBOT", "to the app alone")
    assert app.hears("in a private channel").payload["event"]["channel_type"] == "group"
    assert app.hears("to the app alone").payload["event"]["channel_type"] == "im"
    slack.said("U1", made, "the last")
    texts = [request.payload["event"]["text"] for request in (app.hears("the last"), *app.received())]
    assert texts == ["the last"]


@rule("message-own")
def test_the_app_hears_its_own_words(slack: Slack) -> None:
    app, room = slack.app(), slack.channel("U1")
    slack.client.chat_postMessage(channel=room, text="mine")
    event = app.hears("mine").payload["event"]
    assert event["bot_id"] == slack.client.auth_test()["bot_id"]
    assert event["user"] == slack.client.auth_test()["user_id"]


@rule("message-subtypes")
def test_what_is_no_plain_message_says_what_it_is(slack: Slack) -> None:
    app, room = slack.app(), slack.channel("U1")
    joined = {app.event("message", "channel_join")["user"] for _ in range(2)}  # the client's workers race
    assert joined == {slack.client.auth_test()["user_id"], "U1"}
    slack.client.conversations_setTopic(channel=room, topic="SEV1")
    assert app.event("message", "channel_topic")["topic"] == "SEV1"
    first = slack.said("U1", room, "first")
    slack.act("upload", **{"as": "U1", "channel": room, "name": "log.txt"})
    assert app.event("message", "file_share")["files"][0]["name"] == "log.txt"
    slack.act("say", **{"as": "U1", "channel": room, "text": "below", "thread_ts": first})
    assert app.event("message")["thread_ts"] == first
    loud = {"as": "U1", "channel": room, "text": "loud", "thread_ts": first, "reply_broadcast": True}
    slack.act("say", **loud)
    assert app.event("message", "thread_broadcast")["root"]["ts"] == first


@rule("message-changed")
def test_an_edit_says_what_it_was_and_what_it_is(slack: Slack) -> None:
    app, room = slack.app(), slack.channel("U1")
    ts = slack.said("U1", room, "6 tickets")
    slack.advance(60)
    assert slack.edited("U1", room, ts, "64 tickets")["acked"] is True
    event = app.event("message", "message_changed")
    assert (event["channel"], event["channel_type"], event["hidden"]) == (room, "channel", True)
    assert (event["message"]["ts"], event["message"]["text"]) == (ts, "64 tickets")
    assert (event["previous_message"]["ts"], event["previous_message"]["text"]) == (ts, "6 tickets")
    assert event["message"]["edited"] == {"user": "U1", "ts": f"{float(ts) + 60:.0f}.000000"}
    assert event["event_ts"] == event["ts"] > f"{float(ts) + 59:.6f}"
    assert "edited" not in event["previous_message"]
    assert "user" not in event


@rule("message-deleted")
def test_a_deletion_says_what_is_gone(slack: Slack) -> None:
    app, room = slack.app(), slack.channel("U1")
    ts = slack.said("U1", room, "wrong channel")
    slack.deleted("U1", room, ts)
    event = app.event("message", "message_deleted")
    assert (event["channel"], event["hidden"], event["deleted_ts"]) == (room, True, ts)
    assert (event["previous_message"]["text"], event["previous_message"]["user"]) == ("wrong channel", "U1")
    assert "message" not in event
    assert ts not in [
        message["ts"] for message in slack.client.conversations_history(channel=room)["messages"]
    ]


@rule("message-tombstone")
def test_a_deleted_message_with_replies_leaves_a_stone(slack: Slack) -> None:
    app, room = slack.app(), slack.channel("U1", "U2")
    ts = slack.said("U1", room, "the first")
    slack.act("say", **{"as": "U2", "channel": room, "text": "a reply", "thread_ts": ts})
    slack.deleted("U1", room, ts)
    event = app.event("message", "message_changed")
    assert (event["message"]["subtype"], event["message"]["user"]) == ("tombstone", "USLACKBOT")
    assert event["previous_message"]["text"] == "the first"
    replies = slack.client.conversations_replies(channel=room, ts=ts)["messages"]
    assert [message["text"] for message in replies] == ["This message was deleted.", "a reply"]


@rule("message-app-changes")
def test_what_the_app_changes_and_deletes_is_heard_too(slack: Slack) -> None:
    app, room = slack.app(), slack.channel("U1")
    ts = slack.client.chat_postMessage(channel=room, text="SEV2")["ts"]
    slack.client.chat_update(channel=room, ts=ts, text="SEV1")
    changed = app.event("message", "message_changed")
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("SEV2", "SEV1")
    slack.client.chat_delete(channel=room, ts=ts)
    assert app.event("message", "message_deleted")["deleted_ts"] == ts
    assert ts not in [message["ts"] for message in slack.seen_by("U1", room)]

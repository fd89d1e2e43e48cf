"""Rules of conversations.*: names, topics, invitations, joining, and what the app cannot see."""

from __future__ import annotations

import pytest

from tests.support.slack_rules import Slack, refused, rule


@rule("channel-name")
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Upper", "invalid_name_specials"),
        ("two words", "invalid_name_specials"),
        ("-_-", "invalid_name_punctuation"),
    ],
)
def test_a_channel_name_is_refused_for_what_is_wrong_with_it(slack: Slack, name: str, error: str) -> None:
    refused(error, slack.client.conversations_create, name=name)


@rule("channel-name-taken")
def test_a_channel_name_is_given_once(slack: Slack) -> None:
    slack.client.conversations_create(name="inc-1")
    refused("name_taken", slack.client.conversations_create, name="inc-1")
    refused("name_taken", slack.client.conversations_rename, channel=slack.channel(), name="inc-1")


@rule("channel-name-archived")
def test_an_archived_channel_keeps_its_name(slack: Slack) -> None:
    room = slack.client.conversations_create(name="inc-1")["channel"]["id"]
    slack.client.conversations_archive(channel=room)
    refused("name_taken", slack.client.conversations_create, name="inc-1")


@rule("topic-length")
def test_topic_and_purpose_hold_two_hundred_and_fifty_characters(slack: Slack) -> None:
    room = slack.channel()
    slack.client.conversations_setTopic(channel=room, topic="x" * 250)
    refused("too_long", slack.client.conversations_setTopic, channel=room, topic="x" * 251)
    refused("too_long", slack.client.conversations_setPurpose, channel=room, purpose="x" * 251)


@rule("invite-all-or-nothing")
def test_one_failing_user_means_nobody_is_invited(slack: Slack) -> None:
    room = slack.channel()
    answer = refused(
        "user_not_found", slack.client.conversations_invite, channel=room, users=["U1", "UNOBODY"]
    )
    assert {"user": "UNOBODY", "ok": False, "error": "user_not_found"} in answer["errors"]
    assert "U1" not in slack.client.conversations_members(channel=room)["members"]


@rule("invite-force")
def test_with_force_those_who_can_come_are_invited(slack: Slack) -> None:
    room = slack.channel()
    answer = slack.client.conversations_invite(channel=room, users=["U1", "UNOBODY"], force=True)
    assert answer["errors"] == [{"user": "UNOBODY", "ok": False, "error": "user_not_found"}]
    assert "U1" in slack.client.conversations_members(channel=room)["members"]


@rule("invite-count")
def test_an_invitation_names_a_hundred_users_at_most(slack: Slack) -> None:
    crowd = [f"U{number}" for number in range(101)]
    refused("invalid_arguments", slack.client.conversations_invite, channel=slack.channel(), users=crowd)


@rule("invite-refusals")
def test_an_invitation_says_why_not(slack: Slack) -> None:
    room = slack.channel("U1")
    invite = slack.client.conversations_invite
    refused("cant_invite_self", invite, channel=room, users=[slack.client.auth_test()["user_id"]])
    refused("already_in_channel", invite, channel=room, users=["U1"])
    refused("user_not_found", invite, channel=room, users=["UNOBODY"])
    refused("not_in_channel", invite, channel="C1", users=["U1"])


@rule("invite-archived")
def test_nobody_is_invited_to_an_archived_channel(slack: Slack) -> None:
    room = slack.channel()
    slack.client.conversations_archive(channel=room)
    refused("is_archived", slack.client.conversations_invite, channel=room, users=["U1"])


@rule("join-again")
def test_joining_twice_is_a_warning_not_an_error(slack: Slack) -> None:
    assert "warning" not in slack.client.conversations_join(channel="C1").data
    again = slack.client.conversations_join(channel="C1")
    assert again["warning"] == "already_in_channel"


@rule("system-messages")
def test_joining_and_setting_the_topic_leave_a_line(slack: Slack) -> None:
    room = slack.channel("U1")
    slack.client.conversations_setTopic(channel=room, topic="SEV1")
    history = slack.client.conversations_history(channel=room)["messages"]
    subtypes = [message.get("subtype") for message in history]
    assert subtypes[0] == "channel_topic"
    assert "channel_join" in subtypes


@rule("private-hidden")
def test_a_private_channel_without_the_app_does_not_exist_for_it(slack: Slack) -> None:
    hidden = slack.hidden_channel()
    refused("channel_not_found", slack.client.conversations_info, channel=hidden)
    refused("channel_not_found", slack.client.chat_postMessage, channel=hidden, text="x")
    assert hidden not in [each["id"] for each in slack.client.conversations_list()["channels"]]


@rule("paging")
def test_a_list_is_cut_and_leads_on_until_its_end(slack: Slack) -> None:
    slack.channel()
    names: list[str] = []
    cursor = ""
    for _ in range(20):
        page = slack.client.conversations_list(limit=1, cursor=cursor or None)
        names += [channel["name"] for channel in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert cursor == ""
    assert len(names) == len(set(names)) == len(slack.client.conversations_list()["channels"])

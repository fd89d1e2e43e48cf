"""Rules of pins, bookmarks and reactions, and of who may be disturbed."""

from __future__ import annotations

import pytest

from tests.support.slack_rules import Slack, refused, rule


@rule("pin-once")
def test_a_message_is_pinned_once_and_taken_off_once(slack: Slack) -> None:
    room = slack.channel()
    ts = slack.client.chat_postMessage(channel=room, text="x")["ts"]
    slack.client.pins_add(channel=room, timestamp=ts)
    refused("already_pinned", slack.client.pins_add, channel=room, timestamp=ts)
    pinned = slack.client.pins_list(channel=room)["items"]
    assert [item["message"]["ts"] for item in pinned] == [ts]
    slack.client.pins_remove(channel=room, timestamp=ts)
    refused("no_pin", slack.client.pins_remove, channel=room, timestamp=ts)


@rule("pin-item")
def test_what_is_pinned_is_a_message_in_a_channel_of_the_app(slack: Slack) -> None:
    room = slack.channel()
    refused("message_not_found", slack.client.pins_add, channel=room, timestamp="1.000001")
    refused("no_item_specified", slack.client.pins_add, channel=room)
    refused("channel_not_found", slack.client.pins_add, channel="CNONE", timestamp="1.000001")


@rule("pin-count")
def test_a_channel_holds_a_hundred_pins(slack: Slack) -> None:
    slack.without_tiers()
    room = slack.channel()
    for _ in range(100):
        ts = slack.client.chat_postMessage(channel=room, text="x")["ts"]
        slack.client.pins_add(channel=room, timestamp=ts)
    ts = slack.client.chat_postMessage(channel=room, text="x")["ts"]
    refused("too_many_pins", slack.client.pins_add, channel=room, timestamp=ts)


@rule("bookmark-link")
@pytest.mark.parametrize("link", ["", "ftp://a.example", "a.example", "javascript:alert(1)", "https://"])
def test_a_bookmark_leads_to_the_web(slack: Slack, link: str) -> None:
    room = slack.channel()
    add = slack.client.bookmarks_add
    refused("invalid_link", add, channel_id=room, title="Bridge", type="link", link=link)
    add(channel_id=room, title="Bridge", type="link", link="https://meet.example/1", emoji=":phone:")
    assert [each["title"] for each in slack.client.bookmarks_list(channel_id=room)["bookmarks"]] == ["Bridge"]


@rule("bookmark-kept")
def test_a_bookmark_is_edited_and_removed_by_its_id(slack: Slack) -> None:
    room = slack.channel()
    new = slack.client.bookmarks_add(channel_id=room, title="a", type="link", link="https://a.example")
    known = {"channel_id": room, "bookmark_id": new["bookmark"]["id"]}
    assert slack.client.bookmarks_edit(**known, title="b")["bookmark"]["title"] == "b"
    refused("invalid_link", slack.client.bookmarks_edit, **known, link="no link")
    slack.client.bookmarks_remove(**known)
    assert slack.client.bookmarks_list(channel_id=room)["bookmarks"] == []


@rule("bookmark-count")
def test_a_channel_holds_a_hundred_bookmarks(slack: Slack) -> None:
    slack.without_tiers()
    room = slack.channel()
    words = {"channel_id": room, "title": "a", "type": "link", "link": "https://a.example"}
    for _ in range(100):
        slack.client.bookmarks_add(**words)
    refused("too_many_bookmarks", slack.client.bookmarks_add, **words)


@rule("reaction-once")
def test_a_reaction_is_added_once_and_removed_once(slack: Slack) -> None:
    room = slack.channel()
    ts = slack.client.chat_postMessage(channel=room, text="x")["ts"]
    eyes = {"channel": room, "timestamp": ts, "name": "eyes"}
    slack.client.reactions_add(**eyes)
    refused("already_reacted", slack.client.reactions_add, **eyes)
    seen = slack.client.reactions_get(channel=room, timestamp=ts)["message"]["reactions"]
    assert [(each["name"], each["count"]) for each in seen] == [("eyes", 1)]
    slack.client.reactions_remove(**eyes)
    refused("no_reaction", slack.client.reactions_remove, **eyes)


@rule("reaction-name")
def test_a_reaction_has_the_name_of_an_emoji(slack: Slack) -> None:
    room = slack.channel()
    ts = slack.client.chat_postMessage(channel=room, text="x")["ts"]
    refused("invalid_name", slack.client.reactions_add, channel=room, timestamp=ts, name="no such!")
    refused("no_item_specified", slack.client.reactions_add, channel=room, name="eyes", timestamp="")


@rule("do-not-disturb")
def test_a_silent_phone_stays_dark_and_the_app_can_ask(slack: Slack) -> None:
    room = slack.channel("U1", "U2")
    slack.silence("U1")
    slack.client.chat_postMessage(channel=room, text="<@U1> <@U2> look")
    assert slack.phone("U1") == []
    assert len(slack.phone("U2")) == 1
    assert slack.client.dnd_info(user="U1")["dnd_enabled"] is True
    assert slack.client.dnd_info(user="U2")["dnd_enabled"] is False
    assert set(slack.client.dnd_teamInfo(users=["U1", "U2"])["users"]) == {"U1", "U2"}


@rule("snooze-of-others")
def test_a_snooze_of_somebody_else_is_a_span_that_began(slack: Slack) -> None:
    slack.silence("U1")
    told = slack.client.dnd_info(user="U1").data
    assert isinstance(told, dict)
    assert not [name for name in told if name.startswith("snooze_")]
    assert told["next_dnd_end_ts"] - told["next_dnd_start_ts"] == 3600
    slack.advance(3600)
    ended = slack.client.dnd_info(user="U1")
    assert (ended["dnd_enabled"], ended["next_dnd_start_ts"], ended["next_dnd_end_ts"]) == (False, 1, 1)

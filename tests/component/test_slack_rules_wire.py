"""Rules of the wire: how arguments travel, whose token may call, and how often."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from sandbox.web_api.method import PER_CHANNEL, UNLIMITED
from sandbox.web_api.registry import all_methods
from tests.support.slack_rules import APP_TOKEN, BOT_TOKEN, Slack, Starting, refused, rule


@rule("wire-encodings")
def test_arguments_arrive_in_every_encoding_slack_takes(slack: Slack) -> None:
    room = slack.channel()
    words = {"channel": room, "text": "x"}
    bearer = {"Authorization": f"Bearer {BOT_TOKEN}"}
    as_json = {"Content-Type": "application/json; charset=utf-8"}
    url = f"{slack.url}api/chat.postMessage"
    requests = [
        Request(url, json.dumps(words).encode(), {**bearer, **as_json}),
        Request(url, urlencode(words).encode(), bearer),
        Request(url, urlencode({**words, "token": BOT_TOKEN}).encode()),
        Request(f"{url}?{urlencode(words)}", headers=bearer),
        Request(
            f"{slack.url}api/auth.test", b"", {**bearer, "Content-Type": "application/json"}, method="POST"
        ),
    ]
    for request in requests:
        with urlopen(request, timeout=30) as answer:
            assert json.load(answer)["ok"] is True


@rule("wire-nested")
def test_nested_values_arrive_as_json_or_as_strings_of_json(slack: Slack) -> None:
    room = slack.channel()
    blocks = [slack.section("nested")]
    view = {"type": "home", "blocks": blocks}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("chat.postMessage", {"channel": room, "text": "x", "blocks": blocks}),
        ("views.publish", {"user_id": "U1", "view": view}),
    ]
    for method, words in calls:
        strings = {name: each if isinstance(each, str) else json.dumps(each) for name, each in words.items()}
        for sent in ({"json": words}, {"json": strings}, {"data": strings}, {"params": strings}):
            answer = slack.client.api_call(method, **sent)
            shown = answer.get("message") or answer["view"]
            assert shown["blocks"][0]["text"]["text"] == "nested"


@rule("wire-booleans")
@pytest.mark.parametrize("yes", [True, "true", "1", 1])
def test_a_yes_is_understood_in_every_form(slack: Slack, yes: object) -> None:
    room = slack.channel()
    words = {"channel": room, "users": "U1,UNOBODY", "force": yes}
    assert slack.post_json("conversations.invite", words)["errors"][0]["user"] == "UNOBODY"


@rule("unknown-method")
def test_a_method_that_is_not_served_says_so_with_200(slack: Slack) -> None:
    answer = refused("unknown_method", slack.client.api_call, "reminders.add")
    assert answer.status_code == 200


@rule("token-missing")
def test_a_call_needs_a_token_that_is_known(slack: Slack) -> None:
    refused("not_authed", WebClient(base_url=slack.api, retry_handlers=[]).auth_test)
    refused("invalid_auth", WebClient("xoxb-real-1", base_url=slack.api, retry_handlers=[]).auth_test)


@rule("token-type")
def test_each_method_wants_its_kind_of_token(slack: Slack) -> None:
    with_app_token = WebClient(APP_TOKEN, base_url=slack.api, retry_handlers=[])
    refused("not_allowed_token_type", with_app_token.conversations_list)


@rule("missing-scope")
def test_a_scope_outside_the_manifest_is_missing(starting: Starting) -> None:
    slack = starting(scopes=("chat:write", "channels:manage"))
    room = slack.channel()
    answer = refused("missing_scope", slack.client.pins_add, channel=room, timestamp="1.000001")
    assert answer["needed"] == "pins:write"
    assert set(answer["provided"].split(",")) == {"chat:write", "channels:manage"}


ODD: list[Any] = [None, -1, 1e308, [], {}, [[]], "\ud800", "[[", "\x00", "x" * 100_000, "[" * 100_000]


@rule("wire-any-json")
@pytest.mark.parametrize("odd", ODD, ids=lambda value: repr(value)[:12])
def test_whatever_json_arrives_the_answer_is_slacks_json(slack: Slack, odd: object) -> None:
    room = slack.channel("U1")
    for method, name in [
        ("api.test", "word"),
        ("chat.postMessage", "text"),
        ("chat.postMessage", "blocks"),
        ("chat.postMessage", "metadata"),
        ("conversations.invite", "users"),
        ("conversations.setTopic", "topic"),
        ("files.completeUploadExternal", "files"),
        ("views.publish", "view"),
    ]:
        words = {"channel": room, "text": "x", "user_id": "U1", name: odd}
        assert isinstance(slack.post_json(method, words)["ok"], bool)
    assert slack.client.conversations_history(channel=room)["ok"] is True
    assert slack.look("state?as=U1")["channels"]


TIERS = {
    20: """conversations.create conversations.list conversations.archive conversations.unarchive
        conversations.rename conversations.setTopic conversations.setPurpose users.list pins.add pins.list
        pins.remove bookmarks.add bookmarks.edit bookmarks.remove reactions.remove""",
    50: """conversations.invite conversations.info conversations.join conversations.open conversations.kick
        conversations.history conversations.replies chat.update chat.delete reactions.add
        users.lookupByEmail users.conversations apps.connections.open""",
    100: """views.open views.push views.update views.publish chat.postEphemeral users.info
        files.getUploadURLExternal files.completeUploadExternal conversations.members""",
    UNLIMITED: "auth.test chat.getPermalink",
    PER_CHANNEL: "chat.postMessage",
}


@rule("rate-tiers")
@pytest.mark.parametrize("tier", TIERS)
def test_each_method_has_slacks_tier(tier: int) -> None:
    served = all_methods()
    assert {name: served[name].tier for name in TIERS[tier].split()} == dict.fromkeys(
        TIERS[tier].split(), tier
    )


def until_limited(call: Callable[..., object], **arguments: Any) -> SlackResponse:
    """Calls again and again, up to sixty times, and gives back the answer that refused."""
    for _ in range(60):
        try:
            call(**arguments)
        except SlackApiError as refusal:
            response: SlackResponse = refusal.response
            return response
    pytest.fail("sixty calls passed")


@rule("rate-tier")
def test_a_method_past_its_tier_asks_to_wait_and_then_works(slack: Slack) -> None:
    room = slack.channel()
    answer = until_limited(slack.client.conversations_setTopic, channel=room, topic="x")
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    slack.advance(int(answer.headers["Retry-After"]))
    slack.client.conversations_setTopic(channel=room, topic="again")


@rule("rate-per-channel")
def test_posting_is_limited_for_each_channel_by_itself(slack: Slack) -> None:
    one, other = slack.channel(), slack.channel()
    answer = until_limited(slack.client.chat_postMessage, channel=one, text="x")
    assert answer["error"] == "ratelimited"
    slack.client.chat_postMessage(channel=other, text="x")

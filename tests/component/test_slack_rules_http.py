"""Rules of delivery over HTTP: signatures, forms, the three seconds, retries, the handshake."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from tests.support.http_app import SECRET, HttpApp, Json, Posted, Reply, http_app
from tests.support.slack_rules import Slack, rule

COMMAND = {"as": "U1", "channel": "C1", "text": "/incident help"}


@pytest.fixture
def app() -> Iterator[HttpApp]:
    with http_app() as found:
        yield found


@pytest.fixture
def room(slack: Slack, app: HttpApp) -> str:
    """A channel with U1 and the app, which is reached over HTTP from here on."""
    made = slack.channel("U1")
    answer = slack.act("settings", delivery="http", request_url=app.url, signing_secret=SECRET)
    assert answer["response"]["delivery"] == "http", answer
    return made


def is_signed(posted: Posted) -> bool:
    headers = {name.lower(): value for name, value in posted.headers.items()}
    return SignatureVerifier(SECRET).is_valid_request(posted.body, headers)


@rule("http-url-verification")
def test_a_request_url_is_taken_once_it_sends_the_challenge_back(slack: Slack, app: HttpApp) -> None:
    asked: list[Posted] = []

    def refuse(posted: Posted) -> Reply:
        asked.append(posted)
        return Reply(text="hello")

    honest, app.answer = app.answer, refuse  # type: ignore[method-assign]
    wanted = {"delivery": "http", "request_url": app.url, "signing_secret": SECRET}
    refusal = slack.act("settings", **wanted)
    assert (refusal["error"], refusal["reason"]) == ("url_not_verified", "status 200: hello")
    assert slack.look("state")["settings"]["delivery"] == "socket"
    assert set(asked[0].json()) == {"token", "challenge", "type"}
    assert asked[0].json()["type"] == "url_verification"
    assert is_signed(asked[0])
    app.answer = honest  # type: ignore[method-assign]
    assert slack.act("settings", **wanted)["response"]["request_url"] == app.url
    assert SECRET not in json.dumps(slack.look("state"))


@rule("http-events", "http-signature")
def test_an_event_is_posted_as_signed_json(slack: Slack, app: HttpApp, room: str) -> None:
    app.will(Reply(204))
    outcome = slack.act("say", **{"as": "U1", "channel": room, "text": "hello"})
    posted = app.hears("hello")
    assert posted.json()["type"] == "event_callback"
    assert posted.headers["Content-Type"] == "application/json"
    assert is_signed(posted)
    assert posted.retry == (None, None)
    assert (outcome["acked"], outcome["ack_ms"] > 0) == (True, True)


@rule("http-forms")
def test_a_command_is_posted_as_fields_and_a_press_as_one(slack: Slack, app: HttpApp, room: str) -> None:
    assert slack.act("command", **COMMAND)["acked"] is True
    fields = app.next().form()
    assert (fields["command"], fields["text"], fields["user_id"]) == ("/incident", "help", "U1")
    assert {"trigger_id", "response_url", "team_id", "api_app_id"} <= set(fields)
    row = {"type": "actions", "elements": [slack.button("go")]}
    ts = slack.client.chat_postMessage(channel=room, text="x", blocks=[row])["ts"]
    app.hears("x")
    slack.act("click", **{"as": "U1", "channel": room, "ts": ts, "action_id": "go"})
    pressed = app.next()
    assert list(pressed.form()) == ["payload"]
    assert json.loads(pressed.form()["payload"])["actions"][0]["action_id"] == "go"
    assert is_signed(pressed)


@rule("http-answers")
@pytest.mark.parametrize("text", ['{"text": "for you alone"}', "for you alone"], ids=["JSON", "words"])
@pytest.mark.usefixtures("room")
def test_the_answer_to_a_command_is_shown(slack: Slack, app: HttpApp, text: str) -> None:
    app.will(Reply(text=text, headers={"Content-Type": "application/json"}))
    assert slack.act("command", **COMMAND)["response"] == {"text": "for you alone"}
    assert "for you alone" in slack.texts_seen_by("U1", "C1")


@rule("http-deadline")
def test_an_answer_after_three_seconds_is_none(slack: Slack, app: HttpApp, room: str) -> None:
    late = threading.Event()
    app.will(Reply(held=late), Reply(held=late))
    with slack.meanwhile("command", **COMMAND) as outcome:
        app.next()
        said = slack.act("say", **{"as": "U1", "channel": room, "text": "hello"})
        assert said["acked"] is False or said["ack_ms"] < 3000
    assert outcome()["error"] == "operation_timeout"
    failed = '/incident failed with the error "operation_timeout"'
    assert failed in slack.texts_seen_by("U1", "C1")
    assert app.hears("hello").retry == (None, None)
    assert app.hears("hello").retry == ("1", "http_timeout")
    late.set()


@rule("http-refused")
@pytest.mark.usefixtures("room")
def test_a_command_that_is_refused_is_sent_once(slack: Slack, app: HttpApp) -> None:
    app.will(Reply(500))
    assert slack.act("command", **COMMAND)["error"] == "dispatch_failed"
    app.next()
    slack.advance(600)
    assert app.is_quiet()
    app.close()
    assert slack.act("command", **COMMAND)["error"] == "dispatch_failed"
    failed = '/incident failed with the error "dispatch_failed"'
    assert slack.texts_seen_by("U1", "C1").count(failed) == 2


@rule("http-retries")
def test_an_event_comes_again_at_once_then_later_then_never(slack: Slack, app: HttpApp, room: str) -> None:
    app.will(*[Reply(503)] * 4)
    assert slack.act("say", **{"as": "U1", "channel": room, "text": "hello"})["acked"] is False
    first, again = app.hears("hello"), app.hears("hello")
    assert (first.retry, again.retry) == ((None, None), ("1", "http_error"))
    assert app.is_quiet()
    slack.advance(60)
    assert app.hears("hello").retry == ("2", "http_error")
    slack.until_planned(retries=3)
    slack.advance(300)
    last = app.hears("hello")
    assert last.retry == ("3", "http_error")
    assert last.json()["event_id"] == first.json()["event_id"]
    slack.advance(86400)
    assert app.is_quiet()


@rule("http-retry-reasons")
def test_a_retry_says_what_went_wrong(slack: Slack, app: HttpApp, room: str) -> None:
    app.will(*[Reply(307, headers={"Location": app.url})] * 3)
    slack.said("U1", room, "round and round")
    reasons = [app.hears("round and round").retry[1] for _ in range(4)]
    assert reasons[-1] == "too_many_redirects"
    app.close()
    slack.said("U1", room, "nobody there")
    entry = slack.look("journal?after=0")["entries"][-1]
    assert (entry["error"], entry["attempts"]) == ("connection_failed", 2)


@rule("http-no-retry")
def test_an_answer_may_forbid_retries(slack: Slack, app: HttpApp, room: str) -> None:
    app.will(Reply(500, headers={"X-Slack-No-Retry": "1"}))
    slack.said("U1", room, "hello")
    app.hears("hello")
    slack.advance(600)
    assert app.is_quiet()


def test_what_was_begun_over_a_socket_ends_there(slack: Slack, app: HttpApp) -> None:
    socket = slack.socket()
    with slack.meanwhile("command", **COMMAND) as outcome:
        frame = socket.frame("slash_commands")
        slack.act("settings", delivery="http", request_url=app.url, signing_secret=SECRET)
        socket.ack(frame)
    assert outcome()["acked"] is True


@pytest.mark.parametrize(
    "wanted",
    [
        {"delivery": "pigeon"},
        {"delivery": "http"},
        {"request_url": "https://example.org/slack"},
        {"request_url": "http://example.org/slack"},
    ],
    ids=["unknown", "no address", "https", "elsewhere"],
)
def test_a_delivery_that_cannot_be_is_refused(slack: Slack, wanted: Json) -> None:
    assert "error" in slack.act("settings", **wanted)
    assert slack.look("state")["settings"]["delivery"] == "socket"


@rule("http-signature")
@pytest.mark.usefixtures("room")
def test_bolt_serves_the_posts_unchanged_whatever_the_workspaces_time(slack: Slack, app: HttpApp) -> None:
    bolt = App(
        client=WebClient("xoxb-sandbox-1", base_url=slack.api),
        signing_secret=SECRET,
        process_before_response=True,
    )

    @bolt.command("/incident")
    def answer(ack: Ack, body: Json) -> None:
        ack(f"You said {body['text']}")

    def dispatched(posted: Posted) -> Reply:
        request = BoltRequest(body=posted.body.decode(), headers=dict(posted.headers.items()))
        found = bolt.dispatch(request)
        return Reply(found.status, found.body)

    app.answer = dispatched  # type: ignore[method-assign]
    slack.advance(8 * 3600)
    assert slack.act("command", **COMMAND)["response"] == {"text": "You said help"}
    assert slack.act("ssl_check")["acked"] is True

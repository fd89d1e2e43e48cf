"""Rules of Socket Mode: connecting, envelopes, acknowledgements, redelivery, going away."""

from __future__ import annotations

from typing import Any

import pytest
from websocket import WebSocketException

from tests.support.slack_rules import Slack, refused, rule


@rule("socket-token")
def test_a_socket_address_is_for_the_app_level_token(slack: Slack) -> None:
    refused("not_allowed_token_type", slack.client.api_call, "apps.connections.open")


@rule("socket-one-shot")
def test_a_socket_address_works_once(slack: Slack) -> None:
    address = slack.socket_address()
    slack.socket(address)
    with pytest.raises(WebSocketException):
        slack.socket(address)


@rule("socket-hello")
def test_the_first_frame_is_hello(slack: Slack) -> None:
    hello = slack.socket().frame()
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"]["app_id"].startswith("A")
    assert hello["debug_info"]["approximate_connection_time"] > 0


@rule("socket-debug-reconnects")
def test_a_socket_may_be_asked_to_live_six_minutes(slack: Slack) -> None:
    short = slack.socket(f"{slack.socket_address()}&debug_reconnects=true").frame()
    assert short["debug_info"]["approximate_connection_time"] == 360


@rule("socket-connections")
def test_ten_sockets_at_most(slack: Slack) -> None:
    sockets = [slack.socket() for _ in range(10)]
    assert sockets[-1].frame()["num_connections"] == 10
    eleventh = slack.socket().frame()
    assert (eleventh["type"], eleventh["reason"]) == ("disconnect", "too_many_websockets")


@rule("socket-one-receiver")
def test_each_envelope_goes_to_one_socket(slack: Slack) -> None:
    room = slack.channel("U1")
    sockets = [slack.socket(), slack.socket()]
    for socket in sockets:
        socket.frame("hello")
    for number in range(4):
        slack.client.chat_postMessage(channel=room, text=str(number))
    frames = [frame for socket in sockets for frame in socket.everything()]
    events = [frame["payload"]["event"] for frame in frames]
    assert sorted(event["text"] for event in events if event.get("text", "").isdigit()) == list("0123")


@rule("socket-disconnect")
@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_a_disconnect_frame_says_why(slack: Slack, reason: str) -> None:
    socket = slack.socket()
    socket.frame("hello")
    slack.act("faults", disconnect=reason)
    assert socket.frame("disconnect")["reason"] == reason


@rule("socket-refresh")
def test_the_sdk_client_comes_back_after_a_refresh(slack: Slack) -> None:
    room = slack.channel("U1")
    app = slack.app()
    slack.act("faults", disconnect="refresh_requested")
    app.reconnected()
    slack.client.chat_postMessage(channel=room, text="after the refresh")
    app.hears("after the refresh")


@rule("envelope-shape")
def test_an_envelope_has_the_parts_slack_sends(slack: Slack) -> None:
    room = slack.channel("U1")
    socket = slack.socket()
    socket.frame("hello")
    slack.client.chat_postMessage(channel=room, text="hello")
    event = socket.heard("hello")
    assert set(event) == {
        "envelope_id",
        "type",
        "payload",
        "accepts_response_payload",
        "retry_attempt",
        "retry_reason",
    }
    assert (event["accepts_response_payload"], event["retry_attempt"]) == (False, 0)
    assert {"event_id", "event_time", "team_id", "api_app_id", "authorizations"} <= set(event["payload"])
    command = commanded_frame(slack, socket)
    assert command["accepts_response_payload"] is True
    assert {"command", "text", "trigger_id", "response_url", "user_id"} <= set(command["payload"])


def commanded_frame(slack: Slack, socket: Any) -> Any:
    with slack.meanwhile("command", **{"as": "U1", "channel": "C1", "text": "/incident help"}):
        command = socket.frame("slash_commands")
        socket.ack(command)
    return command


@rule("event-redelivered")
def test_an_event_without_an_acknowledgement_comes_again(slack: Slack) -> None:
    assert slack.act("settings")["response"]["redelivery_s"][0] == 4
    slack.act("settings", redelivery_s=[0.05, 0.05, 60])
    room = slack.channel("U1")
    socket = slack.socket()
    socket.frame("hello")
    slack.client.chat_postMessage(channel=room, text="hello")
    first, second, third = (socket.heard("hello") for _ in range(3))
    assert [frame["retry_attempt"] for frame in (first, second, third)] == [0, 1, 2]
    assert (second["retry_reason"], third["retry_reason"]) == ("timeout", "timeout")
    assert first["payload"]["event_id"] == second["payload"]["event_id"] == third["payload"]["event_id"]


@rule("envelope-after-reconnect")
def test_an_unacknowledged_envelope_comes_again_to_a_new_socket(slack: Slack) -> None:
    room = slack.channel("U1")
    socket = slack.socket()
    socket.frame("hello")
    slack.client.chat_postMessage(channel=room, text="hello")
    lost = socket.heard("hello")
    socket.close()
    again = slack.socket().heard("hello")
    assert (again["envelope_id"], again["retry_attempt"]) == (lost["envelope_id"], 0)


@rule("ack-on-any-socket")
def test_an_acknowledgement_counts_on_whichever_socket_it_comes(slack: Slack) -> None:
    one, other = slack.socket(), slack.socket()
    for socket in (one, other):
        socket.frame("hello")
    with slack.meanwhile("command", **{"as": "U1", "channel": "C1", "text": "/incident help"}) as outcome:
        received = [(socket, frame) for socket in (one, other) for frame in socket.everything()]
        receiver, command = next(each for each in received if each[1]["type"] == "slash_commands")
        bystander = other if receiver is one else one
        bystander.ack(command)
    assert outcome()["acked"] is True


@rule("membership-events")
def test_messages_of_channels_without_the_app_are_not_heard(slack: Slack) -> None:
    room = slack.channel("U1")
    socket = slack.socket()
    slack.said("U1", "C1", "not for the app")
    slack.client.chat_postMessage(channel=room, text="for the app")
    frames = [frame for frame in socket.everything() if frame["type"] == "events_api"]
    texts = [frame["payload"]["event"].get("text") for frame in frames]
    assert "for the app" in texts
    assert "not for the app" not in texts

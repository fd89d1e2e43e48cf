"""Slack can always deliver: two lines, replaced before they go, watched for silence, patient at the start."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.clock import monotonic_seconds
from bot.socket import Chances, Pace, Socket
from bot.socket_line import PING_EVERY_S
from tests.support.tiny_slack import BOT, TinySlack

QUICK = Pace(silence_s=1.0, linger_s=0.2, look_every_s=0.05, most_wait_s=0.2)


@dataclass
class House:
    """A Bolt app that counts what is said to it, and a way to open its socket."""

    slack: TinySlack
    app: App
    heard: list[str] = field(default_factory=list)
    connected: list[float] = field(default_factory=list)
    sockets: list[Socket] = field(default_factory=list)
    acked: list[bool] = field(default_factory=list)
    slept_s: float = 0.0

    def open(self, pace: Pace = QUICK, url: str = "") -> Socket:
        client = WebClient(base_url=url or self.slack.url, retry_handlers=[], timeout=2)
        chances = Chances(lambda: monotonic_seconds() + self.slept_s, lambda: 0.0)
        told = lambda: self.connected.append(time.monotonic())  # noqa: E731
        socket = Socket(self.app, "xapp-test", client, told, chances, pace)
        socket.acked = lambda _seconds, is_acked: self.acked.append(is_acked)
        socket.start()
        self.sockets.append(socket)
        return socket


def envelope(number: int) -> dict[str, Any]:
    event = {"type": "app_mention", "user": "U1", "text": f"hello {number}", "channel": "C1", "ts": "1.0"}
    payload = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}
    return {
        "type": "events_api",
        "envelope_id": f"e{number}",
        "accepts_response_payload": False,
        "payload": payload,
    }


@pytest.fixture
def house(tiny_slack: TinySlack) -> Iterator[House]:
    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token="xoxb-test",
            bot_user_id=BOT,
            bot_id="B0BOT",
        )

    app = App(authorize=authorize, signing_secret="unused", process_before_response=True)
    house = House(tiny_slack, app)
    app.event("app_mention")(_remember(house))
    yield house
    for socket in house.sockets:
        socket.stop()


def _remember(house: House) -> Callable[[dict[str, Any]], None]:
    def listener(event: dict[str, Any]) -> None:
        house.heard.append(event["text"])

    return listener


def test_two_lines_are_opened_and_deliveries_reach_bolt_and_are_acked(house: House) -> None:
    socket = house.open()
    house.slack.wait_until(lambda: socket.live_lines() == 2 and len(house.connected) == 2)
    assert socket.is_ready()
    house.slack.deliver(envelope(1))
    house.slack.wait_until(lambda: [ack["envelope_id"] for ack in house.slack.acks] == ["e1"])
    assert house.heard == ["hello 1"]


def test_it_is_not_ready_before_slack_has_said_hello(house: House) -> None:
    house.slack.is_shy = True
    socket = house.open()
    house.slack.wait_until(lambda: len(house.slack.sockets) == 2)
    assert not socket.is_ready()


def test_a_line_that_falls_silent_is_replaced_though_it_looks_connected(house: House) -> None:
    house.slack.is_mute = True
    socket = house.open()
    house.slack.wait_until(lambda: socket.live_lines() == 2)
    first = list(house.slack.sockets)
    house.slack.wait_until(lambda: len(house.slack.named("apps.connections.open")) >= 4)
    house.slack.wait_until(lambda: bool(house.slack.sockets) and not set(first) & set(house.slack.sockets))
    house.slack.deliver(envelope(2))
    house.slack.wait_until(lambda: house.heard == ["hello 2"])


def test_three_pings_stay_unanswered_before_a_line_is_given_up_and_that_within_ten_seconds() -> None:
    assert Pace().silence_s > 3 * PING_EVERY_S
    assert Pace().silence_s + Pace().look_every_s < 10


def test_a_machine_that_slept_for_a_minute_keeps_its_lines(house: House) -> None:
    socket = house.open(Pace(look_every_s=0.05))
    house.slack.wait_until(lambda: socket.live_lines() == 2)
    looks: list[float] = []
    socket.beat = lambda: looks.append(house.slept_s)
    house.slept_s = 60
    house.slack.wait_until(lambda: looks.count(60) > 2)
    house.slack.deliver(envelope(4))
    house.slack.wait_until(lambda: house.heard == ["hello 4"])
    assert len(house.slack.named("apps.connections.open")) == 2


def test_a_refresh_of_both_lines_at_once_leaves_no_gap_of_a_second(house: House) -> None:
    """Slack's word itself wakes whoever opens the next: the next look would be far too late."""
    socket = house.open(Pace(look_every_s=60, linger_s=0.2))
    house.slack.wait_until(lambda: socket.live_lines() == 2)
    old = list(house.slack.sockets)
    house.slack.tell_sockets({"type": "disconnect", "reason": "refresh_requested"}, close=True)
    house.slack.wait_until(lambda: bool(set(house.slack.sockets) - set(old)) and len(house.connected) > 2)
    house.slack.deliver(envelope(3))
    house.slack.wait_until(lambda: house.heard == ["hello 3"])


def test_a_warned_line_serves_until_its_heir_has_been_greeted(house: House) -> None:
    socket = house.open()
    house.slack.wait_until(lambda: socket.live_lines() == 2)
    old = list(house.slack.sockets)
    house.slack.tell_sockets({"type": "disconnect", "reason": "warning"})
    house.slack.wait_until(lambda: len(set(house.slack.sockets) - set(old)) == 2)
    house.slack.wait_until(lambda: not set(old) & set(house.slack.sockets))
    assert socket.is_ready()


def test_a_line_that_slack_drops_is_opened_again(house: House) -> None:
    socket = house.open()
    house.slack.wait_until(lambda: socket.live_lines() == 2)
    house.slack.drop_sockets()
    house.slack.wait_until(lambda: len(house.connected) == 4 and socket.live_lines() == 2)


def test_a_start_while_slack_is_away_connects_when_it_is_back(house: House) -> None:
    away = TinySlack().start()
    port, url = away.port, away.url
    away.stop()
    socket = house.open(url=url)
    house.slack.faults["apps.connections.open"].append({"error": "internal_error"})
    assert not socket.is_ready()
    back = TinySlack().start(port)
    back.faults["apps.connections.open"].append({"html": True})
    back.wait_until(lambda: socket.is_ready())
    socket.stop()
    back.stop()


def test_a_clean_stop_closes_every_line(house: House) -> None:
    socket = house.open()
    house.slack.wait_until(lambda: socket.live_lines() == 2)
    socket.stop()
    house.slack.wait_until(lambda: house.slack.sockets == [])
    assert not socket.is_alive()


def test_an_acknowledgement_whose_line_has_gone_counts_as_none_and_is_no_error(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    socket = house.open()
    house.slack.wait_until(lambda: socket.live_lines() == 2)

    @house.app.event("app_home_opened")
    def goes() -> None:
        opened = len(house.connected)
        house.slack.drop_sockets()
        house.slack.wait_until(lambda: len(house.connected) > opened)

    told = envelope(5)
    told["payload"]["event"]["type"] = "app_home_opened"
    house.slack.deliver(told)
    house.slack.wait_until(lambda: house.acked == [False])
    assert house.slack.acks == []
    assert [record for record in caplog.records if "listener" in record.message] == []

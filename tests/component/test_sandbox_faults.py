"""Faults on order, each with the harm it does to a real client, and its end."""

from collections.abc import Iterator
from http.client import RemoteDisconnected
from queue import Queue
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.server import Sandbox
from sandbox.settings import Settings
from tests.support.sandbox_client import DEADLINE_S, SEED, Client, bolt, connected


@pytest.fixture
def client() -> Iterator[Client]:
    with Sandbox(seed=SEED, settings=Settings(redelivery_s=[0.1, 0.1])) as sandbox:
        yield Client(sandbox.url)


def test_a_reset_after_the_call_leaves_its_effect(client: Client) -> None:
    client.act("faults", method="chat.postMessage", reset_after=True)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        client.slack.chat_postMessage(channel="C1", text="posted or not?")
    assert client.texts("general") == ["posted or not?"]


def test_a_reset_before_the_call_leaves_nothing(client: Client) -> None:
    client.act("faults", method="chat.postMessage", reset_before=True)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        client.slack.chat_postMessage(channel="C1", text="lost")
    assert client.texts("general") == []


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ({"error": "internal_error"}, 200, "internal_error"),
        ({"status": 503}, 503, "service_unavailable"),
        ({"retry_after": 7}, 429, "ratelimited"),
    ],
)
def test_a_fault_strikes_as_often_as_ordered(
    client: Client, fault: dict[str, Any], status: int, error: str
) -> None:
    client.act("faults", method="auth.test", times=2, **fault)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            client.slack.auth_test()
        assert (caught.value.response.status_code, caught.value.response["error"]) == (status, error)
    assert client.slack.auth_test()["ok"]


def test_cleared_faults_strike_no_more(client: Client) -> None:
    client.act("faults", method="*", error="fatal_error", times=100)
    client.act("faults", clear=True)
    assert client.slack.auth_test()["ok"]


def test_an_event_whose_ack_is_lost_comes_again_as_a_retry(client: Client) -> None:
    heard: Queue[dict[str, Any]] = Queue()
    app = bolt(client)
    app.event("message")(lambda body: heard.put(body))
    with connected(client, app):
        client.act("faults", ack_lost=1)
        client.act("say", as_="alice", channel="general", text="hello")
        first, second = heard.get(timeout=DEADLINE_S), heard.get(timeout=DEADLINE_S)
    assert first["event_id"] == second["event_id"]


def test_a_duplicate_envelope_comes_twice(client: Client) -> None:
    heard: Queue[dict[str, Any]] = Queue()
    app = bolt(client)
    app.event("message")(lambda body: heard.put(body))
    with connected(client, app):
        client.act("faults", duplicate_envelope=1)
        client.act("say", as_="alice", channel="general", text="hello")
        first, second = heard.get(timeout=DEADLINE_S), heard.get(timeout=DEADLINE_S)
    assert first["event_id"] == second["event_id"]


def test_events_wait_for_the_first_socket(client: Client) -> None:
    assert not client.act("say", as_="alice", channel="general", text="anybody?")["acked"]
    heard: Queue[dict[str, Any]] = Queue()
    app = bolt(client)
    app.event("message")(lambda body: heard.put(body))
    with connected(client, app):
        assert heard.get(timeout=DEADLINE_S)["event"]["text"] == "anybody?"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the SDK leaks its old socket
def test_a_refreshed_client_comes_back(client: Client) -> None:
    with connected(client, bolt(client)):
        assert client.act("faults", disconnect="refresh_requested")["response"] == {"disconnected": 1}
        client.until(lambda: client.state()["socket"]["connections"] == 0)
        client.until(lambda: client.state()["socket"]["connections"] == 1)


def test_a_command_that_nobody_acknowledges_times_out(client: Client) -> None:
    with connected(client, bolt(client)):
        client.act("faults", half_open=True)
        outcome = client.act("command", as_="alice", channel="general", text="/incident")
        client.act("faults", clear=True)
    assert (outcome["acked"], outcome["error"]) == (False, "operation_timeout")
    assert client.texts("general", "alice") == ['/incident failed with the error "operation_timeout"']


def test_an_expired_trigger_is_refused(client: Client) -> None:
    client.act("faults", expire_triggers=True)
    refusals: Queue[str] = Queue()
    app = bolt(client)

    @app.command("/incident")
    def declare(ack: Any, body: dict[str, Any]) -> None:
        ack()
        view = {
            "type": "modal",
            "title": {"type": "plain_text", "text": "T"},
            "blocks": [{"type": "divider"}],
        }
        with pytest.raises(SlackApiError) as caught:
            client.slack.views_open(trigger_id=body["trigger_id"], view=view)
        refusals.put(caught.value.response["error"])

    with connected(client, app):
        client.act("command", as_="alice", channel="general", text="/incident")
        assert refusals.get(timeout=DEADLINE_S) == "expired_trigger_id"


def test_the_journal_tells_calls_and_deliveries_without_tokens(client: Client) -> None:
    client.slack.auth_test()
    with pytest.raises(SlackApiError):
        client.slack.api_call(
            "chat.postMessage", json={"channel": "C9", "text": "x", "token": "xoxb-sandbox-9"}
        )
    journal = client.send("_control/journal?after=0")
    calls = [(each["method"], each["ok"], each.get("error")) for each in journal["entries"]]
    assert calls == [("auth.test", True, None), ("chat.postMessage", False, "channel_not_found")]
    assert "xoxb" not in str(journal)
    assert client.send(f"_control/journal?after={journal['next']}")["entries"] == []

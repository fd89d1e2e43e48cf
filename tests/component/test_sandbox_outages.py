"""Outages on order: Slack down, late answers, dead tokens, a line that is open to the eye alone."""

from collections.abc import Iterator
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websocket import WebSocketConnectionClosedException

from sandbox.server import Sandbox
from tests.support.clock import FakeClock
from tests.support.sandbox_client import BOT_TOKEN, SEED, Client
from tests.support.slack_rules import Slack, Socket

CUT = (RemoteDisconnected, ConnectionResetError)


@pytest.fixture
def client() -> Iterator[Client]:
    with Sandbox(seed=SEED, clock=FakeClock()) as sandbox:
        yield Client(sandbox.url)


def code(client: Client) -> str:
    with pytest.raises(SlackApiError) as caught:
        client.slack.auth_test()
    return str(caught.value.response["error"])


def test_while_slack_is_down_no_call_gets_through_until_it_is_told(client: Client) -> None:
    client.act("faults", down=True)
    for call in (client.slack.auth_test, client.slack.api_test):
        with pytest.raises(CUT):
            call()
    client.act("clock", advance_s=86400)
    with pytest.raises(CUT):
        client.slack.auth_test()
    client.act("faults", down=False)
    assert client.slack.auth_test()["ok"]


def test_an_outage_may_be_ordered_for_some_time_of_the_workspace(client: Client) -> None:
    client.act("faults", down=120)
    client.act("clock", advance_s=119)
    with pytest.raises(CUT):
        client.slack.auth_test()
    client.act("clock", advance_s=1)
    assert client.slack.auth_test()["ok"]


def test_while_slack_is_down_people_can_do_nothing_in_it(client: Client) -> None:
    client.act("faults", down=True)
    assert client.act("say", as_="alice", channel="general", text="hello") == {"error": "slack_is_down"}
    assert "error" not in client.act("dnd", user="alice", on=True)
    assert client.state("alice")["channels"][0]["messages"] == []
    client.act("faults", clear=True)
    assert client.act("say", as_="alice", channel="general", text="hello")["response"]


def test_an_outage_cuts_the_sockets_and_takes_no_new_ones(slack: Slack) -> None:
    socket, address = slack.socket(), slack.socket_address()
    socket.frame("hello")
    slack.act("faults", down=True)
    with pytest.raises((WebSocketConnectionClosedException, ConnectionResetError)):
        socket.frame()
    with pytest.raises((WebSocketConnectionClosedException, ConnectionResetError)):
        slack.socket(address)
    slack.act("faults", down=False)
    assert slack.socket().frame()["type"] == "hello"


def test_an_answer_may_come_after_the_caller_gave_up(client: Client) -> None:
    client.act("faults", method="chat.postMessage", delay_after_ms=1500)
    hurried = WebClient(BOT_TOKEN, base_url=f"{client.url}api/", retry_handlers=[], timeout=1)
    with pytest.raises(TimeoutError):
        hurried.chat_postMessage(channel="C1", text="posted or not?")
    assert client.texts("general") == ["posted or not?"]


def test_a_fault_of_a_method_may_last_instead_of_counting(client: Client) -> None:
    client.act("faults", method="auth.test", retry_after=30, for_s=60)
    assert [code(client) for _ in range(3)] == ["ratelimited"] * 3
    client.act("clock", advance_s=60)
    assert client.slack.auth_test()["ok"]


def test_a_fault_may_wait_for_certain_arguments(client: Client) -> None:
    client.act(
        "faults", method="chat.postMessage", error="restricted_action", where={"channel": "U1"}, times=9
    )
    client.slack.chat_postMessage(channel="U2", text="to bob")
    with pytest.raises(SlackApiError) as caught:
        client.slack.chat_postMessage(channel="U1", text="to alice")
    assert caught.value.response["error"] == "restricted_action"
    client.slack.chat_postMessage(channel="C1", text="to all")
    assert client.act("faults", method="x", error="y", where="U1") == {
        "error": "where is an object of arguments"
    }


def test_a_dead_token_is_refused_wherever_it_is_asked_for(client: Client) -> None:
    client.act("faults", dead_token=60)
    assert code(client) == "token_revoked"
    assert client.slack.api_test()["ok"]
    assert client.slack.apps_connections_open(app_token="xapp-sandbox-1")["ok"]
    client.act("clock", advance_s=60)
    assert client.slack.auth_test()["ok"]


def test_one_line_goes_deaf_while_the_other_hears(slack: Slack) -> None:
    deaf, other = slack.socket(), slack.socket()
    for socket in (deaf, other):
        socket.frame("hello")
    slack.act("faults", half_open_one=True)
    room = slack.channel("U1")
    for text in "ab":
        slack.client.chat_postMessage(channel=room, text=text)
    heard = texts(other)
    assert texts(deaf) == []
    deaf.close()
    assert {"a", "b"} <= {*heard, *texts(other)}


def texts(socket: Socket) -> list[str]:
    """What came over this socket up to now."""
    frames = [frame for frame in socket.everything() if frame["type"] == "events_api"]
    return [frame["payload"]["event"].get("text", "") for frame in frames]


def test_an_app_can_ask_who_its_bot_is(client: Client) -> None:
    known = client.slack.auth_test()
    about = client.slack.bots_info(bot=known["bot_id"])["bot"]
    assert (about["user_id"], about["app_id"]) == (known["user_id"], "A0SANDBOX")
    with pytest.raises(SlackApiError) as caught:
        client.slack.bots_info(bot="B0OTHER")
    assert caught.value.response["error"] == "bot_not_found"

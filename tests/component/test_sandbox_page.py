"""What a browser and a following bot get: page, changes, the clock's moves; and who is kept out."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest

from sandbox.server import Sandbox
from tests.support.clock import NOON, FakeClock
from tests.support.sandbox_client import DEADLINE_S, SEED, Client


@pytest.fixture
def client() -> Iterator[Client]:
    with Sandbox(seed=SEED, clock=FakeClock()) as sandbox:
        yield Client(sandbox.url)


def fetched(url: str) -> str:
    with urlopen(url, timeout=DEADLINE_S) as answer:
        found: bytes = answer.read()
    return found.decode()


def test_the_page_is_served_with_its_scripts(client: Client) -> None:
    assert "/page/main.js" in fetched(client.url)
    assert "import" in fetched(f"{client.url}page/main.js")


def test_a_permalink_leads_to_the_page(client: Client) -> None:
    ts = client.slack.chat_postMessage(channel="C1", text="here")["ts"]
    link = client.slack.chat_getPermalink(channel="C1", message_ts=ts)["permalink"]
    with urlopen(link, timeout=DEADLINE_S) as answer:
        assert answer.url == f"{client.url}?channel=C1&ts={ts}"


def test_the_stream_names_what_changed(client: Client) -> None:
    with urlopen(f"{client.url}_control/events", timeout=DEADLINE_S) as stream:
        assert stream.readline().startswith(b"data: ")
        client.act("say", as_="alice", channel="general", text="hello")
        lines = [stream.readline() for _ in range(2)]
    assert b'"what": ["C1"]' in lines[1]


def test_a_follower_of_the_clock_hears_of_a_jump(client: Client) -> None:
    version = client.send("_control/clock")["version"]
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(client.send, f"_control/clock?after={version}")
        client.act("clock", advance_s=3600)
        followed = waiting.result(DEADLINE_S)
    assert followed == {"now": "2026-03-02T13:00:00Z", "offset_s": 3600.0, "version": version + 1}


def test_the_clock_can_be_set_to_an_instant(client: Client) -> None:
    client.act("clock", now="2026-10-25T02:30:00+02:00")
    assert client.send("_control/clock")["now"] == "2026-10-25T00:30:00Z"
    client.act("clock", now=NOON.timestamp())
    assert client.send("_control/clock")["offset_s"] == 0


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Host": "evil.example"}, "forbidden_host"),
        ({"Origin": "https://evil.example"}, "forbidden_origin"),
        ({"Origin": "http://127.0.0.1:1"}, "forbidden_origin"),
        ({"Origin": "null"}, "forbidden_origin"),
    ],
)
def test_other_pages_and_names_are_kept_out(client: Client, headers: dict[str, str], error: str) -> None:
    assert client.send("_control/clock", {"advance_s": 1}, **headers) == {"error": error}


def test_the_own_page_may_act(client: Client) -> None:
    own = client.url.removesuffix("/")
    assert client.send("_control/clock", {"advance_s": 1}, Origin=own)["acked"]

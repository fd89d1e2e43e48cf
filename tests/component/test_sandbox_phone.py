"""The telephones of the workspace: rung over a signed webhook, answered by the people themselves."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import Sandbox
from sandbox.settings import Settings
from sandbox.signing import v0
from tests.support.clock import FakeClock
from tests.support.sandbox_client import SEED, Client

SECRET = "telephone-secret"
WORDS = "SEV1 INC-142. Acknowledge."

Json = dict[str, Any]
Asks = Callable[..., Json]


@pytest.fixture
def client() -> Iterator[Client]:
    with Sandbox(seed=SEED, clock=FakeClock(), settings=Settings(phone_secret=SECRET)) as sandbox:
        yield Client(sandbox.url)


@pytest.fixture
def ask(client: Client) -> Asks:
    return asking(client)


def asking(client: Client, secret: str = SECRET) -> Asks:
    def asked(**message: Any) -> Json:
        stamp, body = "1772452800", json.dumps(message).encode()
        headers = {"X-Meridian-Timestamp": stamp, "X-Meridian-Signature": v0(secret, stamp, body)}
        return client.send("_phone", message, **headers)

    return asked


def rung(ask: Asks, call_id: str = "1", to: str = "U1", words: str = WORDS) -> str:
    return str(ask(action="ring", id=call_id, to=to, words=words)["handle"])


def phone(client: Client, person: str) -> list[tuple[str, str]]:
    return [(each["words"], each["state"]) for each in client.state(person)["phone"]]


def test_a_ring_is_heard_by_that_person_alone_until_they_answer(client: Client, ask: Asks) -> None:
    handle = rung(ask)
    assert phone(client, "alice") == [(WORDS, "ringing")]
    assert phone(client, "bob") == []
    assert ask(action="poll", handles=[handle]) == {"answered": []}
    client.act("clock", advance_s=20)
    assert client.act("answer_phone", as_="alice")["response"] == {"handle": handle, "words": WORDS}
    at = "2026-03-02T12:00:20Z"
    assert ask(action="poll", handles=[handle]) == {"answered": [{"handle": handle, "by": "U1", "at": at}]}
    assert phone(client, "alice") == [(WORDS, "answered")]


def test_the_same_id_rings_once(client: Client, ask: Asks) -> None:
    assert rung(ask) == rung(ask)
    assert phone(client, "alice") == [(WORDS, "ringing")]


def test_a_ring_can_be_stopped_more_than_once(client: Client, ask: Asks) -> None:
    handle = rung(ask)
    assert ask(action="stop", handle=handle) == ask(action="stop", handle=handle) == {}
    assert phone(client, "alice") == [(WORDS, "stopped")]
    assert client.act("answer_phone", as_="alice") == {"error": "phone_not_ringing"}
    assert ask(action="poll", handles=[handle, "unknown", 7]) == {"answered": []}


def test_a_ring_can_be_stopped_by_its_id_by_who_never_heard_of_its_handle(client: Client, ask: Asks) -> None:
    rung(ask, call_id="1")
    rung(ask, call_id="2")
    assert ask(action="stop", id="1") == ask(action="stop", id="unheard of") == {}
    assert phone(client, "alice") == [(WORDS, "stopped"), (WORDS, "ringing")]


def test_what_has_rung_longest_is_answered_first_unless_one_is_named(client: Client, ask: Asks) -> None:
    first, second, third = (rung(ask, call_id) for call_id in "123")
    answered = [
        client.act("answer_phone", as_="alice", handle=third)["response"]["handle"],
        client.act("answer_phone", as_="alice")["response"]["handle"],
        client.act("answer_phone", as_="alice")["response"]["handle"],
    ]
    assert answered == [third, first, second]


def test_do_not_disturb_does_not_mute_a_telephone(client: Client, ask: Asks) -> None:
    client.act("dnd", user="alice", on=True)
    rung(ask, to="alice")
    assert phone(client, "alice") == [(WORDS, "ringing")]


def test_a_person_answers_only_what_rings_for_them(client: Client, ask: Asks) -> None:
    handle = rung(ask)
    assert client.act("answer_phone", as_="bob", handle=handle) == {"error": "phone_not_ringing"}


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"action": "ring", "id": "1", "to": "nobody", "words": WORDS}, "unknown_number"),
        ({"action": "ring", "id": "1", "to": "meridian", "words": WORDS}, "unknown_number"),
        ({"action": "ring", "id": "1", "to": "U1"}, "invalid_request"),
        ({"action": "poll", "handles": "all"}, "invalid_request"),
        ({"action": "shout"}, "invalid_request"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(ask: Asks, message: Json, error: str) -> None:
    assert ask(**message) == {"error": error}


def test_nothing_is_done_without_the_right_signature(client: Client) -> None:
    assert asking(client, "a guess")(action="poll", handles=[]) == {"error": "bad_signature"}
    assert client.send("_phone", {"action": "poll", "handles": []}) == {"error": "bad_signature"}
    assert phone(client, "alice") == []


def test_without_a_secret_there_is_no_telephone() -> None:
    with Sandbox(seed=SEED) as sandbox:
        client = Client(sandbox.url)
        assert asking(client, "")(action="poll", handles=[]) == {"error": "no_phone"}
        client.act("settings", phone_secret=SECRET)
        assert asking(client)(action="poll", handles=[]) == {"answered": []}
        assert SECRET not in json.dumps(client.state())


def test_it_rings_on_after_the_workspace_was_restarted(tmp_path: Path) -> None:
    settings = Settings(phone_secret=SECRET)
    with Sandbox(seed=SEED, data=tmp_path, settings=settings) as sandbox:
        handle = rung(asking(Client(sandbox.url)))
    with Sandbox(seed=SEED, data=tmp_path, settings=settings) as sandbox:
        again = Client(sandbox.url)
        assert again.act("answer_phone", as_="alice")["response"]["handle"] == handle
        assert [each["by"] for each in asking(again)(action="poll", handles=[handle])["answered"]] == ["U1"]

"""The sandbox's pure rooms: buckets, ids, entries, names in text, silence, faults."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox import entries, people
from sandbox.buckets import Buckets
from sandbox.channels import create
from sandbox.clock import MovableClock
from sandbox.entries import BadEntry
from sandbox.faults import Faults
from sandbox.guard import is_same_machine_and_port, real_token
from sandbox.ids import Ids
from sandbox.model import Person
from sandbox.seed import plant
from sandbox.state import Workspace
from tests.support.clock import FakeClock

OPTIONS = [{"text": {"type": "plain_text", "text": "One"}, "value": "1"}]


@pytest.fixture
def ws() -> Workspace:
    ws = Workspace(MovableClock(FakeClock()), Ids(1))
    plant(ws, {"users": [{"id": "U1", "name": "ana.lima"}, {"id": "U2", "name": "bo"}]})
    create(ws, "U1", "ops", is_private=False)
    return ws


def test_a_bucket_holds_its_burst_then_tells_how_long_to_wait() -> None:
    clock = MovableClock(FakeClock())
    buckets = Buckets(clock)
    assert [buckets.take("k", 20, 2) for _ in range(3)] == [0, 0, 3]
    clock.advance(timedelta(seconds=3))
    assert buckets.take("k", 20, 2) == 0


def test_a_bucket_is_not_drained_by_a_clock_set_back() -> None:
    clock = MovableClock(FakeClock())
    buckets = Buckets(clock)
    buckets.take("k", 20, 2)
    clock.advance(timedelta(hours=-1))
    assert buckets.take("k", 20, 2) == 0


def test_ids_of_two_runs_never_meet() -> None:
    first, second = Ids(1), Ids(2)
    assert not {first.next("C") for _ in range(50)} & {second.next("C") for _ in range(50)}


@pytest.mark.parametrize(
    ("typed", "composed"),
    [
        ("@bo please", "<@U2> please"),
        ("ask @ana.lima.", "ask <@U1>."),
        ("mail bo@bo", "mail bo@bo"),
        ("<@U2> and @nobody", "<@U2> and @nobody"),
        ("@here look", "<!here> look"),
    ],
)
def test_the_composer_makes_entities_of_names_that_exist(ws: Workspace, typed: str, composed: str) -> None:
    assert people.composed(ws, typed) == composed


def test_a_channel_name_becomes_an_entity(ws: Workspace) -> None:
    assert people.composed(ws, "see #ops") == f"see <#{ws.channel_ids['ops']}|ops>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@U2> and <@U9>", "@bo and @U9"),
        ("<https://a.example|the page> &amp; <https://b.example>", "the page & https://b.example"),
        ("<!here> <!date^1^{date}|today>", "@here today"),
    ],
)
def test_a_lock_screen_shows_names(ws: Workspace, text: str, shown: str) -> None:
    assert people.readable(ws, text) == shown


def test_silence_is_half_open() -> None:
    person = Person("U1", "a", "A", dnd_start=10, dnd_end=20)
    assert [people.is_silent(person, now) for now in (9, 10, 19, 20)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("element", "value", "expected"),
    [
        ({"type": "plain_text_input"}, "hi", {"value": "hi"}),
        ({"type": "plain_text_input"}, None, {"value": None}),
        ({"type": "static_select", "options": OPTIONS}, "One", {"selected_option": OPTIONS[0]}),
        ({"type": "checkboxes", "options": OPTIONS}, ["1"], {"selected_options": OPTIONS}),
        ({"type": "users_select"}, "bo", {"selected_user": "id of bo"}),
        ({"type": "multi_users_select"}, ["bo"], {"selected_users": ["id of bo"]}),
        ({"type": "datepicker"}, "2026-01-01", {"selected_date": "2026-01-01"}),
        ({"type": "users_select"}, {"selected_user": "U7"}, {"selected_user": "U7"}),
    ],
)
def test_an_entry_has_slacks_form(element: dict[str, Any], value: Any, expected: dict[str, Any]) -> None:
    found = entries.entered(element, value, lambda name: f"id of {name}")
    assert found == {"type": element["type"], **expected}


def test_an_option_that_is_not_there_cannot_be_chosen() -> None:
    with pytest.raises(BadEntry):
        entries.entered({"type": "static_select", "options": OPTIONS}, "2", str)


def test_a_counted_fault_is_used_up() -> None:
    faults = Faults()
    faults.order({"method": "auth.test", "error": "fatal_error", "times": 2})
    assert [
        faults.for_call(name, {}).get("error") for name in ("api.test", "auth.test", "auth.test", "auth.test")
    ] == [
        None,
        "fatal_error",
        "fatal_error",
        None,
    ]


def test_a_switch_holds_until_it_is_cleared() -> None:
    faults = Faults()
    faults.order({"withhold_pong": True})
    assert faults.is_on("withhold_pong")
    faults.order({"clear": True})
    assert not faults.is_on("withhold_pong")


@pytest.mark.parametrize(
    ("origin", "host", "is_ours"),
    [
        ("http://127.0.0.1:80", "127.0.0.1:80", True),
        ("http://localhost:80", "localhost", True),
        ("http://localhost:81", "localhost:80", False),
        ("https://localhost:80", "localhost:80", False),
        ("http://127.0.0.1.evil.example", "127.0.0.1", False),
    ],
)
def test_only_the_own_origin_passes(origin: str, host: str, is_ours: bool) -> None:
    assert is_same_machine_and_port(origin, host) is is_ours


def test_real_tokens_are_told_from_the_sandboxs_own() -> None:
    assert real_token({"SLACK_BOT_TOKEN": "xoxb-sandbox-1", "SLACK_APP_TOKEN": ""}) is None
    assert real_token({"SLACK_APP_TOKEN": "xapp-1-A0"}) == "SLACK_APP_TOKEN"

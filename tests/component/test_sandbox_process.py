"""The sandbox as a process, and as its folder: starts, ends, restarts, what it keeps and refuses."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.support.http_app import SECRET, http_app
from tests.support.sandbox_client import DEADLINE_S, SEED, Client

ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def begin(*options: str, **environment: str) -> "subprocess.Popen[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0", *options],
            cwd=ROOT,
            env=kept | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate(timeout=DEADLINE_S)


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rpartition(" ")[2].strip()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_line_names_the_address_and_a_signal_ends_it_well(start: Start, number: int) -> None:
    process = start()
    client = Client(address(process))
    assert client.slack.auth_test()["team"] == "Sandbox"
    process.send_signal(number)
    assert process.wait(DEADLINE_S) == 0


def test_it_does_not_start_beside_a_real_token(start: Start) -> None:
    process = start(SLACK_BOT_TOKEN="xoxb-1234-real")
    _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 3
    assert errors.startswith("SLACK_BOT_TOKEN belongs to a real workspace")


def test_a_seed_that_cannot_be_read_is_named(start: Start, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('{"channels": [{"name": "ops", "members": ["nobody"]}]}')
    process = start("--seed", str(seed))
    _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 3
    assert errors == "The sandbox cannot start: #ops has a member who is no user: nobody\n"


def test_started_with_a_request_url_it_waits_for_the_app_there(start: Start) -> None:
    with http_app() as app:
        client = Client(address(start("--request-url", app.url, "--signing-secret", SECRET)))
        client.until(lambda: client.state()["http"]["verified"])
        assert client.act("home", as_="alice")["acked"] is True


@pytest.mark.parametrize("url", ["http://example.org/slack", "http://127.0.0.1:1/"])
def test_a_request_url_elsewhere_or_without_a_secret_is_refused(start: Start, url: str) -> None:
    process = start("--request-url", url)
    _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 3
    assert "request_url" in errors


def test_what_was_said_a_second_ago_survives_a_kill(start: Start, tmp_path: Path) -> None:
    process = start("--data", str(tmp_path))
    client = Client(address(process))
    client.slack.conversations_create(name="inc-1")
    client.slack.chat_postMessage(channel="#inc-1", text="kept")
    kept = tmp_path / "channels"
    client.until(lambda: any("kept" in each.read_text() for each in kept.glob("*.json")))
    process.kill()
    again = Client(address(start("--data", str(tmp_path))))
    assert again.texts("inc-1")[-1] == "kept"


def test_a_stopped_workspace_comes_back_whole(tmp_path: Path) -> None:
    with Sandbox(seed=SEED, data=tmp_path) as sandbox:
        client = Client(sandbox.url)
        ts = client.act("say", as_="alice", channel="general", text="hello")["response"]["ts"]
        client.act("say", as_="bob", channel="general", text="a reply", thread_ts=ts)
        client.slack.pins_add(channel="C1", timestamp=ts)
        client.act("react", as_="bob", channel="general", ts=ts, name="eyes")
        client.act("upload", as_="alice", channel="general", name="log.txt", content="evidence")
        client.slack.chat_postMessage(channel="U1", text="psst")
        client.slack.views_publish(user_id="U1", view={"type": "home", "blocks": [{"type": "divider"}]})
        client.act("clock", advance_s=86400)
        before = client.state("alice")
    with Sandbox(seed=SEED, data=tmp_path) as sandbox:
        after = Client(sandbox.url).state("alice")
        after_file = after["channels"][0]["messages"][-1]["files"][0]["id"]
    for name in ("users", "dms", "home", "lock_screen"):
        assert after[name] == before[name]
    for was, now in zip(before["channels"][0]["messages"], after["channels"][0]["messages"], strict=True):
        assert {**now, "files": None} == {**was, "files": None}
    assert after_file == before["channels"][0]["messages"][-1]["files"][0]["id"]
    assert after["clock"]["offset_s"] == before["clock"]["offset_s"]


def test_a_name_stays_taken_after_a_restart(tmp_path: Path) -> None:
    with Sandbox(seed=SEED, data=tmp_path) as sandbox:
        Client(sandbox.url).act("create_channel", as_="alice", name="ops")
    with Sandbox(seed=SEED, data=tmp_path) as sandbox:
        assert Client(sandbox.url).act("create_channel", as_="alice", name="ops") == {"error": "name_taken"}

"""What a long and busy life does to a workspace: it forgets the oldest and keeps the rest on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox import messages
from sandbox.channels import create
from sandbox.clock import MovableClock
from sandbox.ids import Ids
from sandbox.journal import KEPT, Journal
from sandbox.messages import KEPT_MESSAGES
from sandbox.model import Channel, Message
from sandbox.seed import plant
from sandbox.server import Sandbox
from sandbox.snapshot import channel_bytes
from sandbox.state import Workspace
from tests.support.clock import FakeClock
from tests.support.sandbox_client import SEED, Client

Change = Callable[[Workspace, Channel, Message], object]


@pytest.fixture
def ws() -> Workspace:
    ws = Workspace(MovableClock(FakeClock()), Ids(1))
    plant(ws, {"users": [{"id": "U1", "name": "ana"}, {"id": "U2", "name": "bo"}]})
    return ws


def said(ws: Workspace, channel: Channel, text: str, thread_ts: str | None = None) -> Message:
    return messages.post(ws, channel, Message("", "U1", text, thread_ts=thread_ts))


def test_the_journal_keeps_the_latest_and_answers_what_followed() -> None:
    journal = Journal(MovableClock(FakeClock()))
    for number in range(1, KEPT + 101):
        journal.begin("call", number=number)
    assert [each["number"] for each in journal.after(KEPT + 98)] == [KEPT + 99, KEPT + 100]
    assert journal.after(0)[0]["seq"] == 101
    assert len(journal.after(50)) == KEPT
    assert journal.after(KEPT + 100) == journal.after(KEPT + 7000) == []


def test_a_conversation_keeps_its_latest_messages(ws: Workspace) -> None:
    channel = create(ws, "U1", "ops", is_private=False)
    first = said(ws, channel, "the first")
    reply = said(ws, channel, "a reply", thread_ts=first.ts)
    for number in range(KEPT_MESSAGES):
        said(ws, channel, str(number))
    assert len(channel.order) == len(channel.messages) == KEPT_MESSAGES
    assert first.ts not in channel.messages
    assert reply.ts not in channel.messages
    assert channel.messages[channel.order[-1]].text == str(KEPT_MESSAGES - 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda ws, channel, message: messages.change(ws, channel, message, text="another"),
        lambda ws, channel, message: messages.react(ws, channel, message, "U2", "eyes"),
        lambda ws, channel, message: messages.unreact(ws, channel, message, "U1", "eyes"),
        lambda ws, channel, message: said(ws, channel, "a reply", thread_ts=message.ts),
        lambda ws, channel, message: messages.delete(ws, channel, channel.messages[message.replies[0]]),
        lambda ws, channel, message: messages.delete(ws, channel, message),
    ],
    ids=["edited", "reaction", "reaction taken back", "reply", "reply deleted", "deleted"],
)
def test_what_changes_in_a_message_changes_on_disk(ws: Workspace, change: Change) -> None:
    channel = create(ws, "U1", "ops", is_private=False)
    message = said(ws, channel, "one")
    said(ws, channel, "below", thread_ts=message.ts)
    messages.react(ws, channel, message, "U1", "eyes")
    channel_bytes(channel)
    change(ws, channel, message)
    kept = channel_bytes(channel)
    for each in channel.messages.values():
        each.kept = None
    assert kept == channel_bytes(channel)


def test_a_busy_workspace_comes_back_as_it_was(tmp_path: Path) -> None:
    with Sandbox(seed=SEED, data=tmp_path) as sandbox:
        client = Client(sandbox.url)
        for number in range(200):
            client.act("say", as_="alice", channel="general", text=str(number))
        client.until(lambda: any((tmp_path / "channels").glob("*.json")))
        ts = client.state()["channels"][0]["messages"][7]["ts"]
        client.act("edit", as_="alice", channel="general", ts=ts, text="seven")
    with Sandbox(seed=SEED, data=tmp_path) as sandbox:
        texts = Client(sandbox.url).texts("general")
    assert texts == [*map(str, range(7)), "seven", *map(str, range(8, 200))]

"""📌: a mark puts the message on its incident's timeline, also when the database refused at first."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable


@pytest.fixture
def priya(bot: WholeBot) -> Person:
    return bot.workspace.person("UPRIYA")


@contextmanager
def locked(sqlite_url: str) -> Iterator[None]:
    """Another program holds the database's write lock."""
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()


def answer(act: Json) -> str:
    assert act["acked"], act
    return readable(act["response"] or {})


def test_a_pushpin_puts_the_message_on_the_timeline(bot: WholeBot, priya: Person) -> None:
    priya.types("/incident sev1 Account-takeover wave in EU")
    channel = bot.workspace.eventually("the channel", bot.workspace.incident_channels)[0]
    priya.waits_for_message("Account-takeover", channel)
    priya.says("The extension is called QuickSave", channel)
    priya.reacts("pushpin", priya.waits_for_message("QuickSave", channel))
    priya.workspace.eventually(
        "the message on the timeline",
        lambda: "QuickSave" in answer(priya.types("/incident timeline", channel)),
    )


def test_a_mark_set_meanwhile_is_on_the_timeline_when_slack_delivers_it_again(
    bot: WholeBot, sqlite_url: str, priya: Person
) -> None:
    priya.types("/incident sev1 Account-takeover wave in EU")
    channel = bot.workspace.eventually("the channel", bot.workspace.incident_channels)[0]
    priya.waits_for_message("Account-takeover", channel)
    priya.says("The extension is called QuickSave", channel)
    with locked(sqlite_url):
        priya.reacts("pushpin", priya.waits_for_message("QuickSave", channel))
        bot.workspace.eventually(
            "the mark was delivered and not acknowledged",
            lambda: [e for e in bot.workspace.journal() if "reaction_added" in str(e) and not e.get("acked")],
        )
    bot.workspace.eventually(
        "the message on the timeline",
        lambda: "QuickSave" in answer(priya.types("/incident timeline", channel)),
        within=30,
    )

"""A database that refuses: people are told in time, and what Slack delivers again is kept after all."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from handlers.blocks import ids
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


def test_a_command_is_told_in_time_and_its_words_are_kept(
    bot: WholeBot, sqlite_url: str, priya: Person
) -> None:
    with locked(sqlite_url):
        said = answer(priya.types("/incident sev1 Account-takeover wave in EU"))
    assert "Nothing was saved. Try again in a moment." in said
    assert "Account-takeover wave in EU" in said
    assert not bot.workspace.incident_channels()


def test_a_form_stays_open_with_what_was_written(sqlite_url: str, priya: Person) -> None:
    priya.types("/incident")
    form = priya.waits_for_view("Declare")
    with locked(sqlite_url):
        sent = priya.submits(form, title={"title": "Payouts go to strangers"})
    assert sent["response"]["errors"] == {ids.TITLE: "Nothing was saved. Try again in a moment."}


def test_a_form_that_was_refused_can_be_sent_again(sqlite_url: str, priya: Person) -> None:
    priya.types("/incident")
    form = priya.waits_for_view("Declare")
    with locked(sqlite_url):
        priya.submits(form, title={"title": "Payouts go to strangers"})
    sent = priya.submits(form, title={"title": "Payouts go to strangers"})
    assert "INC-1 declared" in str(sent["response"])


def test_a_button_is_told_in_time(sqlite_url: str, priya: Person, bot: WholeBot) -> None:
    ana = bot.workspace.person("UANA")
    priya.types("/incident sev1 Account-takeover wave in EU")
    page = ana.waits_for_dm("Acknowledge by")
    ana.waits_for_message(
        "Account-takeover", bot.workspace.eventually("the channel", bot.workspace.incident_channels)[0]
    )
    with locked(sqlite_url):
        ana.presses(ids.ACKNOWLEDGE, page)
    ana.waits_for_dm("Nothing was saved")

"""A channel's history through the whole bot: who spoke is kept, the words only of what is on the record."""

import sqlite3
from pathlib import Path

import pytest

from handlers.blocks import ids
from incidents.operations import closing
from incidents.people import Ask
from incidents.said import SaidKind
from tests.support.reading import backfill_of
from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable

SECRET = "Jane Roe of Elm Street"


@pytest.fixture
def priya(bot: WholeBot) -> Person:
    return bot.workspace.person("UPRIYA")


@pytest.fixture
def channel(bot: WholeBot, priya: Person) -> str:
    priya.types("/incident sev1 Account-takeover wave in EU")
    made = str(bot.workspace.eventually("the channel", bot.workspace.incident_channels)[0])
    priya.waits_for_message("Account-takeover", made)
    return made


def timeline(priya: Person, channel: str) -> str:
    act = priya.types("/incident timeline", channel)
    return readable(act["response"] or {})


def said(priya: Person, words: str, channel: str) -> Json:
    priya.says(words, channel)
    return priya.waits_for_message(words, channel)


def at(priya: Person, message: Json) -> Json:
    return {"as": priya.user, "channel": message["channel"], "ts": message["ts"]}


def acts(priya: Person, act: str, message: Json, **more: str) -> None:
    told = priya.workspace.post(act, **at(priya, message), **more)
    assert told["acked"], told


def bytes_of(sqlite_url: str) -> bytes:
    """The database as it lies on the disk, with its write-ahead log."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def rows(sqlite_url: str, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as file:
        found = file.execute(query).fetchall()
    file.close()
    return found


def test_who_spoke_is_kept_and_nothing_of_what_was_said(
    bot: WholeBot, sqlite_url: str, priya: Person, channel: str
) -> None:
    message = said(priya, SECRET, channel)
    acts(priya, "edit", message, text=f"{SECRET}, London")
    priya.says(f"{SECRET}?", channel, thread_ts=message["ts"])
    acts(priya, "delete", said(priya, f"{SECRET}!", channel))
    kept = rows(
        sqlite_url, "SELECT author, kind, edited_at IS NULL, deleted_at IS NULL FROM message ORDER BY at"
    )
    assert kept == [("UPRIYA", "message", 0, 1), ("UPRIYA", "reply", 1, 1), ("UPRIYA", "message", 1, 0)]
    assert SECRET.encode() not in bytes_of(sqlite_url)


def test_what_was_on_the_record_leaves_no_byte_in_the_files_when_it_is_deleted(
    bot: WholeBot, sqlite_url: str, priya: Person, channel: str
) -> None:
    message = said(priya, SECRET, channel)
    priya.reacts("pushpin", message)
    priya.workspace.eventually("it is on the timeline", lambda: SECRET in timeline(priya, channel))
    assert SECRET.encode() in bytes_of(sqlite_url)
    acts(priya, "edit", message, text=f"{SECRET}, London")
    acts(priya, "delete", message)
    priya.workspace.eventually("no byte is left", lambda: SECRET.encode() not in bytes_of(sqlite_url))


def test_an_edit_is_shown_in_its_new_words_and_a_deletion_in_none(priya: Person, channel: str) -> None:
    message = said(priya, "The extension is called QuickSave", channel)
    priya.reacts("pushpin", message)
    priya.workspace.eventually("it is on the timeline", lambda: "QuickSave" in timeline(priya, channel))
    acts(priya, "edit", message, text="The extension is called QuickSafe")
    assert "(edited 19:00 UTC): The extension is called QuickSafe" in timeline(priya, channel)
    acts(priya, "delete", message)
    shown = timeline(priya, channel)
    assert "QuickSafe" not in shown
    assert "A message of Priya Nair was deleted in Slack" in shown


def test_what_was_done_while_nobody_listened_stands_in_the_draft(
    bot: WholeBot, priya: Person, channel: str
) -> None:
    message = said(priya, "The extension is called QuickSave", channel)
    next(part for part in bot.bot.parts if part.name == "socket").stop()
    priya.says("Since when?", channel, thread_ts=message["ts"])
    priya.workspace.post("edit", **at(priya, message), text="The extension is called QuickSafe")
    priya.reacts("pushpin", message)
    key = bot.bot.store.read(lambda unit: unit.incidents.listing()[0].key)
    closing.resolve(bot.bot.house, Ask(priya.user), key, "It was taken down")
    backfill_of(bot.bot.house, bot.bot.store, bot.bot.outbound).before_drafts()
    assert priya.waits_for_message("Postmortem draft", channel)
    (entry,) = [e for e in bot.bot.store.read(lambda unit: unit.timeline.of(key)) if e.source]
    assert (entry.text, entry.by) == ("The extension is called QuickSafe", priya.user)
    kinds = [
        one.kind for one in bot.bot.store.read(lambda unit: unit.history.of(key)) if one.by == priya.user
    ]
    assert kinds == [SaidKind.MESSAGE, SaidKind.REPLY]


def test_a_long_channel_is_read_back_page_by_page(bot: WholeBot, priya: Person, channel: str) -> None:
    next(part for part in bot.bot.parts if part.name == "socket").stop()
    for number in range(210):
        priya.says(f"line {number}", channel)
    backfill_of(bot.bot.house, bot.bot.store, bot.bot.outbound).reread()
    key = bot.bot.store.read(lambda unit: unit.incidents.listing()[0].key)
    heard = [one for one in bot.bot.store.read(lambda unit: unit.history.of(key)) if one.by == priya.user]
    assert len(heard) == 210
    assert not [one for one in heard if one.deleted_at]


@pytest.mark.parametrize(
    ("words", "is_kept"), [(f"Payouts go to {SECRET}", True), (f"Grooming of a child: {SECRET}", False)]
)
def test_a_message_that_is_declared_from_is_quoted_but_in_a_restricted_incident(
    bot: WholeBot, priya: Person, words: str, is_kept: bool
) -> None:
    message = said(priya, words, "general")
    priya.workspace.post("shortcut", **at(priya, message), callback_id=ids.SHORTCUT_DECLARE_FROM_MESSAGE)
    priya.submits(
        priya.waits_for_view("Declare"),
        **{ids.TITLE: "Somebody is harmed: grooming" if not is_kept else "Payouts"},
    )
    bot.workspace.eventually("the channel", bot.workspace.incident_channels)
    (incident,) = bot.bot.store.read(lambda unit: unit.incidents.listing())
    entries = bot.bot.store.read(lambda unit: unit.timeline.of(incident.key))
    (quoted,) = (each for each in entries if each.kind == "message")
    assert incident.restricted is not is_kept
    assert (quoted.text == words) is is_kept
    assert quoted.permalink.startswith("http")


def test_the_message_that_it_was_declared_from_takes_its_words_along_when_it_is_deleted(
    bot: WholeBot, priya: Person
) -> None:
    message = said(priya, f"Payouts go to {SECRET}", "incidents")  # where the bot is a member, and hears
    acts(priya, "shortcut", message, callback_id=ids.SHORTCUT_DECLARE_FROM_MESSAGE)
    priya.submits(priya.waits_for_view("Declare"), **{ids.TITLE: "Payouts"})
    made = str(bot.workspace.eventually("the channel", bot.workspace.incident_channels)[0])
    priya.waits_for_message("Payouts", made)
    assert f"Priya Nair wrote: Payouts go to {SECRET}" in timeline(priya, made)
    acts(priya, "delete", message)
    assert "was deleted in Slack" in timeline(priya, made)
    assert SECRET not in timeline(priya, made)

"""A timeline with edited and deleted messages: as people read it, and in its full record."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from incidents.history import amended, erased
from incidents.model import ERASED, Entry, EntryKind, MessageRef
from incidents.recording import Pinned, pinned_entry
from incidents.said import Said, Wording
from incidents.timeline import sentence, shown
from tests.support.incidents import ANA, BO, managed, name_of

AT = datetime(2026, 11, 30, 14, 1, tzinfo=UTC)
REF = MessageRef("C1", f"{AT.timestamp():.6f}")
FIRST = pinned_entry(managed(), Pinned(REF, ANA, AT, "one, <@UBO>", "https://x/p1"), BO)
NOTE = Entry(EntryKind.NOTE, AT, BO, "called the bank")


def edited(text: str, minutes: float) -> Entry:
    entry = amended(managed(), [FIRST], Wording(text, ANA, AT + timedelta(minutes=minutes)))
    assert entry is not None
    return entry


def deleted(minutes: float) -> Entry:
    return erased(Said(REF, ANA), AT + timedelta(minutes=minutes))


def read(*entries: Entry) -> list[str]:
    return [sentence(entry, name_of) for entry in shown(entries)]


def test_a_message_stands_in_its_newest_words_in_its_own_place() -> None:
    assert read(FIRST, NOTE, edited("three", 5), edited("two", 4)) == [
        "Ana Lima wrote (edited 14:06 UTC): three",
        "Bo Chen noted: called the bank",
    ]


def test_an_edit_of_another_day_says_which() -> None:
    assert read(FIRST, edited("two", 24 * 60)) == ["Ana Lima wrote (edited 2026-12-01 14:01 UTC): two"]


def test_a_deleted_message_leaves_who_and_when() -> None:
    assert read(replace(FIRST, text=""), replace(edited("", 4)), deleted(6)) == [
        "A message of Ana Lima was deleted in Slack at 14:07 UTC, and its words here with it."
    ]


def test_new_words_of_a_restricted_incident_are_read_in_slack() -> None:
    hidden = replace(edited("", 5), text="")
    (line,) = read(FIRST, hidden)
    assert line == "A message of Ana Lima was put on the timeline (edited 14:06 UTC): https://x/p1"


def test_a_message_of_which_only_the_entry_is_known_stays_as_it_is() -> None:
    unnamed = replace(FIRST, source=None)
    assert shown([FIRST, unnamed, NOTE]) == (FIRST, unnamed, NOTE)


def test_the_full_record_tells_every_wording_in_a_sentence_of_its_own() -> None:
    assert [sentence(each, name_of) for each in (FIRST, edited("two", 4), deleted(6))] == [
        "Ana Lima wrote: one, @Bo Chen",
        "Ana Lima changed the message of 14:01 UTC to: two",
        "The message of Ana Lima from 14:01 UTC was deleted in Slack, and its words here with it.",
    ]
    assert sentence(replace(edited("two", 4), text=""), name_of) == (
        "Ana Lima changed the message of 14:01 UTC."
    )


def test_an_entry_without_its_words_says_so_in_the_full_record() -> None:
    emptied = Entry(EntryKind.MESSAGE, AT, ANA, data={ERASED: "yes"}, source=REF)
    assert sentence(emptied, name_of) == (
        "A message of Ana Lima was deleted in Slack, and its words here with it."
    )

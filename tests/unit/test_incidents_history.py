"""What edits and deletions make of a message on the record, by Slack's time and not by arrival."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import EffectKind
from incidents.history import amended, erased, gone, kept, newest, quotes, words_since
from incidents.model import Entry, EntryKind, MessageRef
from incidents.recording import Pinned, pinned_entry
from incidents.said import Said, Wording, instant_of, permalink, whole_second
from tests.support.incidents import ANA, BO, CY, managed

REF = MessageRef("C1", "1796065200.000100")
AT = instant_of(REF.ts)
SAID = Said(REF, CY)
PINNED = Pinned(REF, CY, AT, "one")


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def on_record(**changes: object) -> list[Entry]:
    return [pinned_entry(managed(), replace(PINNED, **changes), ANA)]  # type: ignore[arg-type]


def event(text: str, at: datetime) -> Wording:
    return Wording(text, CY, at)


def read_back(text: str, at: datetime) -> Wording:
    return Wording(text, CY, whole_second(at), is_rough=True)


def test_an_edit_becomes_an_entry_of_its_own_instant_that_names_the_message() -> None:
    entry = amended(managed(), on_record(permalink="https://x/p1"), event("two", after(60)))
    assert entry is not None
    assert (entry.kind, entry.by, entry.at, entry.text) == (EntryKind.AMENDED, CY, after(60), "two")
    assert (entry.source, entry.permalink) == (REF, "https://x/p1")
    assert entry.dedup == "amended:C1:1796065200.000100:1796065260.000100"


def test_nothing_is_amended_that_is_not_on_the_record() -> None:
    assert amended(managed(), [], event("two", after(60))) is None
    assert amended(managed(), on_record(text=""), event("two", after(60))) is None
    assert amended(managed(), [replace(on_record()[0], source=None)], event("two", after(60))) is None


def test_an_edit_older_than_the_words_on_the_record_tells_nothing_new() -> None:
    record = on_record(text="three", edited_at=after(120))
    assert amended(managed(), record, event("two", after(60))) is None
    assert amended(managed(), record, event("four", after(180))) is not None


def test_of_two_edits_both_are_kept_whichever_comes_first() -> None:
    first = on_record()
    later = amended(managed(), first, event("three", after(120)))
    assert later is not None
    earlier = amended(managed(), [*first, later], event("two", after(60)))
    assert earlier is not None
    assert newest([*first, later, earlier]) is later


@pytest.mark.parametrize(
    ("text", "seconds", "is_new"), [("one", 60, False), ("two", 60, True), ("two", -60, False)]
)
def test_a_message_that_is_read_back_amends_only_with_new_and_later_words(
    text: str, seconds: float, is_new: bool
) -> None:
    assert (amended(managed(), on_record(), read_back(text, after(seconds))) is not None) is is_new


def test_other_words_of_the_same_second_come_after_those_on_the_record() -> None:
    record = on_record(text="two", edited_at=after(60.5))
    entry = amended(managed(), record, read_back("three", after(60.9)))
    assert entry is not None
    assert entry.at == after(60.5) + timedelta(microseconds=1)


def test_in_a_restricted_incident_an_edit_says_once_that_the_words_changed() -> None:
    restricted = managed(restricted=True)
    entry = amended(restricted, on_record(), read_back("two", after(60)))
    assert entry is not None
    assert entry.text == ""
    assert amended(restricted, [*on_record(), entry], read_back("two", after(60))) is None


def test_a_message_is_put_on_the_record_with_the_instant_of_its_last_edit() -> None:
    edited = replace(PINNED, edited_at=whole_second(after(60)))
    heard = replace(SAID, edited_at=after(60.5))
    (entry,) = kept(managed(), edited, ANA, heard, []).entries
    assert (entry.at, words_since(entry)) == (AT, after(60.5))
    (entry,) = kept(managed(), edited, ANA, SAID, []).entries
    assert words_since(entry) == whole_second(after(60))
    (entry,) = kept(managed(), PINNED, ANA, None, []).entries
    assert words_since(entry) == AT


@pytest.mark.parametrize(
    ("edited_at", "heard_at", "asks"),
    [
        (None, None, False),
        (None, after(60), True),
        (whole_second(after(30)), after(60), True),
        (whole_second(after(60)), after(60), False),
        (whole_second(after(90)), after(60), False),
    ],
)
def test_words_older_than_an_edit_that_was_heard_are_asked_for_once_more(
    edited_at: datetime | None, heard_at: datetime | None, asks: bool
) -> None:
    heard = replace(SAID, edited_at=heard_at)
    decision = kept(managed(), replace(PINNED, edited_at=edited_at), ANA, heard, [])
    assert [effect.kind for effect in decision.effects] == [EffectKind.KEEP_MESSAGE] * asks
    assert len(decision.entries) == 1


def test_words_that_are_fetched_again_amend_what_is_there() -> None:
    again = replace(PINNED, text="two", edited_at=whole_second(after(60)))
    (entry,) = kept(managed(), again, BO, None, on_record()).entries
    assert (entry.kind, entry.text) == (EntryKind.AMENDED, "two")
    assert kept(managed(), PINNED, BO, None, on_record()).entries == ()
    assert kept(managed(), again, BO, None, [*on_record(), entry]).entries == ()


def test_of_a_deleted_message_nothing_is_quoted() -> None:
    deleted = replace(SAID, deleted_at=after(600))
    first, second = kept(managed(), PINNED, ANA, deleted, []).entries
    assert (first.kind, first.by, first.at, first.text) == (EntryKind.MESSAGE, CY, AT, "")
    assert second == erased(SAID, after(600))
    assert gone(managed(), SAID, ANA, after(600), [first]).entries == ()


def test_words_are_in_the_message_and_its_amendments_alone() -> None:
    first = on_record()[0]
    entry = amended(managed(), [first], event("two", after(60)))
    assert entry is not None
    record = [first, entry, erased(SAID, after(600)), replace(first, text="")]
    assert quotes(record) == (first, entry)


def test_a_permalink_is_built_from_place_and_time() -> None:
    place = "https://acme.slack.com/archives/C1/p1796065200000100"
    assert permalink("https://acme.slack.com/", REF) == place
    assert permalink("https://acme.slack.com/", REF, "1.0") == f"{place}?thread_ts=1.0&cid=C1"
    assert permalink("", REF) == ""

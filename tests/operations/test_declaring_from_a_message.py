"""Declaring from a message: its words come along, and go when it goes, on both databases."""

from datetime import timedelta

from msgspec.structs import replace

from incidents.model import Incident, MessageRef
from incidents.operations import history
from incidents.recording import Pinned
from incidents.said import Said, Wording, instant_of
from storage.opening import SqlStore
from tests.support.channel import everything, talk
from tests.support.house import TestHouse
from tests.support.incidents import CY, WAVE

WORDS = "Payouts go to Jane Roe of Elm Street"
SAID_AT = "1796065000.000100"
MESSAGE = Pinned(MessageRef("CGENERAL", SAID_AT), CY, instant_of(SAID_AT), WORDS)
SAID = Said(MESSAGE.ref, CY)
LINK = "https://acme.slack.com/archives/CGENERAL/p1796065000000100"
LATER = MESSAGE.at + timedelta(hours=3)


def declared(there: TestHouse, title: str = "Payouts", message: Pinned = MESSAGE) -> Incident:
    there.store.write(lambda unit: unit.facts.put("workspace.url", "https://acme.slack.com/"))
    return there.declare(title, message=message)


def test_the_message_stands_on_the_timeline_at_its_own_time_in_its_authors_name(there: TestHouse) -> None:
    key = declared(there).key
    assert there.sentences(key)[0] == f"Cy Okafor wrote: {WORDS}"


def test_the_words_go_when_the_message_is_deleted(there: TestHouse, store: SqlStore) -> None:
    key = declared(there).key
    history.deleted(there.house, SAID, LATER)
    assert WORDS not in everything(store)
    assert any("was deleted in Slack" in line for line in there.sentences(key))
    assert store.read(lambda unit: unit.timeline.verify_all()) == []


def test_an_edit_of_the_message_amends_the_record(there: TestHouse) -> None:
    key = declared(there).key
    history.edited(there.house, SAID, Wording("Payouts go astray", CY, LATER))
    assert any(line.endswith("to: Payouts go astray") for line in there.sentences(key))


def test_in_a_restricted_incident_only_who_when_and_where_are_kept(there: TestHouse, store: SqlStore) -> None:
    key = declared(there, "Grooming of a child reported").key
    assert f"A message of Cy Okafor was put on the timeline: {LINK}" in there.sentences(key)
    assert WORDS not in everything(store)


def test_what_one_incident_has_on_record_the_next_one_links_to(there: TestHouse, store: SqlStore) -> None:
    first, second = declared(there), declared(there, "Payouts again")
    assert f"Priya Nair noted: Declared from a message: {LINK}" in there.sentences(second.key)
    history.deleted(there.house, SAID, LATER)
    assert WORDS not in everything(store)
    assert any("was deleted" in line for line in there.sentences(first.key))


def test_of_what_was_said_in_another_incidents_channel_no_word_leaves_it(
    there: TestHouse, store: SqlStore
) -> None:
    room = talk(there, WAVE)
    elsewhere = replace(MESSAGE, ref=MessageRef(room.channel, SAID_AT))
    key = there.declare("Payouts", message=elsewhere).key
    assert not any(room.channel in line for line in there.sentences(key))  # no address is known yet
    assert WORDS not in everything(store)

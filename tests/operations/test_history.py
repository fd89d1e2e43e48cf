"""What is said in an incident's channel: who and when is kept, the words only of what is on the record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incidents.model import ActionItem, EntryKind, MessageRef
from incidents.operations import closing, commanding, history, reading
from incidents.people import Ask
from incidents.readback import Found, Stretch
from incidents.recording import Pinned
from incidents.said import Said
from storage.opening import SqlStore, open_store
from storage.tables import TIMELINE
from storage.unit_of_work import SqlUnit
from tests.support.channel import Talk, delete, edit, everything, talk
from tests.support.house import TestHouse
from tests.support.incidents import ANA, CY, PRIYA, WAVE

CHILD = "Grooming of a child reported"


@pytest.fixture
def wave(there: TestHouse) -> Talk:
    return talk(there, WAVE)


def said(there: TestHouse, key: str) -> list[Said]:
    return list(there.store.read(lambda unit: unit.history.of(key)))


def on_record(wave: Talk, words: str) -> list[str]:
    return [line for line in wave.there.sentences(wave.key) if words in line]


def test_a_message_is_kept_once_however_often_and_wherever_it_is_delivered(
    wave: Talk, database_url: str
) -> None:
    message = wave.written("payouts are held")
    other = open_store(database_url)
    houses = [wave.there.house, replace(wave.there.house, store=other)]
    with ThreadPoolExecutor(5) as pool:
        heard = list(pool.map(lambda n: history.hear(houses[n % 2], message.said), range(5)))
    other.close()
    assert sorted(heard) == [False] * 4 + [True]
    assert said(wave.there, wave.key) == [message.said]


def test_of_thousands_of_messages_only_those_of_a_stretch_are_taken_in_hand(wave: Talk) -> None:
    first, second, third, fourth = (wave.written(f"line {number}") for number in range(4))
    reply = wave.written("which line?", thread=first.ref.ts)
    for each in (first, second, third, fourth, reply):
        wave.heard(each)
    known = history.recall(wave.there.house, wave.key)
    assert known is not None
    assert (known.until, known.said) == (reply.said.at, {})
    beyond = (Found(Pinned(fourth.ref, CY, fourth.said.at, "")),)
    stretch = Stretch(second.ref.channel, beyond, since=second.said.at, before=third.said.at)
    assert set(history.near(wave.there.house, known, stretch).said) == {second.ref, fourth.ref}
    thread = Stretch(first.ref.channel, (), thread=first.ref.ts)
    assert set(history.near(wave.there.house, known, thread).said) == {reply.ref}


def test_what_is_said_elsewhere_is_not_kept(wave: Talk) -> None:
    assert not history.hear(wave.there.house, Said(MessageRef("CGEN", "1.0"), CY))
    assert said(wave.there, wave.key) == []


def test_what_is_said_while_the_postmortem_is_written_is_kept_and_after_the_end_not(wave: Talk) -> None:
    closing.resolve(wave.there.house, Ask(PRIYA), wave.key, "Over.")
    assert wave.heard(wave.written("who writes it?"))
    closing.fill_in(wave.there.house, Ask(PRIYA), wave.key, {"harm": "4,100 accounts", "contributors": "–"})
    action = ActionItem("Block it", ANA, date(2026, 12, 7))
    closing.add_action(wave.there.house, Ask(PRIYA), wave.key, action)
    closing.close(wave.there.house, Ask(PRIYA), wave.key)
    assert not wave.heard(wave.written("any lunch?"))


def test_edits_and_deletions_elsewhere_are_nobodys_business(wave: Talk) -> None:
    message = delete(edit(wave.written("one"), "two"))
    elsewhere = replace(message, ref=MessageRef("CGEN", message.ref.ts))
    wave.edited(elsewhere)
    wave.deleted(elsewhere)
    assert said(wave.there, wave.key) == []


def test_what_is_said_in_the_thread_an_incident_opened_in_is_kept_and_can_be_marked(wave: Talk) -> None:
    root = MessageRef("CALL", "1796065100.000100")
    opened = replace(wave.there.incident(wave.key), thread=root)
    wave.there.store.write(lambda unit: unit.incidents.save(opened))
    reply, other = (
        replace(wave.written(words), ref=MessageRef("CALL", f"179606520{digit}.000100"), thread=thread)
        for digit, (words, thread) in enumerate([("it is back", root.ts), ("any lunch?", "")])
    )
    assert (wave.heard(reply), wave.heard(other)) == (True, False)
    assert (wave.marked(reply), wave.marked(other)) == (True, False)
    wave.answered(reply)
    assert [entry.text for entry in wave.reads()] == ["it is back"]


def test_who_said_something_last_is_known(wave: Talk) -> None:
    first, last = wave.written("one"), wave.written("two")
    wave.heard(last)
    wave.heard(first)
    read = wave.there.store.read
    assert read(lambda unit: unit.history.last_by(wave.key, CY)) == last.said.at
    assert read(lambda unit: unit.history.last_by(wave.key, ANA)) is None


def test_saying_something_is_no_change_of_the_incident(wave: Talk) -> None:
    before = wave.there.incident(wave.key)
    wave.heard(wave.written("payouts are held"))
    assert wave.there.incident(wave.key) == before


def test_an_edit_of_what_nobody_put_on_the_record_only_leaves_its_time(wave: Talk) -> None:
    message = edit(wave.written("payouts are held"), "payouts are held for the EU")
    wave.heard(message)
    wave.edited(message)
    (row,) = said(wave.there, wave.key)
    assert row.edited_at == message.versions[-1][0]
    assert wave.record() == []


def test_an_edit_of_what_is_on_the_record_amends_it_and_the_older_words_stay(wave: Talk) -> None:
    message = wave.written("payouts are held")
    wave.marked(message)
    wave.answered(message)
    wave.edited(edit(message, "payouts are held for the EU"))
    kinds = [(entry.kind, entry.text) for entry in wave.record()]
    assert kinds == [
        (EntryKind.MESSAGE, "payouts are held"),
        (EntryKind.AMENDED, "payouts are held for the EU"),
    ]
    seen = reading.show(wave.there.house, ANA, wave.key)
    assert [e.text for e in seen.entries if e.source] == ["payouts are held for the EU"]


def test_two_edits_that_arrive_in_the_wrong_order_stand_in_slacks_order(wave: Talk) -> None:
    message = edit(edit(wave.written("one"), "two"), "three")
    wave.marked(message)
    wave.answered(message, 0)
    wave.edited(message, 2)
    wave.edited(message, 1)
    wave.edited(message, 2)
    assert [entry.text for entry in wave.record()] == ["one", "two", "three"]
    assert [entry.text for entry in wave.reads()] == ["three"]


def test_words_that_were_read_before_an_edit_are_read_again(wave: Talk) -> None:
    message = edit(wave.written("one"), "two")
    wave.marked(message)
    wave.edited(message)
    assert wave.answered(message, 0) == 1
    assert wave.answered(message) == 1
    assert wave.answered(message) == 0
    assert [entry.text for entry in wave.reads()] == ["two"]


def test_an_edit_and_the_words_from_before_it_that_arrive_at_the_same_moment_lose_neither(wave: Talk) -> None:
    for number in range(6):
        message = edit(wave.written(f"{number}, one"), f"{number}, two")
        wave.marked(message)
        with ThreadPoolExecutor(2) as pool:
            list(
                pool.map(
                    lambda act: act(), [partial(wave.answered, message, 0), partial(wave.edited, message)]
                )
            )
        while wave.answered(message):
            pass
    assert [entry.text for entry in wave.reads()] == [f"{number}, two" for number in range(6)]


def test_deleting_a_message_takes_our_copy_of_its_words_and_leaves_who_and_when(
    wave: Talk, store: SqlStore
) -> None:
    message = edit(wave.written("Jane Roe, 4 Elm Street"), "Jane Roe, 5 Elm Street")
    wave.heard(message)
    wave.marked(message)
    wave.answered(message, 0)
    wave.edited(message)
    wave.deleted(delete(message))
    assert "Elm Street" not in everything(store)
    (entry,) = wave.reads()
    assert (entry.by, entry.at, entry.text) == (CY, message.said.at, "")
    assert store.read(lambda unit: unit.timeline.verify_all()) == []
    assert store.read(lambda unit: unit.timeline.erased_count()) == 2


def test_a_message_deleted_before_its_words_were_read_leaves_who_and_when(wave: Talk) -> None:
    message = delete(wave.written("Jane Roe, 4 Elm Street"))
    wave.heard(message)
    wave.marked(message)
    wave.answered(message)
    (entry,) = wave.reads()
    assert (entry.by, entry.at, entry.text) == (CY, message.said.at, "")
    assert "deleted" in entry.data


def test_of_a_deleted_message_that_nobody_heard_nothing_is_said(wave: Talk) -> None:
    message = delete(wave.written("?"))
    wave.marked(message)
    wave.answered(message)
    assert wave.record() == []
    assert not on_record(wave, "Slack refused")


def test_an_edit_that_arrives_after_the_deletion_brings_no_words_back(wave: Talk, store: SqlStore) -> None:
    message = delete(edit(wave.written("Jane Roe"), "Jane Roe of Elm Street"))
    wave.marked(message)
    wave.answered(message, 0)
    wave.deleted(message)
    wave.edited(message)
    wave.marked(message)
    assert "Jane Roe" not in everything(store)


def test_of_a_restricted_incident_only_the_permalink_is_kept(there: TestHouse, store: SqlStore) -> None:
    store.write(lambda unit: unit.facts.put("workspace.url", "https://acme.slack.com/"))
    private = talk(there, CHILD, by=PRIYA)
    message = edit(private.written("Jane Roe", by=PRIYA), "Jane Roe of Elm Street")
    private.heard(message)
    private.marked(message, by=PRIYA)
    private.answered(message, 0)
    private.edited(message)
    (entry,) = private.reads()
    assert (entry.text, entry.by) == ("", PRIYA)
    assert entry.permalink == f"https://acme.slack.com/archives/{message.ref.channel}/p{digits(message.ref)}"
    assert "Jane Roe" not in everything(store)


def test_an_edit_after_the_restriction_says_that_the_words_changed_and_no_more(
    wave: Talk, store: SqlStore
) -> None:
    message = wave.written("payouts are held")
    wave.marked(message)
    wave.answered(message)
    commanding.restrict(wave.there.house, Ask(PRIYA), wave.key)
    wave.edited(edit(message, "Jane Roe of Elm Street"))
    (entry,) = wave.reads()
    assert entry.text == ""
    assert "edited" in entry.data
    assert "Jane Roe" not in everything(store)


def test_five_thousand_messages_at_once_are_all_kept(wave: Talk) -> None:
    place = wave.channel
    everybody = [Said(MessageRef(place, f"17{number:08}.000100"), CY) for number in range(5000)]
    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(lambda one: history.hear(wave.there.house, one), everybody))
    assert len(said(wave.there, wave.key)) == 5000


def test_a_fault_of_the_database_never_quotes_what_was_written(wave: Talk, store: SqlStore) -> None:
    message = wave.written("Jane Roe of Elm Street")
    wave.marked(message)
    wave.answered(message)

    def again(unit: SqlUnit) -> None:
        row = dict(unit.timeline.tx.all(TIMELINE.select().where(TIMELINE.c.kind == "message"))[0])
        unit.timeline.tx.run(TIMELINE.insert(), [row])

    with pytest.raises(DBAPIError) as fault:
        store.write(again)
    assert "Jane Roe" not in str(fault.value)


class TestErasure:
    @pytest.fixture
    def pinned(self, wave: Talk) -> Talk:
        message = wave.written("Jane Roe")
        wave.marked(message)
        wave.answered(message)
        return wave

    @pytest.mark.parametrize(
        "change",
        [
            "body = '', salt = '', at = recorded_at",
            "body = ''",
            "salt = ''",
            "body = '{}', salt = ''",
            "body = '', salt = '', digest = ''",
            "body = '', salt = '', dedup = NULL",
        ],
    )
    def test_the_database_lets_the_words_go_and_nothing_else(
        self, pinned: Talk, store: SqlStore, change: str
    ) -> None:
        with pytest.raises(DBAPIError, match="append-only"):
            run(store, f"UPDATE timeline SET {change} WHERE kind = 'message'")

    @pytest.mark.parametrize("change", ["UPDATE timeline SET body = '', salt = ''", "DELETE FROM timeline"])
    def test_what_is_no_message_keeps_its_words(self, pinned: Talk, store: SqlStore, change: str) -> None:
        with pytest.raises(DBAPIError, match="append-only"):
            run(store, change)

    def test_words_that_are_gone_without_a_deletion_break_the_chain(
        self, pinned: Talk, store: SqlStore
    ) -> None:
        run(store, "UPDATE timeline SET body = '', salt = '' WHERE kind = 'message'")
        (found,) = store.read(lambda unit: unit.timeline.verify_all())
        assert (found.incident, found.what) == (pinned.key, "the text was taken out without a reason")


def run(store: SqlStore, statement: str) -> None:
    store.write(lambda unit: unit.timeline.tx.run(text(statement)))


def digits(ref: MessageRef) -> str:
    return ref.ts.replace(".", "")

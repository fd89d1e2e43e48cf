"""Reading channels back: what was missed is found, once, gently, and a draft waits for it only so long."""

from collections.abc import Iterator

import pytest
from msgspec import Struct
from msgspec.structs import replace

from bot.backfill import Backfill
from bot.clock import SystemClock
from bot.rates import rate_of
from bot.sending import Outbound
from incidents.effects import EffectKind
from incidents.model import EntryKind, MessageRef
from incidents.operations import closing, commanding
from incidents.people import Ask
from storage.opening import SqlStore
from tests.support.channel import Message, Talk, delete, edit, everything, talk
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, CY, PRIYA, WAVE
from tests.support.reading import backfill_of
from tests.support.tiny_slack import BOT, Json, TinySlack


class Room(Struct, frozen=True):
    """A channel with its incident, and a Slack in which its messages stand."""

    wave: Talk
    slack: TinySlack
    backfill: Backfill

    def stands(self, message: Message, **more: object) -> Message:
        """In Slack it reads so now."""
        place = self.slack.messages[message.ref.channel]
        place[:] = [each for each in place if each["ts"] != message.ref.ts]
        if message.deleted_at is None:
            place.append({**shape(message), **more})
        place.sort(key=lambda each: str(each["ts"]))
        return message

    def words(self) -> list[str]:
        return [entry.text for entry in self.wave.reads()]


def shape(message: Message) -> Json:
    """A message as `conversations.history` shows it."""
    told: Json = {"type": "message", **message.read()}
    at = told.pop("edited", "")
    thread = {"thread_ts": told.pop("thread")} if message.thread else {}
    told.pop("thread", "")
    return {**told, **thread, **({"edited": {"user": message.by, "ts": at}} if at else {})}


@pytest.fixture
def room(sqlite_store: SqlStore) -> Iterator[Room]:
    there = example_house(sqlite_store)
    wave, slack = talk(there, WAVE), TinySlack().start()
    outbound = Outbound("xoxb-test", slack.url, warm_every_s=0)
    outbound.start()
    yield Room(wave, slack, backfill_of(there.house, there.store, outbound, BOT))
    outbound.stop()
    slack.stop()


def there_of(room: Room) -> TestHouse:
    return room.wave.there


def said(room: Room) -> list[str]:
    house = there_of(room)
    return [one.ref.ts for one in house.store.read(lambda unit: unit.history.of(room.wave.key))]


def marked(*users: str) -> Json:
    return {"reactions": [{"name": "eyes", "users": [PRIYA]}, {"name": "pushpin", "users": list(users)}]}


def test_what_was_said_in_the_channel_and_its_threads_is_kept_once(room: Room) -> None:
    first = room.wave.written("payouts are held")
    reply = room.wave.written("since when?", thread=first.ref.ts)
    room.stands(first, reply_count=1, latest_reply=reply.ref.ts)
    room.stands(reply)
    room.stands(room.wave.written("I am Meridian", by=BOT))
    room.backfill.reread()
    room.backfill.reread()
    assert said(room) == [first.ref.ts, reply.ref.ts]
    assert room.words() == []


def test_what_was_marked_is_put_on_the_record_in_the_name_of_the_first_who_may(room: Room) -> None:
    message = room.stands(room.wave.written("it is back"), **marked("USTRANGER", ANA, CY))
    room.backfill.reread()
    (entry,) = room.wave.record()
    assert (entry.text, entry.by, entry.at) == ("it is back", CY, message.said.at)
    assert entry.data == {"pinned_by": ANA}


def test_an_edit_that_nobody_heard_amends_the_record_once(room: Room) -> None:
    message = room.stands(room.wave.written("one"), **marked(ANA))
    room.backfill.reread()
    room.stands(edit(message, "two"), **marked(ANA))
    room.backfill.reread()
    room.backfill.reread()
    assert [entry.text for entry in room.wave.record()] == ["one", "two"]
    room.wave.edited(message)
    assert room.words() == ["two"]


def test_a_deletion_that_nobody_heard_takes_the_words(room: Room) -> None:
    room.stands(room.wave.written("the first"))
    message = room.stands(room.wave.written("Jane Roe"), **marked(ANA))
    room.backfill.reread()
    room.stands(delete(message))
    room.backfill.reread()
    (entry,) = room.wave.reads()
    assert (entry.text, entry.by) == ("", CY)


def test_what_lies_before_all_that_slack_shows_is_not_taken_for_deleted(room: Room) -> None:
    message = room.stands(room.wave.written("Jane Roe"), **marked(ANA))
    room.backfill.reread()
    room.slack.messages[room.wave.channel].clear()
    room.stands(room.wave.written("much later"))
    room.backfill.reread()
    assert room.words() == ["Jane Roe"]
    assert message.ref.ts in said(room)


def test_words_are_taken_only_when_slack_says_so_of_the_message_itself(room: Room) -> None:
    room.stands(room.wave.written("the first"))
    message = room.stands(room.wave.written("Jane Roe"), **marked(ANA))
    room.backfill.reread()
    room.slack.messages[room.wave.channel] = [
        each for each in room.slack.messages[room.wave.channel] if each["ts"] != message.ref.ts
    ]
    room.slack.faults["conversations.replies"].append({"error": "internal_error"})
    room.backfill.reread()
    assert room.words() == ["Jane Roe"]


def test_a_look_begins_ten_seconds_before_the_last_one_ended(room: Room) -> None:
    message = room.stands(room.wave.written("payouts are held"))
    room.backfill.look()
    there_of(room).clock.advance(minutes=5)
    room.backfill.look()
    first, second = room.slack.named("conversations.history")
    assert "oldest" not in first
    assert float(second["oldest"]) == pytest.approx(float(message.ref.ts) - 10)


def test_of_several_processes_one_looks(room: Room) -> None:
    for _ in range(3):
        room.backfill.look()
    assert len(room.slack.named("conversations.history")) == 1


@pytest.mark.parametrize("back", [{"hours": -1}, {"seconds": -30}])
def test_a_clock_that_goes_back_delays_no_look(room: Room, back: dict[str, int]) -> None:
    """Slack's limits are counted on a clock of their own here: whoever sends heeds that one."""
    turnstile = replace(room.backfill.turnstile, clock=SystemClock())
    backfill = replace(room.backfill, turnstile=turnstile)
    for length in ({"minutes": 5}, back, {"minutes": 5}):
        backfill.look()
        there_of(room).clock.advance(**length)
    backfill.look()
    assert len(room.slack.named("conversations.history")) == 4


def test_where_nothing_is_new_nothing_is_written_but_how_often_slack_was_asked(room: Room) -> None:
    room.stands(room.wave.written("payouts are held"), **marked(ANA))
    room.backfill.reread()
    before = everything(there_of(room).store, but="bucket")
    room.backfill.reread()
    assert everything(there_of(room).store, but="bucket") == before


def test_too_many_calls_are_waited_out(room: Room) -> None:
    room.stands(room.wave.written("payouts are held"))
    room.slack.faults["conversations.history"].append({"retry_after": 0.1})
    now_s = replace(room.backfill.turnstile, clock=SystemClock())
    replace(room.backfill, turnstile=now_s).reread()
    assert len(said(room)) == 1


def test_calls_are_counted_where_all_others_are(room: Room) -> None:
    """Whoever waits for one message is not held up, and does not hold up, by surprise."""
    there = there_of(room)
    calls = {"conversations.history": 99}
    there.store.write(lambda unit: unit.buckets.take(calls, rate_of, there.clock.now()))
    hurried = replace(room.backfill, seconds=iter(range(0, 1000, 20)).__next__)
    hurried.reread()
    assert room.slack.named("conversations.history") == []
    there.clock.advance(minutes=1)
    room.backfill.reread()
    assert len(room.slack.named("conversations.history")) == 1


def test_a_reading_that_slack_refuses_keeps_its_place_and_stops_no_other(room: Room) -> None:
    other = talk(there_of(room), "Payouts go to strangers")
    room.slack.faults["conversations.history"].append({"error": "internal_error"})
    room.stands(room.wave.written("payouts are held"))
    room.backfill.reread()
    assert len(room.slack.named("conversations.history")) == 2
    room.backfill.reread()
    assert len(said(room)) == 1
    assert other.key


def test_a_mark_of_somebody_who_may_not_is_no_mark(room: Room) -> None:
    room.stands(room.wave.written("it is back"), **marked("USTRANGER"))
    room.backfill.reread()
    assert room.wave.record() == []


def test_a_thread_in_which_an_incident_opened_is_read_back(room: Room) -> None:
    root = room.wave.written("the announcement")
    opened = replace(there_of(room).incident(room.wave.key), channel=None, thread=root.ref)
    there_of(room).store.write(lambda unit: unit.incidents.save(opened))
    reply = room.stands(
        replace(root, ref=MessageRef(root.ref.channel, "1796069999.000100"), thread=root.ref.ts)
    )
    room.backfill.reread()
    assert said(room) == [reply.ref.ts]


def test_a_reading_ends_when_its_time_is_over(room: Room) -> None:
    room.stands(room.wave.written("payouts are held"))
    room.slack.faults["conversations.history"].append({"retry_after": 30})
    hurried = replace(room.backfill, seconds=iter(range(0, 1000, 50)).__next__)
    hurried.reread()
    assert said(room) == []


class TestDraft:
    def drafts(self, room: Room) -> int:
        return sum(effect.kind is EffectKind.POST_DRAFT for effect in there_of(room).slack())

    @pytest.fixture
    def resolved(self, room: Room) -> Room:
        there_of(room).slack()
        room.stands(room.wave.written("it was the extension"), **marked(ANA))
        closing.resolve(there_of(room).house, Ask(PRIYA), room.wave.key, "Over.")
        return room

    def test_it_waits_until_the_channel_was_read_back(self, resolved: Room) -> None:
        assert self.drafts(resolved) == 0
        resolved.backfill.before_drafts()
        assert resolved.words() == ["it was the extension"]
        assert self.drafts(resolved) == 1

    def test_it_does_not_wait_where_slack_refuses(self, resolved: Room) -> None:
        resolved.slack.faults["conversations.history"].append({"error": "internal_error"})
        resolved.backfill.before_drafts()
        assert self.drafts(resolved) == 1

    def test_it_waits_for_nobody_longer_than_fifteen_seconds(self, resolved: Room) -> None:
        there_of(resolved).clock.advance(seconds=15)
        assert self.drafts(resolved) == 1


def test_of_a_restricted_channel_no_words_are_kept(room: Room) -> None:
    commanding.restrict(there_of(room).house, Ask(PRIYA), room.wave.key)
    room.stands(room.wave.written("Jane Roe"), **marked(PRIYA))
    room.backfill.reread()
    (entry,) = room.wave.record()
    assert (entry.kind, entry.text) == (EntryKind.MESSAGE, "")

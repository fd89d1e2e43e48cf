"""A storm on a real store: open at once in a thread, then in the channel with everything that came along."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from handlers.blocks.announcement import goes_on
from handlers.calls import Call, Skip, Upload
from handlers.outbound import render
from handlers.outbound.desk import ANNOUNCE_CHANNEL, WORKSPACE_URL
from incidents.effects import Effect, EffectKind, Outcome
from incidents.model import MessageRef, Status
from incidents.operations import closing, commanding, delivery, reading, recording
from incidents.people import Ask
from storage.buckets import SqlBuckets
from storage.claims import Claimed
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.house import TestHouse, example_house

ALL = "CALLINCIDENTS"
WAVE = "Account-takeover wave in EU"
SLOW = timedelta(minutes=2)
CREATE = EffectKind.CREATE_CHANNEL


@dataclass
class Slow:
    """A house whose Slack makes no channel for two minutes. `sent` are the calls that were made, by kind."""

    there: TestHouse
    sent: dict[EffectKind, list[Call | Upload]] = field(default_factory=dict)

    def goes(self, channels: bool = False) -> None:
        """Let everything leave that may; channels only where it is said."""
        for _ in range(20):
            claimed = self._claimed(channels)
            if not claimed:
                return
            for one in claimed:
                self.there.store.write(lambda unit, one=one: self._leave(unit, one))  # type: ignore[misc]
        raise AssertionError("effects without end")

    def _claimed(self, channels: bool) -> list[Claimed]:
        claimed = self.there.store.write(lambda unit: unit.outbox.claim(self.there.clock.now(), "test", 100))
        held = [one for one in claimed if one.effect.kind is CREATE and not channels]
        until = self.there.clock.now() + SLOW
        for one in held:
            self.there.store.write(lambda unit, one=one: unit.outbox.retry(one, until, "held", False))  # type: ignore[misc]
        return [one for one in claimed if one not in held]

    def _leave(self, unit: SqlUnit, one: Claimed) -> None:
        now, what = self.there.clock.now(), render(one.effect, unit, self.there.house)
        if isinstance(what, Skip):
            unit.outbox.skip_one(one, what.reason, now)
            return
        assert isinstance(what, Call | Upload)
        self.sent.setdefault(one.effect.kind, []).append(what)
        outcome = Outcome(True, _answer(what, sum(map(len, self.sent.values()))))
        unit.outbox.finish(one, outcome, now)
        delivery.record(self.there.house, unit, one.effect, outcome, now)

    def only(self, kind: EffectKind) -> Call:
        (found,) = self.sent[kind]
        assert isinstance(found, Call)
        return found

    def gets_its_channel(self) -> None:
        self.there.clock.advance(minutes=2)
        self.goes(channels=True)


def _answer(what: Call | Upload, number: int) -> dict[str, str]:
    args = what.args if isinstance(what, Call) else {"channel": what.channel}
    channel = "CNEW" if "name" in args else args.get("channel", "")
    return {"channel": channel, "ts": f"1700000000.{number:06}", "name": args.get("name", "")}


@pytest.fixture
def slow(sqlite_store: SqlStore) -> Slow:
    there = example_house(sqlite_store)
    there.store.write(lambda unit: unit.facts.put(ANNOUNCE_CHANNEL, ALL))
    there.store.write(lambda unit: unit.facts.put(WORKSPACE_URL, "https://example.test/"))
    now = there.clock.now()
    there.store.write(lambda unit: SqlBuckets(unit.outbox.tx).hold("conversations.create", now + SLOW, now))
    return Slow(there)


def declared(slow: Slow, title: str = WAVE) -> MessageRef:
    """INC-1, open in its thread: the message that the thread hangs on."""
    slow.there.declare(title)
    slow.goes()
    root = slow.there.incident("INC-1").thread
    assert root is not None
    return root


def test_it_is_usable_at_once_in_a_thread_of_the_announcement_channel(slow: Slow) -> None:
    root = declared(slow)
    assert slow.only(EffectKind.ANNOUNCE).args["channel"] == ALL
    card = slow.only(EffectKind.POST_THREAD_CARD).args
    assert (card["channel"], card["thread_ts"]) == (ALL, root.ts)
    assert CREATE not in slow.sent


def test_pages_and_the_declarer_are_led_to_the_thread(slow: Slow) -> None:
    root = declared(slow)
    link = f"https://example.test/archives/{ALL}/p{root.ts.replace('.', '')}"
    assert link in str(slow.only(EffectKind.UPDATE_PAGE).args)
    tells = [str(call) for call in slow.sent[EffectKind.TELL]]
    assert any(link in words and "in a thread" in words for words in tells)


def test_words_in_the_thread_mean_its_incident_before_and_after_it_has_a_channel(slow: Slow) -> None:
    root = declared(slow)
    house = slow.there.house
    for _ in range(2):
        seen = reading.here(house, "UPRIYA", root.channel, root.ts)
        assert seen is not None
        assert seen.incident.key == "INC-1"
        assert reading.here(house, "UPRIYA", root.channel) is None
        slow.gets_its_channel()


def test_updates_are_posted_in_the_thread_and_the_latest_comes_along_into_the_channel(slow: Slow) -> None:
    root = declared(slow)
    recording.update(slow.there.house, Ask("UPRIYA"), "INC-1", "Payouts are held")
    slow.goes()
    assert slow.only(EffectKind.POST_UPDATE).args["thread_ts"] == root.ts
    slow.gets_its_channel()
    _, again = slow.sent[EffectKind.POST_UPDATE]
    assert isinstance(again, Call)
    assert (again.args["channel"], "thread_ts" in again.args) == ("CNEW", False)
    assert "Payouts are held" in str(again.args)


def test_the_channel_gets_its_own_card_and_the_thread_leads_there(slow: Slow) -> None:
    root = declared(slow)
    thread_card = slow.there.incident("INC-1").card
    slow.gets_its_channel()
    incident = slow.there.incident("INC-1")
    assert incident.card is not None
    assert incident.card.channel == "CNEW"
    assert incident.channel is not None
    pointer, said = slow.only(EffectKind.MOVE_THREAD_CARD), slow.only(EffectKind.POST_MOVED)
    assert thread_card is not None
    assert (pointer.method, pointer.args["ts"]) == ("chat.update", thread_card.ts)
    assert said.args["thread_ts"] == root.ts
    assert pointer.args["text"] == said.args["text"] == goes_on(incident, incident.channel).text
    for kind in (EffectKind.INVITE, EffectKind.ADD_BOOKMARK, EffectKind.PIN_CARD, EffectKind.SET_TOPIC):
        assert len(slow.sent[kind]) == 1
    assert "<#CNEW>" in str(slow.sent[EffectKind.UPDATE_ANNOUNCEMENT][-1])


def test_a_change_shows_on_the_card_in_the_thread(slow: Slow) -> None:
    declared(slow)
    slow.sent.clear()
    recording.update(slow.there.house, Ask("UPRIYA"), "INC-1", "Payouts are held")
    slow.goes()
    assert slow.only(EffectKind.UPDATE_CARD).args["channel"] == ALL


def test_one_that_turns_out_to_be_another_again_needs_no_channel(slow: Slow) -> None:
    declared(slow)
    slow.there.declare(WAVE)
    ask = Ask("UPRIYA")
    commanding.change_status(slow.there.house, ask, "INC-1", Status.DUPLICATE, duplicate_of="INC-2")
    slow.gets_its_channel()
    assert slow.there.incident("INC-1").channel is None
    assert slow.only(CREATE).args["name"].startswith("inc-2")


def test_the_postmortem_of_one_that_is_resolved_already_waits_for_its_channel(slow: Slow) -> None:
    declared(slow)
    closing.resolve(slow.there.house, Ask("UPRIYA"), "INC-1", "It was a test of ours")
    slow.goes()
    assert EffectKind.POST_DRAFT not in slow.sent
    slow.gets_its_channel()
    (draft,) = slow.sent[EffectKind.POST_DRAFT]
    assert isinstance(draft, Upload)
    assert draft.channel == "CNEW"


def test_one_that_becomes_restricted_says_nothing_more_in_its_thread(slow: Slow) -> None:
    declared(slow)
    commanding.restrict(slow.there.house, Ask("UPRIYA"), "INC-1")
    slow.goes()
    assert "Account-takeover" not in str(slow.sent[EffectKind.UPDATE_CARD][-1])
    slow.sent.clear()
    recording.update(slow.there.house, Ask("UPRIYA"), "INC-1", "Payouts are held")
    slow.goes()
    assert EffectKind.POST_UPDATE not in slow.sent
    slow.gets_its_channel()
    assert slow.only(CREATE).args["is_private"] is True
    assert EffectKind.POST_MOVED not in slow.sent
    assert "CNEW" not in str(slow.only(EffectKind.MOVE_THREAD_CARD))


def test_what_is_said_after_it_became_restricted_is_not_written_into_the_threads_update(slow: Slow) -> None:
    declared(slow)
    recording.update(slow.there.house, Ask("UPRIYA"), "INC-1", "Payouts are held")
    slow.goes()
    commanding.restrict(slow.there.house, Ask("UPRIYA"), "INC-1")
    recording.update(slow.there.house, Ask("UPRIYA"), "INC-1", "Jane Roe is the victim")
    slow.goes()
    assert "Jane Roe" not in str(slow.sent)
    assert "is restricted now" in str(slow.only(EffectKind.EDIT_UPDATE))


def test_a_card_that_may_have_landed_in_the_thread_is_looked_for_there(slow: Slow) -> None:
    root = declared(slow)
    commanding.restrict(slow.there.house, Ask("UPRIYA"), "INC-1")
    late = Effect(EffectKind.POST_THREAD_CARD, "thread_card:INC-1", "INC-1")
    skip = slow.there.store.read(lambda unit: render(late, unit, slow.there.house))
    assert isinstance(skip, Skip)
    assert skip.left == Call("chat.postMessage", {"channel": root.channel, "thread_ts": root.ts})


def test_a_restricted_one_waits_for_its_channel_and_its_page_does_not(slow: Slow) -> None:
    slow.there.declare("Child abuse material in chat")
    slow.goes()
    assert EffectKind.SEND_PAGE in slow.sent
    assert not {EffectKind.ANNOUNCE, EffectKind.POST_THREAD_CARD} & set(slow.sent)


def test_where_nobody_knows_the_announcement_channel_it_waits_for_its_own(slow: Slow) -> None:
    slow.there.store.write(lambda unit: unit.facts.put(ANNOUNCE_CHANNEL, ""))
    slow.there.declare(WAVE)
    slow.goes()
    assert slow.there.incident("INC-1").thread is None
    slow.gets_its_channel()
    assert slow.only(EffectKind.POST_CARD).args["channel"] == "CNEW"
    assert EffectKind.POST_MOVED not in slow.sent
    (told,) = (str(call) for call in slow.sent[EffectKind.TELL] if "'UPRIYA'" in str(call))
    assert "https://example.test/archives/CNEW" in told


def test_leads_get_one_list_of_what_may_be_the_same_after_the_pages(slow: Slow) -> None:
    for _ in range(3):
        slow.there.declare(WAVE)
    slow.goes()
    assert not any("Merge into" in str(call) and "INC-3" in str(call) for call in to_lead(slow))
    slow.there.clock.advance(seconds=31)
    slow.goes()
    (listed,) = to_lead(slow)
    assert "INC-2" in str(listed)
    assert "INC-3" in str(listed)
    assert str(listed).count("'incident.merge:") == 2


def to_lead(slow: Slow) -> list[Call | Upload]:
    """What Dana was told but for pages and changes of her own."""
    return [call for call in slow.sent.get(EffectKind.TELL, []) if "'UDANA'" in str(call)]


def test_where_nothing_looks_the_same_no_lead_is_told(slow: Slow) -> None:
    slow.there.declare(WAVE)
    slow.there.clock.advance(seconds=31)
    slow.goes()
    assert to_lead(slow) == []


def test_where_slack_refuses_the_announcement_the_declarer_hears_when_there_is_a_channel(slow: Slow) -> None:
    slow.there.declare(WAVE)
    slow.there.slack(refuse={EffectKind.ANNOUNCE: "not_in_channel"})
    told = slow.there.store.read(lambda unit: unit.outbox.state("tell:opened:INC-1:channel:UPRIYA"))
    assert told == "done"
    assert slow.there.incident("INC-1").thread is None

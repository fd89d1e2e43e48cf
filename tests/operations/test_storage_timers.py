"""Timers, inbox, duties, facts, audit and handoffs on both databases."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from incidents.effects import Timer, TimerKind
from incidents.handoff import Handoff, HandoffState
from storage.audit import AuditEntry
from storage.opening import SqlStore
from storage.tables import TIMER
from storage.unit_of_work import SqlUnit


def timer(key: str, due_at: datetime, subject: str = "INC-1") -> Timer:
    return Timer(TimerKind.CALL_LEVEL, key, subject, due_at, {"level": "1"})


def handoff(at: datetime) -> Handoff:
    return Handoff(
        id=f"safety:{at:%H}",
        schedule="safety",
        at=at,
        from_region="AMER",
        to_region="APAC",
        outgoing=("UANA",),
        incoming=("UBO",),
        backup_out=(),
        backup_in=("UCY",),
        why="Bo holds APAC this week",
        posted_at=at,
        incidents=("INC-1",),
    )


class TestTimers:
    def test_a_timer_fires_once_when_it_is_due(self, store: SqlStore, now: datetime) -> None:
        soon, late = timer("a", now), timer("b", now + timedelta(minutes=5))
        store.write(lambda unit: unit.timers.put([late, soon]))
        assert store.write(lambda unit: unit.timers.claim_due(now, 10)) == [soon]
        assert store.write(lambda unit: unit.timers.claim_due(now, 10)) == []
        assert store.read(lambda unit: unit.timers.next_due()) == late.due_at

    def test_due_timers_come_oldest_first_and_no_more_than_asked(
        self, store: SqlStore, now: datetime
    ) -> None:
        timers = [timer(str(age), now - timedelta(minutes=age), f"INC-{age}") for age in (1, 3, 2)]
        store.write(lambda unit: unit.timers.put(timers))
        claimed = store.write(lambda unit: unit.timers.claim_due(now, 2))
        assert [one.key for one in claimed] == ["3", "2"]

    def test_of_one_incident_the_oldest_comes_alone_so_that_it_may_cancel_the_others(
        self, store: SqlStore, now: datetime
    ) -> None:
        ages = {"young": 1, "old": 3, "oldest": 3}
        timers = [timer(name, now - timedelta(minutes=age)) for name, age in ages.items()]
        store.write(lambda unit: unit.timers.put([*timers, timer("other", now, "INC-2")]))
        taken = [[one.key for one in store.write(lambda u: u.timers.claim_due(now, 9))] for _ in range(3)]
        assert taken == [["old", "other"], ["oldest"], ["young"]]

    def test_what_only_a_newer_version_knows_keeps_nothing_else_from_firing(
        self, store: SqlStore, now: datetime
    ) -> None:
        store.write(lambda unit: unit.timers.put([timer("new", now - timedelta(minutes=1)), timer("a", now)]))
        renamed = update(TIMER).where(TIMER.c.key == "new").values(kind="of_tomorrow")
        store.write(lambda unit: unit.timers.tx.run(renamed))
        assert [one.key for one in store.write(lambda u: u.timers.claim_due(now, 9))] == ["a"]

    def test_a_key_is_put_once_for_ever(self, store: SqlStore, now: datetime) -> None:
        store.write(lambda unit: unit.timers.put([timer("a", now)]))
        store.write(lambda unit: unit.timers.claim_due(now, 10))
        store.write(lambda unit: unit.timers.put([timer("a", now)]))
        assert store.read(lambda unit: unit.timers.next_due()) is None

    def test_cancelling_takes_one_subject_and_one_prefix(self, store: SqlStore, now: datetime) -> None:
        kept = [timer("CALL:1:x", now), timer("call:2:x", now), timer("call:1:z", now, "INC-2")]
        store.write(lambda unit: unit.timers.put([timer("call:1:y", now), *kept]))
        store.write(lambda unit: unit.timers.cancel("INC-1", "call:1"))
        left = store.read(lambda unit: [*unit.timers.of("INC-1"), *unit.timers.of("INC-2")])
        assert sorted(one.key for one in left) == sorted(one.key for one in kept)

    def test_a_firing_that_fails_leaves_its_timer_pending(self, store: SqlStore, now: datetime) -> None:
        def firing(unit: SqlUnit) -> None:
            unit.timers.claim_due(now, 10)
            raise LookupError("poison")

        store.write(lambda unit: unit.timers.put([timer("a", now)]))
        with pytest.raises(LookupError):
            store.write(firing)
        later = now + timedelta(minutes=1)
        assert store.write(lambda unit: unit.timers.postpone("a", later, "poison")) == 1
        assert store.write(lambda unit: unit.timers.postpone("a", later, "poison")) == 2
        assert store.read(lambda unit: unit.timers.next_due()) == later

    def test_a_buried_timer_never_fires(self, store: SqlStore, now: datetime) -> None:
        store.write(lambda unit: unit.timers.put([timer("a", now)]))
        store.write(lambda unit: unit.timers.bury("a", "five failures"))
        assert store.write(lambda unit: unit.timers.claim_due(now, 10)) == []


class TestInbox:
    def test_a_redelivery_is_known_with_its_answer(self, store: SqlStore, now: datetime) -> None:
        def first(unit: SqlUnit) -> bool:
            new = unit.inbox.first("cmd:1", now)
            unit.inbox.answered("cmd:1", "INC-1")
            return new

        assert store.write(first)
        assert not store.write(lambda unit: unit.inbox.first("cmd:1", now))
        assert store.read(lambda unit: unit.inbox.subject("cmd:1")) == "INC-1"

    def test_a_delivery_that_failed_may_come_again(self, store: SqlStore, now: datetime) -> None:
        def failing(unit: SqlUnit) -> None:
            unit.inbox.first("cmd:1", now)
            raise LookupError("refused")

        with pytest.raises(LookupError):
            store.write(failing)
        assert store.write(lambda unit: unit.inbox.first("cmd:1", now))

    def test_an_unknown_delivery_is_about_nothing(self, store: SqlStore) -> None:
        assert store.read(lambda unit: unit.inbox.subject("cmd:7")) == ""


def test_a_duty_is_claimed_by_one(store: SqlStore) -> None:
    claims = [store.write(lambda unit: unit.duties.claim("digest", "C1", "2026-03-02")) for _ in range(2)]
    assert claims == [True, False]
    assert store.write(lambda unit: unit.duties.claim("digest", "C1", "2026-03-03"))


def test_a_fact_is_kept_and_replaced(store: SqlStore) -> None:
    assert store.read(lambda unit: unit.facts.get("bot.user")) == ""
    store.write(lambda unit: unit.facts.put("bot.user", "U0"))
    store.write(lambda unit: unit.facts.put("bot.user", "U1"))
    assert store.read(lambda unit: unit.facts.get("bot.user")) == "U1"


def test_the_audit_tells_who_did_what(store: SqlStore, now: datetime) -> None:
    store.write(lambda unit: unit.audit.write(now, "UANA", "declare", "INC-1", {"severity": "SEV1"}))
    found = store.read(lambda unit: unit.audit.of("INC-1"))
    assert found == [AuditEntry(now, "UANA", "declare", "INC-1", {"severity": "SEV1"})]


class TestHandoffs:
    def test_one_handoff_is_added_once(self, store: SqlStore, now: datetime) -> None:
        assert store.write(lambda unit: unit.handoffs.add(handoff(now)))
        assert not store.write(lambda unit: unit.handoffs.add(handoff(now)))
        assert store.read(lambda unit: unit.handoffs.get(handoff(now).id, lock=False)) == handoff(now)

    def test_an_accepted_handoff_no_longer_waits(self, store: SqlStore, now: datetime) -> None:
        first, second = handoff(now), handoff(now + timedelta(hours=8))
        store.write(lambda unit: [unit.handoffs.add(one) for one in (second, first)])
        assert store.read(lambda unit: unit.handoffs.waiting()) == [first, second]
        taken = replace(first, state=HandoffState.ACCEPTED, accepted_by="UBO", accepted_at=now)
        store.write(lambda unit: unit.handoffs.save(taken))
        assert store.read(lambda unit: unit.handoffs.waiting()) == [second]

    def test_a_draft_is_not_yet_waiting(self, store: SqlStore, now: datetime) -> None:
        draft = replace(handoff(now), state=HandoffState.DRAFTED)
        store.write(lambda unit: unit.handoffs.add(draft))
        assert store.read(lambda unit: unit.handoffs.waiting()) == []
        assert store.read(lambda unit: unit.handoffs.drafted()) == [draft]

    def test_what_a_lead_holds_still_waits(self, store: SqlStore, now: datetime) -> None:
        held = replace(handoff(now), state=HandoffState.HELD, held_by="UDANA", held_at=now)
        store.write(lambda unit: unit.handoffs.add(held))
        assert store.read(lambda unit: unit.handoffs.waiting()) == [held]

    def test_the_recent_handoffs_of_a_schedule_are_found(self, store: SqlStore, now: datetime) -> None:
        first, second = handoff(now), handoff(now + timedelta(hours=8))
        store.write(lambda unit: [unit.handoffs.add(one) for one in (second, first)])
        assert store.read(lambda unit: unit.handoffs.recent("safety", 1)) == [second]
        assert store.read(lambda unit: unit.handoffs.recent("legal", 1)) == []

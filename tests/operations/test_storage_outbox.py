"""The outbox on both databases: what may be sent when, and who holds it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from incidents.effects import Effect, EffectKind, Outcome, Priority
from storage.claims import Claimed
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.clock import FakeClock

Claim = Callable[..., list[Claimed]]
DONE = Outcome(ok=True, result={"ts": "1.0"})
REFUSED = Outcome(ok=False, error="is_archived")


def effect(key: str, **changes: object) -> Effect:
    return Effect(EffectKind.TELL, key, "INC-1", **changes)  # type: ignore[arg-type]


def _given_up(lost: Claimed, unit: SqlUnit) -> None:
    unit.outbox.fail(lost, "is_archived", lost.put_at)


def keys(claimed: list[Claimed]) -> list[str]:
    return [one.effect.key for one in claimed]


@pytest.fixture
def put(store: SqlStore, clock: FakeClock) -> Callable[..., None]:
    return lambda *effects: store.write(lambda unit: unit.outbox.put(effects, clock.now()))


@pytest.fixture
def claim(store: SqlStore, clock: FakeClock) -> Claim:
    """Claims as one owner; returns what it got."""
    return lambda owner="one", limit=20: store.write(
        lambda unit: unit.outbox.claim(clock.now(), owner, limit)
    )


@pytest.fixture
def state(store: SqlStore) -> Callable[[str], str]:
    return lambda key: store.read(lambda unit: unit.outbox.state(key))


@pytest.fixture
def finish(store: SqlStore, clock: FakeClock) -> Callable[..., bool]:
    return lambda claimed, outcome=DONE: store.write(
        lambda unit: unit.outbox.finish(claimed, outcome, clock.now())
    )


def test_an_effect_comes_back_as_it_was_put(put: Callable[..., None], claim: Claim, now: datetime) -> None:
    sent = effect("a", args={"about": "opened"}, users=("U1", "U2"), lane="C1", newest="card", not_before=now)
    put(sent)
    assert claim() == [
        Claimed(sent, 1, ambiguous=False, owner="one", put_at=now, lease_until=now + timedelta(seconds=30))
    ]


def test_a_key_is_put_once_for_ever(
    put: Callable[..., None], claim: Claim, finish: Callable[..., bool]
) -> None:
    put(effect("a"))
    finish(claim()[0])
    put(effect("a"))
    assert claim() == []


def test_nothing_is_claimed_twice(put: Callable[..., None], claim: Claim) -> None:
    put(effect("a"))
    assert keys(claim("one")) == ["a"]
    assert claim("two") == []


def test_the_urgent_come_first_and_then_the_oldest(put: Callable[..., None], claim: Claim) -> None:
    put(effect("status-1"), effect("status-2"), effect("page", priority=Priority.PAGE))
    assert keys(claim(limit=2)) == ["page", "status-1"]


def test_an_effect_waits_for_its_time(put: Callable[..., None], claim: Claim, clock: FakeClock) -> None:
    put(effect("a", not_before=clock.now() + timedelta(seconds=10)))
    assert claim() == []
    clock.advance(seconds=10)
    assert keys(claim()) == ["a"]


class TestAfter:
    def test_an_effect_waits_for_everything_it_names(
        self, put: Callable[..., None], claim: Claim, finish: Callable[..., bool]
    ) -> None:
        put(effect("a"), effect("b"), effect("c", after=("a", "b")))
        first, second = claim()
        finish(first)
        assert claim() == []
        finish(second)
        assert keys(claim()) == ["c"]

    def test_what_was_skipped_counts_as_done(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, now: datetime
    ) -> None:
        put(effect("a"), effect("b", after=("a",)))
        (first,) = claim()
        store.write(lambda unit: unit.outbox.skip_one(first, "no longer wanted", now))
        assert keys(claim()) == ["b"]

    def test_what_waits_for_a_failure_fails_with_all_that_waits_for_it(
        self, put: Callable[..., None], claim: Claim, finish: Callable[..., bool], state: Callable[[str], str]
    ) -> None:
        put(effect("a"), effect("b", after=("a",)), effect("c", after=("b",)), effect("d"))
        first, _ = claim()
        finish(first, REFUSED)
        assert claim() == []
        assert [state(key) for key in "abcd"] == ["failed", "failed", "failed", "running"]

    def test_failures_are_listed_with_their_reason(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, finish: Callable[..., bool]
    ) -> None:
        put(effect("a"))
        finish(claim()[0], REFUSED)
        (lost,) = store.read(lambda unit: unit.outbox.failed())
        assert (lost.effect.key, lost.state, lost.error, lost.attempts) == ("a", "failed", "is_archived", 1)

    def test_an_effect_that_failed_at_every_attempt_is_dead(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, state: Callable[[str], str]
    ) -> None:
        put(effect("a"))
        (first,) = claim()
        assert store.write(lambda unit: unit.outbox.fail(first, "five attempts", first.put_at))
        assert state("a") == "dead"


class TestOrder:
    def test_a_lane_goes_one_after_the_other(
        self, put: Callable[..., None], claim: Claim, finish: Callable[..., bool]
    ) -> None:
        put(effect("a", lane="C1"), effect("b", lane="C1", priority=Priority.PAGE), effect("c", lane="C2"))
        first, other = claim()
        assert keys([first, other]) == ["a", "c"]
        finish(first)
        assert keys(claim()) == ["b"]

    def test_of_one_newest_only_the_newest_is_sent(
        self, put: Callable[..., None], claim: Claim, state: Callable[[str], str]
    ) -> None:
        put(effect("a", newest="card"), effect("b", newest="card"), effect("c", newest="card"))
        assert keys(claim()) == ["c"]
        assert [state("a"), state("b")] == ["skipped", "skipped"]

    def test_a_newer_one_waits_while_the_older_is_on_its_way(
        self, put: Callable[..., None], claim: Claim, finish: Callable[..., bool]
    ) -> None:
        put(effect("a", newest="card"))
        (first,) = claim()
        put(effect("b", newest="card"))
        assert claim() == []
        finish(first)
        assert keys(claim()) == ["b"]

    def test_of_one_newest_only_the_last_that_was_given_up_is_kept_as_given_up(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, state: Callable[[str], str]
    ) -> None:
        for key, newest in (("a", "card"), ("b", "topic"), ("c", "card"), ("d", ""), ("e", "")):
            put(effect(key, newest=newest))
            (lost,) = claim()
            store.write(partial(_given_up, lost))
        assert [state(key) for key in "abcde"] == ["skipped", "dead", "dead", "dead", "dead"]

    def test_what_is_no_longer_wanted_is_never_claimed(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, now: datetime
    ) -> None:
        put(effect("a"), Effect(EffectKind.SEND_PAGE, "b", "INC-1"), Effect(EffectKind.TELL, "c", "INC-2"))
        store.write(lambda unit: unit.outbox.skip("INC-1", [EffectKind.TELL], now))
        assert keys(claim()) == ["b", "c"]

    def test_what_is_no_longer_wanted_and_may_have_been_sent_is_left_to_its_sender(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, now: datetime
    ) -> None:
        put(effect("a"))
        (lost,) = claim()
        store.write(lambda unit: unit.outbox.retry(lost, now, "timeout", True))
        store.write(lambda unit: unit.outbox.skip("INC-1", [EffectKind.TELL], now))
        assert keys(claim()) == ["a"]


class TestLease:
    def test_a_crash_leaves_an_ambiguous_effect_for_the_next(
        self, put: Callable[..., None], claim: Claim, clock: FakeClock
    ) -> None:
        put(effect("a"))
        claim("crashed")
        clock.advance(seconds=30)
        (taken,) = claim("next")
        assert (taken.attempt, taken.ambiguous, taken.owner) == (2, True, "next")

    def test_a_result_that_comes_after_the_lease_is_not_recorded(
        self,
        put: Callable[..., None],
        claim: Claim,
        finish: Callable[..., bool],
        clock: FakeClock,
        state: Callable[[str], str],
    ) -> None:
        put(effect("a"))
        (slow,) = claim("slow")
        clock.advance(seconds=30)
        (taken,) = claim("next")
        assert not finish(slow)
        assert state("a") == "running"
        assert finish(taken)

    def test_the_same_owner_cannot_finish_an_older_attempt(
        self, put: Callable[..., None], claim: Claim, finish: Callable[..., bool], clock: FakeClock
    ) -> None:
        put(effect("a"))
        (first,) = claim()
        clock.advance(seconds=30)
        claim()
        assert not finish(first)

    def test_a_result_is_recorded_once(
        self, put: Callable[..., None], claim: Claim, finish: Callable[..., bool]
    ) -> None:
        put(effect("a"))
        (first,) = claim()
        assert finish(first)
        assert not finish(first)

    def test_an_owner_that_stops_leaves_its_effects_free_and_ambiguous(
        self, store: SqlStore, put: Callable[..., None], claim: Claim
    ) -> None:
        put(effect("a"))
        claim("old")
        assert store.write(lambda unit: unit.outbox.release("old")) == 1
        (taken,) = claim("new")
        assert (taken.attempt, taken.ambiguous) == (2, True)


class TestRetry:
    def test_a_retry_waits_and_knows_that_it_is_ambiguous(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, clock: FakeClock
    ) -> None:
        put(effect("a"))
        (first,) = claim()
        later = clock.now() + timedelta(seconds=2)
        assert store.write(lambda unit: unit.outbox.retry(first, later, "timeout", ambiguous=True))
        assert claim() == []
        clock.advance(seconds=2)
        (second,) = claim()
        assert (second.attempt, second.ambiguous) == (2, True)

    def test_being_told_to_wait_is_no_attempt(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, clock: FakeClock
    ) -> None:
        put(effect("a"))
        (first,) = claim()
        store.write(
            lambda unit: unit.outbox.retry(first, clock.now(), "ratelimited", ambiguous=False, counts=False)
        )
        (second,) = claim()
        assert (second.attempt, second.ambiguous) == (1, False)

    def test_a_hold_is_seen_by_everybody_until_it_ends(self, store: SqlStore, clock: FakeClock) -> None:
        now = clock.now()
        until = now + timedelta(seconds=30)
        store.write(lambda unit: unit.buckets.hold("chat.postMessage", until, now))
        store.write(lambda unit: unit.buckets.hold("chat.postMessage", until - timedelta(seconds=5), now))
        assert store.read(lambda unit: unit.buckets.held(now)) == {"chat.postMessage": until}
        assert store.read(lambda unit: unit.buckets.held(until)) == {}

    def test_next_due_is_the_next_wait_or_lease_to_end(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, clock: FakeClock
    ) -> None:
        start = clock.now()
        put(effect("a"), effect("b", not_before=start + timedelta(seconds=40)))
        assert store.read(lambda unit: unit.outbox.next_due(start)) == start + timedelta(seconds=40)
        claim()
        assert store.read(lambda unit: unit.outbox.next_due(start)) == start + timedelta(seconds=30)

    def test_pending_counts_what_waits_and_what_is_in_flight(
        self, store: SqlStore, put: Callable[..., None], claim: Claim, finish: Callable[..., bool]
    ) -> None:
        put(effect("a"), effect("b"), effect("c"))
        first, _ = claim(limit=2)
        finish(first)
        assert store.read(lambda unit: unit.outbox.pending_count()) == 2

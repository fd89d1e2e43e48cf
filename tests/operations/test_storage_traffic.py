"""Who leaves when a rate bucket has too few calls for all: on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from incidents.bundles import bundled, keys_of
from incidents.effects import Effect, EffectKind, Outcome, Priority
from storage.buckets import Rate
from storage.claims import Claimed
from storage.opening import SqlStore
from storage.outbox import LEASE_S
from storage.traffic import Traffic
from tests.support.clock import FakeClock

DONE = Outcome(ok=True)
POSTS = Rate(per_minute=60, burst=2)
TRAFFIC = Traffic(lambda effect: f"dm:{''.join(effect.users)}", lambda _: POSTS, bundled)

Claim = Callable[..., list[Claimed]]


def page(number: int, user: str = "UANA") -> Effect:
    return Effect(
        EffectKind.SEND_PAGE,
        f"page:INC-{number}:1.0.{user}",
        f"INC-{number}",
        {"page": f"1.0.{user}"},
        (user,),
        priority=Priority.PAGE,
    )


def tell(number: int, priority: Priority = Priority.OPENING) -> Effect:
    return Effect(EffectKind.TELL, f"tell:{number}", "INC-1", users=("UANA",), priority=priority)


@pytest.fixture
def claim(store: SqlStore, clock: FakeClock) -> Claim:
    """Put these, then claim."""

    def claimed(*effects: Effect, owner: str = "one", limit: int = 48) -> list[Claimed]:
        store.write(lambda unit: unit.outbox.put(effects, clock.now()))
        return store.write(lambda unit: unit.outbox.claim(clock.now(), owner, limit, LEASE_S, TRAFFIC))

    return claimed


@pytest.fixture
def finish(store: SqlStore, clock: FakeClock) -> Callable[[Claimed], bool]:
    return lambda claimed: store.write(lambda unit: unit.outbox.finish(claimed, DONE, clock.now()))


def keys(claimed: list[Claimed]) -> list[str]:
    return [one.effect.key for one in claimed]


class TestTogether:
    def test_pages_for_one_person_that_would_wait_leave_with_the_last_turn_as_one(self, claim: Claim) -> None:
        alone, together = sorted(claim(*(page(n) for n in range(5))), key=lambda one: one.effect.kind)
        assert alone.effect.key == page(0).key
        assert together.effect.kind is EffectKind.SEND_PAGES
        assert keys_of(together.effect) == tuple(page(n).key for n in range(1, 5))
        assert (together.attempt, together.ambiguous, together.bucket) == (1, False, "dm:UANA")

    def test_what_leaves_together_does_not_leave_alone_as_well(self, claim: Claim, clock: FakeClock) -> None:
        claim(*(page(n) for n in range(5)))
        clock.advance(seconds=20)
        assert claim() == []

    def test_other_people_s_pages_are_not_held_up(self, claim: Claim) -> None:
        claim(*(page(n) for n in range(5)))
        assert keys(claim(page(9, "UBO"))) == [page(9, "UBO").key]

    def test_pages_that_come_while_there_is_no_turn_wait_for_the_next_and_share_it(
        self, claim: Claim, clock: FakeClock
    ) -> None:
        claim(page(1), page(2))
        assert claim(page(3), page(4)) == []
        clock.advance(seconds=1)
        (together,) = claim()
        assert keys_of(together.effect) == (page(3).key, page(4).key)

    def test_a_page_goes_before_messages_that_came_earlier(self, claim: Claim, clock: FakeClock) -> None:
        claim(tell(1), tell(2), tell(3))
        assert claim(page(1)) == []
        clock.advance(seconds=1)
        assert keys(claim()) == [page(1).key]

    def test_a_page_that_may_have_been_sent_is_looked_for_alone(
        self, store: SqlStore, claim: Claim, clock: FakeClock
    ) -> None:
        lost, other = claim(page(1), page(2))
        for one in (lost, other):
            store.write(
                lambda unit, one=one: unit.outbox.retry(one, clock.now(), "timeout", ambiguous=True)  # type: ignore[misc]
            )
        clock.advance(seconds=1)
        assert keys(claim(page(3), page(4))) == [page(1).key]

    def test_pages_end_as_their_message_ends(
        self, store: SqlStore, claim: Claim, finish: Callable[[Claimed], bool], clock: FakeClock
    ) -> None:
        together = next(one for one in claim(*(page(n) for n in range(4))) if one.effect.args.get("keys"))
        edit = Effect(EffectKind.UPDATE_PAGE, "edit", "INC-3", users=("UEDIT",), after=(page(3).key,))
        assert claim(edit) == []
        finish(together)
        store.write(lambda unit: unit.outbox.close(keys_of(together.effect), "done", "", clock.now()))
        assert keys(claim()) == ["edit"]


def test_what_finds_no_turn_lets_others_by(claim: Claim) -> None:
    other = Effect(EffectKind.TELL, "other", "INC-1", users=("UBO",), priority=Priority.DIGEST)
    first = claim(*(tell(n) for n in range(40)), other, limit=10)
    assert keys(first) == ["tell:0", "tell:1", "other"]


def test_when_the_next_turn_comes_is_known(store: SqlStore, claim: Claim, clock: FakeClock) -> None:
    claim(*(tell(n) for n in range(4)))
    due = store.read(lambda unit: unit.outbox.next_due(clock.now()))
    assert due == clock.now() + timedelta(seconds=1)


def test_what_a_dead_process_left_in_a_dry_bucket_makes_nobody_look_without_end(
    store: SqlStore, claim: Claim, clock: FakeClock
) -> None:
    claim(tell(1), tell(2), owner="dead")
    claim(tell(3))
    clock.advance(seconds=31)
    store.write(lambda unit: unit.buckets.hold("dm:UANA", clock.now() + timedelta(seconds=60), clock.now()))
    assert claim() == []
    due = store.read(lambda unit: unit.outbox.next_due(clock.now()))
    assert due == clock.now() + timedelta(seconds=60)


def test_two_processes_that_claim_at_once_take_no_more_than_there_is(
    store: SqlStore, clock: FakeClock, claim: Claim
) -> None:
    store.write(lambda unit: unit.outbox.put([tell(n) for n in range(30)], clock.now()))
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda owner: claim(owner=owner), "abcd"))
    assert sum(map(len, taken)) == POSTS.burst


def test_how_long_a_channel_would_wait_counts_those_that_wait_already(
    store: SqlStore, clock: FakeClock
) -> None:
    creates = [Effect(EffectKind.CREATE_CHANNEL, f"create:{n}", f"INC-{n}") for n in range(12)]
    traffic = Traffic(lambda _: "conversations.create", lambda _: Rate(20, 2))

    def behind() -> timedelta:
        return store.read(lambda unit: unit.outbox.behind(EffectKind.CREATE_CHANNEL, clock.now()))

    assert behind() == timedelta()
    store.write(lambda unit: unit.outbox.put(creates, clock.now()))
    store.write(lambda unit: unit.outbox.claim(clock.now(), "one", 48, LEASE_S, traffic))
    assert behind() == timedelta(seconds=33)
    assert store.read(lambda unit: unit.outbox.behind(EffectKind.INVITE, clock.now())) == timedelta()


def test_the_last_class_is_not_starved_for_more_than_a_quarter_of_an_hour(
    store: SqlStore, claim: Claim, finish: Callable[[Claimed], bool], clock: FakeClock
) -> None:
    claim(tell(0, Priority.DIGEST), *(tell(-n) for n in range(1, 4)))
    waited = 0
    while waited < 15 * 60:
        waited += 10
        clock.advance(seconds=10)
        store.write(lambda unit: unit.outbox.age(clock.now()))
        left = claim(*(tell(10 * waited + n) for n in range(3)))
        for one in left:
            finish(one)
        if "tell:0" in keys(left):
            break
    assert store.read(lambda unit: unit.outbox.state("tell:0")) == "done"
    assert waited > 5 * 60  # it was starved, and did not simply have its turn


def test_ageing_happens_once_in_its_time_for_all_processes(
    store: SqlStore, clock: FakeClock, claim: Claim
) -> None:
    claim(*(tell(n, Priority.DIGEST) for n in range(3)))
    for _ in range(5):
        store.write(lambda unit: unit.outbox.age(clock.now()))
    clock.advance(seconds=1)
    assert keys(claim(tell(9, Priority.STATUS))) == ["tell:9"]

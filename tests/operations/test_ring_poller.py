"""Asking who answered: only while something rings, once in five seconds, whatever clocks say."""

import logging
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.ring.phones import Polled
from bot.ring.poller import Asked, Poller
from bot.ring.port import Answered, PhoneAway
from incidents.ringing import Ring, RingState
from storage.opening import SqlStore
from tests.support.clock import NOON, FakeClock


class HereAndNow:
    """A loop that has run what it is given before it returns."""

    def spawn(self, work: Coroutine[Any, Any, Polled]) -> "Future[Polled]":
        done: Future[Polled] = Future()
        try:
            work.send(None)
        except StopIteration as ended:
            done.set_result(ended.value)
        return done


class Bells:
    """What the providers say, and what they were asked."""

    def __init__(self) -> None:
        self.says = Polled()
        self.asked: list[list[str]] = []

    async def poll(self, handles: Sequence[str]) -> Polled:
        self.asked.append(list(handles))
        return self.says


class Heard:
    def __init__(self) -> None:
        self.told: list[tuple[str, str, datetime]] = []
        self.poisoned: set[str] = set()

    def __call__(self, key: str, by: str, at: datetime) -> None:
        if key in self.poisoned:
            raise ValueError("a fault of ours")
        self.told.append((key, by, at))


@pytest.fixture
def bells() -> Bells:
    return Bells()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def poller(store: SqlStore, clock: FakeClock, bells: Bells, heard: Heard) -> Poller:
    return Poller(store, clock, HereAndNow(), bells, heard)


def ring(store: SqlStore, key: str = "ring:INC-142:p1", handle: str = "webhook:h1") -> None:
    store.write(lambda unit: unit.rings.add(Ring(key, "INC-142", "p1", "UANA", handle, NOON)))


def test_while_nothing_rings_nobody_is_asked_and_nothing_written(
    poller: Poller, store: SqlStore, bells: Bells
) -> None:
    assert poller.look() == Asked()
    assert bells.asked == []
    assert store.read(lambda unit: unit.facts.get("ring.polled_at")) == ""


def test_everything_that_rings_is_asked_about_at_once(poller: Poller, store: SqlStore, bells: Bells) -> None:
    ring(store)
    ring(store, "ring:INC-143:p1", "pushover:r1.t")
    poller.look()
    assert [sorted(handles) for handles in bells.asked] == [["pushover:r1.t", "webhook:h1"]]


def test_an_answer_is_told_with_the_rings_own_key(
    poller: Poller, store: SqlStore, bells: Bells, heard: Heard, clock: FakeClock
) -> None:
    ring(store)
    clock.advance(seconds=40)
    bells.says = Polled((Answered("webhook:h1", "webhook:UANA", NOON + timedelta(seconds=30)),))
    assert poller.look() == Asked(1, 1)
    assert heard.told == [("ring:INC-142:p1", "webhook:UANA", NOON + timedelta(seconds=30))]


def test_one_phone_that_rings_for_two_pages_answers_both(
    poller: Poller, store: SqlStore, bells: Bells, heard: Heard
) -> None:
    ring(store)
    ring(store, "ring:INC-143:p1", "webhook:h1")
    bells.says = Polled((Answered("webhook:h1", "", NOON),))
    assert poller.look() == Asked(1, 1)
    assert bells.asked == [["webhook:h1"]]
    assert sorted(key for key, _, _ in heard.told) == ["ring:INC-142:p1", "ring:INC-143:p1"]


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (NOON + timedelta(hours=3), NOON + timedelta(seconds=40)),
        (NOON - timedelta(days=9000), NOON),
        (None, NOON + timedelta(seconds=40)),
    ],
    ids=["from the future", "before it rang", "without a time"],
)
def test_a_providers_clock_may_be_wrong(
    poller: Poller,
    store: SqlStore,
    bells: Bells,
    heard: Heard,
    clock: FakeClock,
    said: datetime | None,
    taken: datetime,
) -> None:
    ring(store)
    clock.advance(seconds=40)
    bells.says = Polled((Answered("webhook:h1", "", said),))
    poller.look()
    assert [at for _, _, at in heard.told] == [taken]


def test_an_answer_that_cannot_be_taken_in_holds_up_no_other_and_is_heard_again(
    poller: Poller, store: SqlStore, bells: Bells, heard: Heard, clock: FakeClock
) -> None:
    ring(store)
    ring(store, "ring:INC-143:p1", "pushover:r1.t")
    bells.says = Polled((Answered("webhook:h1", "", NOON), Answered("pushover:r1.t", "", NOON)))
    heard.poisoned = {"ring:INC-142:p1"}
    poller.look()
    assert [key for key, _, _ in heard.told] == ["ring:INC-143:p1"]
    heard.poisoned = set()
    clock.advance(seconds=5)
    poller.look()
    assert "ring:INC-142:p1" in [key for key, _, _ in heard.told]


def test_what_has_ended_is_asked_about_no_more(
    poller: Poller, store: SqlStore, bells: Bells, clock: FakeClock
) -> None:
    ring(store)
    store.write(lambda unit: unit.rings.end("ring:INC-142:p1", RingState.STOPPED, clock.now()))
    assert poller.look() == Asked()
    assert bells.asked == []


def test_a_ring_that_the_provider_knows_nothing_of_is_asked_about_no_more(
    poller: Poller, store: SqlStore, bells: Bells, clock: FakeClock
) -> None:
    ring(store)
    bells.says = Polled(gone=("webhook:h1",))
    clock.advance(seconds=55)
    assert poller.look() == Asked(1)
    clock.advance(seconds=5)
    assert poller.look() == Asked(1)
    clock.advance(seconds=5)
    assert poller.look() == Asked()
    assert len(bells.asked) == 2


def test_of_two_processes_one_asks(
    poller: Poller, store: SqlStore, bells: Bells, heard: Heard, clock: FakeClock
) -> None:
    other = Poller(store, clock, HereAndNow(), bells, heard)
    ring(store)
    poller.look()
    clock.advance(seconds=2)
    assert other.look() == Asked()
    clock.advance(seconds=3)
    assert other.look() == Asked(1)
    assert len(bells.asked) == 2


def test_a_clock_that_was_moved_back_delays_nothing(
    poller: Poller, store: SqlStore, bells: Bells, clock: FakeClock
) -> None:
    ring(store)
    poller.look()
    clock.advance(hours=-3)
    assert poller.look() == Asked(1)


def test_a_provider_that_is_away_is_logged_once_and_once_when_it_is_back(
    poller: Poller, store: SqlStore, bells: Bells, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    ring(store)
    caplog.set_level(logging.INFO, "bot.ring.poller")
    for says in (Polled(away={"webhook": PhoneAway("http_503")}),) * 3 + (Polled(),) * 2:
        bells.says = says
        poller.look()
        clock.advance(seconds=5)
    assert [record.getMessage() for record in caplog.records] == [
        "webhook cannot be asked who answered; asking again",
        "webhook can be asked again who answered",
    ]


def test_a_provider_that_asks_for_patience_is_left_alone_as_long_and_no_other_waits(
    poller: Poller, store: SqlStore, bells: Bells, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    ring(store)
    ring(store, "ring:INC-143:p1", "pushover:r1.t")
    caplog.set_level(logging.INFO, "bot.ring.poller")
    bells.says = Polled(away={"pushover": PhoneAway("ratelimited", 17.0)})
    poller.look()
    bells.says = Polled()
    for _ in range(4):
        clock.advance(seconds=5)
        poller.look()
    both, one = ["pushover:r1.t", "webhook:h1"], ["webhook:h1"]
    assert [sorted(handles) for handles in bells.asked] == [both, one, one, one, both]
    assert len(caplog.records) == 2


def test_when_the_clock_is_moved_back_patience_ends(
    poller: Poller, store: SqlStore, bells: Bells, clock: FakeClock
) -> None:
    ring(store)
    bells.says = Polled(away={"webhook": PhoneAway("ratelimited", 17.0)})
    poller.look()
    clock.advance(hours=-3)
    assert poller.look() == Asked(1)

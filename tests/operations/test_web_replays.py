"""Signatures that were answered: known at once, written down soon, kept through an outage, forgotten."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.web.replays import ACCEPTED_FOR, Replays, forget_old
from incidents.errors import StoreUnavailable
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.clock import FakeClock
from tests.support.web import until

T = TypeVar("T")


class Away:
    """A database that serves nobody until it is back."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.is_away = store, True

    def write(self, work: Callable[[SqlUnit], T], patient: bool = False) -> T:
        if self.is_away:
            raise StoreUnavailable
        return self.store.write(work, patient)

    def read(self, work: Callable[[SqlUnit], T]) -> T:
        if self.is_away:
            raise StoreUnavailable
        return self.store.read(work)


@pytest.fixture
def replays(store: SqlStore, clock: FakeClock) -> Iterator[Replays]:
    replays = Replays(store, clock)
    replays.start()
    yield replays
    replays.stop()


def test_what_was_answered_is_known_and_nothing_else(replays: Replays) -> None:
    replays.answered("v0=a")
    assert replays.is_known("v0=a")
    assert not replays.is_known("v0=b")


def test_another_process_knows_it_too(replays: Replays, store: SqlStore, clock: FakeClock) -> None:
    replays.answered("v0=a")
    until("another knows it", lambda: Replays(store, clock).is_known("v0=a"))


def test_a_clean_stop_leaves_nothing_unwritten(store: SqlStore, clock: FakeClock) -> None:
    replays = Replays(store, clock)
    replays.start()
    for number in range(100):
        replays.answered(f"v0={number}")
    replays.stop()
    assert all(Replays(store, clock).is_known(f"v0={number}") for number in range(100))


def test_through_an_outage_it_is_known_and_written_down_afterwards(store: SqlStore, clock: FakeClock) -> None:
    away = Away(store)
    replays = Replays(away, clock)  # type: ignore[arg-type]
    replays.start()
    try:
        replays.answered("v0=a")
        assert replays.is_known("v0=a")
        assert not replays.is_known("v0=b")
        away.is_away = False
        until("it is written down", lambda: Replays(store, clock).is_known("v0=a"))
    finally:
        replays.stop()


def test_it_is_forgotten_when_nobody_would_take_it_any_more(
    replays: Replays, store: SqlStore, clock: FakeClock
) -> None:
    replays.answered("v0=a")
    replays.stop()  # it is written down
    clock.advance(seconds=ACCEPTED_FOR / timedelta(seconds=1))
    forget_old(store, clock)
    assert replays.is_known("v0=a")
    clock.advance(seconds=1)
    forget_old(store, clock)
    assert not replays.is_known("v0=a")

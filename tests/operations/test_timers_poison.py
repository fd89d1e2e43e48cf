"""A timer that cannot be fired never holds the others up."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pytest
from msgspec.structs import replace

from incidents.effects import Timer, TimerKind
from incidents.errors import StoreUnavailable
from incidents.model import Severity
from incidents.operations import timers
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.house import example_house

T = TypeVar("T")


def test_a_poisoned_timer_is_put_off_and_the_ladder_still_climbs(store: SqlStore) -> None:
    there = example_house(store)
    key = there.declare("Account-takeover wave in EU", severity=Severity.SEV1).key
    poison = Timer(
        TimerKind.CALL_LEVEL, "poison", key, there.clock.now() + timedelta(minutes=1), {"call": "one"}
    )
    store.write(lambda unit: unit.timers.put([poison]))
    there.later(minutes=6)
    assert [page.user for page in there.incident(key).pages] == ["UANA", "UBO"]
    for _ in range(5):
        there.later(minutes=1)
    left = store.read(lambda unit: [timer.key for timer in unit.timers.of(key)])
    assert "poison" not in left


def test_one_that_fails_keeps_none_of_those_it_is_fired_with(store: SqlStore) -> None:
    there = example_house(store)
    keys = [there.declare(f"Wave number {n}", severity=Severity.SEV1).key for n in range(5)]
    poison = Timer(TimerKind.CALL_LEVEL, "poison", keys[2], there.clock.now(), {"call": "one"})
    store.write(lambda unit: unit.timers.put([poison]))
    there.later(minutes=5)
    climbed = [
        key for key in keys if [page.user for page in there.incident(key).pages][:2] == ["UANA", "UBO"]
    ]
    assert climbed == keys


def test_what_a_level_cancels_does_not_ring_after_it(store: SqlStore) -> None:
    there = example_house(store)
    key = there.declare("Account-takeover wave in EU", severity=Severity.SEV1).key
    late = Timer(
        TimerKind.RING,
        f"call:1:{key}:late",
        key,
        there.clock.now() + timedelta(minutes=5, seconds=1),
        {"page": "1.0.UANA"},
    )
    store.write(lambda unit: unit.timers.put([late]))
    there.clock.advance(minutes=6)
    there.later(minutes=0)
    assert there.incident(key).pages[1].user == "UBO"
    assert all(page.rang_at is None or page.user != "UANA" for page in there.incident(key).pages)


def test_what_another_process_holds_is_looked_at_again_in_a_moment(postgres_store: SqlStore) -> None:
    there = example_house(postgres_store)
    there.declare("Account-takeover wave in EU", severity=Severity.SEV1)
    there.clock.advance(minutes=5)
    now = there.clock.now()
    taken, done = threading.Event(), threading.Event()

    def hold(unit: SqlUnit) -> None:
        unit.timers.claim_due(now, 9)
        taken.set()
        assert done.wait(30)

    holder = threading.Thread(target=postgres_store.write, args=(hold,))
    holder.start()
    assert taken.wait(30)
    assert timers.fire_due(there.house) == now + timers.HELD_FOR
    done.set()
    holder.join()


def test_they_go_together_again_once_the_poison_is_out_of_the_way(
    sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "TOGETHER", 2)
    there = example_house(sqlite_store)
    keys = [there.declare(f"Wave number {n}", severity=Severity.SEV1).key for n in range(5)]
    poison = Timer(TimerKind.CALL_LEVEL, "poison", keys[0], there.clock.now(), {"call": "one"})
    sqlite_store.write(lambda unit: unit.timers.put([poison]))
    there.later(minutes=5)
    assert {len(there.incident(key).pages) for key in keys} == {2}


@dataclass
class Failing:
    """A store that fails a number of writes, the first of them for a reason of its own."""

    store: SqlStore
    errors: list[Exception]

    def write(self, work: Callable[[SqlUnit], T]) -> T:
        if self.errors:
            raise self.errors.pop(0)
        return self.store.write(work)

    def read(self, work: Callable[[SqlUnit], T]) -> T:
        return self.store.read(work)


@pytest.mark.parametrize("before", [[], [ValueError("poison")]])
def test_where_the_database_takes_nothing_no_timer_is_blamed(
    sqlite_store: SqlStore, before: list[Exception]
) -> None:
    there = example_house(sqlite_store)
    key = there.declare("Account-takeover wave in EU", severity=Severity.SEV1).key
    there.clock.advance(minutes=5)
    full = StoreUnavailable("the disk is full")
    house = replace(there.house, store=Failing(sqlite_store, [*before, full]))
    with pytest.raises(StoreUnavailable):
        timers.fire_due(house)
    timers.fire_due(house)
    assert [page.user for page in there.incident(key).pages] == ["UANA", "UBO"]

"""What is measured in the database, on both: what waits, what came again, which signatures were seen."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from incidents.effects import Effect, EffectKind, Priority
from storage.opening import SqlStore
from storage.readings import Waiting
from storage.tables import OUTBOX
from storage.unit_of_work import SqlUnit

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def _put(store: SqlStore, *effects: Effect, at: datetime = NOW) -> None:
    store.write(lambda unit: unit.outbox.put(effects, at))


def _effect(key: str, priority: Priority = Priority.STATUS, not_before: datetime | None = None) -> Effect:
    return Effect(EffectKind.SET_TOPIC, key, "INC-1", priority=priority, not_before=not_before)


def test_what_waits_is_counted_by_priority_with_its_oldest(store: SqlStore) -> None:
    _put(store, _effect("a", Priority.PAGE), _effect("b"))
    _put(store, _effect("c"), at=LATER)
    waiting = store.read(lambda unit: unit.readings.waiting(LATER))
    assert list(waiting) == [Waiting(Priority.PAGE, 1, NOW), Waiting(Priority.STATUS, 2, NOW)]


def test_what_is_to_leave_later_does_not_wait_yet(store: SqlStore) -> None:
    _put(store, _effect("a", not_before=LATER))
    assert not store.read(lambda unit: unit.readings.waiting(NOW))
    assert store.read(lambda unit: unit.readings.waiting(LATER))


def test_what_was_tried_waits_since_it_was_put_however_long_its_next_try_is_away(store: SqlStore) -> None:
    _put(store, _effect("a"))
    (claimed,) = store.write(lambda unit: unit.outbox.claim(NOW, "test", 9))
    store.write(lambda unit: unit.outbox.retry(claimed, LATER, "timeout", ambiguous=True))
    assert [one.oldest_at for one in store.read(lambda unit: unit.readings.waiting(NOW))] == [NOW]


def test_what_waits_for_a_rate_limit_is_counted_by_its_bucket(store: SqlStore) -> None:
    _put(store, _effect("a"), _effect("b"), _effect("c"))

    def park(unit: SqlUnit) -> None:
        for key, bucket in (("a", "pins.add"), ("b", "pins.add"), ("c", "")):
            unit.readings.tx.run(update(OUTBOX).where(OUTBOX.c.key == key).values(bucket=bucket))

    store.write(park)
    assert store.read(lambda unit: unit.readings.parked()) == {"pins.add": 2}


def test_what_was_given_up_is_counted(store: SqlStore) -> None:
    _put(store, _effect("a"))
    (claimed,) = store.write(lambda unit: unit.outbox.claim(NOW, "test", 9))
    store.write(lambda unit: unit.outbox.fail(claimed, "unknown", NOW))
    assert store.read(lambda unit: (unit.readings.dead(), unit.readings.waiting(NOW))) == (1, [])


def test_a_delivery_that_comes_again_is_counted(store: SqlStore) -> None:
    firsts = [store.write(lambda unit: unit.inbox.first("event:1", NOW)) for _ in range(3)]
    assert firsts == [True, False, False]
    assert store.read(lambda unit: unit.readings.absorbed()) == 2


def test_an_empty_database_has_nothing_to_count(store: SqlStore) -> None:
    def read(unit: SqlUnit) -> tuple[int, ...]:
        readings = unit.readings
        return readings.dead(), readings.timers(), readings.absorbed(), readings.open_incidents(["active"])

    assert store.read(read) == (0, 0, 0, 0)


def test_a_signature_is_known_until_it_is_too_old(store: SqlStore) -> None:
    for _ in range(2):
        store.write(lambda unit: unit.signatures.remember({"abc": NOW}))
    assert store.read(lambda unit: unit.signatures.is_known("abc"))
    assert not store.read(lambda unit: unit.signatures.is_known("abd"))
    store.write(lambda unit: unit.signatures.forget(NOW))
    assert store.read(lambda unit: unit.signatures.is_known("abc"))
    store.write(lambda unit: unit.signatures.forget(LATER))
    assert not store.read(lambda unit: unit.signatures.is_known("abc"))


def test_a_file_has_no_clock_of_its_own(sqlite_store: SqlStore) -> None:
    assert sqlite_store.read(lambda unit: unit.readings.database_now()) is None


@pytest.mark.postgres
def test_the_server_says_what_its_clock_shows(postgres_store: SqlStore) -> None:
    first, second = (postgres_store.read(lambda unit: unit.readings.database_now()) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.tzinfo is not None
    assert first <= second

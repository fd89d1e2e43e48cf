"""Whoever measures is told of each timer once, when it has been fired, and how late that was."""

from datetime import datetime, timedelta

from incidents.effects import Timer
from incidents.operations import timers
from storage.opening import SqlStore
from tests.support.house import example_house


def test_each_timer_is_told_once_with_the_instant_of_its_firing(store: SqlStore) -> None:
    there = example_house(store)
    there.declare("Account takeover", severity=None)
    told: list[tuple[Timer, datetime]] = []
    there.clock.advance(minutes=30)
    timers.fire_due(there.house, lambda timer, now: told.append((timer, now)))
    assert told
    assert len({timer.key for timer, _ in told}) == len(told)
    assert all(now - timer.due_at >= timedelta() for timer, now in told)
    before = len(told)
    timers.fire_due(there.house, lambda timer, now: told.append((timer, now)))
    assert len(told) == before

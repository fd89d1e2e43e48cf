"""A timer that cannot be fired never holds the others up."""

from datetime import timedelta

from incidents.effects import Timer, TimerKind
from incidents.model import Severity
from storage.opening import SqlStore
from tests.support.house import example_house


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

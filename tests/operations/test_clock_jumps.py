"""A clock that jumps: one level of an incident at a time, nobody reminded twice, nobody called late."""

from dataclasses import dataclass

import pytest

from bot.alive import Alive, Time
from incidents.effects import Effect, EffectKind
from incidents.model import EntryKind, Severity
from incidents.operations import timers
from tests.support.house import TestHouse
from tests.support.incidents import ANA, WAVE

MANY = 110


@dataclass
class Process:
    """One that keeps time, with the machine's seconds and the hour on the wall in hand."""

    there: TestHouse
    seconds: float = 0.0
    fault: str = ""

    def __post_init__(self) -> None:
        time = Time(lambda: self.seconds, fault=lambda: self.fault)
        self.alive = Alive(
            self.there.store, self.there.house, time, lambda: timers.fire_due(self.there.house)
        )
        self.alive.keep_time()

    def later(self, seconds: float) -> None:
        """So many seconds, one by one."""
        for _ in range(round(seconds)):
            self.seconds += 1
            self.there.clock.advance(seconds=1)
            self.alive.keep_time()

    def jump(self, **length: float) -> None:
        self.there.clock.advance(**length)
        self.alive.keep_time()


@pytest.fixture
def process(there: TestHouse) -> Process:
    return Process(there)


def levels(there: TestHouse, key: str) -> int:
    """How many levels have been called so far."""
    entries = there.store.read(lambda unit: unit.timeline.of(key))
    return sum(entry.kind is EntryKind.PAGED for entry in entries)


def reminders(sent: list[Effect]) -> int:
    return sum(one.kind is EffectKind.TELL and one.args.get("about") == "update_due" for one in sent)


def test_an_hour_ahead_calls_one_level_only(there: TestHouse, process: Process) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    process.jump(hours=1)
    assert levels(there, key) == 2
    process.later(seconds=30)
    assert levels(there, key) == 2


@pytest.mark.parametrize("back_s", [10, 3600])
def test_back_by_seconds_or_an_hour_the_next_level_comes_in_its_time(
    there: TestHouse, process: Process, back_s: int
) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key  # the next level after five minutes
    process.later(seconds=240)
    process.jump(seconds=-back_s)
    process.later(seconds=50)
    assert levels(there, key) == 1
    process.later(seconds=15)
    assert levels(there, key) == 2


def test_a_process_that_starts_into_an_earlier_hour_calls_in_time(there: TestHouse, process: Process) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    process.later(seconds=240)
    there.clock.advance(hours=-1)
    Process(there).later(seconds=75)
    assert levels(there, key) == 2


def test_two_processes_move_what_is_due_once(there: TestHouse, process: Process) -> None:
    other = Process(there)
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.clock.advance(minutes=-2)
    for one in (process, other, process, other):
        one.alive.keep_time()
    process.later(seconds=290)
    assert levels(there, key) == 1
    process.later(seconds=15)
    assert levels(there, key) == 2


def test_a_clock_that_the_databases_contradicts_moves_nothing(there: TestHouse, process: Process) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    before = there.store.read(lambda unit: unit.timers.next_due())
    process.fault = "the database's clock is 3600 s from ours"
    process.jump(hours=-1)
    assert there.store.read(lambda unit: unit.timers.next_due()) == before


def test_an_hour_back_reminds_nobody_twice(there: TestHouse, process: Process) -> None:
    incident = there.declare(WAVE, by=ANA, severity=Severity.SEV1)
    process.jump(minutes=24)  # the reminder of the first half hour
    assert reminders(there.slack()) == 1
    process.jump(hours=-1)
    process.later(seconds=600)
    assert reminders(there.slack()) == 0
    assert there.incident(incident.key).next_update_at == incident.next_update_at


def test_after_a_long_outage_each_of_many_incidents_is_called_one_level(there: TestHouse) -> None:
    keys = [there.declare(f"{WAVE} {number}", severity=Severity.SEV1).key for number in range(MANY)]
    there.clock.advance(hours=8)
    overdue = there.store.read(lambda unit: sum(len(unit.timers.of(key)) for key in keys))
    assert overdue > timers.TOGETHER
    Process(there)
    assert [levels(there, key) for key in keys] == [2] * MANY

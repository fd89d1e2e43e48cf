"""After an absence the operations channel is told once what was late; a clock that is moved is no absence."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import pytest

from bot.alive import Alive, Time, is_at_work, said_at
from incidents.effects import Effect, EffectKind
from incidents.errors import StoreUnavailable
from incidents.model import Severity
from incidents.operations import timers
from incidents.operations.notices import OPERATIONS
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import WAVE


@dataclass
class Keeping:
    """The timer thread's work, with both clocks in hand."""

    there: TestHouse
    is_played: bool = False
    seconds: float = 0.0
    broken: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        time = Time(lambda: self.seconds, self.is_played)
        self.alive = Alive(self.there.store, self.there.house, time, self._fire)

    def _fire(self) -> datetime | None:
        if self.broken:
            raise self.broken.pop()
        return timers.fire_due(self.there.house)

    def later(self, seconds: float) -> None:
        """The machine lives on, and both clocks with it."""
        self.seconds += seconds
        self.there.clock.advance(seconds=seconds)
        self.alive.keep_time()

    def notices(self) -> list[dict[str, str]]:
        return [one.args for one in self.effects() if one.kind is EffectKind.NOTICE]

    def effects(self) -> list[Effect]:
        return self.there.slack()


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    there = example_house(store)
    there.store.write(lambda unit: unit.facts.put(OPERATIONS, "COPS"))
    return there


@pytest.fixture
def keeping(there: TestHouse) -> Keeping:
    keeping = Keeping(there)
    keeping.alive.keep_time()
    return keeping


def test_it_is_said_every_ten_seconds_that_time_is_kept(keeping: Keeping) -> None:
    said = []
    for _ in range(4):
        keeping.later(seconds=5)
        said.append(keeping.there.store.read(said_at))
    assert len(set(said)) == 3
    now = keeping.there.clock.now()
    assert keeping.there.store.read(lambda unit: is_at_work(unit, now))


def test_at_the_first_start_of_all_nobody_was_away(keeping: Keeping) -> None:
    assert keeping.notices() == []


def test_a_restart_within_a_minute_is_no_absence(keeping: Keeping) -> None:
    keeping.restart()
    keeping.later(seconds=50)
    assert keeping.notices() == []


def test_after_an_absence_what_was_late_is_counted(keeping: Keeping) -> None:
    keeping.there.declare(WAVE, severity=Severity.SEV1)  # Ana's page is put and does not leave
    keeping.there.clock.advance(hours=7)  # level, reminder and the shift change of 01:00 come and go
    keeping.restart()
    keeping.alive.keep_time()
    [told] = keeping.notices()
    assert told == {
        "about": "was_away",
        "from": "2026-11-30T19:00:00Z",
        "to": "2026-12-01T02:00:00Z",
        "pages": "2",
        "reminders": "1",
        "handoffs": "1",
    }


def test_an_absence_is_told_once_though_two_processes_come_back(keeping: Keeping) -> None:
    other = Keeping(keeping.there)
    keeping.there.clock.advance(minutes=13)
    for one in (keeping, other):
        one.restart()
    for _ in range(2):
        keeping.alive.keep_time()
        other.alive.keep_time()
    assert len(keeping.notices()) == 1


def test_a_process_that_was_suspended_was_away_too(keeping: Keeping) -> None:
    keeping.there.clock.advance(minutes=13)  # the monotonic clock stood still with everything else
    keeping.alive.keep_time()
    assert [(told["about"], told["clock"]) for told in keeping.notices()] == [("was_away", "ahead")]


def test_a_process_that_stood_still_by_itself_was_away_whatever_the_clock_says(keeping: Keeping) -> None:
    keeping.later(seconds=13 * 60)
    [told] = keeping.notices()
    assert (told["about"], "clock" in told) == ("was_away", False)


def test_a_clock_set_ahead_by_less_than_a_minute_is_told_nobody(keeping: Keeping) -> None:
    keeping.later(seconds=9)
    keeping.there.clock.advance(seconds=55)
    keeping.alive.keep_time()
    assert keeping.notices() == []


def test_a_clock_that_is_moved_in_play_is_no_absence(there: TestHouse) -> None:
    keeping = Keeping(there, is_played=True)
    keeping.alive.keep_time()
    there.clock.advance(days=3)
    keeping.alive.keep_time()
    assert "was_away" not in [told["about"] for told in keeping.notices()]
    keeping.later(seconds=61)  # but standing still for a minute is one
    assert "was_away" in [told["about"] for told in keeping.notices()]


def test_nothing_is_said_while_what_is_due_cannot_be_fired(keeping: Keeping) -> None:
    before = keeping.there.store.read(said_at)
    keeping.broken = [KeyError("a fault of ours")]
    with pytest.raises(KeyError):
        keeping.later(seconds=20)
    assert keeping.there.store.read(said_at) == before


def test_trouble_with_the_database_is_told_when_it_is_over(keeping: Keeping) -> None:
    full = StoreUnavailable("The database cannot be used now: the disk is full.")
    keeping.broken = [full, full]
    for seconds in (5, 120):
        with pytest.raises(StoreUnavailable):
            keeping.later(seconds)
    keeping.later(seconds=5)
    assert keeping.notices() == [
        {
            "about": "store_trouble",
            "from": "2026-11-30T19:00:05Z",
            "to": "2026-11-30T19:02:10Z",
            "error": "The database cannot be used now: the disk is full.",
            "pages": "0",
            "reminders": "0",
            "handoffs": "0",
        }
    ]


def test_trouble_with_the_database_is_told_with_what_was_late(keeping: Keeping) -> None:
    keeping.there.declare(WAVE, severity=Severity.SEV1)  # Ana's page is put and does not leave
    keeping.broken = [StoreUnavailable("The disk is full."), StoreUnavailable("The disk is full.")]
    for hours in (0, 7):  # level, reminder and the shift change of 01:00 come and go
        with pytest.raises(StoreUnavailable):
            keeping.later(seconds=hours * 3600)
    keeping.later(seconds=1)
    [told] = keeping.notices()
    counts = {name: told[name] for name in ("about", "pages", "reminders", "handoffs")}
    assert counts == {"about": "store_trouble", "pages": "2", "reminders": "1", "handoffs": "1"}


def test_trouble_that_was_waited_out_is_not_told(keeping: Keeping) -> None:
    keeping.broken = [StoreUnavailable("it is locked by another program")]
    with pytest.raises(StoreUnavailable):
        keeping.later(seconds=5)
    keeping.later(seconds=2)
    assert keeping.notices() == []


def test_time_is_kept_though_what_was_missed_cannot_be_counted(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alive.missed", partial(dict.__getitem__, {}, "nothing"))
    keeping.later(seconds=90)
    now = keeping.there.clock.now()
    assert keeping.there.store.read(lambda unit: is_at_work(unit, now))

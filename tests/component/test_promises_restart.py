"""A thread that dies is started once more, and what was changed beside the bot is looked up at Slack."""

import threading

import pytest
from msgspec.structs import replace

from bot.applying import EXAMPLE, read_file
from bot.errands import Errands
from bot.heartbeats import Heartbeats
from bot.replanned import Replanned
from bot.scheduler import TimerThread
from bot.supervisor import Supervisor, Watched
from incidents.errors import StoreUnavailable
from rotations.model import Channels, Organisation
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.support.clock import NOON, FakeClock

WITHIN_S = 20.0
dying_is_meant = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


class Dying:
    """Ends the thread that calls it the first time; says when it was called again."""

    def __init__(self) -> None:
        self.calls = 0
        self.again = threading.Event()

    def __call__(self) -> None:
        self.calls += 1
        if self.calls == 1:
            raise SystemExit
        self.again.set()


def look_until(supervisor: Supervisor, done: threading.Event) -> bool:
    """Look as the supervisor does, sooner; False when it did not help."""
    for _ in range(400):
        assert supervisor.look()
        if done.wait(WITHIN_S / 400):
            return True
    return False


@dying_is_meant
def test_errands_that_died_are_run_again() -> None:
    dying = Dying()

    def greet() -> bool:
        dying()
        return True

    errands = Errands({"greet": greet})

    def begin() -> None:
        errands.start()
        errands.ask("greet")

    begin()
    watched = Watched("errands", errands.is_alive, restart=begin)
    assert look_until(Supervisor([watched], Heartbeats(lambda: 0.0), _fail), dying.again)
    errands.stop()
    assert not errands.is_alive()


@dying_is_meant
def test_timers_that_died_are_fired_again() -> None:
    dying = Dying()
    timers = TimerThread(FakeClock(), dying)
    timers.start()
    watched = Watched("timers", timers.is_alive, restart=timers.start)
    assert look_until(Supervisor([watched], Heartbeats(lambda: 0.0), _fail), dying.again)
    timers.stop()


def test_a_dead_writer_of_the_database_is_noticed(sqlite_store: SqlStore) -> None:
    ends: list[str] = []
    watched = Watched("store", sqlite_store.is_alive)
    supervisor = Supervisor([watched], Heartbeats(lambda: 0.0), ends.append)
    assert supervisor.look()
    with pytest.raises(StoreUnavailable, match="has died"):
        sqlite_store.write(_die)
    for _ in range(400):
        if not supervisor.look():
            break
        threading.Event().wait(WITHIN_S / 400)
    assert ends == ["store died"]


def test_new_addresses_and_channels_are_looked_up_once_each(store: SqlStore) -> None:
    changes: list[str] = []
    replanned = Replanned(store, lambda: changes.append("changed"))
    example = read_file(EXAMPLE)

    def looks_after(organisation: Organisation) -> int:
        store.write(lambda unit: unit.schedules.apply(organisation, NOON, "test"))
        before = len(changes)
        replanned.look()
        replanned.look()
        return len(changes) - before

    replanned.look()
    assert looks_after(example) == 1  # its channels
    assert looks_after(example) == 0
    first, *others = example.people
    by_address = replace(example, people=(replace(first, slack="ana@corp.example"), *others))
    assert looks_after(by_address) == 1
    store.write(lambda unit: unit.people.link_addresses({"ana@corp.example": "UANA"}))
    assert looks_after(by_address) == 0
    assert looks_after(replace(by_address, channels=Channels(announce="elsewhere"))) == 1


def test_what_stands_at_the_start_is_left_to_the_start(store: SqlStore) -> None:
    changes: list[str] = []
    example = read_file(EXAMPLE)
    store.write(lambda unit: unit.schedules.apply(example, NOON, "test"))
    replanned = Replanned(store, lambda: changes.append("changed"))
    replanned.look()
    assert changes == []


def _die(_unit: SqlUnit) -> None:
    raise SystemExit


def _fail(reason: str) -> None:
    raise AssertionError(reason)

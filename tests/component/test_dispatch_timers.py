"""The timer thread and the metronome, with real threads and no real waiting."""

import threading
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from bot.scheduler import Metronome, Sweep, TimerThread
from tests.support.clock import FakeClock

WITHIN_S = 20.0


class Firing:
    """`fire_due` that says when it ran and what is due next."""

    def __init__(self) -> None:
        self.ran = threading.Semaphore(0)
        self.next_due: datetime | None = None
        self.broken = 0

    def __call__(self) -> datetime | None:
        self.ran.release()
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the database is away")
        return self.next_due


def test_timers_are_fired_at_the_start_and_when_woken() -> None:
    clock, firing = FakeClock(), Firing()
    firing.next_due = clock.now() + timedelta(hours=1)
    thread = TimerThread(clock, firing)
    thread.start()
    assert firing.ran.acquire(timeout=WITHIN_S)
    thread.wake()
    assert firing.ran.acquire(timeout=WITHIN_S)
    thread.stop()
    assert not thread.is_alive()


def test_timers_that_could_not_be_fired_are_tried_again() -> None:
    firing = Firing()
    firing.broken = 1
    thread = TimerThread(FakeClock(), firing)
    thread.start()
    assert all(firing.ran.acquire(timeout=WITHIN_S) for _ in range(2))
    assert thread.is_alive()
    thread.stop()


def test_the_metronome_beats_and_sweeps_at_the_start_though_a_sweep_fails() -> None:
    beaten, swept, failed = threading.Event(), threading.Event(), threading.Event()

    def fail() -> None:
        failed.set()
        raise RuntimeError("nothing to sweep with")

    hourly = timedelta(hours=1)
    sweeps = [Sweep("bad", fail, hourly, at_start=True), Sweep("good", swept.set, hourly, at_start=True)]
    metronome = Metronome(beaten.set, sweeps)
    metronome.start()
    assert failed.wait(WITHIN_S)
    assert swept.wait(WITHIN_S)
    assert beaten.wait(WITHIN_S)
    metronome.stop()
    assert not metronome.is_alive()


class Wall(datetime):
    """The clock on the machine's wall, as APScheduler reads it."""

    off = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Wall":
        return cls.fromtimestamp(super().now(tz).timestamp() + cls.off.total_seconds(), tz)


def test_after_the_clock_was_set_back_it_sweeps_on_at_its_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "datetime", Wall)
    monkeypatch.setattr(interval, "datetime", Wall)
    swept = threading.Semaphore(0)
    metronome = Metronome(lambda: None, [Sweep("often", swept.release, timedelta(milliseconds=50))])
    metronome.start()
    assert swept.acquire(timeout=WITHIN_S)
    monkeypatch.setattr(Wall, "off", timedelta(hours=-1))
    metronome.set_again()
    assert all(swept.acquire(timeout=WITHIN_S) for _ in range(5))
    metronome.stop()

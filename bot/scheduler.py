"""The metronome: its own beat and the sweeps at their intervals, by APScheduler; and the timer thread.

It holds no state and decides nothing: what is due stands in timer rows. Jobs never call the scheduler."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from msgspec import Struct

from incidents.ports import Clock

BEAT_EVERY_S = 5.0
AGAIN_AFTER_S = 1.0
LOOK_S = 5.0  # for timers that another process has put, where the database does not tell of them at once
GATHER_S = 0.05  # many commits in a burst wake it once; what is due now is fired without being woken
SWEEPERS = 4

log = logging.getLogger(__name__)


class Sweep(Struct, frozen=True):
    """Work done every so often. `at_start`: also once right away."""

    name: str
    work: Callable[[], object]
    every: timedelta
    at_start: bool = False


class Metronome:
    """`beat` is called every few seconds from a thread of its own pool and must return at once."""

    def __init__(self, beat: Callable[[], None], sweeps: Sequence[Sweep] = ()) -> None:
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(SWEEPERS), "beat": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._scheduler.add_listener(_report, EVENT_JOB_ERROR)
        self._scheduler.add_job(beat, "interval", seconds=BEAT_EVERY_S, id="beat", executor="beat")
        for sweep in sweeps:
            self._add(sweep)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def set_again(self) -> None:
        """The machine's clock was set: count from now, or nothing comes until it is as late again."""
        for job in self._scheduler.get_jobs():
            if isinstance(job.trigger, IntervalTrigger):
                job.reschedule(IntervalTrigger(seconds=job.trigger.interval_length, timezone=UTC))

    def is_alive(self) -> bool:
        """Whether it was started and not stopped; that it lives shows in its beat."""
        return bool(self._scheduler.running)

    def _add(self, sweep: Sweep) -> None:
        every_s = sweep.every.total_seconds()
        self._scheduler.add_job(sweep.work, "interval", seconds=every_s, id=sweep.name)
        if sweep.at_start:
            self._scheduler.add_job(sweep.work, id=f"{sweep.name} at start")


class TimerThread:
    """Runs `fire_due() -> the next due instant or None` when that instant comes, and when woken."""

    def __init__(
        self,
        clock: Clock,
        fire_due: Callable[[], datetime | None],
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._fire_due = fire_due
        self._beat = beat
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Also once more, when the thread has died."""
        self._thread = threading.Thread(target=self._run, name="timers", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """A timer may be due: called after commits and when the clock is moved."""
        self._woken.set()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._beat()
            next_due: datetime | None = None
            try:
                next_due = self._fire_due()
            except Exception:
                log.exception("timers could not be fired; trying again")
                self._stopping.wait(AGAIN_AFTER_S)
            if self._woken.wait(self._pause_s(next_due)):
                self._stopping.wait(GATHER_S)
            self._woken.clear()

    def _pause_s(self, next_due: datetime | None) -> float:
        if next_due is None:
            return LOOK_S
        return min(max((next_due - self._clock.now()).total_seconds(), 0.0), LOOK_S)


def _report(event: JobExecutionEvent) -> None:
    log.error("a sweep failed: %s", event.job_id, extra={"error": type(event.exception).__name__})

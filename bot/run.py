"""The life of a long-running process: start the parts in order, wait, stop them in reverse, say how it ended.

Which parts there are is wiring's business."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from msgspec import Struct

ENDED_WELL = 0
ENDED_BADLY = 3
STOP_WITHIN_S = 10.0

log = logging.getLogger(__name__)


class Part(Struct, frozen=True):
    """Something with a life of its own. Both calls return; `stop` within a few seconds."""

    name: str
    start: Callable[[], object]
    stop: Callable[[], object]


class Ending:
    """Set by a signal (well) or by the supervisor (badly, with the reason)."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.reason = ""

    def ask(self) -> None:
        self._asked.set()

    def fail(self, reason: str) -> None:
        self.reason = self.reason or reason
        self._asked.set()

    @property
    def is_asked(self) -> bool:
        return self._asked.is_set()

    def wait(self) -> None:
        self._asked.wait()

    def listen_to_signals(self) -> None:
        """SIGTERM and SIGINT ask for the end; a second one is not waited out."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heed)

    def _heed(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        self.ask()


def live(parts: Sequence[Part], ending: Ending, ready: Callable[[], None] = lambda: None) -> int:
    """Run until the ending is asked for. Returns the exit code. `ready` is called once all have started."""
    started: list[Part] = []
    stopped = threading.Event()
    last_resort = partial(_end_though_it_hangs, ending, stopped)
    threading.Thread(target=last_resort, name="last resort", daemon=True).start()
    try:
        for part in parts:
            part.start()
            started.append(part)
        ready()
        ending.wait()
    finally:
        ending.ask()
        _stop(started)
        stopped.set()
    if ending.reason:
        log.critical("ended: %s", ending.reason)
    return ENDED_BADLY if ending.reason else ENDED_WELL


def _end_though_it_hangs(ending: Ending, stopped: threading.Event) -> None:
    """Begun before anything else: without memory no thread can be begun any more, and trying to may hang."""
    in_time = False
    try:
        ending.wait()
        in_time = stopped.wait(STOP_WITHIN_S)
    finally:
        if not in_time:
            os._exit(ENDED_BADLY)


class PidFile:
    """Names the running process, for those who look for it; it locks nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(f"{os.getpid()}\n", encoding="ascii")

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def _stop(started: Sequence[Part]) -> None:
    for part in reversed(started):
        try:
            part.stop()
        except Exception:
            log.exception("%s did not stop cleanly", part.name)

"""Where memory ran out a process is not trusted any more: it ends, and a fresh one goes on.

Whatever was being done when an allocation failed is half done, in our threads and in those of libraries,
which may be gone while everything looks well. What was answered for is on record: a restart loses nothing."""

import logging
import threading
from collections.abc import Callable

SPENT = "memory ran out"


class _Watch(logging.Handler):
    """Hears of it by whoever logs it."""

    def __init__(self, end: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._end = end

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and isinstance(record.exc_info[1], MemoryError):
            self._end(SPENT)


def end_when_it_runs_out(end: Callable[[str], None]) -> None:
    """`end` is told, from any thread, of each MemoryError that is logged or ends a thread. Once a process."""
    logging.getLogger().addHandler(_Watch(end))
    before = threading.excepthook

    def heed(died: threading.ExceptHookArgs) -> None:
        if issubclass(died.exc_type, MemoryError):
            end(SPENT)
        before(died)

    threading.excepthook = heed

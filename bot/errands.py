"""One thread for work that asks Slack and may wait: learning who is there, reading channels again.

The same errand asked twice while it waits is done once; one that fails is tried again a little later."""

import logging
import threading
from collections.abc import Callable

RETRY_S = 5.0

log = logging.getLogger(__name__)


class Errands:
    """`errands` by name; each answers whether it is done (False: try again)."""

    def __init__(self, errands: dict[str, Callable[[], bool]]) -> None:
        self._errands = errands
        self._asked: list[str] = []
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Also once more, when the thread has died."""
        self._thread = threading.Thread(target=self._run, name="errands", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        self._stopping.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def ask(self, *names: str) -> None:
        """Returns at once; safe from any thread."""
        with self._lock:
            self._asked += [name for name in names if name not in self._asked]
        self._news.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.wait(RETRY_S)
            self._news.clear()
            with self._lock:
                asked, self._asked = self._asked, []
            failed = [name for name in asked if not self._done(name)]
            if failed and not self._stopping.wait(RETRY_S):
                self.ask(*failed)

    def _done(self, name: str) -> bool:
        try:
            return self._errands[name]()
        except Exception:
            log.exception("an errand failed and is tried again: %s", name)
            return False

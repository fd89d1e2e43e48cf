"""The hour on the wall against the machine's own seconds, look by look: a clock that is set is noticed.

It corrects nothing: who keeps time heeds it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from incidents.ports import Clock

MOST = timedelta(seconds=5)

log = logging.getLogger(__name__)


class Steps:
    """`stepped` hears "ahead" or "back". The machine's `seconds` stand still while it sleeps."""

    def __init__(self, clock: Clock, seconds: Callable[[], float], stepped: Callable[[str], None]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._stepped = stepped
        self._seen: tuple[datetime, float] | None = None

    def look(self) -> None:
        """Before anything falls due by the new hour."""
        before, self._seen = self._seen, (self._clock.now(), self._seconds())
        if before is None:
            return
        step = self._seen[0] - before[0] - timedelta(seconds=self._seen[1] - before[1])
        if abs(step) > MOST:
            way = "ahead" if step > timedelta() else "back"
            log.warning("the clock went %s %.0f s: set, or woken from sleep", way, abs(step).total_seconds())
            self._stepped(way)

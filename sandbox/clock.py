"""The workspace's time: a base clock (the machine's or a test's) plus an offset that /_control/clock moves.

Never used for the ack deadline or trigger expiry: those are seconds that a person or a socket really waits.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, aware UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """`now()` = base + offset. `version` grows with each move, so that others can follow."""

    def __init__(self, base: Clock, offset: timedelta = timedelta()) -> None:
        self._base = base
        self._moved: list[Callable[[], None]] = []
        self.offset = offset
        self.version = 1

    def now(self) -> datetime:
        return self._base.now() + self.offset

    def stamp(self) -> float:
        """Seconds since 1970, as Slack's `ts` counts them."""
        return self.now().timestamp()

    def advance(self, by: timedelta) -> None:
        self.offset += by
        self.version += 1
        for moved in self._moved:
            moved()

    def move_to(self, instant: datetime) -> None:
        self.advance(instant - self.now())

    def when_moved(self, moved: Callable[[], None]) -> None:
        self._moved.append(moved)


def real_seconds() -> float:
    """Monotonic real seconds; no relation to the workspace's time."""
    return time.monotonic()


def rfc3339(seconds: float) -> str:
    """Unix seconds as an instant in UTC ending in Z."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def read_instant(value: Any) -> datetime:
    """Aware UTC, from RFC 3339 or Unix seconds. Raises ValueError, or OverflowError."""
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    found = datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

"""Rings at instants of the workspace's clock, however that clock is moved. Needs a running loop."""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from sandbox.clock import MovableClock

LOOK_S = 1.0  # a test may move the clock that ours is based on without telling us


class Alarms:
    """`after` sets one; a clock moved past several rings them all, in their order."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._set: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None
        clock.when_moved(self._ring)

    def after(self, seconds: float, ring: Callable[[], object]) -> None:
        """Calls `ring` once the workspace's clock has gone on by so much, at once for 0."""
        heappush(self._set, (self._clock.stamp() + seconds, next(self._numbers), ring))
        self._ring()

    def _ring(self) -> None:
        while self._set and self._set[0][0] <= self._clock.stamp():
            heappop(self._set)[2]()
        self.silence()
        if self._set:
            wait = min(LOOK_S, self._set[0][0] - self._clock.stamp())
            self._timer = asyncio.get_running_loop().call_later(max(0.0, wait), self._ring)

    def silence(self) -> None:
        """Stops looking, until the clock moves or another alarm is set."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

"""When each thread was last seen alive, in monotonic seconds.

Threads write, the supervisor and readyz read."""

from collections.abc import Callable

Seconds = Callable[[], float]


class Heartbeats:
    def __init__(self, seconds: Seconds) -> None:
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def beat(self, name: str) -> None:
        self._last[name] = self._seconds()

    def beater(self, name: str) -> Callable[[], None]:
        """The beat of one thread, to be handed to it."""
        self.beat(name)
        return lambda: self.beat(name)

    def forgive(self) -> None:
        """Everybody was away together, for the whole process stood still: count anew from here."""
        for name in list(self._last):
            self.beat(name)

    def age_s(self, name: str) -> float:
        """Seconds since the last beat; 0 for a name that has never beaten."""
        last = self._last.get(name)
        return 0.0 if last is None else self._seconds() - last

    def ages(self) -> dict[str, float]:
        return {name: self.age_s(name) for name in list(self._last)}

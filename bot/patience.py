"""How long to wait before Slack is asked for a line again. A value holder without threads."""

from msgspec import Struct

from bot.outcomes import backoff_s


class Patience(Struct):
    """Seconds, monotonic. `most_wait_s` before half as much again by chance."""

    most_wait_s: float
    not_before: float = 0.0
    _failures: int = 0
    _failed_at: float = 0.0

    def failed(self, tried_at: float, now: float, chance: float, at_least_s: float = 0.0) -> None:
        """A try that began at `tried_at` failed. What was tried side by side fails as one."""
        if tried_at >= self._failed_at:
            self._failures += 1
            self._failed_at = now
        wait_s = max(backoff_s(self._failures - 1, chance, self.most_wait_s), at_least_s)
        self.not_before = max(self.not_before, self._failed_at + wait_s)

    def succeeded(self) -> None:
        self._failures, self.not_before = 0, 0.0

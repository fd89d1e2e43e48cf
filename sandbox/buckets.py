"""Rate limits: a token bucket per key, twice the tier deep, refilled by the workspace's clock."""

from dataclasses import dataclass
from math import ceil

from sandbox.clock import MovableClock

POSTS_PER_MINUTE = 60
POST_BURST = 5


@dataclass(slots=True)
class Bucket:
    tokens: float
    filled_at: float


class Buckets:
    """`take` answers 0 when the call may pass, else the whole seconds to wait."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def take(self, key: str, per_minute: int, burst: int) -> int:
        now = self._clock.stamp()
        bucket = self._buckets.setdefault(key, Bucket(float(burst), now))
        gained = max(0.0, now - bucket.filled_at) * per_minute / 60
        bucket.tokens, bucket.filled_at = min(float(burst), bucket.tokens + gained), now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, ceil((1 - bucket.tokens) * 60 / per_minute))

    def clear(self) -> None:
        self._buckets.clear()

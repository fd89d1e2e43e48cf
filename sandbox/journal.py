"""What passed between workspace and app, with times: every call, every delivery. Bounded; no tokens."""

from collections import deque
from typing import Any

from sandbox.clock import MovableClock, real_seconds

KEPT = 20_000


class Journal:
    """Entries: a growing `seq`, `kind`, `at` (the workspace's time), monotonic `t_start` and `t_end`.

    An entry is written when it begins and completed in place, so readers see what is still open.
    """

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._seq = 0

    def begin(self, kind: str, **about: Any) -> dict[str, Any]:
        self._seq += 1
        entry = {
            "seq": self._seq,
            "kind": kind,
            "at": self._clock.stamp(),
            "t_start": real_seconds(),
            **about,
        }
        self._entries.append(entry)
        return entry

    def end(self, entry: dict[str, Any], **about: Any) -> None:
        entry.update(about, t_end=real_seconds())

    def after(self, seq: int) -> list[dict[str, Any]]:
        """The entries that follow `seq`, oldest first."""
        missed = min(len(self._entries), max(0, self._seq - seq))
        first = len(self._entries) - missed
        return [self._entries[index] for index in range(first, len(self._entries))] if missed else []

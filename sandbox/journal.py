"""What passed between workspace and app, with times: every call, every delivery. Bounded; no tokens."""

import json
from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Any

from sandbox.clock import MovableClock, real_seconds

KEPT = 20_000
WHOLE = ("args", "payload", "response")
"""Kept as text of JSON: twenty thousand of them as objects would cost more memory than the workspace."""


class Journal:
    """Entries: a growing `seq`, `kind`, `at` (the workspace's time), monotonic `t_start` and `t_end`.

    An entry is written when it begins and completed in place, so readers see what is still open.
    """

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._seq = 0

    def begin(self, kind: str, texts: Mapping[str, str] | None = None, **about: Any) -> dict[str, Any]:
        """A new entry; `texts`: what is text of JSON already."""
        self._seq += 1
        entry = {"seq": self._seq, "kind": kind, "at": self._clock.stamp(), "t_start": real_seconds()}
        self.note(entry, **about)
        entry.update(texts or {})
        self._entries.append(entry)
        return entry

    def note(self, entry: dict[str, Any], **about: Any) -> None:
        for name, value in about.items():
            is_whole = name in WHOLE and value is not None
            entry[name] = json.dumps(value, default=repr) if is_whole else value

    def end(self, entry: dict[str, Any], **about: Any) -> None:
        self.note(entry, **about, t_end=real_seconds())

    def after(self, seq: int) -> list[dict[str, Any]]:
        """The entries that follow `seq`, oldest first; of those forgotten since, nothing."""
        missed = min(len(self._entries), max(0, self._seq - seq))
        latest = list(islice(reversed(self._entries), missed))
        latest.reverse()
        return latest


def as_json(entry: dict[str, Any]) -> str:
    """The entry as text of JSON, in which what is kept whole stands as what it is."""
    plain = {name: value for name, value in entry.items() if name not in WHOLE or value is None}
    texts = "".join(f', "{name}": {entry[name]}' for name in WHOLE if entry.get(name) is not None)
    return f"{json.dumps(plain, default=repr)[:-1]}{texts}}}"

"""How long it takes until what people say is acknowledged, read from Slack's own journal while they speak."""

import math
import threading

from tests.support.workspace import Json, Workspace

LOOK_EVERY_S = 5.0
SETTLED_AFTER_S = 15.0  # later than this is late enough


class Hearing:
    """`with` listens; `waits_s` has the seconds from the saying to the acknowledgement, of each message."""

    def __init__(self, workspace: Workspace) -> None:
        self.waits_s: list[float] = []
        self._workspace = workspace
        self._after = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="hearing")

    def later_than(self, seconds: float) -> int:
        return sum(wait > seconds for wait in self.waits_s)

    def __enter__(self) -> "Hearing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        """Take what is settled; from the first that is not on it is read again."""
        entries = self._workspace.get(f"journal?after={self._after}")["entries"]
        settled_before = max((each["t_start"] for each in entries), default=0.0) - SETTLED_AFTER_S
        for each in entries:
            is_said = each["kind"] == "delivery" and each.get("event") == "message"
            if is_said and not each["acked"] and each["t_start"] > settled_before:
                return
            self._after = each["seq"]
            self.waits_s += [_wait_s(each)] if is_said else []


def _wait_s(delivery: Json) -> float:
    return float(delivery["t_end"] - delivery["t_start"]) if delivery["acked"] else math.inf

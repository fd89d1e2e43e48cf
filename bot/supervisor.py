"""Notices within five seconds that a thread has died or hangs, restarts it or ends the process.

It knows threads by their names and heartbeats only."""

import logging
import threading
from collections.abc import Callable, Sequence

from msgspec import Struct

from bot.heartbeats import Heartbeats

LOOK_EVERY_S = 1.0
AWAY_S = 5.0
PROMPTED_AFTER_S = 3.0
SELF = "supervisor"

log = logging.getLogger(__name__)


class Watched(Struct, frozen=True):
    """One thread. `stall_s` 0: it has no heartbeat. `restart` None: without it the process ends.

    `prompt` asks a thread for a beat that gives none of its own accord, for example an event loop.
    """

    name: str
    is_alive: Callable[[], bool]
    stall_s: float = 0.0
    restart: Callable[[], None] | None = None
    prompt: Callable[[], None] | None = None


class Supervisor:
    """`end` is called once, with the reason, when nothing else helps; it ends the process non-zero."""

    def __init__(
        self,
        watched: Sequence[Watched],
        heartbeats: Heartbeats,
        end: Callable[[str], None],
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._watched = tuple(watched)
        self._heartbeats = heartbeats
        self._end = end
        self._look_every_s = look_every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def watch(self, *more: Watched) -> None:
        """Those who could only be made when the supervisor was there, because they ask it."""
        self._watched = (*self._watched, *more)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Nobody is prompted or ended any more when this returns."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def faults(self) -> dict[str, str]:
        """What is wrong now, by thread; empty when all is well. For readyz."""
        found = {one.name: self._fault(one) for one in self._watched}
        return {name: fault for name, fault in found.items() if fault}

    def look(self) -> bool:
        """One round. False when the process has to end.

        After a suspension nobody has beaten, the supervisor included: that is nobody's fault.
        """
        if self._heartbeats.age_s(SELF) > AWAY_S:
            log.warning("the process stood still for %.0f s", self._heartbeats.age_s(SELF))
            self._heartbeats.forgive()
        self._heartbeats.beat(SELF)
        for one in self._watched:
            fault = self._fault(one)
            if fault and not self._mended(one, fault):
                self._end(f"{one.name} {fault}")
                return False
            if one.prompt is not None and self._heartbeats.age_s(one.name) >= PROMPTED_AFTER_S:
                one.prompt()
        return True

    def _run(self) -> None:
        """Where not even looking succeeds, as without memory, a restart is better than nobody who looks."""
        try:
            while not self._stopping.wait(self._look_every_s):
                if not self.look():
                    return
        except Exception:
            self._end("supervisor failed")
            raise

    def _fault(self, one: Watched) -> str:
        if not one.is_alive():
            return "died"
        if one.stall_s and self._heartbeats.age_s(one.name) > one.stall_s:
            return "hangs"
        return ""

    def _mended(self, one: Watched, fault: str) -> bool:
        log.error("a thread %s: %s", fault, one.name)
        if one.restart is None or fault != "died":
            return False
        try:
            one.restart()
        except Exception:
            log.exception("a thread could not be restarted: %s", one.name)
            return False
        self._heartbeats.beat(one.name)
        return True

"""Asks the providers every few seconds, while something rings, whether it was answered; else it rests.

It decides nothing: who answered is told to the core, which knows what that means."""

import logging
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct

from bot.ring.phones import Polled
from bot.ring.port import Answered, PhoneAway
from bot.ring.wire import MOST_RETRY_AFTER_S
from incidents.ports import Clock, Store, Unit
from incidents.ringing import Ring, RingState

POLL_EVERY = timedelta(seconds=5)  # as often as Pushover allows
ASKED_WITHIN_S = 60.0
KNOWN_AFTER = timedelta(minutes=1)
POLLED_AT = "ring.polled_at"
_NEARLY = timedelta(seconds=4)

log = logging.getLogger(__name__)

Tell = Callable[[str, str, datetime], object]


class Polls(Protocol):
    async def poll(self, handles: Sequence[str]) -> Polled: ...


class Spawns(Protocol):
    def spawn(self, work: Coroutine[Any, Any, Polled]) -> "Future[Polled]": ...


class Asked(Struct, frozen=True):
    """What one look came to: how many rings were asked about, and how many were answered."""

    rings: int = 0
    answered: int = 0


class _Away(Struct, frozen=True):
    """A provider that could not be asked, and until when it wants to be left alone."""

    error: str
    until: datetime


class Poller:
    """`tell` is given the ring's key, who answered as `provider:who` ("" where unknown) and when."""

    def __init__(self, store: Store, clock: Clock, loop: Spawns, phones: Polls, tell: Tell) -> None:
        self._store = store
        self._clock = clock
        self._loop = loop
        self._phones = phones
        self._tell = tell
        self._away: Mapping[str, _Away] = {}

    def look(self) -> Asked:
        """Ask once. Of several processes one does it, as a rule; two do no harm."""
        if not self._store.read(lambda unit: unit.rings.ringing()):
            return Asked()
        now = self._clock.now()
        patient = {name: away for name, away in self._away.items() if _is_waiting(away, now)}
        rings = _by_handle(self._store.write(self._take_turn), patient)
        if not rings:
            return Asked()
        polled = self._loop.spawn(self._phones.poll(list(rings))).result(ASKED_WITHIN_S)
        self._note({**patient, **_since(polled.away, now)})
        for answer in polled.answered:
            for ring in rings[answer.handle]:
                self._pass_on(ring, answer)
        self._end([ring for handle in polled.gone for ring in rings[handle]], now)
        return Asked(len(rings), len(polled.answered))

    def _take_turn(self, unit: Unit) -> Sequence[Ring]:
        """What rings, or nothing when another process has just asked."""
        now = self._clock.now()
        last = unit.facts.get(POLLED_AT)
        if last and abs(now - datetime.fromisoformat(last)) < _NEARLY:
            return ()
        unit.facts.put(POLLED_AT, now.isoformat())
        return unit.rings.ringing()

    def _pass_on(self, ring: Ring, answer: Answered) -> None:
        """The boundary: one answer that cannot be taken in holds up no other, and is heard again."""
        try:
            self._tell(ring.key, answer.by, self._when(answer, ring))
        except Exception:
            log.exception("an answer by phone could not be taken in", extra={"effect": ring.key})

    def _end(self, gone: Sequence[Ring], now: datetime) -> None:
        """Nobody is asked about it any more, unless it has just rung: then not all of theirs may know it."""
        ended = [ring.key for ring in gone if now - ring.rang_at >= KNOWN_AFTER]

        def work(unit: Unit) -> None:
            for key in ended:
                unit.rings.end(key, RingState.STOPPED, now)

        if ended:
            self._store.write(work)

    def _when(self, answer: Answered, ring: Ring) -> datetime:
        """By the provider's clock, which may be wrong: never before it rang, never in the future."""
        now = self._clock.now()
        return min(max(answer.at or now, ring.rang_at), now)

    def _note(self, away: Mapping[str, _Away]) -> None:
        """Once when a provider goes, once when it is back."""
        for name in away.keys() - self._away.keys():
            error = {"error": away[name].error}
            log.warning("%s cannot be asked who answered; asking again", name, extra=error)
        for name in self._away.keys() - away.keys():
            log.info("%s can be asked again who answered", name)
        self._away = away


def provider_of(handle: str) -> str:
    return handle.partition(":")[0]


def _by_handle(rings: Sequence[Ring], but: Collection[str]) -> Mapping[str, Sequence[Ring]]:
    """One phone may ring for several pages. `but`: providers that are left alone."""
    found: dict[str, list[Ring]] = {}
    for ring in rings:
        if provider_of(ring.handle) not in but:
            found.setdefault(ring.handle, []).append(ring)
    return found


def _since(away: Mapping[str, PhoneAway], now: datetime) -> dict[str, _Away]:
    return {name: _Away(it.error, now + timedelta(seconds=it.retry_after)) for name, it in away.items()}


def _is_waiting(away: _Away, now: datetime) -> bool:
    """A clock that was moved back makes nobody wait longer than a provider may ask for."""
    return now < away.until <= now + timedelta(seconds=MOST_RETRY_AFTER_S)

"""Says in the database, every few seconds, that time is kept; and tells when for a while it was not.

It wraps the firing of what is due: before it, what was missed can be counted; after it, all went well."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.absence import Missed, missed
from incidents.decision import stamp
from incidents.errors import StoreUnavailable
from incidents.operations.notices import About, put_notice
from incidents.operations.timers import clock_went_back
from incidents.ports import House, Unit
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

ALIVE = "alive"
TURNED_BACK = "clock turned back"
EVERY_S = 10.0
AT_WORK = timedelta(seconds=30)
AWAY = timedelta(seconds=60)
MOVED_BACK = timedelta(seconds=5)
TROUBLE = timedelta(seconds=10)  # a shorter one was waited out

log = logging.getLogger(__name__)


class _Trouble(Struct, frozen=True):
    """`missed` is counted anew at each try, before what is due is fired."""

    since: datetime
    error: str
    missed: Missed | None = None


class Time(Struct, frozen=True):
    """`seconds` is a monotonic clock. `is_played`: the house's clock may be moved on, which is no absence.
    `fault` looks whether the clock agrees with the database's, and says what is wrong, or ""."""

    seconds: Callable[[], float]
    is_played: bool = False
    fault: Callable[[], str] = lambda: ""


class Alive:
    """`fire_due` answers the instant when the next thing falls due."""

    def __init__(
        self, store: SqlStore, house: House, time: Time, fire_due: Callable[[], datetime | None]
    ) -> None:
        self._store = store
        self._house = house
        self._time = time
        self._fire_due = fire_due
        self._said_at: datetime | None = None
        self._said_s = 0.0
        self._trouble: _Trouble | None = None

    def keep_time(self) -> datetime | None:
        """Fire what is due and say so. Raises what `fire_due` raises: then nothing is said."""
        try:
            self._heed_clock()
            self._notice_absence()
            next_due = self._fire_due()
            self._say()
        except StoreUnavailable as error:
            self._trouble = self._trouble or _Trouble(self._house.clock.now(), str(error))
            raise
        return next_due

    def _heed_clock(self) -> None:
        """An instant that was near must not become an hour away."""
        now = self._house.clock.now()
        if self._said_at is not None and now >= self._said_at - MOVED_BACK:
            return
        if self._store.read(lambda unit: _ahead(unit, now)) > MOVED_BACK and not self._time.fault():
            self._store.write(lambda unit: self._bring_nearer(unit, now))

    def _bring_nearer(self, unit: SqlUnit, now: datetime) -> None:
        """Once, though several processes see it."""
        last, ahead = said_at(unit), _ahead(unit, now)
        if last is None or ahead <= MOVED_BACK or not unit.duties.claim(TURNED_BACK, "", stamp(last)):
            return
        if self._said_at is not None and stamp(last) == stamp(
            self._said_at
        ):  # since then this process has counted on
            ahead += timedelta(seconds=self._time.seconds() - self._said_s)
        unit.facts.put(ALIVE, stamp(now))
        moved = clock_went_back(unit, ahead)
        log.warning("the clock went back %.0f s: %d timers with it", ahead.total_seconds(), moved)

    def _notice_absence(self) -> None:
        now = self._house.clock.now()
        if self._trouble is None and not self._may_have_been_away(now):
            return
        try:
            if self._trouble is not None:
                self._trouble = self._store.read(partial(self._counted, self._trouble, now))
            else:
                self._store.write(lambda unit: self._tell_absence(unit, now))
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("what was missed could not be told; time is kept all the same")

    def _counted(self, trouble: _Trouble, now: datetime, unit: SqlUnit) -> _Trouble:
        """While nothing could be saved, that is told, and no absence."""
        return replace(trouble, missed=missed(self._house, unit, now))

    def _may_have_been_away(self, now: datetime) -> bool:
        """At the start, when this thread itself stood still, and when the clock went ahead."""
        return self._said_at is None or self._stood() > AWAY or self._went_ahead(now)

    def _stood(self) -> timedelta:
        """By the machine's seconds, which stand still while it sleeps."""
        return timedelta(seconds=self._time.seconds() - self._said_s)

    def _went_ahead(self, now: datetime) -> bool:
        """On the wall, while this process lived on: its clock was set, or the machine slept."""
        if self._said_at is None or self._time.is_played:
            return False
        return now - self._said_at - self._stood() > AWAY

    def _tell_absence(self, unit: SqlUnit, now: datetime) -> None:
        """Once, though several processes come back together."""
        last = said_at(unit)
        if last is None or now - last <= AWAY:
            return
        if unit.duties.claim(About.WAS_AWAY, "", stamp(last)):
            told = {"from": stamp(last), "to": stamp(now), **missed(self._house, unit, now).as_args()}
            if self._went_ahead(now):
                told["clock"] = "ahead"
            put_notice(unit, About.WAS_AWAY, stamp(last), now, **told)

    def _say(self) -> None:
        if self._said_at is not None and self._time.seconds() - self._said_s < EVERY_S and not self._trouble:
            return
        now = self._house.clock.now()
        self._store.write(lambda unit: self._put(unit, now), patient=True)
        self._said_at, self._said_s, self._trouble = now, self._time.seconds(), None

    def _put(self, unit: SqlUnit, now: datetime) -> None:
        unit.facts.put(ALIVE, stamp(now))
        trouble = self._trouble
        if trouble is not None and now - trouble.since >= TROUBLE:
            told = {"from": stamp(trouble.since), "to": stamp(now), "error": trouble.error}
            told |= trouble.missed.as_args() if trouble.missed else {}
            put_notice(unit, About.STORE_TROUBLE, told["from"], now, **told)


def said_at(unit: Unit) -> datetime | None:
    """When time was last kept, by whichever process."""
    said = unit.facts.get(ALIVE)
    return datetime.fromisoformat(said) if said else None


def _ahead(unit: Unit, now: datetime) -> timedelta:
    """How far in the future it was last said."""
    last = said_at(unit)
    return last - now if last else timedelta()


def is_at_work(unit: Unit, now: datetime) -> bool:
    """Whether some process has kept time of late."""
    last = said_at(unit)
    return last is not None and now - last < AT_WORK

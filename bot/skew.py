"""How far the database server's clock is from ours. Above five seconds nothing is claimed: whose leases have
run out, and what is due, would be anybody's guess."""

import logging
from datetime import timedelta

from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

MOST = timedelta(seconds=5)

log = logging.getLogger(__name__)


class Skew:
    """As last measured; none before, and none where there is no server."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.found = timedelta()

    def measure(self) -> None:
        """A database that does not answer says nothing about its clock."""
        try:
            found = self._store.read(self._read)
        except StoreUnavailable:
            return
        if (abs(found) > MOST) != self.is_too_large():
            words = "the database's clock is %.1f s from ours: nothing is sent" if abs(found) > MOST else ""
            log.error(words or "the database's clock agrees again: %.1f s", found.total_seconds())
        self.found = found

    def is_too_large(self) -> bool:
        return abs(self.found) > MOST

    def seconds(self) -> float:
        return self.found.total_seconds()

    def look(self) -> str:
        """Measure, and say what is wrong, or "": for readyz."""
        self.measure()
        if not self.is_too_large():
            return ""
        return f"the database's clock is {abs(self.found).total_seconds():.0f} s from ours: nothing is sent"

    def _read(self, unit: SqlUnit) -> timedelta:
        before = self._clock.now()
        shown = unit.readings.database_now()
        return shown - (before + (self._clock.now() - before) / 2) if shown is not None else timedelta()

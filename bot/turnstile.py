"""Counts calls that leave beside the outbox in the buckets of all others, so that together they stay inside
Slack's limits. It tells how long to wait, and calls nobody."""

from datetime import timedelta

from msgspec import Struct

from incidents.ports import Clock
from storage.buckets import RateOf
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit


class Turnstile(Struct, frozen=True):
    store: SqlStore
    clock: Clock
    rate_of: RateOf

    def wait_s(self, method: str) -> float:
        """0.0: the call may leave now, and is counted. Else ask again after so many seconds, at most."""

        def work(unit: SqlUnit) -> float:
            now = self.clock.now()
            if unit.buckets.take({method: 1}, self.rate_of, now)[method]:
                return 0.0
            return max(unit.buckets.wait(method, 0, now).total_seconds(), 0.01)

        return self.store.write(work, patient=True)

    def refused(self, method: str, retry_after_s: float) -> None:
        """Slack has answered 429: nobody calls it for so long."""

        def work(unit: SqlUnit) -> None:
            now = self.clock.now()
            unit.buckets.refuse(method, self.rate_of, now + timedelta(seconds=retry_after_s), now)

        self.store.write(work, patient=True)

"""What machines ask of a process: is it alive, can it work, what has it counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.metrics import CONTENT_TYPE, Gauge, Metrics
from bot.readiness import Readiness
from bot.web.routes import Answer, Incoming, Route, as_json
from incidents.effects import Priority
from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from storage.opening import SqlStore
from storage.readings import Waiting
from storage.unit_of_work import SqlUnit


@dataclass(frozen=True, slots=True)
class Health:
    """`skew_s`: how many seconds the database's clock is from ours."""

    readiness: Readiness
    metrics: Metrics
    store: SqlStore
    clock: Clock
    skew_s: Callable[[], float]

    @property
    def routes(self) -> tuple[Route, ...]:
        return (
            Route("GET", "/healthz", self.alive, waits=False),
            Route("GET", "/readyz", self.ready),
            Route("GET", "/metrics", self.counted),
        )

    def alive(self, _incoming: Incoming) -> Answer:
        """That it answers at all says most. It asks nobody else: a restart would not bring them back."""
        dead = self.readiness.dead()
        return as_json({"alive": not dead, "dead": list(dead)}, 503 if dead else 200)

    def ready(self, _incoming: Incoming) -> Answer:
        reasons = self.readiness.reasons()
        return as_json({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    def counted(self, _incoming: Incoming) -> Answer:
        measured = list(self._measured())
        return Answer(200, self.metrics.text(measured).encode(), CONTENT_TYPE)

    def _measured(self) -> Iterator[Gauge]:
        yield Gauge("meridian_ready", "1 when readyz says so.", [({}, int(not self.readiness.reasons()))])
        yield Gauge(
            "meridian_clock_skew_seconds", "The database's clock, less ours.", [({}, round(self.skew_s(), 3))]
        )
        now = self.clock.now()

        def read(unit: SqlUnit) -> tuple[list[Waiting], int, int]:
            return list(unit.readings.waiting(now)), unit.readings.timers(), unit.readings.absorbed()

        try:
            waiting, timers, absorbed = self.store.read(read)
        except StoreUnavailable:
            return
        yield from _queue(waiting, now)
        yield Gauge("meridian_timers_waiting", "Timers that have not fired.", [({}, timers)])
        yield Gauge(
            "meridian_deliveries_absorbed_total",
            "Deliveries that came again and changed nothing, since the database was made.",
            [({}, absorbed)],
            "counter",
        )


def _queue(waiting: list[Waiting], now: datetime) -> Iterator[Gauge]:
    """Every priority is there, so that none vanishes from a chart when it is empty."""
    by = {one.priority: one for one in waiting}
    names = [({"priority": one.name.lower()}, by.get(one.value)) for one in Priority]
    yield Gauge(
        "meridian_queue_depth",
        "Effects that have not left.",
        [(labels, one.count if one else 0) for labels, one in names],
    )
    yield Gauge(
        "meridian_queue_age_seconds",
        "How long the oldest of them has waited.",
        [(labels, (now - one.oldest_at).total_seconds() if one else 0) for labels, one in names],
    )

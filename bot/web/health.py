"""What machines ask of a process: is it alive, can it work, what has it counted."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from bot.metrics import CONTENT_TYPE, Gauge, Metrics
from bot.readiness import Readiness
from bot.web.routes import Answer, Incoming, Route, as_json
from incidents.effects import Priority
from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from storage.opening import SqlStore
from storage.readings import Waiting
from storage.unit_of_work import SqlUnit


class Health(Struct, frozen=True):
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

        try:
            yield from self.store.read(lambda unit: _stored(unit, now))
        except StoreUnavailable:
            return


def _stored(unit: SqlUnit, now: datetime) -> list[Gauge]:
    """What the database shows: the same in every process."""
    return [
        *_queue(list(unit.readings.waiting(now)), now),
        *_buckets(unit.readings.parked(), unit.buckets.held(now), now),
        Gauge("meridian_timers_waiting", "Timers that have not fired.", [({}, unit.readings.timers())]),
        Gauge(
            "meridian_deliveries_absorbed_total",
            "Deliveries that came again and changed nothing, since the database was made.",
            [({}, unit.readings.absorbed())],
            "counter",
        ),
    ]


def _buckets(parked: Mapping[str, int], held: Mapping[str, datetime], now: datetime) -> Iterator[Gauge]:
    """By method: which channel, or whose, is nobody's business here."""
    waiting: dict[str, int] = {}
    for bucket, count in parked.items():
        waiting[_method(bucket)] = waiting.get(_method(bucket), 0) + count
    held_s: dict[str, float] = {}
    for bucket, until in held.items():
        held_s[_method(bucket)] = max(held_s.get(_method(bucket), 0.0), (until - now).total_seconds())
    yield Gauge("meridian_bucket_waiting", "Effects that wait for a rate limit.", _by_method(waiting))
    yield Gauge("meridian_bucket_held_seconds", "Until the next call may leave.", _by_method(held_s))


def _by_method(found: Mapping[str, float]) -> list[tuple[Mapping[str, str], float]]:
    return [({"method": method}, value) for method, value in sorted(found.items())]


def _method(bucket: str) -> str:
    return bucket.partition(":")[0]


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

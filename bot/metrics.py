"""What is counted and measured, as one value made in wiring, and Prometheus's text form of it (0.0.4).

Labels are of closed sets: kinds, outcomes, methods. Never a title, a person or an incident's key."""

import threading
from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct, field

WAITS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[str, ...]


class Told(Protocol):
    def lines(self) -> Iterator[str]: ...


class Counter:
    """`add` takes the labels' values in the order of their names."""

    def __init__(self, name: str, words: str, labels: Labels = ()) -> None:
        self.name, self._words, self._labels = name, words, labels
        self._values: Tally[Labels] = Tally()
        self._lock = threading.Lock()

    def add(self, *values: str) -> None:
        assert len(values) == len(self._labels)
        with self._lock:
            self._values[values] += 1

    def lines(self) -> Iterator[str]:
        with self._lock:
            counted = sorted(self._values.items())
        if not self._labels and not counted:
            counted = [((), 0)]
        yield from _head(self.name, self._words, "counter")
        yield from (_line(self.name, dict(zip(self._labels, v, strict=True)), n) for v, n in counted)


class Histogram:
    """Seconds, by the steps of `WAITS_S`."""

    def __init__(self, name: str, words: str, labels: Labels = ()) -> None:
        self.name, self._words, self._labels = name, words, labels
        self._steps: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}
        self._lock = threading.Lock()

    def observe(self, seconds: float, *values: str) -> None:
        assert len(values) == len(self._labels)
        with self._lock:
            steps = self._steps.setdefault(values, [0] * (len(WAITS_S) + 1))
            steps[bisect_left(WAITS_S, seconds)] += 1
            self._sums[values] = self._sums.get(values, 0.0) + seconds

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self._words, "histogram")
        with self._lock:
            found = [(values, list(steps), self._sums[values]) for values, steps in self._steps.items()]
        for values, steps, total in sorted(found):
            labels = dict(zip(self._labels, values, strict=True))
            for bound, upto in zip([*map(str, WAITS_S), "+Inf"], _running(steps), strict=True):
                yield _line(f"{self.name}_bucket", {**labels, "le": bound}, upto)
            yield _line(f"{self.name}_sum", labels, total)
            yield _line(f"{self.name}_count", labels, sum(steps))


class Gauge(Struct, frozen=True):
    """Measured when asked: a value for each combination of labels."""

    name: str
    words: str
    values: Sequence[tuple[Mapping[str, str], float]]
    kind: str = "gauge"

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self.words, self.kind)
        yield from (_line(self.name, labels, value) for labels, value in self.values)


def _acks() -> Histogram:
    return Histogram("meridian_ack_seconds", "From a delivery to its acknowledgement.", ("by",))


class Metrics(Struct, frozen=True):
    """Everything that this process counts. Each is told by whoever knows, and reads nothing."""

    acks: Histogram = field(default_factory=_acks)
    unacknowledged: Counter = field(
        default_factory=lambda: Counter(
            "meridian_deliveries_unacknowledged_total", "Deliveries that Slack has to make again.", ("by",)
        )
    )
    unhandled: Counter = field(
        default_factory=lambda: Counter(
            "meridian_deliveries_unhandled_total", "Deliveries acknowledged that nobody handles.", ("kind",)
        )
    )
    effects: Counter = field(
        default_factory=lambda: Counter(
            "meridian_effects_total", "What became of effects, attempt by attempt.", ("kind", "outcome")
        )
    )
    pages: Counter = field(
        default_factory=lambda: Counter(
            "meridian_pages_total", "Pages that left, by level of the call and by leg.", ("level", "leg")
        )
    )
    lateness: Histogram = field(
        default_factory=lambda: Histogram(
            "meridian_timer_lateness_seconds", "From the instant a timer was due to its firing.", ("kind",)
        )
    )
    bucket_waits: Histogram = field(
        default_factory=lambda: Histogram(
            "meridian_bucket_wait_seconds", "How long effects are put off by a rate limit.", ("method",)
        )
    )
    clock_steps: Counter = field(
        default_factory=lambda: Counter(
            "meridian_clock_steps_total",
            "The clock went more than five seconds ahead or back at once.",
            ("way",),
        )
    )
    requests: Counter = field(
        default_factory=lambda: Counter("meridian_http_requests_total", "Requests answered.", ("status",))
    )

    def text(self, measured: Sequence[Gauge] = ()) -> str:
        counted: tuple[Told, ...] = (
            self.acks,
            self.unacknowledged,
            self.unhandled,
            self.effects,
            self.pages,
            self.lateness,
            self.bucket_waits,
            self.clock_steps,
            self.requests,
        )
        return "\n".join(line for one in (*counted, *measured) for line in one.lines()) + "\n"


def _running(steps: Sequence[int]) -> Iterator[int]:
    upto = 0
    for step in steps:
        upto += step
        yield upto


def _head(name: str, words: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {words}", f"# TYPE {name} {kind}"


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')

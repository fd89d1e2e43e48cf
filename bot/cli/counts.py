"""What the bot on this machine has counted since it started, read from its /metrics: for `status`.

It reckons totals, means and a bound; every number by itself stays with /metrics."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException

from msgspec import Struct

from bot.cli.exits import counted
from bot.loopback import opened

_LINE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
NEARLY_ALL = 0.99


class Sample(Struct, frozen=True):
    name: str
    labels: Mapping[str, str]
    value: float


class Spread(Struct, frozen=True):
    """Of measured seconds: how many, their mean, and within what 99 of 100 lie (None: beyond every step)."""

    count: int
    mean_s: float
    most_s: float | None

    def words(self) -> str:
        bound = "" if self.most_s is None else f", 99 of 100 within {self.most_s:g} s"
        return f"{self.mean_s:.3f} s on average{bound}"


class Counts(Struct, frozen=True):
    """`acks` by way in, `effects` by outcome, `pages` by "level, leg", rate limits by Slack's method."""

    acks: Mapping[str, Spread]
    unacknowledged: int
    effects: Mapping[str, int]
    pages: Mapping[str, int]
    lateness: Spread | None
    waiting: Mapping[str, int]
    held_s: Mapping[str, int]
    put_off: Mapping[str, Spread]

    def lines(self) -> Iterator[str]:
        yield "Since it started:"
        for by, spread in self.acks.items():
            number = counted(spread.count, "delivery", "deliveries")
            yield f"  acknowledged by {by}: {number}, {spread.words()}"
        if self.unacknowledged:
            yield f"  not acknowledged, so Slack delivers again: {self.unacknowledged}"
        if self.effects:
            yield f"  sent: {', '.join(f'{count} {name}' for name, count in self.effects.items())}"
        if self.pages:
            each = "; ".join(f"{level_and_leg}: {count}" for level_and_leg, count in self.pages.items())
            yield f"  pages by level and leg: {each}"
        if self.lateness is not None:
            yield f"  {counted(self.lateness.count, 'timer')} fired, late by {self.lateness.words()}"
        for method, spread in self.put_off.items():
            yield f"  put off by the rate limit of {method}: {spread.count}, for {spread.words()}"
        for method, count in self.waiting.items():
            until = f", its next call in {self.held_s[method]} s" if method in self.held_s else ""
            yield f"  waiting for the rate limit of {method} now: {count}{until}"

    def document(self) -> dict[str, object]:
        return {
            "acks": {by: _document(spread) for by, spread in self.acks.items()},
            "unacknowledged": self.unacknowledged,
            "effects": dict(self.effects),
            "pages": dict(self.pages),
            "timer_lateness": _document(self.lateness) if self.lateness else None,
            "rate_limits": {
                "waiting": dict(self.waiting),
                "held_s": dict(self.held_s),
                "put_off": {method: _document(spread) for method, spread in self.put_off.items()},
            },
        }


def counts_of(site: str, timeout_s: float) -> Counts | None:
    """None where nobody answers."""
    try:
        with opened(f"{site}/metrics", timeout_s) as answer:
            return read(answer.read().decode())
    except (OSError, HTTPException, ValueError):
        return None


def read(text: str) -> Counts:
    """From Prometheus's text form. What it does not know it passes over."""
    samples = list(_samples(text))
    return Counts(
        acks=_spreads(samples, "meridian_ack_seconds", "by"),
        unacknowledged=sum(_totals(samples, "meridian_deliveries_unacknowledged_total", "by").values()),
        effects=_totals(samples, "meridian_effects_total", "outcome"),
        pages=_totals(samples, "meridian_pages_total", "level", "leg"),
        lateness=_spreads(samples, "meridian_timer_lateness_seconds", "").get(""),
        waiting=_totals(samples, "meridian_bucket_waiting", "method"),
        held_s=_totals(samples, "meridian_bucket_held_seconds", "method"),
        put_off=_spreads(samples, "meridian_bucket_wait_seconds", "method"),
    )


def _samples(text: str) -> Iterator[Sample]:
    for line in text.splitlines():
        if found := _LINE.fullmatch(line):
            name, labels, value = found.groups()
            yield Sample(name, dict(_LABEL.findall(labels or "")), float(value))


def _totals(samples: Sequence[Sample], name: str, *labels: str) -> dict[str, int]:
    """By the values of these labels, joined by a comma; all other labels together."""
    totals: Counter[str] = Counter()
    for one in samples:
        if one.name == name:
            totals[", ".join(one.labels.get(label, "") for label in labels)] += round(one.value)
    return dict(sorted(totals.items()))


def _spreads(samples: Sequence[Sample], name: str, label: str) -> dict[str, Spread]:
    """By the values of one label; all other labels together."""
    counts, sums, steps = Counter[str](), defaultdict[str, float](float), Counter[tuple[str, float]]()
    for one in samples:
        group = one.labels.get(label, "")
        match one.name.removeprefix(name):
            case "_count":
                counts[group] += int(one.value)
            case "_sum":
                sums[group] += one.value
            case "_bucket":
                steps[group, float(one.labels.get("le", "inf"))] += int(one.value)
    return {
        group: Spread(count, sums[group] / count, _bound(steps, group, count))
        for group, count in sorted(counts.items())
        if count
    }


def _bound(steps: Mapping[tuple[str, float], int], group: str, count: int) -> float | None:
    enough = [le for (of, le), upto in steps.items() if of == group and upto >= NEARLY_ALL * count]
    least = min(enough, default=float("inf"))
    return least if least < float("inf") else None


def _document(spread: Spread) -> dict[str, object]:
    return {"count": spread.count, "mean_s": round(spread.mean_s, 6), "p99_within_s": spread.most_s}

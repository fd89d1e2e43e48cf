"""Clock changes, and what they do to a schedule's hours: longer, shorter, more overlap, a wider hole."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from rotations.model import Schedule
from rotations.shifts import Resolver
from rotations.spans import Span, merged, shared
from rotations.wallclock import local, utc
from rotations.zones import rules_of

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_SUMMER = timedelta(weeks=40)
"""How far ahead the end of a difference is sought: no summer or winter time lasts longer."""


class ClockChange(NamedTuple):
    """The instant at which a zone's clocks change; offsets are what local time is ahead of UTC."""

    at: datetime
    zone: str
    before: timedelta
    after: timedelta


class Measure(StrEnum):
    """What can differ: how long a region holds, how long two do together, how long none does before one."""

    LENGTH = "length"
    OVERLAP = "overlap"
    HOLE = "hole"


class Difference(NamedTuple):
    """From the hold that starts at `start` on, a measure is `after` instead of `before`, until the hold that
    starts at `until` (None: no end in sight). `regions` are one, for an overlap two. `causes` are the
    clock changes of the week before, `zone` is where the first region counts its days.
    """

    measure: Measure
    regions: tuple[str, ...]
    start: datetime
    until: datetime | None
    before: timedelta
    after: timedelta
    causes: tuple[ClockChange, ...]
    zone: str


class Week(NamedTuple):
    """A week, by its Monday on the calendar of the region concerned, in which something begins to differ."""

    monday: date
    differences: tuple[Difference, ...]


def changes(zones: Iterable[str], start: datetime, end: datetime) -> tuple[ClockChange, ...]:
    """The clock changes of `[start, end)` in IANA zones, each zone once, in order."""
    start, end = utc(start), utc(end)
    found = (change for zone in dict.fromkeys(zones) for change in _of_zone(zone, start, end))
    return tuple(sorted(found))


def weeks(schedule: Schedule, start: datetime, end: datetime) -> tuple[Week, ...]:
    """The weeks of `[start, end)` in which a region's length, an overlap or a hole begins to differ."""
    by_monday: dict[date, list[Difference]] = defaultdict(list)
    for difference in differences(schedule, start, end):
        on = local(difference.start, difference.zone).date()
        by_monday[on - timedelta(days=on.weekday())].append(difference)
    return tuple(Week(monday, tuple(found)) for monday, found in sorted(by_monday.items()))


def differences(schedule: Schedule, start: datetime, end: datetime) -> tuple[Difference, ...]:
    """What begins to differ in `[start, end)`, in order."""
    start, end = utc(start), utc(end)
    zones = {region.name: region.zone for region in schedule.regions}
    clocks = changes(zones.values(), start - 2 * _WEEK, end + _WEEK)
    held = _held(schedule, start - 2 * _WEEK, end + _SUMMER)
    found: list[Difference] = []
    for measure, regions, lengths in _series(held):
        holds, zone = held[regions[0]], zones[regions[0]]
        values = [_Value(local(h.start, zone).date(), h, v) for h, v in zip(holds, lengths, strict=True)]
        for value, before, until in _differing(values):
            opens, closes = value.hold
            causes = tuple(change for change in clocks if opens - _WEEK < change.at < closes)
            found.append(Difference(measure, regions, opens, until, before, value.value, causes, zone))
    within = (one for one in found if start <= one.start < end)
    return tuple(sorted(within, key=lambda one: one.start))


class _Value(NamedTuple):
    """What a measure is for one hold, and the local day on which that hold starts."""

    on: date
    hold: Span
    value: timedelta


def _of_zone(zone: str, start: datetime, end: datetime) -> Iterator[ClockChange]:
    place = rules_of(zone)
    # The change itself is the first instant with the new offset: one at `start` counts, so look just before.
    day = start - timedelta(seconds=1)
    while day < end - timedelta(seconds=1):
        following = min(day + _DAY, end - timedelta(seconds=1))
        before, after = _offset(day, place), _offset(following, place)
        if before != after:
            yield ClockChange(_changed_between(day, following, place), zone, before, after)
        day = following


def _changed_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second with the new offset."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = _offset(before, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(_at(middle), zone) == old else (low, middle)
    return _at(high)


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _offset(t: datetime, zone: ZoneInfo) -> timedelta:
    return t.astimezone(zone).utcoffset() or timedelta()


def _held(schedule: Schedule, start: datetime, end: datetime) -> dict[str, list[Span]]:
    """The whole holds of each region between two instants: those that are cut off there say nothing."""
    rows: dict[str, list[Span]] = {region.name: [] for region in schedule.regions}
    for shift in Resolver(replace(schedule, past=())).between(start, end)[0]:
        rows[shift.region].append(Span(shift.start, shift.end))
    return {
        region: [span for span in merged(spans) if start < span.start and span.end < end]
        for region, spans in rows.items()
    }


def _series(held: dict[str, list[Span]]) -> Iterator[tuple[Measure, tuple[str, ...], list[timedelta]]]:
    """Every measure with a value for each hold of the first of its regions."""
    served = merged(span for spans in held.values() for span in spans)
    holes = {after.start: after.start - before.end for before, after in pairwise(served)}
    for region, spans in held.items():
        yield Measure.LENGTH, (region,), [span.length for span in spans]
        yield Measure.HOLE, (region,), [holes.get(span.start, timedelta()) for span in spans]
    for one, other in combinations(held, 2):
        yield Measure.OVERLAP, (one, other), _overlaps(held[one], held[other])


def _overlaps(spans: list[Span], others: list[Span]) -> list[timedelta]:
    """For each of `spans` how much of it `others` share."""
    starts = [span.start for span in spans]
    found = [timedelta()] * len(spans)
    for piece in shared(spans, others):
        found[bisect_right(starts, piece.start) - 1] += piece.length
    return found


def _differing(values: list[_Value]) -> Iterator[tuple[_Value, timedelta, datetime | None]]:
    """The holds that differ, with the value before and the start of the hold until which they do.

    A hold differs when it is neither as the one before it nor as that of the same day a week earlier: so
    the days on which a region rests are no differences, and one odd night is a single one.
    """
    by_day = {value.on: value.value for value in values}
    new = {
        value.on: by_day[value.on - _WEEK]
        for before, value in pairwise(values)
        if value.value not in (before.value, by_day.get(value.on - _WEEK, value.value))
    }
    for index, value in enumerate(values):
        if value.on in new:
            was = new[value.on]
            ends = (v for v in values[index + 1 :] if v.value == was or new.get(v.on) == value.value)
            yield value, was, next((v.hold.start for v in ends), None)

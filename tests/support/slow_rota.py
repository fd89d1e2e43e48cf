"""Who is on call by walking the calendar with pytz, one instant at a time: slow, and a second opinion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from rotations.model import (
    EVERY_DAY,
    Hours,
    Mode,
    Override,
    OverrideKind,
    Region,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Swap,
    TurnUnit,
    Weekdays,
)
from tests.support.second_opinion import second_opinion

UNTIL = date(2026, 6, 1)
"""No turn is listed beyond: the schedules of `any_rota` are asked before."""

INSTANT = timedelta(microseconds=1)
_local = cache(second_opinion)
Row = tuple[str, Seat, tuple[str, ...]]
"""Region, seat and the people, sorted: in which order they are named is nobody's business here."""


class Turn(NamedTuple):
    start: datetime
    number: int
    people: tuple[str, ...]


class Plan(NamedTuple):
    """What a schedule is until an instant; None: from then on."""

    until: datetime | None
    mode: Mode
    regions: tuple[Region, ...]


class Place(NamedTuple):
    """Where a rotation stands; `layer` "" is the seat itself."""

    region: str
    seat: Seat
    layer: str


class SlowRota:
    """Answers for one schedule with its overrides and swaps."""

    def __init__(
        self, schedule: Schedule, overrides: Iterable[Override] = (), swaps: Iterable[Swap] = ()
    ) -> None:
        now = Plan(None, schedule.mode, schedule.regions)
        self._plans = (*(Plan(epoch.until, epoch.mode, epoch.regions) for epoch in schedule.past), now)
        self._overrides = tuple(overrides)
        self._swaps = tuple(swaps)
        self._turns: dict[Place, list[list[list[Turn]]]] = {}

    def at(self, t: datetime) -> list[Row]:
        """A row for every seat of every region that holds, sorted."""
        plan = self._plan(t)
        return sorted(
            (region.name, seat, tuple(sorted(self._people(plan, region, seat, t))))
            for region in _holding(plan.mode, plan.regions, t)
            for seat in region.all_seats()
        )

    def _plan(self, t: datetime) -> Plan:
        return next(plan for plan in self._plans if plan.until is None or t < plan.until)

    def _people(self, plan: Plan, region: Region, seat: Seat, t: datetime) -> tuple[str, ...]:
        people: tuple[str, ...] = ()
        if seat in region.rosters:
            rows = (s.people for s in region.rosters[seat].shifts if s.start <= t < s.end)
            people = tuple({person for row in rows for person in row})
        is_swapped = False
        if seat in region.seats:
            place = Place(region.name, seat, "")
            people, is_swapped = self._swapped(place, self._turn(plan, place, t))
        for layer in region.layers:
            if layer.seat is not seat or not _is_open(layer.hours, region.zone, t):
                continue
            place = Place(region.name, seat, layer.name)
            turn = self._turn(plan, place, t)
            if turn is not None:
                people, is_swapped = self._swapped(place, turn)
        return self._changed((region.name, seat), people, is_swapped, t)

    def _turn(self, plan: Plan, place: Place, t: datetime) -> Turn | None:
        if place not in self._turns:
            self._turns[place] = list(_through(self._plans, place))
        here = _standing(plan, place)
        known = self._turns[place][self._plans.index(plan)]
        begun = [turn for turn in known[_version_at(here.rotation, t)] if turn.start <= t] if here else []
        return begun[-1] if begun else None

    def _swapped(self, place: Place, turn: Turn | None) -> tuple[tuple[str, ...], bool]:
        """The people after every swap of this turn, and whether any counted."""
        if turn is None:
            return (), False
        people, counted = turn.people, False
        for swap in self._swaps:
            for mine, theirs in ((swap.one, swap.other), (swap.other, swap.one)):
                is_here = (mine.region, mine.seat, mine.layer, mine.number) == (*place, turn.number)
                if is_here and mine.person in people:
                    people, counted = _in_place_of(mine.person, (theirs.person,), people), True
        return people, counted

    def _changed(
        self, place: tuple[str, Seat], people: tuple[str, ...], is_swapped: bool, t: datetime
    ) -> tuple[str, ...]:
        standing = [o for o in self._overrides if (o.region, o.seat) == place and o.start <= t < o.end]
        for cover in (one for one in standing if one.cover):
            if cover.instead_of:
                people = _in_place_of(cover.instead_of, cover.people, people)
            elif not is_swapped:
                people = cover.people
        for override in (one for one in standing if not one.cover):
            if override.kind is OverrideKind.REPLACE:
                people = override.people
            elif override.kind is OverrideKind.ADD:
                people = (*people, *(person for person in override.people if person not in people))
            else:
                people = tuple(person for person in people if person not in override.people)
        return people


def _in_place_of(person: str, others: tuple[str, ...], people: tuple[str, ...]) -> tuple[str, ...]:
    if person not in people:
        return people
    return tuple({*(one for one in people if one != person), *others})


def _holding(mode: Mode, regions: tuple[Region, ...], t: datetime) -> list[Region]:
    if mode is Mode.WINDOWS:
        return [
            region
            for region in regions
            if _is_open((Hours(region.days, region.starts, region.ends or time(0)),), region.zone, t)
        ]
    starts = [
        (start, order)
        for order, region in enumerate(regions)
        for on in _days_around(t)
        if (start := _local(on, region.starts, region.zone)) <= t
    ]
    return [regions[max(starts)[1]]]


def _is_open(hours: tuple[Hours, ...], zone: str, t: datetime) -> bool:
    """Whether any of the hours contain an instant; no hours are always open."""
    for each in hours:
        for on in _days_around(t):
            last = on + timedelta(days=each.ends <= each.starts)
            opens, closes = _local(on, each.starts, zone), _local(last, each.ends, zone)
            if on.weekday() in each.days and opens <= t < closes:
                return True
    return not hours


def _days_around(t: datetime) -> Iterator[date]:
    return (t.date() + timedelta(days=days) for days in range(-3, 3))


def _version_at(rotation: Rotation, t: datetime) -> int:
    edits = [v.effective_from for v in rotation.versions[1:]]
    return sum(since is not None and since <= t for since in edits)


class Standing(NamedTuple):
    """A rotation where it stands in a plan, and the weekdays that it counts as served."""

    rotation: Rotation
    zone: str
    days: Weekdays


def _standing(plan: Plan, place: Place) -> Standing | None:
    for region in plan.regions:
        served = region.days if plan.mode is Mode.WINDOWS else EVERY_DAY
        if region.name == place.region and not place.layer and place.seat in region.seats:
            return Standing(region.seats[place.seat], region.zone, served)
        for layer in region.layers:
            if (region.name, layer.seat, layer.name) == place:
                days = tuple(sorted({day for hours in layer.hours for day in hours.days}))
                return Standing(layer.rotation, region.zone, days or served)
    return None


def _through(plans: Iterable[Plan], place: Place) -> Iterator[list[list[Turn]]]:
    """The turns of a place in each plan, by version: a rotation that began elsewhere than the one before it
    goes on counting after the last turn that one had begun."""
    began, ahead, last = None, 0, 0
    for plan in plans:
        here = _standing(plan, place)
        if here is None:
            yield []
            continue
        origin = here.rotation.versions[0].starts_on, here.rotation.versions[0].turn
        if began not in (None, origin):
            ahead = last + 1
        began = origin
        counted = [
            [turn._replace(number=turn.number + ahead) for turn in turns] for turns in _numbered(*here)
        ]
        yield counted
        if plan.until is not None:
            last = _last_begun(counted[_version_at(here.rotation, plan.until - INSTANT)], plan.until)


def _last_begun(turns: list[Turn], before: datetime) -> int:
    served = [turn.number for turn in turns if turn.start < before]
    return served[-1] if served else turns[0].number - 1


def _numbered(rotation: Rotation, zone: str, days: Weekdays) -> list[list[Turn]]:
    """The turns of each version, as if it had always been in force, with their numbers in the rotation.

    An edit of the members alone goes on counting. After any other edit the turn that runs keeps its number,
    and a turn that begins with the edit gets the next.
    """
    counted: list[list[Turn]] = []
    for place, version in enumerate(rotation.versions):
        turns, since = list(_listed(version, zone, days)), version.effective_from
        if place and since is not None:
            turns = _counted_on(rotation.versions[place - 1 : place + 1], counted[-1], turns, since)
        counted.append(turns)
    return counted


def _counted_on(
    edit: tuple[RotationVersion, ...], before: list[Turn], turns: list[Turn], since: datetime
) -> list[Turn]:
    old, new = edit
    if (old.starts_on, old.turn) == (new.starts_on, new.turn):
        shift = before[0].number - turns[0].number
    else:
        own = [turn for turn in turns if turn.start <= since] or turns[:1]
        shift = _last_begun(before, since) + (own[-1].start >= since) - own[-1].number
    return [turn._replace(number=turn.number + shift) for turn in turns]


def _listed(version: RotationVersion, zone: str, days: Weekdays) -> Iterator[Turn]:
    """Every turn of a version until a day that no test goes beyond, day by day from its anchor."""
    length = version.turn.count * (7 if version.turn.unit is TurnUnit.WEEK else 1)
    counted = number = 0
    for step in range((UNTIL - version.starts_on).days):
        on = version.starts_on + timedelta(days=step)
        counts = version.turn.unit is not TurnUnit.SERVED_DAY or on.weekday() in days
        if step == 0 or (counts and counted and counted % length == 0):
            members = version.members
            yield Turn(_local(on, version.at, zone), number, members[number % len(members)])
            number += 1
        counted += counts


def quarters(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Every quarter of an hour of `[begin, end)`."""
    while begin < end:
        yield begin
        begin += timedelta(minutes=15)

"""Every zone of pytz's catalogue from 2024 to 2028: the offsets, the instants and the shifts are the same.

MERIDIAN_ALL_ZONES=1 asks every hour, and lets a schedule of every zone hand off, not one of each behaviour.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import pytz

from rotations.shifts import Resolver
from rotations.wallclock import instant
from rotations.zones import use_bundled_tzdata
from tests.support.schedules import DAY, chain, region, rotation, windows
from tests.support.second_opinion import FIRST, LAST, clock_changes, second_opinion

IS_WHOLE = bool(os.environ.get("MERIDIAN_ALL_ZONES"))
EVERY = timedelta(hours=1 if IS_WHOLE else 24)
BEGIN, END = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(LAST + 1, 1, 1, tzinfo=UTC)
MEMBERS = "a b c d e"


@pytest.fixture(autouse=True, scope="module")
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


def test_both_opinions_are_of_the_same_release_of_the_zone_data() -> None:
    assert version("tzdata") == version("pytz")


def spells(zone: str) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """`[start, end)` with one offset from UTC, as pytz lists them."""
    place = pytz.timezone(zone)
    for start, end in pairwise([BEGIN, *clock_changes(zone), END]):
        offset = start.astimezone(place).utcoffset()
        assert offset is not None
        yield start, end, offset


def behaviours() -> list[str]:
    """One zone for each way of changing the clocks in these years; every zone when all are asked."""
    seen = {tuple(spells(zone)): zone for zone in pytz.all_timezones}
    return pytz.all_timezones if IS_WHOLE else sorted(seen.values())


def odd_days(zone: str) -> Iterator[tuple[date, int]]:
    """The local days on which a zone changes its offset, and the hour of the change."""
    for change in clock_changes(zone):
        there = change.astimezone(pytz.timezone(zone))
        yield there.date(), there.hour


def test_every_zone_of_the_catalogue_has_the_same_offset_on_every_day_and_around_every_change() -> None:
    second = timedelta(seconds=1)
    for zone in pytz.all_timezones:
        ours = ZoneInfo(zone)
        for start, end, offset in spells(zone):
            assert start.astimezone(ours).utcoffset() == offset, (zone, start)
            assert (end - second).astimezone(ours).utcoffset() == offset, (zone, end)
            for step in range((end - start) // EVERY):
                assert (start + step * EVERY).astimezone(ours).utcoffset() == offset, (zone, start, step)


def test_every_zone_of_the_catalogue_agrees_on_the_days_it_changes_its_clocks() -> None:
    for zone in pytz.all_timezones:
        for on, hour in odd_days(zone):
            for clock in {time(0), time((hour - 1) % 24, 30), time(hour), time(hour, 30), time(23, 59)}:
                for day in (on - timedelta(days=1), on):
                    assert instant(day, clock, zone) == second_opinion(day, clock, zone), (zone, day, clock)


def test_every_local_handoff_around_every_change_is_where_pytz_puts_it() -> None:
    for zone in behaviours():
        for clock in {time(0), *(time(hour, 30) for _, hour in odd_days(zone))}:
            at = f"{clock:%H:%M}"
            people = rotation(MEMBERS, f"{FIRST - 1}-12-25", at, DAY)
            resolver = Resolver(chain(region("HERE", zone, at, primary=people)))
            for on, _ in odd_days(zone):
                assert handoffs(resolver, on, zone) == expected_handoffs(on, clock, zone), (zone, on, clock)


def test_every_local_window_around_every_change_is_where_pytz_puts_it() -> None:
    for zone in behaviours():
        hours = {(time(22, 30), time(1, 30)), *((time(h, 30), time((h + 2) % 24)) for _, h in odd_days(zone))}
        for starts, ends in hours:
            resolver = Resolver(
                windows(
                    region("HERE", zone, f"{starts:%H:%M}-{ends:%H:%M}", primary=rotation("a", "2023-01-02"))
                )
            )
            for on, _ in odd_days(zone):
                assert windows_of(resolver, on, zone) == expected_windows(on, (starts, ends), zone), (
                    zone,
                    on,
                )


def around(on: date, zone: str) -> tuple[datetime, datetime]:
    """From the noon two days before to the noon two days after."""
    noons = (second_opinion(on + timedelta(days=days), time(12), zone) for days in (-2, 2))
    return next(noons), next(noons)


def handoffs(resolver: Resolver, on: date, zone: str) -> list[tuple[datetime, str]]:
    shifts, gaps = resolver.between(*around(on, zone))
    assert not gaps
    return [(shift.start, shift.people[0]) for shift in shifts[1:]]


def expected_handoffs(on: date, clock: time, zone: str) -> list[tuple[datetime, str]]:
    """The start of each day's turn; of two that fall together the later holds the instant."""
    members, (begin, end) = MEMBERS.split(), around(on, zone)
    starts: dict[datetime, str] = {}
    for days in range(-4, 4):
        day = on + timedelta(days=days)
        number = (day - date(FIRST - 1, 12, 25)).days
        starts[second_opinion(day, clock, zone)] = members[number % len(members)]
    return sorted((start, person) for start, person in starts.items() if begin < start < end)


def windows_of(resolver: Resolver, on: date, zone: str) -> list[tuple[datetime, datetime]]:
    shifts, _ = resolver.between(*around(on, zone))
    return [(shift.start, shift.end) for shift in shifts]


def expected_windows(on: date, hours: tuple[time, time], zone: str) -> list[tuple[datetime, datetime]]:
    """Each local day's window, clipped; without length where both ends fall on one instant."""
    (starts, ends), (begin, end) = hours, around(on, zone)
    overnight = timedelta(days=ends <= starts)
    found = []
    for days in range(-4, 4):
        day = on + timedelta(days=days)
        opens, closes = second_opinion(day, starts, zone), second_opinion(day + overnight, ends, zone)
        opens, closes = max(opens, begin), min(closes, end)
        if opens < closes:
            found.append((opens, closes))
    return found

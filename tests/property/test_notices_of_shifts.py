"""Notices of shifts in any zone, at any hour, with any quiet hours, however often somebody looks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytz
from hypothesis import assume, given
from hypothesis import strategies as st

from rotations.model import Override, OverrideKind, Seat
from rotations.notices import (
    LONGEST_QUIET,
    Listener,
    Notice,
    NoticeKind,
    Preferences,
    Quiet,
    is_due,
    shift_notices,
)
from rotations.own_shifts import own_shifts
from rotations.shifts import Resolver
from rotations.wallclock import local
from tests.support.schedules import chain, region, rotation

HOUR = timedelta(hours=1)
zones = st.sampled_from(pytz.common_timezones)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2024, 1, 15), datetime(2028, 11, 1)).map(lambda at: at.replace(tzinfo=UTC))
quiet_hours = st.none() | st.builds(Quiet, clocks, clocks).filter(
    lambda quiet: timedelta(0) < quiet.length <= LONGEST_QUIET
)


@st.composite
def rotas(draw: st.DrawFn) -> Resolver:
    """Two regions anywhere, changing hands by the week, and a few overrides here and there."""
    (first, second), (starts, other) = draw(st.tuples(zones, zones)), draw(st.tuples(clocks, clocks))
    schedule = chain(
        region("A", first, f"{starts:%H:%M}", primary=rotation("ana bo", "2024-01-01", f"{starts:%H:%M}")),
        region("B", second, f"{other:%H:%M}", primary=rotation("cy", "2024-01-01", f"{other:%H:%M}")),
    )
    begin = draw(instants)
    gaps = draw(st.lists(st.integers(1, 60), max_size=4))
    changes, at = [], begin
    for hours in gaps:
        at += hours * HOUR
        changes.append(_override(at, draw(st.integers(1, 12)), draw(st.sampled_from(["bo", "ana", "di"]))))
        at = changes[-1].end
    return Resolver(schedule, changes)


def _override(start: datetime, hours: int, person: str) -> Override:
    end = start + hours * HOUR
    return Override(
        start.isoformat(), "safety", "A", Seat.PRIMARY, OverrideKind.REPLACE, (person,), start, end
    )


def notices_of(resolver: Resolver, listener: Listener, now: datetime) -> list[Notice]:
    everybody = dict.fromkeys(("ana", "bo", "cy", "di"), listener)
    return list(shift_notices(resolver, everybody, now))


@given(rotas(), zones, quiet_hours, instants)
def test_every_notice_comes_before_its_shift_and_outside_quiet_hours(
    resolver: Resolver, zone: str, quiet: Quiet | None, now: datetime
) -> None:
    listener = Listener(zone, Preferences(quiet=quiet))
    for notice in notices_of(resolver, listener, now):
        assert notice.due < notice.until
        assert notice.due < notice.shift.start
        assert listener.quiet_around(notice.due) is None
        assert notice.shift in own_shifts(resolver, now - 9 * 24 * HOUR, notice.shift.end)


@given(rotas(), zones, instants)
def test_without_quiet_hours_a_week_is_told_by_day_and_an_evening_in_the_evening(
    resolver: Resolver, zone: str, now: datetime
) -> None:
    for notice in notices_of(resolver, Listener(zone), now):
        there, starts = local(notice.due, zone), local(notice.shift.start, zone)
        ahead = starts.replace(tzinfo=None) - there.replace(tzinfo=None)
        if notice.kind is NoticeKind.WEEK:
            assert timedelta(days=7) - HOUR <= ahead <= timedelta(days=7, hours=16)
        elif notice.kind is NoticeKind.EVENING:
            assert (starts.date() - there.date()).days == 1
        else:
            assert notice.shift.start - notice.due == HOUR


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=40), instants, st.integers(-9000, 9000))
def test_however_often_somebody_looks_a_notice_is_due_to_the_first_look_that_can_tell_it(
    minutes: list[int], begin: datetime, off: int
) -> None:
    """Not before, not twice, and not at all where nobody looked while it helped."""
    looks = [begin]
    for step in minutes:
        looks.append(looks[-1] + timedelta(minutes=step))
    resolver = Resolver(chain(region("A", "UTC", "09:00", primary=rotation("ana bo", "2024-01-01"))))
    found = notices_of(resolver, Listener("UTC"), begin + timedelta(minutes=off))
    assume(found)
    for notice in found:
        told = [now for since, now in pairwise(looks) if is_due(notice, since, now)]
        able = [now for now in looks[1:] if now >= notice.due]
        in_time = notice.due > begin and bool(able) and able[0] < notice.until
        assert told == (able[:1] if in_time else [])


@given(quiet_hours, zones, instants)
def test_quiet_hours_last_as_long_as_the_wall_says_but_for_the_clocks(
    quiet: Quiet | None, zone: str, now: datetime
) -> None:
    assume(quiet is not None and now.astimezone(UTC).time() != time.max)
    assert quiet is not None
    span = quiet.around(now, zone)
    if span is not None:
        assert span[0] <= now < span[1]
        assert abs((span[1] - span[0]) - quiet.length) <= timedelta(hours=1)

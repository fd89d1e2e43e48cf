"""What holds of every schedule with every override, of every file, and of every line anybody types."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.codec import dump, load
from rotations.file import parse
from rotations.model import (
    EVERY_DAY,
    Channels,
    Mode,
    Organisation,
    Override,
    OverrideKind,
    Person,
    Region,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
)
from rotations.query import read
from rotations.questions import Asking
from rotations.refusals import Fault, ScheduleFaults, Unclear
from rotations.revision import revised
from rotations.shifts import Resolver

START = datetime(2026, 3, 1, tzinfo=UTC)
ZONES = ("America/New_York", "Asia/Tokyo", "Europe/Dublin", "Australia/Lord_Howe", "UTC")
PEOPLE = tuple("abcdef")
SOMEBODY = RotationVersion((("a",),), Turn(1, TurnUnit.WEEK), date(2026, 1, 5), time(9))

hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
keys = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(tuple)
instants = st.integers(0, 90 * 48).map(lambda halves: START + timedelta(minutes=30 * halves))
versions = st.builds(
    RotationVersion,
    st.lists(keys, min_size=1, max_size=4).map(tuple),
    st.builds(Turn, st.integers(1, 3), st.sampled_from(list(TurnUnit))),
    st.dates(date(2026, 1, 1), date(2026, 3, 20)),
    hours,
)


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    first = draw(versions)
    later = sorted(draw(st.sets(instants, max_size=2)))
    edits = (
        RotationVersion(edit.members, edit.turn, edit.starts_on, edit.at, since)
        for edit, since in ((draw(versions), since) for since in later)
    )
    return Rotation((first, *edits))


@st.composite
def regions(draw: st.DrawFn, name: str) -> Region:
    seats = draw(st.dictionaries(st.sampled_from(list(Seat)), rotations(), min_size=1, max_size=2))
    days = tuple(sorted(draw(st.sets(st.sampled_from(EVERY_DAY), min_size=1))))
    return Region(name, draw(st.sampled_from(ZONES)), draw(hours), seats, draw(hours), days)


@st.composite
def overrides(draw: st.DrawFn, schedule: Schedule) -> tuple[Override, ...]:
    made = []
    for region in schedule.regions:
        for seat in region.seats:
            edges = sorted(draw(st.sets(instants, max_size=6)))
            for start, end in zip(edges[::2], edges[1::2], strict=False):
                kind = draw(st.sampled_from(list(OverrideKind)))
                name = f"{region.name}{seat}{start}"
                made.append(
                    Override(
                        name, schedule.name, region.name, seat, kind, draw(keys), start, end, draw(st.text())
                    )
                )
    return tuple(made)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    count = draw(st.integers(1, 3))
    schedule = Schedule(
        "safety", draw(st.sampled_from(list(Mode))), tuple(draw(regions("ABC"[n])) for n in range(count))
    )
    people = tuple(
        Person(key, draw(st.text()), skills=tuple(draw(st.lists(st.text(), max_size=2)))) for key in PEOPLE
    )
    return Organisation(
        people, (schedule,), draw(overrides(schedule)), None, {"legal": "safety"}, Channels(draw(st.text()))
    )


def resolver(organisation: Organisation) -> Resolver:
    return Resolver(organisation.schedules[0], organisation.overrides, organisation.names())


@settings(max_examples=40, deadline=None)
@given(organisations())
def test_shifts_and_holes_tile_the_span(organisation: Organisation) -> None:
    end = START + timedelta(days=60)
    shifts, gaps = resolver(organisation).between(START, end)
    spans = [(row.start, row.end) for row in shifts] + [
        (gap.start, gap.end) for gap in gaps if gap.region is None
    ]
    covered = START
    for start, until in sorted(spans):
        assert start <= covered
        covered = max(covered, until)
    assert covered == end


@settings(max_examples=40, deadline=None)
@given(organisations())
def test_on_one_seat_a_shift_ends_where_or_before_the_next_begins(organisation: Organisation) -> None:
    shifts, gaps = resolver(organisation).between(START, START + timedelta(days=60))
    by_seat = sorted(shifts, key=lambda row: (row.region, row.seat, row.start))
    for _, rows in groupby(by_seat, key=lambda row: (row.region, row.seat)):
        edges = [edge for row in rows for edge in (row.start, row.end)]
        assert edges == sorted(edges)
    assert {(gap.start, gap.seat) for gap in gaps if gap.seat} == {
        (row.start, row.seat) for row in shifts if not row.people
    }


@settings(max_examples=40, deadline=None)
@given(organisations(), instants)
def test_an_override_decides_its_seat_and_touches_no_other(organisation: Organisation, t: datetime) -> None:
    plain = Resolver(organisation.schedules[0], (), organisation.names()).at(t)
    changed = resolver(organisation).at(t)
    for before, after in zip(plain, changed, strict=True):
        standing = [
            o
            for o in organisation.overrides
            if (o.region, o.seat) == (after.region, after.seat) and o.start <= t < o.end
        ]
        if not standing:
            assert after.people == before.people
        elif standing[0].kind is OverrideKind.REPLACE:
            assert after.people == standing[0].people
        elif standing[0].kind is OverrideKind.ADD:
            assert set(after.people) == {*before.people, *standing[0].people}
        else:
            assert set(after.people) == {*before.people} - {*standing[0].people}


@settings(max_examples=40, deadline=None)
@given(organisations())
def test_storage_loses_nothing(organisation: Organisation) -> None:
    assert load(json.loads(json.dumps(dump(organisation)))) == organisation


@settings(max_examples=40, deadline=None)
@given(organisations(), organisations(), instants, instants)
def test_a_revision_applied_twice_is_applied_once(
    standing: Organisation, desired: Organisation, now: datetime, later: datetime
) -> None:
    wanted = Organisation(desired.people, desired.schedules)
    once = revised(Organisation(standing.people, standing.schedules), wanted, now)
    assert revised(once, wanted, max(now, later)) == once


TYPED = """at now next override help in 3h 9 9am 18:00 25:00 sat tomorrow 2026-12-05 2026-12-05T01:00 dec 5 31
feb UTC Tokyo New York Eastern @a @z <@UA|a> <@> primary lead A B – - to until for because noon 99999999
0001-01-01T00:00+14:00 9999-12-31T23:59-12:00 in 9999 days"""
WRITTEN = """people schedules overrides meridian a b {} [] : - , { } [ ] * & ! # | > ' " safety mode chain
regions zone UTC starts 09:00 seats primary rotation members turn from 2026-01-05 ? % @ ` ~ null"""


def in_some_order(words: str) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(words.split()), max_size=20).map(" ".join)
    return st.one_of(st.text(max_size=60), chosen)


def place_of_refusal(line: str, asking: Asking) -> int:
    """Where reading stopped; 0 when it did not."""
    try:
        read(line, asking)
    except Unclear as refused:
        return refused.position
    return 0


def faults_of(text: str) -> tuple[Fault, ...]:
    try:
        parse(text, "s.yaml")
    except ScheduleFaults as refused:
        return refused.faults
    return ()


@settings(max_examples=300, deadline=None)
@given(in_some_order(TYPED))
def test_any_line_is_understood_or_refused_with_a_place_in_it(line: str) -> None:
    seat = {Seat.PRIMARY: Rotation((SOMEBODY,))}
    schedule = Schedule(
        "safety", Mode.CHAIN, (Region("A", "UTC", time(9), seat), Region("B", "UTC", time(21), seat))
    )
    asking = Asking(Organisation((Person("a", "Ana"),), (schedule,)), START, "America/New_York")
    assert 0 <= place_of_refusal(line, asking) <= len(line)


@settings(max_examples=300, deadline=None)
@given(in_some_order(WRITTEN))
def test_any_text_is_an_organisation_or_faults_with_a_place(text: str) -> None:
    assert all(fault.line >= 1 and fault.column >= 1 and fault.text for fault in faults_of(text))

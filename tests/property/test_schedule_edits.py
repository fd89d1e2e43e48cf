"""Whatever is edited in whatever order: the past stays, and what moves is said."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rotations.changes import moved
from rotations.codec import dump, load
from rotations.model import (
    EVERY_DAY,
    Hours,
    Layer,
    Mode,
    Organisation,
    Override,
    OverrideKind,
    Region,
    Roster,
    RosterShift,
    Rotation,
    Schedule,
    Seat,
    Swap,
    Turn,
    TurnRef,
    TurnUnit,
)
from rotations.occupancy import Occupancy
from rotations.revision import revised
from rotations.shifts import Resolver, resolver_of
from tests.support.schedules import WEEKDAYS, utc, version

SINCE, UNTIL = utc("2026-03-01 00:00"), utc("2026-04-12 00:00")
PEOPLE = ("ana", "bo", "cy", "di", "eve")
ZONES = ("America/New_York", "Europe/Dublin", "Asia/Tokyo", "Australia/Lord_Howe", "UTC")

few = settings(max_examples=20, deadline=None)
"""Each example resolves whole years of several schedules."""

clock_times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))
people = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(tuple)
instants = st.integers(0, int((UNTIL - SINCE) / timedelta(minutes=30))).map(
    lambda halves: SINCE + timedelta(minutes=30 * halves)
)
weekdays = st.sampled_from((EVERY_DAY, WEEKDAYS, (5, 6)))


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    members = " ".join("+".join(one) for one in draw(st.lists(people, min_size=1, max_size=4)))
    turn = draw(st.builds(Turn, st.integers(1, 3), st.sampled_from(TurnUnit)))
    since = draw(st.dates(SINCE.date() - timedelta(days=40), UNTIL.date()))
    return Rotation((version(members, since.isoformat(), draw(clock_times).isoformat(), turn),))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    shifts = st.builds(
        lambda who, at, hours: RosterShift(who, at, at + timedelta(hours=hours)),
        people,
        instants,
        st.integers(1, 30),
    )
    return Roster(tuple(draw(st.lists(shifts, max_size=6))))


layers = st.builds(
    Layer,
    st.sampled_from(("nights", "weekend")),
    st.sampled_from((Seat.PRIMARY, Seat.BACKUP)),
    rotations(),
    st.lists(st.builds(Hours, weekdays, clock_times, clock_times), max_size=2).map(tuple),
)


@st.composite
def regions(draw: st.DrawFn, name: str) -> Region:
    planned = draw(st.booleans())
    return Region(
        name,
        draw(st.sampled_from(ZONES)),
        draw(clock_times),
        {} if planned else {Seat.PRIMARY: draw(rotations())},
        draw(clock_times),
        draw(weekdays),
        tuple(draw(st.lists(layers, max_size=2, unique_by=lambda one: (one.name, one.seat)))),
        {Seat.PRIMARY: draw(rosters())} if planned else {},
    )


@st.composite
def overrides(draw: st.DrawFn) -> tuple[Override, ...]:
    edges = sorted(draw(st.lists(instants, max_size=6, unique=True)))
    return tuple(
        Override(
            f"{start}",
            "safety",
            draw(st.sampled_from(("AMER", "EMEA"))),
            draw(st.sampled_from((Seat.PRIMARY, Seat.BACKUP))),
            OverrideKind.REPLACE,
            draw(people),
            start,
            end,
            cover=(cover := draw(st.booleans())),
            instead_of=draw(st.sampled_from(PEOPLE)) if cover else "",
        )
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    )


refs = st.builds(
    TurnRef,
    st.sampled_from(("AMER", "EMEA")),
    st.just(Seat.PRIMARY),
    st.integers(0, 12),
    st.sampled_from(PEOPLE),
    st.sampled_from(("", "nights")),
)
swaps = st.lists(st.builds(Swap, st.just("s"), st.just("safety"), refs, refs, st.just("U1")), max_size=3).map(
    tuple
)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    named = draw(st.lists(st.sampled_from(("AMER", "EMEA", "APAC")), min_size=1, max_size=3, unique=True))
    schedule = Schedule("safety", draw(st.sampled_from(Mode)), tuple(draw(regions(name)) for name in named))
    return Organisation(schedules=(schedule,), overrides=draw(overrides()), swaps=draw(swaps))


def said(organisation: Organisation, start: datetime, end: datetime) -> object:
    """All but how long a turn was to last, which an edit may cut short, and the order of the new file."""
    shifts, gaps = resolver_of(organisation).between(start, end)
    return {(shift[:5], shift.why) for shift in shifts}, set(gaps)


def occupancies(resolver: Resolver, t: datetime) -> list[Occupancy | None]:
    return [resolver.seat_at(region, seat, t) for region in ("AMER", "EMEA", "APAC") for seat in Seat]


@few
@given(organisations(), st.lists(st.tuples(organisations(), instants), min_size=1, max_size=3))
def test_no_edit_changes_what_was_answered_about_the_past(
    first: Organisation, edits: list[tuple[Organisation, datetime]]
) -> None:
    standing = first
    for desired, now in sorted(edits, key=lambda edit: edit[1]):
        # A swap made later is not what was known then: both sides have those of the new file.
        known = replace(standing, swaps=(*standing.swaps, *desired.swaps))
        edited = revised(replace(standing, swaps=()), replace(desired, swaps=known.swaps), now)
        assert said(edited, SINCE, now) == said(known, SINCE, now)
        assert revised(edited, replace(desired, swaps=known.swaps), now + timedelta(hours=1)) == edited
        assert load(dump(edited)) == edited
        standing = edited


@few
@given(organisations(), organisations(), instants)
def test_what_is_taken_over_from_before_an_edit_agrees_with_what_is_resolved_anew(
    first: Organisation, desired: Organisation, now: datetime
) -> None:
    before = resolver_of(first)
    before.between(SINCE, UNTIL)
    after = revised(first, desired, now)
    kept, anew = resolver_of(after, before=before), resolver_of(after)
    assert kept.between(SINCE, UNTIL) == anew.between(SINCE, UNTIL)
    assert occupancies(kept, now) == occupancies(anew, now)


@few
@given(organisations(), organisations(), st.lists(instants, min_size=1, max_size=8))
def test_what_moves_is_where_the_answers_differ_and_nothing_else(
    before: Organisation, after: Organisation, times: list[datetime]
) -> None:
    rows = moved(before, after, SINCE, UNTIL)
    old, new = resolver_of(before), resolver_of(after)
    for t in times:
        if t < UNTIL:
            was, is_ = (
                {(r.region, r.seat): set(r.people) for r in each.at(t) if r.people} for each in (old, new)
            )
            told = {
                (row.region, row.seat): (set(row.before), set(row.after))
                for row in rows
                if row.start <= t < row.end
            }
            keys = {key for key in {*was, *is_} if was.get(key, set()) != is_.get(key, set())}
            assert told == {key: (was.get(key, set()), is_.get(key, set())) for key in keys}


@few
@given(organisations(), instants)
def test_a_turn_that_is_answered_contains_the_instant_and_names_who_serves_it(
    organisation: Organisation, t: datetime
) -> None:
    resolver = resolver_of(organisation)
    for region in ("AMER", "EMEA", "APAC"):
        for seat in (Seat.PRIMARY, Seat.BACKUP):
            ref = resolver.turn_at(region, seat, t)
            if ref is not None:
                span = resolver.span_of(ref)
                assert span is not None
                assert span[0] <= t < span[1]


@few
@given(organisations(), st.sampled_from(("AMER", "EMEA", "APAC")))
def test_one_region_alone_is_answered_as_among_all(organisation: Organisation, region: str) -> None:
    resolver = resolver_of(organisation)
    every, gaps = resolver.between(SINCE, UNTIL)
    alone, own_gaps = resolver.between(SINCE, UNTIL, region)
    assert alone == tuple(shift for shift in every if shift.region == region)
    assert own_gaps == tuple(gap for gap in gaps if gap.region == region)

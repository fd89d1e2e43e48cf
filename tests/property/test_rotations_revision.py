"""Whatever a new schedules file says: the past keeps its answers, and from now on it is as the file says."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rotations.changes import moved
from rotations.model import Organisation, Override, Schedule, Seat
from rotations.revision import revised
from rotations.shifts import Holding, Resolver, resolver_of
from rotations.zones import use_bundled_tzdata
from tests.support import any_rota
from tests.support.slow_rota import quarters

EXAMPLES = 150 if os.environ.get("MERIDIAN_ALL_ZONES") else 8
# Drawing a rota takes its time on a busy machine: that says nothing about the rota.
TRIED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPAN = timedelta(days=2)
Answer = list[tuple[str, Seat, frozenset[str]]]

# Every anchor lies before, so that a new file counts at once.
nows = st.integers(0, 30 * 96).map(lambda steps: datetime(2026, 3, 22, tzinfo=UTC) + steps * any_rota.QUARTER)


@pytest.fixture(autouse=True, scope="module")
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


def answered(rows: tuple[Holding, ...]) -> Answer:
    return sorted((row.region, row.seat, frozenset(row.people)) for row in rows)


@st.composite
def standing_organisations(draw: st.DrawFn) -> Organisation:
    """With all that was made in chat: it has a `by`."""
    schedule = draw(any_rota.schedules())
    made = tuple(replace(override, by="U1") for override in draw(any_rota.overrides(schedule)))
    swaps = draw(any_rota.swaps(schedule, draw(any_rota.instants)))
    return Organisation(schedules=(schedule,), overrides=made, swaps=swaps)


def since_last_file(standing: Schedule, now: datetime) -> datetime:
    """Files are applied one after the other: no epoch ends in the future."""
    return max([now, *(epoch.until for epoch in standing.past)])


# What a file says: one version of each rotation, no past.
files: st.SearchStrategy[Schedule] = any_rota.schedules(edits=0, epochs=0)


@TRIED
@given(standing_organisations(), files, nows)
def test_a_new_file_changes_no_answer_about_the_past(
    standing: Organisation, file: Schedule, now: datetime
) -> None:
    now = since_last_file(standing.schedules[0], now)
    after = revised(standing, Organisation(schedules=(file,)), now)
    before, later = resolver_of(standing), resolver_of(after)
    for t in quarters(now - SPAN, now):
        assert answered(later.at(t)) == answered(before.at(t)), t


@TRIED
@given(any_rota.schedules(), files, nows)
def test_from_now_on_it_is_as_the_new_file_says(standing: Schedule, file: Schedule, now: datetime) -> None:
    now = since_last_file(standing, now)
    after = revised(Organisation(schedules=(standing,)), Organisation(schedules=(file,)), now)
    said, later = Resolver(_with_kept_rosters(file, standing)), resolver_of(after)
    for t in quarters(now, now + SPAN):
        assert answered(later.at(t)) == answered(said.at(t)), t


def _with_kept_rosters(file: Schedule, standing: Schedule) -> Schedule:
    """An empty roster in a file is filled elsewhere: what was filled in stays."""
    kept = {region.name: region.rosters for region in standing.regions}
    regions = tuple(
        replace(
            region,
            rosters={
                seat: roster if roster.shifts else kept.get(region.name, {}).get(seat, roster)
                for seat, roster in region.rosters.items()
            },
        )
        for region in file.regions
    )
    return replace(file, regions=regions)


@TRIED
@given(
    standing_organisations(), st.lists(st.tuples(files, st.integers(0, 200)), min_size=2, max_size=4), nows
)
def test_through_several_files_each_time_keeps_the_answer_it_had(
    standing: Organisation, files_in_turn: list[tuple[Schedule, int]], now: datetime
) -> None:
    known: dict[datetime, Answer] = {}
    now = since_last_file(standing.schedules[0], now)
    for file, steps in files_in_turn:
        resolver, until = resolver_of(standing), now + steps * any_rota.QUARTER
        for t in quarters(now, until):
            known[t] = answered(resolver.at(t))
        now = until
        standing = revised(standing, Organisation(schedules=(file,)), now)
    final = resolver_of(standing)
    for t, answer in known.items():
        assert answered(final.at(t)) == answer, t


@TRIED
@given(standing_organisations(), files, nows)
def test_whose_shifts_move_is_exactly_where_the_answers_differ(
    standing: Organisation, file: Schedule, now: datetime
) -> None:
    now = since_last_file(standing.schedules[0], now)
    after = revised(standing, Organisation(schedules=(file,)), now)
    before, later = resolver_of(standing), resolver_of(after)
    rows = moved(standing, after, now, now + SPAN)
    for t in quarters(now, now + SPAN):
        was, will = (_people(resolver.at(t)) for resolver in (before, later))
        told = {
            (row.region, row.seat): (frozenset(row.before), frozenset(row.after))
            for row in rows
            if row.start <= t < row.end
        }
        differing = {
            place: (was.get(place, frozenset()), will.get(place, frozenset()))
            for place in was.keys() | will.keys()
            if was.get(place, frozenset()) != will.get(place, frozenset())
        }
        assert told == differing, t


def _people(rows: tuple[Holding, ...]) -> dict[tuple[str, Seat], frozenset[str]]:
    return {(row.region, row.seat): frozenset(row.people) for row in rows}


@TRIED
@given(any_rota.schedules(), st.data(), nows)
def test_overrides_of_a_file_count_from_now_on_and_stay_in_the_past_when_they_go(
    schedule: Schedule, data: st.DataObject, now: datetime
) -> None:
    listed: tuple[Override, ...] = data.draw(any_rota.overrides(schedule))
    later_listed: tuple[Override, ...] = data.draw(any_rota.overrides(schedule))
    now = since_last_file(schedule, now)
    bare = Organisation(schedules=(schedule,))
    first = revised(Organisation(), replace(bare, overrides=listed), now - SPAN)
    second = revised(first, replace(bare, overrides=later_listed), now)
    was, will, said = resolver_of(first), resolver_of(second), Resolver(schedule, later_listed)
    for t in quarters(now - SPAN, now):
        assert answered(will.at(t)) == answered(was.at(t)), t
    for t in quarters(now, now + SPAN):
        assert answered(will.at(t)) == answered(said.at(t)), t

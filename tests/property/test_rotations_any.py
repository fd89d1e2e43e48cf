"""Any schedule with layers, rosters, epochs, swaps, covers and overrides, beside a slow second opinion.

MERIDIAN_ALL_ZONES=1 tries many more of them.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rotations.codec import dump, load
from rotations.model import Absence, Organisation, Override, Schedule, Swap
from rotations.shifts import Holding, Resolver, Shift
from rotations.zones import use_bundled_tzdata
from tests.support import any_rota
from tests.support.slow_rota import Row, SlowRota, quarters

EXAMPLES = 150 if os.environ.get("MERIDIAN_ALL_ZONES") else 10
# Drawing a rota takes its time on a busy machine: that says nothing about the rota.
TRIED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPAN = timedelta(days=3)


@pytest.fixture(autouse=True, scope="module")
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


class Rota(NamedTuple):
    schedule: Schedule
    overrides: tuple[Override, ...]
    swaps: tuple[Swap, ...]
    begin: datetime

    def resolver(self) -> Resolver:
        return Resolver(self.schedule, self.overrides, swaps=self.swaps)

    def slow(self) -> SlowRota:
        return SlowRota(self.schedule, self.overrides, self.swaps)


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    schedule, begin = draw(any_rota.schedules(epochs=2)), draw(any_rota.instants)
    return Rota(schedule, draw(any_rota.overrides(schedule)), draw(any_rota.swaps(schedule, begin)), begin)


def answered(rows: tuple[Holding, ...]) -> list[Row]:
    return sorted((row.region, row.seat, tuple(sorted(row.people))) for row in rows)


@TRIED
@given(rotas())
def test_every_quarter_of_an_hour_is_answered_as_the_slow_rota_does(rota: Rota) -> None:
    slow, resolver = rota.slow(), rota.resolver()
    for t in quarters(rota.begin, rota.begin + SPAN):
        assert answered(resolver.at(t)) == slow.at(t), t


@TRIED
@given(rotas())
def test_an_answer_is_the_shift_that_contains_it_with_its_people_reason_and_edges(rota: Rota) -> None:
    begin, end = rota.begin, rota.begin + SPAN
    shifts, gaps = rota.resolver().between(begin, end)
    resolver = rota.resolver()
    for t in quarters(begin, end):
        rows = [_clipped(row, begin, end) for row in resolver.at(t)]
        assert rows == sorted((s[:5] + s[6:] for s in shifts if s.start <= t < s.end), key=rows.index), t
        assert {(gap.region, gap.seat) for gap in gaps if gap.start <= t < gap.end} == (
            {(row.region, row.seat) for row in resolver.at(t) if not row.people} if rows else {(None, None)}
        ), t


def _clipped(row: Holding, begin: datetime, end: datetime) -> tuple[object, ...]:
    start, until = max(row.start or begin, begin), min(row.end or end, end)
    return row.region, row.seat, row.people, start, until, row.why


@TRIED
@given(rotas(), st.integers(0, 288))
def test_two_spans_joined_are_the_whole_span(rota: Rota, steps: int) -> None:
    resolver = rota.resolver()
    begin, middle, end = rota.begin, rota.begin + steps * any_rota.QUARTER, rota.begin + SPAN
    parts = resolver.between(begin, middle)[0] + resolver.between(middle, end)[0]
    assert joined(parts) == joined(resolver.between(begin, end)[0])


def joined(shifts: tuple[Shift, ...]) -> list[Shift]:
    """Neighbours of one seat with the same people and reason as one; a seat's are in order already."""
    whole: list[Shift] = []
    for row in sorted(shifts, key=lambda row: (row.region, row.seat, row.start)):
        last = whole[-1] if whole else None
        if last and last[:3] == row[:3] and last.end == row.start and last.why == row.why:
            whole[-1] = last._replace(end=row.end, turn_until=row.turn_until)
        else:
            whole.append(row)
    return whole


@TRIED
@given(rotas(), rotas(), st.data())
def test_what_is_taken_over_through_edits_is_never_stale(one: Rota, other: Rota, data: st.DataObject) -> None:
    """Each edit takes something of either rota; who remembers answers as one that is made anew."""
    remembering = one.resolver()
    for _ in range(3):
        takes = [data.draw(st.sampled_from((one, other))) for _ in range(3)]
        edited = Rota(takes[0].schedule, takes[1].overrides, takes[2].swaps, one.begin)
        remembering.between(edited.begin, edited.begin + SPAN)
        remembering = Resolver(edited.schedule, edited.overrides, None, edited.swaps, remembering)
        for t in (edited.begin, edited.begin + SPAN / 2):
            assert remembering.at(t) == edited.resolver().at(t)
        window = (edited.begin, edited.begin + SPAN)
        assert remembering.between(*window) == edited.resolver().between(*window)


@TRIED
@given(rotas())
def test_a_turn_is_found_again_by_its_number_and_spans_the_instant_it_was_found_at(rota: Rota) -> None:
    resolver = rota.resolver()
    for t in list(quarters(rota.begin, rota.begin + SPAN))[::16]:
        for row in resolver.at(t):
            ref = resolver.turn_at(row.region, row.seat, t)
            if ref is None:
                continue
            span = resolver.span_of(ref)
            assert span is not None
            assert span[0] <= t < span[1]
            last = span[1] - timedelta(microseconds=1)
            same_turn = resolver.turn_at(row.region, row.seat, last, None)
            if same_turn is not None and same_turn.layer == ref.layer:
                assert same_turn.number == ref.number


@TRIED
@given(rotas())
def test_transitions_are_where_the_people_change_and_nowhere_else(rota: Rota) -> None:
    resolver, end = rota.resolver(), rota.begin + SPAN
    found = {}
    for change in resolver.transitions(rota.begin):
        if change.at > end:
            break
        found[change.at] = change
    before = answered(resolver.at(rota.begin))
    for t in quarters(rota.begin + any_rota.QUARTER, end):
        rows = answered(resolver.at(t))
        assert (t in found) == (rows != before), t
        before = rows
    assert all(at.minute % 15 == 0 and not at.second for at in found)


@TRIED
@given(rotas())
def test_storage_loses_nothing(rota: Rota) -> None:
    absence = Absence("x", "a", rota.begin, rota.begin + SPAN, "away", "b")
    organisation = Organisation(
        schedules=(rota.schedule,), overrides=rota.overrides, swaps=rota.swaps, absences=(absence,)
    )
    assert load(json.loads(json.dumps(dump(organisation)))) == organisation

"""Rest beside a slow count by half hours: any shifts of one's own, any shifts wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.model import Person
from rotations.rest import RestRule, faults
from rotations.spans import Span, merged, shared, total

MONDAY = datetime(2026, 2, 2, tzinfo=UTC)
STEP = timedelta(minutes=30)
DAY, REST, LONGEST = 48, 22, 26
"""In steps: a day, the least rest, and what is left of a day."""

ANA = Person("ana", "Ana Lima")

spans = st.lists(
    st.builds(
        lambda start, length: Span(MONDAY + start * STEP, MONDAY + (start + length) * STEP),
        st.integers(0, 28 * DAY),
        st.integers(1, 40),
    ),
    max_size=12,
).map(merged)


def steps_of(row: tuple[Span, ...]) -> set[int]:
    return {
        step for span in row for step in range((span.start - MONDAY) // STEP, (span.end - MONDAY) // STEP)
    }


def runs(steps: set[int]) -> list[set[int]]:
    """Steps that follow each other, as one."""
    ordered = enumerate(sorted(steps))
    return [{step for _, step in run} for _, run in groupby(ordered, key=lambda pair: pair[1] - pair[0])]


@settings(max_examples=300, deadline=None)
@given(spans, spans.filter(bool))
def test_short_rests_and_long_stretches_are_those_a_slow_count_finds(
    own: tuple[Span, ...], wanted: tuple[Span, ...]
) -> None:
    asked = steps_of(wanted)
    stretches, asked_runs = runs(steps_of(own) | asked), runs(asked)
    short = [
        (max(before) + 1, min(following))
        for before, following in pairwise(stretches)
        if min(following) - max(before) - 1 < REST
        and asked & (before | following)
        and not (before in asked_runs and following in asked_runs)
    ]
    long = [
        (min(stretch), max(stretch) + 1)
        for stretch in stretches
        if len(stretch) > LONGEST and asked & stretch and stretch not in asked_runs
    ]
    found = [
        (fault.rule, (fault.start - MONDAY) // STEP, (fault.end - MONDAY) // STEP)
        for fault in faults(own, wanted, ANA)
        if fault.rule is not RestRule.WEEKENDS
    ]
    assert found == [
        *((RestRule.SHORT_REST, *each) for each in short),
        *((RestRule.LONG_STRETCH, *each) for each in long),
    ]


@settings(max_examples=300, deadline=None)
@given(spans, spans.filter(bool))
def test_weekends_in_a_row_are_those_a_slow_count_finds(
    own: tuple[Span, ...], wanted: tuple[Span, ...]
) -> None:
    def weekends(steps: set[int]) -> set[int]:
        counted = [step // (7 * DAY) for step in steps if step % (7 * DAY) >= 5 * DAY]
        return {week for week in counted if counted.count(week) >= 2}

    asked = weekends(steps_of(wanted))
    rows = runs(weekends(steps_of(own) | steps_of(wanted)))
    expected = [len(row) for row in rows if len(row) > 2 and asked & row]
    found = [fault for fault in faults(own, wanted, ANA) if fault.rule is RestRule.WEEKENDS]
    assert [
        (fault.end - fault.start + timedelta(days=5)) // timedelta(weeks=1) for fault in found
    ] == expected


@settings(max_examples=200, deadline=None)
@given(spans, spans)
def test_what_two_rows_share_is_theirs_both_and_in_order(
    ones: tuple[Span, ...], others: tuple[Span, ...]
) -> None:
    both = tuple(shared(ones, others))
    assert steps_of(both) == steps_of(ones) & steps_of(others)
    assert list(both) == sorted(both)
    assert total(both) == len(steps_of(both)) * STEP
    assert steps_of(merged((*ones, *others))) == steps_of(ones) | steps_of(others)

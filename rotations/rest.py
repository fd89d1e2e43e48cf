"""Rest: what serving `[start, end)` would do to somebody's rest and weekends. It refuses nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from rotations.model import Person
from rotations.public_holidays import weekend_from
from rotations.served import calendar, shifts_by_person, spans_of
from rotations.shifts import Resolver
from rotations.spans import Span, merged
from rotations.wallclock import instant, utc
from rotations.wording import clock

LEAST_REST = timedelta(hours=11)
"""Between two shifts of one person, and in every 24 hours."""

LONGEST_STRETCH = timedelta(hours=24) - LEAST_REST
MOST_WEEKENDS = 2
"""In a row."""

REACH = timedelta(weeks=MOST_WEEKENDS + 1)
"""How far around a shift one has to look to know what it breaks."""

_WEEK, _WEEKEND = timedelta(weeks=1), timedelta(days=2)


class RestRule(StrEnum):
    """Too little rest between two shifts, a stretch too long, or too many weekends in a row."""

    SHORT_REST = "short_rest"
    LONG_STRETCH = "long_stretch"
    WEEKENDS = "weekends"


class RestFault(NamedTuple):
    """A rule that `[start, end)` would break: that time is the short rest, the long stretch or the weekends.

    `text` is a sentence without its subject's name, times in their own zone.
    """

    rule: RestRule
    start: datetime
    end: datetime
    text: str


def after(resolver: Resolver, person: Person, start: datetime, end: datetime) -> tuple[RestFault, ...]:
    """What would be wrong with a person's rest if they served `[start, end)` beside their other shifts.

    Whether they serve it already makes no difference: ask before a change, or of the resolver after it.
    """
    return after_all(resolver, person, (Span(utc(start), utc(end)),))


def after_all(resolver: Resolver, person: Person, wanted: Iterable[Span]) -> tuple[RestFault, ...]:
    """As `after`, for a change that is several shifts."""
    spans = merged(wanted)
    if not spans:
        return ()
    near = shifts_by_person(resolver, spans[0].start - REACH, spans[-1].end + REACH)
    return faults(spans_of(near.get(person.key, ())), spans, person)


def faults(own: Iterable[Span], wanted: tuple[Span, ...], person: Person) -> tuple[RestFault, ...]:
    """As `after_all`, from when the person is on call anyhow, `REACH` around; both merged."""
    together = merged((*own, *wanted))
    return (
        *_short_rests(together, wanted, person.zone),
        *_long_stretches(together, wanted),
        *_weekends(together, wanted, person),
    )


def _short_rests(together: tuple[Span, ...], wanted: tuple[Span, ...], zone: str) -> Iterator[RestFault]:
    for before, following in pairwise(together):
        rest = following.start - before.end
        is_touched = _holds_any(before, wanted) or _holds_any(following, wanted)
        # Hours of a seat that leave no more between its days are the schedule's, not the person's.
        is_the_seats_own = before in wanted and following in wanted
        if rest < LEAST_REST and is_touched and not is_the_seats_own:
            text = (
                f"Only {_hours(rest)} of rest between the shift that ends {clock(before.end, zone)} "
                f"and the one that starts {clock(following.start, zone)}; {_hours(LEAST_REST)} are needed."
            )
            yield RestFault(RestRule.SHORT_REST, before.end, following.start, text)


def _long_stretches(together: tuple[Span, ...], wanted: tuple[Span, ...]) -> Iterator[RestFault]:
    for stretch in together:
        # A seat that is held day and night is long by itself: only what own shifts add to it is a fault.
        is_extended = stretch not in wanted and _holds_any(stretch, wanted)
        if is_extended and stretch.length > LONGEST_STRETCH:
            text = f"On call for {_hours(stretch.length)} without {_hours(LEAST_REST)} of rest."
            yield RestFault(RestRule.LONG_STRETCH, stretch.start, stretch.end, text)


def _weekends(together: tuple[Span, ...], wanted: tuple[Span, ...], person: Person) -> Iterator[RestFault]:
    zone, begins = person.zone, weekend_from(person)
    added = calendar(wanted, zone, begins).weekends
    for row in _rows(calendar(together, zone, begins).weekends):
        if len(row) > MOST_WEEKENDS and not added.isdisjoint(row):
            text = f"{len(row)} weekends in a row; {MOST_WEEKENDS} at most."
            start = instant(row[0], time(), zone)
            yield RestFault(RestRule.WEEKENDS, start, instant(row[-1] + _WEEKEND, time(), zone), text)


def _rows(weekends: Iterable[date]) -> list[list[date]]:
    rows: list[list[date]] = []
    for weekend in sorted(weekends):
        if rows and weekend - rows[-1][-1] == _WEEK:
            rows[-1].append(weekend)
        else:
            rows.append([weekend])
    return rows


def _holds_any(stretch: Span, wanted: Iterable[Span]) -> bool:
    return any(stretch.start <= span.start and span.end <= stretch.end for span in wanted)


def _hours(length: timedelta) -> str:
    """ "7 h", "7 h 30 min"."""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"

"""Turns that are no rotation here, written out shift by shift for half a year. Reports nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from operator import itemgetter

from msgspec import Struct

from rotations.model import Member, Roster, RosterShift
from rotations.vendors.shape import Cycle, Dated
from rotations.vendors.stints import Spend, Stint
from rotations.vendors.tree import Unfit
from rotations.vendors.week_hours import ALWAYS, DAY
from rotations.wallclock import instant

AHEAD = timedelta(days=180)
MOST_TURNS = 9000
"""Turns of half an hour for half a year, and some more."""

_MINUTE = timedelta(minutes=1)

Span = tuple[datetime, datetime]


class Term(Struct, frozen=True):
    """A cycle in the local time `[since, until)` in which it counts; None is open."""

    cycle: Cycle
    level: int = 0
    since: datetime | None = None
    until: datetime | None = None

    def at(self, t: datetime) -> Member:
        """Who is on at a local time."""
        if (self.since and t < self.since) or (self.until and t >= self.until):
            return ()
        if isinstance(self.cycle, Dated):
            order = bisect_right(self.cycle.turns, t, key=itemgetter(0)) - 1
            return self.cycle.turns[order][2] if order >= 0 and t < self.cycle.turns[order][1] else ()
        return self.cycle.at(t) if t >= self.cycle.begins and _is_open(self.cycle, t) else ()


def check(terms: Sequence[Term], span: Span) -> None:
    """Raises Unfit where there are too many turns to be written out."""
    for term in terms:
        if isinstance(term.cycle, Stint):
            weeks = (span[1] - span[0]) // timedelta(days=7) + 1
            if max((span[1] - span[0]) // term.cycle.turn, weeks * len(term.cycle.hours)) > MOST_TURNS:
                raise Unfit("Its turns are too short to be written out shift by shift.")


def roster_of(terms: Sequence[Term], zone: str, span: Span, spend: Spend) -> Roster:
    """The shifts of a span of local time, which was checked."""
    rows: list[RosterShift] = []
    for start, end, people in served(terms, span, spend):
        begins, ends = _instant(start, zone), _instant(end, zone)
        if rows and begins < rows[-1].end:
            begins = rows[-1].end
        if people and begins < ends:
            rows.append(RosterShift(people, begins, ends))
    return Roster(tuple(rows))


def served(terms: Sequence[Term], span: Span, spend: Spend) -> list[tuple[datetime, datetime, Member]]:
    """Who is on in a span of local time, which was checked: of the highest level with somebody on, all."""
    edges = {*span}
    for term in terms:
        edges.update(edge for edge in _edges(term, *span) if span[0] < edge < span[1])
    spend(len(edges) * len(terms))
    rows: list[tuple[datetime, datetime, Member]] = []
    for start, end in pairwise(sorted(edges)):
        people = _on(terms, start)
        if rows and rows[-1][2] == people:
            rows[-1] = (rows[-1][0], end, people)
        else:
            rows.append((start, end, people))
    return rows


def _on(terms: Sequence[Term], t: datetime) -> Member:
    levels: dict[int, list[str]] = {}
    for term in terms:
        levels.setdefault(term.level, []).extend(term.at(t))
    return next(
        (tuple(dict.fromkeys(levels[each])) for each in sorted(levels, reverse=True) if levels[each]), ()
    )


def _edges(term: Term, opens: datetime, closes: datetime) -> Iterator[datetime]:
    yield from filter(None, (term.since, term.until))
    cycle = term.cycle
    if isinstance(cycle, Dated):
        yield from (edge for start, end, _ in cycle.turns for edge in (start, end))
        return
    edge = cycle.begins + max((opens - cycle.begins) // cycle.turn, 0) * cycle.turn
    while edge < closes:
        yield edge
        edge += cycle.turn
    if cycle.hours != ALWAYS:
        yield from _opening(cycle, opens, closes)


def _opening(stint: Stint, opens: datetime, closes: datetime) -> Iterator[datetime]:
    monday = datetime.combine(opens.date() - timedelta(days=opens.weekday()), time())
    while monday < closes:
        yield from (monday + minute * _MINUTE for span in stint.hours for minute in span)
        monday += timedelta(days=7)


def _is_open(stint: Stint, t: datetime) -> bool:
    minute = t.weekday() * DAY + t.hour * 60 + t.minute
    return any(start <= minute < end for start, end in stint.hours)


def _instant(there: datetime, zone: str) -> datetime:
    return instant(there.date(), there.time(), zone)

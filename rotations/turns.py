"""Whose turn it is: integer arithmetic on the local calendar from the anchor. Knows no override or region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from rotations.model import Member, Rotation, RotationVersion, TurnUnit, Weekdays
from rotations.wallclock import instant_in
from rotations.zones import rules_of

_INSTANT = timedelta(microseconds=1)


class TurnSpan(NamedTuple):
    """One turn `[start, end)`. An empty member: the rotation has not begun, and `start` says nothing."""

    start: datetime
    end: datetime
    member: Member
    number: int


class TurnCount:
    """Turn numbers and instants of one rotation version in a zone, counting only `days` as served."""

    __slots__ = ("_offsets", "_version", "_zone")

    def __init__(self, version: RotationVersion, zone: str, days: Weekdays) -> None:
        self._version = version
        self._zone = rules_of(zone)
        first = version.starts_on.weekday()
        self._offsets = sorted((day - first) % 7 for day in days)

    def spans(self, start: datetime, end: datetime) -> Iterator[TurnSpan]:
        """The turns that touch `[start, end)`, in order, unclipped; before the anchor one empty span."""
        begins = self.start(0)
        if start < begins:
            yield TurnSpan(start, begins, (), -1)
        number = self.number(max(start, begins))
        opens = self.start(number)
        while opens < end:
            closes = self.start(number + 1)
            # A turn of a local day that was skipped has no length: the later turn holds its instant.
            if opens < closes:
                yield TurnSpan(opens, closes, self.member(number), number)
            number, opens = number + 1, closes

    def number(self, t: datetime) -> int:
        """The number of the turn that holds at `t`, which must not be before the anchor."""
        guess = self._number_on(t.astimezone(self._zone).date())
        # Before the hour of the day it is the turn before; on the day after a skipped day, two before.
        return next(n for n in range(guess + 1, guess - 3, -1) if self.start(n) <= t)

    def start(self, number: int) -> datetime:
        """The instant at which turn `number` starts."""
        return instant_in(self._starts_on(number), self._version.at, self._zone)

    def member(self, number: int) -> Member:
        return self._version.members[number % len(self._version.members)]

    def _starts_on(self, number: int) -> date:
        version, steps = self._version, number * self._version.turn.count
        if version.turn.unit is TurnUnit.DAY:
            return version.starts_on + timedelta(days=steps)
        if version.turn.unit is TurnUnit.WEEK:
            return version.starts_on + timedelta(weeks=steps)
        if number == 0:
            return version.starts_on
        weeks, day = divmod(steps, len(self._offsets))
        return version.starts_on + timedelta(weeks=weeks, days=self._offsets[day])

    def _number_on(self, on: date) -> int:
        turn, days = self._version.turn, (on - self._version.starts_on).days
        if turn.unit is TurnUnit.DAY:
            return days // turn.count
        if turn.unit is TurnUnit.WEEK:
            return days // (7 * turn.count)
        weeks, rest = divmod(days, 7)
        served = weeks * len(self._offsets) + sum(offset <= rest for offset in self._offsets)
        return max(served - 1, 0) // turn.count


class Term(NamedTuple):
    """The time `[since, until)` in which one version is in force; None is open.

    `first` is the number that its turn 0 has in the rotation, whose turns are counted on through versions.
    """

    since: datetime | None
    until: datetime | None
    version: RotationVersion
    turns: TurnCount
    first: int


class Earlier(NamedTuple):
    """The turns that stood on a seat before, and until when they counted."""

    turns: RotationTurns
    until: datetime


class RotationTurns:
    """The turns of a rotation through its versions, in a zone.

    One that began elsewhere than the `earlier` one goes on counting after the turns that were served; any
    other has the numbers that it had.
    """

    __slots__ = ("_origin", "terms")

    def __init__(self, rotation: Rotation, zone: str, days: Weekdays, earlier: Earlier | None = None) -> None:
        self._origin = rotation.versions[0].starts_on, rotation.versions[0].turn
        begins = self._begins(earlier) if earlier else 0
        edges = [None, *(version.effective_from for version in rotation.versions[1:]), None]
        terms: list[Term] = []
        for (since, until), version in zip(pairwise(edges), rotation.versions, strict=True):
            turns = TurnCount(version, zone, days)
            first = _first(terms[-1], version, turns, since) if terms and since else begins
            terms.append(Term(since, until, version, turns, first))
        self.terms = tuple(terms)

    def _begins(self, earlier: Earlier) -> int:
        turns, until = earlier
        return turns.terms[0].first if turns._origin == self._origin else turns.last_begun(until) + 1

    def spans(self, opens: datetime, closes: datetime) -> Iterator[tuple[Term, TurnSpan]]:
        """The turns of `[opens, closes)` clipped to their terms and, at the start, to `opens`."""
        for term in self.terms:
            start, end = max(opens, term.since or opens), min(closes, term.until or closes)
            if start < end:
                for begins, ends, member, number in term.turns.spans(start, end):
                    ends = min(ends, term.until or ends)
                    yield term, TurnSpan(max(begins, start), ends, member, number + term.first)

    def last_begun(self, before: datetime) -> int:
        """The number of the last turn that had begun before an instant."""
        standing = (term for term in reversed(self.terms) if term.since is None or term.since < before)
        return _last_begun(next(standing), before)

    def span_of(self, number: int) -> tuple[datetime, datetime, Member] | None:
        """When a turn begins and ends, through versions, and whose it is at its end; None: never served."""
        found: list[tuple[datetime, datetime, Member]] = []
        for term in self.terms:
            own = number - term.first
            if own >= 0:
                start, end = term.turns.start(own), term.turns.start(own + 1)
                start, end = max(start, term.since or start), min(end, term.until or end)
                if start < end:
                    found.append((start, end, term.turns.member(own)))
        return (found[0][0], *found[-1][1:]) if found else None


def _first(before: Term, version: RotationVersion, turns: TurnCount, since: datetime) -> int:
    """The number of a version's turn 0: a turn that begins with the version follows the last one served."""
    if (version.starts_on, version.turn) == (before.version.starts_on, before.version.turn):
        return before.first
    own = turns.number(since) if since >= turns.start(0) else 0
    is_running = turns.start(own) < since
    return _last_begun(before, since) + (0 if is_running else 1) - own


def _last_begun(term: Term, before: datetime) -> int:
    just_before = before - _INSTANT
    has_begun = just_before >= term.turns.start(0)
    return term.first + (term.turns.number(just_before) if has_begun else -1)

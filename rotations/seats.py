"""Who sits on one seat and why: rotation versions and overrides in one timeline. Knows no region hours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from rotations.model import Override, OverrideKind, Rotation, RotationVersion
from rotations.timeline import Timeline, year_start
from rotations.turns import TurnCount, TurnSpan
from rotations.wording import listed


class Occupancy(NamedTuple):
    """People on a seat, when the turn they serve ends, and the reason chain, nearest reason first."""

    people: tuple[str, ...]
    why: tuple[str, ...]
    turn_until: datetime | None


class _Term(NamedTuple):
    """The time `[since, until)` in which one version is in force; None is open."""

    since: datetime | None
    until: datetime | None
    version: RotationVersion
    turns: TurnCount


class SeatPlan:
    """One seat's rotation in its region's zone with the overrides of this seat, sorted and disjoint."""

    __slots__ = ("_names", "_overrides", "_starts", "_terms", "_zone")

    def __init__(
        self,
        rotation: Rotation,
        place: tuple[str, tuple[int, ...]],
        overrides: tuple[Override, ...],
        names: Mapping[str, str],
    ) -> None:
        """`place` is the region's zone and the weekdays on which it serves."""
        self._zone, days = place
        edges = [None, *(version.effective_from for version in rotation.versions[1:]), None]
        self._terms = tuple(
            _Term(since, until, version, TurnCount(version, self._zone, days))
            for (since, until), version in zip(pairwise(edges), rotation.versions, strict=True)
        )
        self._overrides = overrides
        self._starts = [override.start for override in overrides]
        self._names = names

    def timeline(self) -> Timeline[Occupancy]:
        return Timeline(self._expand, _is_same_answer)

    def _expand(self, year: int) -> list[tuple[datetime, Occupancy]]:
        opens, closes = year_start(year), year_start(year + 1)
        bases = list(self._bases(opens, closes))
        begins = [at for at, _ in bases]
        cuts = set(begins)
        for override in self._overrides:
            cuts |= {override.start, override.end}
        return [
            (cut, self._occupancy(cut, bases[bisect_right(begins, cut) - 1][1]))
            for cut in sorted(cuts)
            if opens <= cut < closes
        ]

    def _bases(self, opens: datetime, closes: datetime) -> Iterator[tuple[datetime, Occupancy]]:
        """What the rotation alone says, from the first instant of the year on."""
        for term in self._terms:
            start, end = max(opens, term.since or opens), min(closes, term.until or closes)
            if start < end:
                for span in term.turns.spans(start, end):
                    yield max(span.start, start), self._base(term, span)

    def _base(self, term: _Term, span: TurnSpan) -> Occupancy:
        if span.member:
            end = min(span.end, term.until or span.end)
            return Occupancy(span.member, (f"The rotation says {self._named(span.member)}.",), end)
        version = term.version
        begins = f"{version.starts_on} at {version.at:%H:%M} {self._zone}"
        return Occupancy((), (f"Nobody: the rotation begins on {begins}.",), None)

    def _occupancy(self, cut: datetime, base: Occupancy) -> Occupancy:
        index = bisect_right(self._starts, cut) - 1
        if index < 0 or self._overrides[index].end <= cut:
            return base
        return self._overridden(base, self._overrides[index])

    def _overridden(self, base: Occupancy, override: Override) -> Occupancy:
        reason = f": {override.reason.rstrip('.')}." if override.reason else "."
        named = self._named(override.people)
        if override.kind is OverrideKind.REPLACE:
            why = (f"{named} {_verb(override, 'covers', 'cover')}{reason}", *base.why)
            return Occupancy(override.people, why, override.end)
        if override.kind is OverrideKind.ADD:
            people = tuple(dict.fromkeys(base.people + override.people))
            why = (f"{named} {_verb(override, 'is', 'are')} added{reason}", *base.why)
            return Occupancy(people, why, base.turn_until or override.end)
        people = tuple(person for person in base.people if person not in override.people)
        why = (f"{named} {_verb(override, 'is', 'are')} taken off{reason}", *base.why)
        return Occupancy(people, why, base.turn_until if people else None)

    def _named(self, people: tuple[str, ...]) -> str:
        return listed(self._names.get(person, person) for person in people)


def _verb(override: Override, one: str, several: str) -> str:
    return one if len(override.people) == 1 else several


def _is_same_answer(a: Occupancy, b: Occupancy) -> bool:
    return a.people == b.people and a.why == b.why

"""Who sits on one seat and why: rotation or roster, layers, swaps, covers and overrides in one row of steps.

Knows no region hours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from rotations.eras import Steps
from rotations.exchanges import Half, TurnKey, by_turn, exchanged, replaced
from rotations.hours import openings, weekdays_of
from rotations.model import Hours, Layer, Member, Override, OverrideKind, Roster, Rotation, Weekdays
from rotations.overrides import lanes
from rotations.rosters import RosterSteps
from rotations.timeline import together
from rotations.turns import RotationTurns, Term, TurnSpan
from rotations.wording import listed

_VERBS = {
    OverrideKind.REPLACE: ("covers", "cover"),
    OverrideKind.ADD: ("is added", "are added"),
    OverrideKind.REMOVE: ("is taken off", "are taken off"),
}


class Serving(NamedTuple):
    """The turn that is behind an answer, and who serves it after its swaps."""

    layer: str
    number: int
    people: tuple[str, ...]
    is_swapped: bool


class Occupancy(NamedTuple):
    """People on a seat, when the turn they serve ends, and the reason chain, nearest reason first.

    `turn` is the turn of the rotation or layer that counts then, whatever changes it; None: there is none.
    """

    people: tuple[str, ...]
    why: tuple[str, ...]
    turn_until: datetime | None
    turn: Serving | None = None


NO_SEAT = Occupancy((), ("There was no such seat then.",), None)
"""A seat in an era that does not have it: not an open seat, but none."""


class SeatFill(NamedTuple):
    """What fills a seat while an era lasts: a rotation or a roster (or neither), and the layers over it."""

    zone: str
    days: Weekdays
    rotation: Rotation | None
    roster: Roster | None
    layers: tuple[Layer, ...]


class SeatChanges(NamedTuple):
    """What changes a seat in all eras: its overrides, covers among them, and halves of swaps."""

    overrides: tuple[Override, ...]
    halves: tuple[Half, ...]


class SeatPlan:
    """One seat in one era."""

    __slots__ = ("_changes", "_layers", "_made", "_names", "_roster", "_rotation")

    def __init__(self, fill: SeatFill, changes: SeatChanges, names: Mapping[str, str]) -> None:
        """Raises OverlappingOverride."""
        halves = by_turn(changes.halves)
        self._names = names
        self._changes = [_Lane(lane) for lane in lanes(changes.overrides)]
        self._made = {override.id: place for place, override in enumerate(changes.overrides)}
        place = fill.zone, fill.days
        self._rotation = _Turning("", fill.rotation, place, halves, names) if fill.rotation else None
        self._roster = RosterSteps(fill.roster) if fill.roster else None
        self._layers = tuple(_Laid(layer, fill, halves, names) for layer in fill.layers)

    def steps(self, opens: datetime, closes: datetime) -> Steps[Occupancy]:
        """Who sits here in `[opens, closes)`, the first step exactly at `opens`."""
        steps = self._base(opens, closes)
        for layer in self._layers:
            steps = layer.over(steps, opens, closes)
        return self._changed(steps, closes) if self._changes else steps

    def turns(self, layer: str) -> RotationTurns | None:
        """The turns of the seat's rotation (""), or of a layer; None: it has no such rotation here."""
        rotations = [self._rotation, *(laid.turning for laid in self._layers)]
        return next((each.turns for each in rotations if each and each.layer == layer), None)

    def _base(self, opens: datetime, closes: datetime) -> Steps[Occupancy]:
        if self._rotation:
            return self._rotation.steps(opens, closes)
        if self._roster:
            return [
                (at, self._rostered(people, until))
                for at, (people, until) in self._roster.steps(opens, closes)
            ]
        return [(opens, Occupancy((), ("Nobody: only layers fill this seat.",), None))]

    def _rostered(self, people: tuple[str, ...], until: datetime | None) -> Occupancy:
        if not people:
            return Occupancy((), ("Nobody: the roster has no shift then.",), None)
        named = listed(self._names.get(person, person) for person in people)
        return Occupancy(people, (f"The roster says {named}.",), until)

    def _changed(self, below: Steps[Occupancy], closes: datetime) -> Steps[Occupancy]:
        begins = [at for at, _ in below]
        cuts = set(begins)
        for lane in self._changes:
            cuts.update([at for at in lane.edges if begins[0] <= at < closes])
        return [(cut, self._occupancy(cut, below[bisect_right(begins, cut) - 1][1])) for cut in sorted(cuts)]

    def _occupancy(self, cut: datetime, sits: Occupancy) -> Occupancy:
        standing = [override for lane in self._changes if (override := lane.at(cut)) is not None]
        if len(standing) > 1:
            # Overrides are laid over covers, and whoever covers may be covered later.
            standing.sort(key=lambda override: (not override.cover, self._made[override.id]))
        for override in standing:
            sits = _overridden(sits, override, self._names)
        return sits


class _Lane:
    """Overrides of one seat that never overlap, sorted."""

    __slots__ = ("_overrides", "_starts", "edges")

    def __init__(self, overrides: tuple[Override, ...]) -> None:
        self._overrides = overrides
        self._starts = [override.start for override in overrides]
        self.edges = [*self._starts, *(override.end for override in overrides)]

    def at(self, t: datetime) -> Override | None:
        index = bisect_right(self._starts, t) - 1
        return self._overrides[index] if index >= 0 and t < self._overrides[index].end else None


class _Turning:
    """A rotation with its swaps."""

    __slots__ = ("_halves", "_names", "_zone", "layer", "turns")

    def __init__(
        self,
        layer: str,
        rotation: Rotation,
        place: tuple[str, Weekdays],
        halves: Mapping[TurnKey, tuple[Half, ...]],
        names: Mapping[str, str],
    ) -> None:
        """`place` is the region's zone and the weekdays that are counted as served."""
        self.layer = layer
        self.turns = RotationTurns(rotation, *place)
        self._zone = place[0]
        self._halves = halves
        self._names = names

    def steps(self, opens: datetime, closes: datetime) -> Steps[Occupancy]:
        """Who serves from each instant on; nobody before the rotation begins."""
        return [
            (span.start, self._sits(span) if span.member else self._not_begun(term))
            for term, span in self.turns.spans(opens, closes)
        ]

    def _sits(self, span: TurnSpan) -> Occupancy:
        base = self._says(span.member)
        halves = self._halves.get((self.layer, span.number))
        if halves is None:
            serving = Serving(self.layer, span.number, span.member, is_swapped=False)
            return Occupancy(span.member, (base,), span.end, serving)
        exchange = exchanged(span.member, halves)
        why = (*(self._swapped(half) for half in reversed(exchange.counted)), base)
        serving = Serving(self.layer, span.number, exchange.people, bool(exchange.counted))
        return Occupancy(exchange.people, why, span.end, serving)

    def _says(self, member: Member) -> str:
        who = listed(self._names.get(person, person) for person in member)
        return f"The layer {self.layer} says {who}." if self.layer else f"The rotation says {who}."

    def _swapped(self, half: Half) -> str:
        person, ref = half.person, half.ref.person
        who = f"{self._names.get(person, person)} swapped with {self._names.get(ref, ref)}"
        return f"{who}{_reason(half.swap.reason)}"

    def _not_begun(self, term: Term) -> Occupancy:
        begins = f"{term.version.starts_on} at {term.version.at:%H:%M} {self._zone}"
        return Occupancy((), (f"Nobody: the rotation begins on {begins}.",), None)


class _Laid:
    """A layer with its hours."""

    __slots__ = ("_hours", "_zone", "turning")

    def __init__(
        self,
        layer: Layer,
        fill: SeatFill,
        halves: Mapping[TurnKey, tuple[Half, ...]],
        names: Mapping[str, str],
    ) -> None:
        days = weekdays_of(layer.hours) or fill.days
        self.turning = _Turning(layer.name, layer.rotation, (fill.zone, days), halves, names)
        self._hours: tuple[Hours, ...] = layer.hours
        self._zone = fill.zone

    def over(self, below: Steps[Occupancy], opens: datetime, closes: datetime) -> Steps[Occupancy]:
        """What is said where the layer lies over what is below it."""
        steps = self.turning.steps(opens, closes)
        turns = [(at, sits if sits.people else None) for at, sits in steps]
        if self._hours:
            open_at = openings(self._hours, self._zone, opens, closes)
            turns = [(at, sits if is_open else None) for at, sits, is_open in together(turns, open_at)]
        return [
            (at, under if sits is None else sits._replace(why=(*sits.why, *under.why)))
            for at, under, sits in together(below, turns)
        ]


def _overridden(sits: Occupancy, override: Override, names: Mapping[str, str]) -> Occupancy:
    person = override.instead_of
    if (person and person not in sits.people) or (override.cover and not person and _is_swapped(sits)):
        return sits
    why = (_words(override, names), *sits.why)
    if override.kind is OverrideKind.REPLACE:
        people = replaced(sits.people, person, override.people) if person else override.people
        return Occupancy(people, why, override.end, sits.turn)
    if override.kind is OverrideKind.ADD:
        people = tuple(dict.fromkeys(sits.people + override.people))
        return Occupancy(people, why, sits.turn_until or override.end, sits.turn)
    people = tuple(one for one in sits.people if one not in override.people)
    return Occupancy(people, why, sits.turn_until if people else None, sits.turn)


def _is_swapped(sits: Occupancy) -> bool:
    return sits.turn is not None and sits.turn.is_swapped


def _words(override: Override, names: Mapping[str, str]) -> str:
    """ "Di covers for Ana: dentist." and its kin."""
    one, several = _VERBS[override.kind]
    who = listed([names.get(person, person) for person in override.people])
    person = override.instead_of
    whom = f" for {names.get(person, person)}" if person else ""
    return f"{who} {one if len(override.people) == 1 else several}{whom}{_reason(override.reason)}"


def _reason(reason: str) -> str:
    return f": {reason.rstrip('.')}." if reason else "."


def is_same_answer(a: Occupancy, b: Occupancy) -> bool:
    """Whether two answers are one to whoever reads them: the same people for the same reason."""
    return a.people == b.people and a.why == b.why

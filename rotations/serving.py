"""Who serves by a rotation with its swaps, and by a layer during its hours. Knows no override or cover."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from rotations.eras import Steps
from rotations.exchanges import Half, TurnKey, exchanged
from rotations.hours import openings, weekdays_of
from rotations.model import Layer, Rotation, Weekdays
from rotations.occupancy import Occupancy, Serving, because, named, nobody
from rotations.timeline import together
from rotations.turns import Earlier, RotationTurns, Term, TurnSpan


class SeatCalendar(Struct, frozen=True):
    """What all rotations of one seat in one era share: its place and served days, swaps, names, and the
    turns that stood there before, by layer."""

    zone: str
    days: Weekdays
    halves: Mapping[TurnKey, tuple[Half, ...]]
    names: Mapping[str, str]
    earlier: Mapping[str, Earlier]


class Turning:
    """A rotation with its swaps; `layer` "" is the rotation of the seat itself."""

    __slots__ = ("_calendar", "layer", "turns")

    def __init__(self, layer: str, rotation: Rotation, days: Weekdays, calendar: SeatCalendar) -> None:
        self.layer = layer
        self.turns = RotationTurns(rotation, calendar.zone, days, calendar.earlier.get(layer))
        self._calendar = calendar

    def steps(self, opens: datetime, closes: datetime) -> Steps[Occupancy]:
        """Who serves from each instant on; nobody before the rotation begins."""
        return [
            (span.start, self._sits(span) if span.member else self._not_begun(term))
            for term, span in self.turns.spans(opens, closes)
        ]

    def _sits(self, span: TurnSpan) -> Occupancy:
        who = named(span.member, self._calendar.names)
        base = f"The layer {self.layer} says {who}." if self.layer else f"The rotation says {who}."
        halves = self._calendar.halves.get((self.layer, span.number))
        if halves is None:
            serving = Serving(self.layer, span.number, span.member, is_swapped=False)
            return Occupancy(span.member, (base,), span.end, serving)
        exchange = exchanged(span.member, halves)
        why = (*(self._swapped(half) for half in reversed(exchange.counted)), base)
        serving = Serving(self.layer, span.number, exchange.people, bool(exchange.counted))
        return Occupancy(exchange.people, why, span.end, serving)

    def _swapped(self, half: Half) -> str:
        person, other = (named([key], self._calendar.names) for key in (half.person, half.ref.person))
        return f"{person} swapped with {other}{because(half.swap.reason)}"

    def _not_begun(self, term: Term) -> Occupancy:
        version = term.version
        return nobody(
            f"the rotation begins on {version.starts_on} at {version.at:%H:%M} {self._calendar.zone}"
        )


class Laid:
    """A layer with its hours."""

    __slots__ = ("_hours", "_zone", "turning")

    def __init__(self, layer: Layer, calendar: SeatCalendar) -> None:
        days = weekdays_of(layer.hours) or calendar.days
        self.turning = Turning(layer.name, layer.rotation, days, calendar)
        self._hours = layer.hours
        self._zone = calendar.zone

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

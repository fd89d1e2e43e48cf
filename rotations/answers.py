"""What is said about who is on call, as parts: names, reasons and instants. No Slack markup, no own clock.

Instants stay instants, so that whoever renders a part can show each reader their own time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from rotations.model import Organisation, Seat
from rotations.refusals import UnknownSeat
from rotations.shifts import Gap, Holding, Resolver
from rotations.wording import listed

OPEN_SHIFTS_AHEAD = timedelta(days=7)


class SeatLine(Struct, frozen=True):
    """One seat: who, until when, and why. `until` is when this stops being true, `turn_until` when the
    person's turn really ends; None where no end is in sight.
    """

    region: str
    seat: Seat
    people: tuple[str, ...]
    names: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    turn_until: datetime | None
    why: tuple[str, ...]

    @property
    def label(self) -> str:
        """ "Primary"."""
        return self.seat.value.capitalize()

    @property
    def text(self) -> str:
        """ "Ana Lima", "Bo Chen and Cy Okafor", or "nobody"."""
        return listed(self.names) or "nobody"

    @property
    def is_changed(self) -> bool:
        """Whether somebody else than the rotation says; then the first reasons say how."""
        return len(self.why) > 1


class RegionAnswer(Struct, frozen=True):
    """One region that holds, with its zone, until when it holds, and its seats."""

    region: str
    zone: str
    until: datetime | None
    seats: tuple[SeatLine, ...]


class Upcoming(Struct, frozen=True):
    """A region that takes over at an instant, or a shift that begins."""

    at: datetime
    region: str
    seats: tuple[SeatLine, ...]


class OnCallAnswer(Struct, frozen=True):
    """Who is on call at `at`: the region that took over last first. No regions: nobody holds then."""

    at: datetime
    regions: tuple[RegionAnswer, ...]
    next: tuple[Upcoming, ...]
    open_shifts: tuple[Gap, ...]


class Answers:
    """Answers about one schedule of an organisation."""

    __slots__ = ("_names", "_resolver")

    def __init__(self, organisation: Organisation, resolver: Resolver) -> None:
        self._names = organisation.names()
        self._resolver = resolver

    def on_call(self, at: datetime) -> OnCallAnswer:
        """Who is on at an instant and why, who follows, and which shifts of the next 7 days are open."""
        rows = self._resolver.at(at)
        current = self._resolver.current_region(at)
        held = self._resolver.holding_regions(at)
        ordered = sorted(held, key=lambda region: region != current)
        regions = tuple(
            RegionAnswer(
                region.name,
                region.zone,
                self._resolver.holds_until(region.name, at),
                tuple(self._line(row) for row in rows if row.region == region.name),
            )
            for region in ordered
        )
        _, gaps = self._resolver.between(at, at + OPEN_SHIFTS_AHEAD)
        # An open shadow is no hole: nobody would page it.
        missed = tuple(gap for gap in gaps if gap.seat is not Seat.SHADOW)
        return OnCallAnswer(at, regions, self.next_regions(at), missed)

    def next_regions(self, after: datetime) -> tuple[Upcoming, ...]:
        """The other regions that take over after an instant, each once, in the order in which they do."""
        found: dict[str, Upcoming] = {}
        for upcoming in self._takeovers(after):
            if upcoming.region in found:
                break
            found[upcoming.region] = upcoming
        held = {region.name for region in self._resolver.holding_regions(after)}
        others = tuple(upcoming for upcoming in found.values() if upcoming.region not in held)
        return others or tuple(found.values())

    def next_of_region(self, region: str, after: datetime) -> Upcoming | None:
        """When a region next takes over, and with whom. Raises UnknownSeat for a region it has not."""
        if self._resolver.schedule.region(region) is None:
            raise UnknownSeat(f"There is no region {region}.")
        return next((found for found in self._takeovers(after) if found.region == region), None)

    def next_of_person(self, person: str, after: datetime) -> Upcoming | None:
        """The next shift that begins for a person, with the seats they take; None within 400 days."""
        for change in self._resolver.transitions(after):
            before = {(row.region, row.seat) for row in change.before if person in row.people}
            lines = [
                self._line(row)
                for row in change.after
                if person in row.people and (row.region, row.seat) not in before
            ]
            if lines:
                return Upcoming(change.at, lines[0].region, tuple(lines))
        return None

    def _takeovers(self, after: datetime) -> Iterator[Upcoming]:
        for change in self._resolver.transitions(after):
            before = {row.region for row in change.before}
            for region in dict.fromkeys(row.region for row in change.after if row.region not in before):
                lines = tuple(self._line(row) for row in change.after if row.region == region)
                yield Upcoming(change.at, region, lines)

    def _line(self, row: Holding) -> SeatLine:
        names = tuple(self._names.get(person, person) for person in row.people)
        return SeatLine(row.region, row.seat, row.people, names, row.start, row.end, row.turn_until, row.why)

"""Which seat a calendar is read for: where and when its region holds, and which events are for another."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from rotations.holds import holds_of
from rotations.ics.content import Component
from rotations.imports import Asked
from rotations.model import Seat

REGION, SEAT = "X-MERIDIAN-REGION", "X-MERIDIAN-SEAT"
"""How our own feeds mark what an event is for."""


class Wanted(Struct, frozen=True):
    """`held` are the spans in which the region holds the schedule, None where that is not known.

    `zone` is the region's, by which clock changes are told.
    """

    region: str
    seat: Seat
    zone: str | None
    start: datetime
    end: datetime
    held: tuple[tuple[datetime, datetime], ...] | None

    def other_seat(self, event: Component) -> str:
        """Why an event of our own feeds is for another seat; "" where it is not."""
        region, seat = event.text(REGION), event.text(SEAT)
        is_other = (region and region.casefold() != self.region.casefold()) or (
            seat and seat.casefold() != self.seat.value
        )
        return f"It is for {region or self.region} {seat or self.seat.value}." if is_other else ""

    def held_of(self, start: datetime, end: datetime) -> timedelta:
        """How much of a span the region holds, within the time wanted."""
        start, end = max(start, self.start), min(end, self.end)
        if self.held is None:
            return end - start
        first = max(bisect_right(self.held, (start, start)) - 1, 0)
        total = timedelta()
        for opens, closes in self.held[first:]:
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta())
        return total


def wanted_of(asked: Asked) -> Wanted:
    schedule = asked.organisation.schedule(asked.schedule)
    region = schedule.region(asked.region) if schedule else None
    if schedule is None or region is None:
        return Wanted(asked.region, asked.seat, asked.zone, asked.start, asked.end, None)
    rows = holds_of(replace(schedule, past=())).between(asked.start, asked.end)
    held = [
        (opens, closes)
        for order, opens, closes in rows
        if order is not None and schedule.regions[order].name == region.name
    ]
    is_whole = len(held) == 1 and held[0] == (asked.start, asked.end)
    spans = None if is_whole else tuple(held)
    return Wanted(region.name, asked.seat, region.zone, asked.start, asked.end, spans)

"""What one place will look like after a change, turn by turn, beside what it was. Pure; changes nothing."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from rotations.model import Organisation
from rotations.replanning import Place
from rotations.shifts import Resolver, resolver_of


class Stretch(Struct, frozen=True):
    """These people serve from `start` to `end`, in the hours in which the region holds; `was` served before
    the change. Empty people: nobody.
    """

    start: datetime
    end: datetime
    people: tuple[str, ...]
    was: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return set(self.people) != set(self.was)


def preview(
    before: Organisation, after: Organisation, place: Place, window: tuple[datetime, datetime]
) -> tuple[Stretch, ...]:
    """The stretches of one place in the window: one for each turn, and where people change within it."""
    old = resolver_of(before, place.schedule) if before.schedule(place.schedule) else None
    rows, _ = resolver_of(after, place.schedule).between(*window)
    found: list[Stretch] = []
    turns: list[datetime | None] = []
    for row in rows:
        if (row.region, row.seat) != (place.region, place.seat):
            continue
        stretch = Stretch(row.start, row.end, row.people, _was(old, place, row.start))
        goes_on = found and (found[-1].people, found[-1].was) == (stretch.people, stretch.was)
        if goes_on and turns[-1] == row.turn_until:
            found[-1] = replace(found[-1], end=row.end)
        else:
            found.append(stretch)
            turns.append(row.turn_until)
    return tuple(found)


def _was(old: Resolver | None, place: Place, at: datetime) -> tuple[str, ...]:
    sits = old.seat_at(place.region, place.seat, at) if old is not None else None
    return sits.people if sits is not None else ()

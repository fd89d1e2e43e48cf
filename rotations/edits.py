"""What comes and goes beside the schedules: overrides, swaps, absences. Pure: it stores and tells nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from rotations.changes import Moved, moved
from rotations.model import Absence, Organisation, Override, Seat, Swap
from rotations.overrides import admit
from rotations.shifts import Resolver, resolver_of
from rotations.withdrawn import without


class Edit(Struct, frozen=True):
    """What is made, and the ids of what is withdrawn."""

    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    absences: tuple[Absence, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @property
    def made(self) -> tuple[str, ...]:
        """The ids of what it makes."""
        overrides = (one.id for one in self.overrides)
        return (*overrides, *(one.id for one in self.swaps), *(one.id for one in self.absences))


def edited(standing: Organisation, edit: Edit, now: datetime) -> Organisation:
    """The organisation after an edit made at `now`. Raises OverlappingOverride."""
    gone = frozenset(edit.withdrawn)
    overrides = without(standing.overrides, dict.fromkeys(gone, now))
    for override in edit.overrides:
        if override.end > now:
            overrides = admit(overrides, from_now(override, now))
    swaps = (*(swap for swap in standing.swaps if swap.id not in gone), *edit.swaps)
    absences = (*(one for one in standing.absences if one.id not in gone), *edit.absences)
    return replace(standing, overrides=overrides, swaps=swaps, absences=absences)


def from_now(override: Override, now: datetime) -> Override:
    """An override as it counts when it is made at `now`: the past keeps its answers."""
    return replace(override, start=max(override.start, now))


def moved_by(standing: Organisation, edit: Edit, now: datetime) -> tuple[Moved, ...]:
    """Whose shifts an edit moves from now on, as stretches. Raises OverlappingOverride."""
    after = edited(standing, edit, now)
    window = _window(standing, edit)
    if window is None or window[1] <= now:
        return ()
    start, end = max(window[0], now), window[1]
    return joined(moved(standing, after, start, end), after, start, end)


def joined(
    rows: Iterable[Moved], organisation: Organisation, start: datetime, end: datetime
) -> tuple[Moved, ...]:
    """The same change of one seat, shift after shift, as one row, as long as nobody else serves between."""
    found: dict[tuple[str, str, Seat], list[Moved]] = {}
    begins: dict[str, dict[tuple[str, Seat], list[datetime]]] = {}
    for row in sorted(rows, key=lambda row: row.start):
        if row.schedule not in begins:
            begins[row.schedule] = _beginnings(resolver_of(organisation, row.schedule), start, end)
        starts = begins[row.schedule].get((row.region, row.seat), [])
        place = (row.schedule, row.region, row.seat)
        mine = found.setdefault(place, [])
        if mine and _goes_on(mine[-1], row, starts):
            mine[-1] = Moved(*place, mine[-1].start, row.end, row.before, row.after)
        else:
            mine.append(row)
    return tuple(sorted((row for mine in found.values() for row in mine), key=lambda row: row.start))


def _beginnings(resolver: Resolver, start: datetime, end: datetime) -> dict[tuple[str, Seat], list[datetime]]:
    starts: dict[tuple[str, Seat], list[datetime]] = {}
    for shift in resolver.between(start, end)[0]:
        if not shift.people:  # hours that were open and stay so, as those at night
            continue
        starts.setdefault((shift.region, shift.seat), []).append(shift.start)
    return starts


def _goes_on(last: Moved, row: Moved, starts: Sequence[datetime]) -> bool:
    is_same = (last.before, last.after) == (row.before, row.after)
    return is_same and bisect_left(starts, last.end) == bisect_left(starts, row.start)


def _window(standing: Organisation, edit: Edit) -> tuple[datetime, datetime] | None:
    """From the first to the last instant that an edit can change; None for one that moves nobody."""
    gone = frozenset(edit.withdrawn)
    overrides = (*edit.overrides, *(one for one in standing.overrides if one.id in gone))
    swaps = (*edit.swaps, *(one for one in standing.swaps if one.id in gone))
    spans = [(one.start, one.end) for one in overrides]
    for swap in swaps:
        resolver = resolver_of(standing, swap.schedule)
        spans += [span for ref in (swap.one, swap.other) if (span := resolver.span_of(ref)) is not None]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None

"""What a change does: a line for each thing that is new, gone or different, and whose shifts move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from rotations.codec_schedules import stamp
from rotations.escalation import Policy
from rotations.model import Organisation, Override, Schedule, Seat
from rotations.overrides import SeatKey
from rotations.shifts import Shift, resolver_of
from rotations.timeline import together
from rotations.wallclock import utc


class Moved(Struct, frozen=True):
    """In `[start, end)` others are on a seat than before, or nobody, while its region holds."""

    schedule: str
    region: str
    seat: Seat
    start: datetime
    end: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]


_People = list[tuple[datetime, tuple[str, ...]]]


def changes(before: Organisation, after: Organisation) -> tuple[str, ...]:
    """Nothing where nothing differs. Of policies made in chat it says that they go on counting first."""
    return (
        *_differences("Person", _people(before), _people(after)),
        *_schedules(before, after),
        *_differences("Override", _overrides(before), _overrides(after)),
        *_differences("Absence", _absences(before), _absences(after)),
        *_escalation(before, after),
        *_settings(before, after),
    )


def moved(before: Organisation, after: Organisation, start: datetime, end: datetime) -> tuple[Moved, ...]:
    """Whose shifts of `[start, end)` a change moves, by start, then schedule, region and seat.

    Two orders of the same people are the same. Raises BeyondCalendar.
    """
    start, end = utc(start), utc(end)
    names = dict.fromkeys(schedule.name for whole in (before, after) for schedule in whole.schedules)
    rows: list[Moved] = []
    for name in names:
        old, new = _on_call(before, name, start, end), _on_call(after, name, start, end)
        for region, seat in dict.fromkeys((*new, *old)):
            nobody: _People = [(start, ())]
            was, is_ = old.get((region, seat), nobody), new.get((region, seat), nobody)
            rows += [Moved(name, region, seat, *each) for each in _differing(was, is_, end)]
    return tuple(sorted(rows, key=lambda row: row.start))


def _on_call(
    organisation: Organisation, schedule: str, start: datetime, end: datetime
) -> dict[SeatKey, _People]:
    """Who is on each seat from each instant on, nobody while its region does not hold."""
    if organisation.schedule(schedule) is None:
        return {}
    shifts, _ = resolver_of(organisation, schedule).between(start, end)
    seats: dict[SeatKey, list[Shift]] = {}
    for shift in shifts:
        seats.setdefault((shift.region, shift.seat), []).append(shift)
    return {key: _from_each_instant(rows, start) for key, rows in seats.items()}


def _from_each_instant(shifts: Iterable[Shift], start: datetime) -> _People:
    people: dict[datetime, tuple[str, ...]] = {start: ()}
    for shift in shifts:
        people[shift.start] = shift.people
        people[shift.end] = ()
    return sorted(people.items())


def _differing(
    was: _People, is_: _People, end: datetime
) -> Iterator[tuple[datetime, datetime, tuple[str, ...], tuple[str, ...]]]:
    rows = [*together(was, is_), (end, (), ())]
    held: tuple[datetime, tuple[str, ...], tuple[str, ...]] | None = None
    for at, old, new in rows:
        if held is not None and (old, new) != held[1:]:
            yield held[0], at, held[1], held[2]
            held = None
        if held is None and set(old) != set(new):
            held = (at, old, new)


def _people(organisation: Organisation) -> dict[str, object]:
    return {person.key: person for person in organisation.people}


def _overrides(organisation: Organisation) -> dict[str, Override]:
    return {f"{_where(one)} from {stamp(one.start)}": one for one in organisation.overrides}


def _absences(organisation: Organisation) -> dict[str, object]:
    return {f"{one.person} from {stamp(one.start)}": one for one in organisation.absences}


def _where(override: Override) -> str:
    return f"{override.schedule} {override.region} {override.seat.value}"


def _schedules(before: Organisation, after: Organisation) -> Iterator[str]:
    yield from _differences("Schedule", _plain(before), _plain(after))
    for new in after.schedules:
        old = before.schedule(new.name)
        if old is not None:
            yield from _differences(f"Schedule {new.name}:", _seats(old), _seats(new))


def _plain(organisation: Organisation) -> dict[str, object]:
    """A schedule without its rotations: its mode, and the hours of its regions."""
    return {
        schedule.name: (schedule.mode, [(r.name, r.zone, r.starts, r.ends, r.days) for r in schedule.regions])
        for schedule in organisation.schedules
    }


def _seats(schedule: Schedule) -> dict[str, object]:
    seats: dict[str, object] = {}
    for region in schedule.regions:
        seats |= {f"{region.name} {seat.value}": filled for seat, filled in region.seats.items()}
        seats |= {f"{region.name} {seat.value}": filled for seat, filled in region.rosters.items()}
        seats |= {
            f"{region.name} {layer.seat.value}, layer {layer.name}": (order, layer)
            for order, layer in enumerate(region.layers)
        }
    return seats


def _escalation(before: Organisation, after: Organisation) -> Iterator[str]:
    old, new = _ladders(before, ""), _ladders(after, "")
    for when in dict.fromkeys((*old, *new)):
        was, is_ = old.get(when), new.get(when)
        if was is None and is_ is not None:
            yield f"Escalation of {when}: new: {is_.words}."
        elif is_ is None:
            yield f"Escalation of {when}: gone."
        elif was is not None and was.words != is_.words:
            yield f"Escalation of {when}: {was.words} → {is_.words}."
    yield from (
        f"Escalation of {when}: the change made in chat goes on counting." for when in _ladders(after)
    )
    gone = [when for when in _ladders(before) if when not in _ladders(after)]
    yield from (f"Escalation of {when}: the file says what was changed in chat." for when in gone)
    if list(old) != list(new) and set(old) == set(new):
        yield "Escalation: the policies are asked in another order."


def _ladders(organisation: Organisation, by: str | None = None) -> dict[str, Policy]:
    """By the words of their `when`: those of the file (`by` ""), or those made in chat."""
    wanted = (policy for policy in organisation.escalation if (policy.by == "") == (by == ""))
    return {policy.when.words: policy for policy in wanted}


def _settings(before: Organisation, after: Organisation) -> Iterator[str]:
    old = {"schedule": before.paged, "specialists": dict(before.specialists), "channels": before.channels}
    new = {"schedule": after.paged, "specialists": dict(after.specialists), "channels": after.channels}
    yield from _differences("Meridian:", old, new)


def _differences(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        if name not in old:
            yield f"{what} {name}: new."
        elif name not in new:
            yield f"{what} {name}: gone."
        elif old[name] != new[name]:
            yield f"{what} {name}: changed."

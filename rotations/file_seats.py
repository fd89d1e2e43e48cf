"""What fills the seats of a region in the file: rotations, rosters, layers. Collects faults, raises none."""

from __future__ import annotations

import re
from datetime import datetime, time

from msgspec import Struct

from rotations.fields import (
    Faults,
    Fields,
    choice_of,
    date_of,
    entries_of,
    items_of,
    moment_of,
    text_of,
    time_of,
)
from rotations.located import Located, Scalar, Sequence
from rotations.model import (
    EVERY_DAY,
    Hours,
    Layer,
    Member,
    Roster,
    RosterShift,
    Rotation,
    RotationVersion,
    Seat,
    Turn,
    TurnUnit,
    Weekdays,
)
from rotations.wallclock import instant
from rotations.wording import did_you_mean

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TURN = re.compile(r"(\d{1,4})\s+(day|week|served\s+day)s?", re.IGNORECASE)
_MAX_TURN = 1000


class Place(Struct, frozen=True):
    """The region whose seats are read, and who may be named; `zone` None where it could not be read."""

    region: str
    zone: str | None
    starts: time
    people: tuple[str, ...]


Seats = tuple[dict[Seat, Rotation], dict[Seat, Roster]]


def seats_of(node: Located | None, place: Place, faults: Faults) -> Seats:
    """The seats that are filled by a rotation, and those by a roster."""
    rotations: dict[Seat, Rotation] = {}
    rosters: dict[Seat, Roster] = {}
    for key, value in entries_of(node, f"Seats of {place.region}", faults) if node is not None else ():
        filled = _filled(value, f"The seat {key.text} of {place.region}", place, faults)
        if key.text not in tuple(Seat):
            faults.note(key, f'There is no seat "{key.text}"{did_you_mean(key.text, tuple(Seat))}')
        elif isinstance(filled, Roster):
            rosters[Seat(key.text)] = filled
        else:
            rotations[Seat(key.text)] = filled
    return rotations, rosters


def _filled(node: Located, what: str, place: Place, faults: Faults) -> Rotation | Roster:
    fields = Fields(node, what, ("rotation", "roster"), faults)
    rotation, roster = fields.get("rotation"), fields.get("roster")
    if rotation is None and roster is None:
        faults.note(node, f'{what} needs "rotation" or "roster".')
    elif rotation is not None and roster is not None:
        faults.note(roster, "A seat is filled by a rotation or by a roster, not by both.")
    turning = _rotation(rotation, place, faults) if rotation is not None else Rotation(())
    return turning if roster is None else _roster(roster, place, faults)


def layers_of(node: Located, place: Place, faults: Faults) -> tuple[Layer, ...]:
    """The layers of a region, in the order in which they are laid over each other."""
    layers: dict[tuple[str, Seat], Layer] = {}
    for item in items_of(node, "Layers", faults):
        layer = _layer(item, place, faults)
        if layer is not None and layers.setdefault((layer.name, layer.seat), layer) is not layer:
            faults.note(item, f'The layer "{layer.name}" stands twice on the seat {layer.seat.value}.')
    return tuple(layers.values())


def _layer(node: Located, place: Place, faults: Faults) -> Layer | None:
    fields = Fields(node, "The layer", ("name", "seat", "rotation", "hours"), faults)
    name = fields.read_needed("name", text_of)
    seat = fields.read_needed("seat", _seat_of)
    turning = fields.need("rotation")
    rotation = _rotation(turning, place, faults) if turning is not None else Rotation(())
    no_hours: tuple[Hours, ...] = ()
    hours = fields.read("hours", _hours_of, no_hours)
    return Layer(name, Seat(seat), rotation, hours) if name and seat else None


def _seat_of(node: Located, faults: Faults) -> str | None:
    return choice_of(node, tuple(Seat), "seat", faults)


def _hours_of(node: Located, faults: Faults) -> tuple[Hours, ...]:
    items = items_of(node, "Hours", faults)
    if isinstance(node, Sequence) and not items:
        faults.note(node, "Hours must name a time; a layer without hours always counts.")
    read = (_hours(item, faults) for item in items)
    return tuple(hours for hours in read if hours is not None)


def _hours(node: Located, faults: Faults) -> Hours | None:
    fields = Fields(node, "The window", ("days", "starts", "ends"), faults)
    days = fields.read("days", days_of, EVERY_DAY)
    starts, ends = fields.read_needed("starts", time_of), fields.read_needed("ends", ends_of)
    return Hours(days, starts, ends) if starts is not None and ends is not None else None


def _roster(node: Located, place: Place, faults: Faults) -> Roster:
    read = (_shift(item, place, faults) for item in items_of(node, "A roster", faults))
    return Roster(tuple(shift for shift in read if shift is not None))


def _shift(node: Located, place: Place, faults: Faults) -> RosterShift | None:
    fields = Fields(node, "The shift", ("people", "from", "until"), faults)
    listed = fields.need("people")
    people = () if listed is None else person_keys(listed, place.people, faults)
    start, end = moment_in(fields, "from", place.zone), moment_in(fields, "until", place.zone)
    if start is None or end is None or not people:
        return None
    if start >= end:
        faults.note(node, "The shift ends before it begins.")
    return RosterShift(people, start, end)


def moment_in(fields: Fields, key: str, zone: str | None) -> datetime | None:
    """A needed instant; without an offset it is local in the zone, and without a zone it cannot be told."""
    moment = fields.read_needed(key, moment_of)
    if moment is None or moment.tzinfo is not None:
        return moment
    return instant(moment.date(), moment.time(), zone) if zone else None


def _rotation(node: Located, place: Place, faults: Faults) -> Rotation:
    """The rotation; without versions where it could not be read."""
    fields = Fields(node, "The rotation", ("members", "turn", "from", "at"), faults)
    listed = fields.need("members")
    members = () if listed is None else _members(listed, place.people, faults)
    turn = fields.read_needed("turn", _turn_of)
    starts_on = fields.read_needed("from", date_of)
    at = fields.read("at", time_of, place.starts)
    if turn is None or starts_on is None:
        return Rotation(())
    return Rotation((RotationVersion(members, turn, starts_on, at),))


def _members(node: Located, people: tuple[str, ...], faults: Faults) -> tuple[Member, ...]:
    items = items_of(node, "Members", faults)
    if isinstance(node, Sequence) and not items:
        faults.note(node, "A rotation needs one member at least.")
    groups = (
        person_keys(
            item if isinstance(item, Sequence) else Sequence(item.line, item.column, (item,)), people, faults
        )
        for item in items
    )
    return tuple(group for group in groups if group)


def person_keys(node: Located, people: tuple[str, ...], faults: Faults) -> tuple[str, ...]:
    """Keys of known people, each once; a list without anybody is a fault."""
    items = items_of(node, "People", faults)
    if isinstance(node, Sequence) and not items:
        faults.note(node, "Somebody must be named here.")
    read = (person_key(item, people, faults) for item in items)
    return tuple(dict.fromkeys(key for key in read if key is not None))


def person_key(node: Located, people: tuple[str, ...], faults: Faults) -> str | None:
    """The key of one known person."""
    text = text_of(node, faults)
    if text is not None and text not in people:
        faults.note(node, f'Nobody has the key "{text}"{did_you_mean(text, people)}')
        return None
    return text


def ends_of(node: Located, faults: Faults) -> time | None:
    """A clock time, or 24:00 as people write the end of the day."""
    if isinstance(node, Scalar) and node.text == "24:00":
        return time(0)
    return time_of(node, faults)


def days_of(node: Located, faults: Faults) -> Weekdays | None:
    """Weekdays by their first three letters."""
    items = items_of(node, "Days", faults)
    if isinstance(node, Sequence) and not items:
        faults.note(node, "Days must name one weekday at least.")
    named = (choice_of(item, WEEKDAYS, "weekday", faults) for item in items)
    return tuple(sorted({WEEKDAYS.index(day) for day in named if day is not None})) or None


def _turn_of(node: Located, faults: Faults) -> Turn | None:
    text = text_of(node, faults)
    found = _TURN.fullmatch(text) if text else None
    if found and 0 < int(found[1]) <= _MAX_TURN:
        return Turn(int(found[1]), TurnUnit(" ".join(found[2].lower().split())))
    if text is not None:
        faults.note(node, f'"{text}" is not a turn; write it like 1 week, 2 days or 1 served day.')
    return None

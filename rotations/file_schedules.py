"""The `schedules` section of the file: modes, regions, seats, rotations. Collects faults, raises none."""

from __future__ import annotations

import re
from datetime import time

from rotations.fields import (
    Faults,
    Fields,
    choice_of,
    date_of,
    entries_of,
    items_of,
    text_of,
    time_of,
    zone_of,
)
from rotations.located import Located, Scalar, Sequence
from rotations.model import (
    EVERY_DAY,
    Member,
    Mode,
    Region,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
    Weekdays,
)
from rotations.wording import did_you_mean

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TURN = re.compile(r"(\d{1,4})\s+(day|week|served\s+day)s?", re.IGNORECASE)
_MAX_TURN = 1000


def schedules_of(node: Located | None, people: tuple[str, ...], faults: Faults) -> tuple[Schedule, ...]:
    """Every schedule that could be read; `people` are the keys that members may name."""
    entries = [] if node is None else entries_of(node, "Schedules", faults)
    return tuple(_schedule(key, value, people, faults) for key, value in entries)


def _schedule(key: Scalar, node: Located, people: tuple[str, ...], faults: Faults) -> Schedule:
    fields = Fields(node, f"The schedule {key.text}", ("mode", "regions"), faults)
    mode = fields.read("mode", _mode_of, Mode.CHAIN)
    regions = fields.need("regions")
    entries = [] if regions is None else entries_of(regions, f"Regions of {key.text}", faults)
    if regions is not None and not entries:
        faults.note(regions, f"The schedule {key.text} needs a region.")
    return Schedule(
        key.text, mode, tuple(_region(name, value, mode, people, faults) for name, value in entries)
    )


def _mode_of(node: Located, faults: Faults) -> Mode | None:
    named = choice_of(node, tuple(Mode), "mode", faults)
    return None if named is None else Mode(named)


def _region(key: Scalar, node: Located, mode: Mode, people: tuple[str, ...], faults: Faults) -> Region:
    """The region; what could not be read stands as a placeholder, so that one fault does not cause others."""
    fields = Fields(node, f"The region {key.text}", ("zone", "starts", "ends", "days", "seats"), faults)
    zone = fields.read_needed("zone", zone_of)
    starts = fields.read_needed("starts", time_of)
    if mode is Mode.WINDOWS:
        fields.need("ends")
    ends = fields.read("ends", _ends_of, None)
    days = fields.read("days", _days_of, EVERY_DAY)
    seats = _seats(key.text, fields.need("seats"), starts or time(0), people, faults)
    return Region(key.text, zone or "UTC", starts or time(0), seats, ends, days)


def _ends_of(node: Located, faults: Faults) -> time | None:
    """A clock time, or 24:00 as people write the end of the day."""
    if isinstance(node, Scalar) and node.text == "24:00":
        return time(0)
    return time_of(node, faults)


def _days_of(node: Located, faults: Faults) -> Weekdays | None:
    items = items_of(node, "Days", faults)
    if isinstance(node, Sequence) and not items:
        faults.note(node, "Days must name one weekday at least.")
    named = (choice_of(item, WEEKDAYS, "weekday", faults) for item in items)
    return tuple(sorted({WEEKDAYS.index(day) for day in named if day is not None})) or None


def _seats(
    region: str, node: Located | None, starts: time, people: tuple[str, ...], faults: Faults
) -> dict[Seat, Rotation]:
    seats: dict[Seat, Rotation] = {}
    for key, value in entries_of(node, f"Seats of {region}", faults) if node is not None else ():
        fields = Fields(value, f"The seat {key.text} of {region}", ("rotation",), faults)
        rotation = fields.need("rotation")
        versions = () if rotation is None else _rotation(rotation, starts, people, faults)
        if key.text in tuple(Seat):
            seats[Seat(key.text)] = Rotation(versions)
        else:
            faults.note(key, f'There is no seat "{key.text}"{did_you_mean(key.text, tuple(Seat))}')
    return seats


def _rotation(
    node: Located, starts: time, people: tuple[str, ...], faults: Faults
) -> tuple[RotationVersion, ...]:
    fields = Fields(node, "The rotation", ("members", "turn", "from", "at"), faults)
    listed = fields.need("members")
    members = () if listed is None else _members(listed, people, faults)
    turn = fields.read_needed("turn", _turn_of)
    starts_on = fields.read_needed("from", date_of)
    at = fields.read("at", time_of, starts)
    return () if turn is None or starts_on is None else (RotationVersion(members, turn, starts_on, at),)


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
    keys: dict[str, None] = {}
    for item in items:
        text = text_of(item, faults)
        if text in people:
            keys[text] = None
        elif text is not None:
            faults.note(item, f'Nobody has the key "{text}"{did_you_mean(text, people)}')
    return tuple(keys)


def _turn_of(node: Located, faults: Faults) -> Turn | None:
    text = text_of(node, faults)
    found = _TURN.fullmatch(text) if text else None
    if found and 0 < int(found[1]) <= _MAX_TURN:
        return Turn(int(found[1]), TurnUnit(" ".join(found[2].lower().split())))
    if text is not None:
        faults.note(node, f'"{text}" is not a turn; write it like 1 week, 2 days or 1 served day.')
    return None

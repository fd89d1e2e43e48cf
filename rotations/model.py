"""The nouns: people, schedules, regions, seats, rotations, what changes them. Values only, no arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import StrEnum

from msgspec import Struct, field

from rotations.escalation import Policy

Member = tuple[str, ...]
"""Keys of the people who are on call together; usually one."""

Weekdays = tuple[int, ...]
"""Days of the week as `date.weekday()` counts them: Monday is 0."""

EVERY_DAY: Weekdays = (0, 1, 2, 3, 4, 5, 6)


class Seat(StrEnum):
    """The seats of a region, in the order answers list them. Shadow is never paged."""

    PRIMARY = "primary"
    BACKUP = "backup"
    LEAD = "lead"
    SHADOW = "shadow"


class Mode(StrEnum):
    """chain: a region holds until the next region starts. windows: fixed local hours."""

    CHAIN = "chain"
    WINDOWS = "windows"


class TurnUnit(StrEnum):
    """What a turn counts: calendar days, weeks, or only the days on which the region serves."""

    DAY = "day"
    WEEK = "week"
    SERVED_DAY = "served day"


class OverrideKind(StrEnum):
    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


class Person(Struct, frozen=True):
    """Somebody who can be on call. `slack` is a user id or an e-mail address; `region` a region's name.

    `ring` is where their phone rings, as `provider:where`; `mail` an address for copies of their pages.
    """

    key: str
    name: str
    slack: str | None = None
    zone: str = "UTC"
    country: str | None = None
    region: str | None = None
    team: str | None = None
    skills: tuple[str, ...] = ()
    vendor: bool = False
    lead: bool = False
    phone: str | None = None
    ring: str | None = None
    mail: str | None = None


class Turn(Struct, frozen=True):
    """How long one member serves before the next."""

    count: int
    unit: TurnUnit


class RotationVersion(Struct, frozen=True):
    """Members in order, their turn, and the anchor: local date and clock time in the region's zone.

    In force from `effective_from` (None: from the beginning) until the next version.
    """

    members: tuple[Member, ...]
    turn: Turn
    starts_on: date
    at: time
    effective_from: datetime | None = None


class Rotation(Struct, frozen=True):
    """Versions in the order in which they come into force; never empty. An edit appends one."""

    versions: tuple[RotationVersion, ...]


class Hours(Struct, frozen=True):
    """Local hours that begin on some weekdays; `ends` at or before `starts` means the next local day."""

    days: Weekdays
    starts: time
    ends: time


class Layer(Struct, frozen=True):
    """A rotation laid over a seat during its hours, in the region's zone; without hours always.

    Where its rotation has not begun, what lies below counts. A region's later layer beats an earlier one.
    """

    name: str
    seat: Seat
    rotation: Rotation
    hours: tuple[Hours, ...] = ()


class RosterShift(Struct, frozen=True):
    """People who are on call in `[start, end)`, in UTC."""

    people: tuple[str, ...]
    start: datetime
    end: datetime


class Roster(Struct, frozen=True):
    """A seat planned shift by shift. Where shifts overlap, everybody of them is on call together."""

    shifts: tuple[RosterShift, ...]


class Region(Struct, frozen=True):
    """A place that holds the schedule for some hours. `ends` and `days` count in windows mode only.

    A seat is filled by a rotation (`seats`) or a roster, and by the layers over it; a layer may stand alone.
    """

    name: str
    zone: str
    starts: time
    seats: Mapping[Seat, Rotation]
    ends: time | None = None
    days: Weekdays = EVERY_DAY
    layers: tuple[Layer, ...] = ()
    rosters: Mapping[Seat, Roster] = field(default_factory=dict)

    def all_seats(self) -> tuple[Seat, ...]:
        """Every seat that a rotation, a roster or a layer fills, in the order answers list them."""
        layered = {layer.seat for layer in self.layers}
        return tuple(s for s in Seat if s in self.seats or s in self.rosters or s in layered)


class Epoch(Struct, frozen=True):
    """What a schedule was until an instant, since the epoch before it."""

    until: datetime
    mode: Mode
    regions: tuple[Region, ...]


class Schedule(Struct, frozen=True):
    """Regions in file order; of two that start at one instant the later holds. `past` oldest first."""

    name: str
    mode: Mode
    regions: tuple[Region, ...]
    past: tuple[Epoch, ...] = ()

    def region(self, name: str) -> Region | None:
        return next((region for region in self.regions if region.name == name), None)


class Override(Struct, frozen=True):
    """A change of one seat of one region in `[start, end)`; it never touches another region.

    `cover` stands in for somebody absent and gives way to a swap. `instead_of` names the one person who is
    replaced: then the others of a group stay, and nothing changes while that person would not serve anyway.
    `ask` is the id of the request for cover it came from.
    """

    id: str
    schedule: str
    region: str
    seat: Seat
    kind: OverrideKind
    people: tuple[str, ...]
    start: datetime
    end: datetime
    reason: str = ""
    by: str | None = None
    cover: bool = False
    ask: str = ""
    instead_of: str = ""


class TurnRef(Struct, frozen=True):
    """One person's part in one turn. `number` counts on through a rotation's versions; `layer` "" is the
    rotation of the seat itself."""

    region: str
    seat: Seat
    number: int
    person: str
    layer: str = ""


class Swap(Struct, frozen=True):
    """In turn `one` the person of `other` serves instead of the person of `one`, and the reverse.

    Each half counts only while the rotation still names that person in that turn, whenever the turn is.
    """

    id: str
    schedule: str
    one: TurnRef
    other: TurnRef
    by: str
    reason: str = ""


class Absence(Struct, frozen=True):
    """A person is away in `[start, end)`. It warns and asks for cover; it never takes anybody off a seat."""

    id: str
    person: str
    start: datetime
    end: datetime
    reason: str = ""
    by: str | None = None


class Channels(Struct, frozen=True):
    """Names of the channels Meridian speaks in, without the leading #, or their ids."""

    announce: str = "incidents"
    team: str = "safety-handoff"
    operations: str = "meridian-ops"


class Organisation(Struct, frozen=True):
    """Everything a schedules file says, and what chat has added.

    `paged` names the schedule that pages go to (None: the first).
    `specialists` maps a kind ("legal", "policy", "executive") to the name of a schedule of its own.
    `escalation` is asked in order, the first policy that is for an incident counts.
    """

    people: tuple[Person, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    overrides: tuple[Override, ...] = ()
    paged: str | None = None
    specialists: Mapping[str, str] = field(default_factory=dict)
    channels: Channels = Channels()
    escalation: tuple[Policy, ...] = ()
    swaps: tuple[Swap, ...] = ()
    absences: tuple[Absence, ...] = ()

    def person(self, key: str) -> Person | None:
        return next((person for person in self.people if person.key == key), None)

    def person_by_slack(self, slack: str) -> Person | None:
        """The person with this Slack user id or e-mail address, as the file gives it."""
        return next((person for person in self.people if person.slack == slack), None)

    def schedule(self, name: str) -> Schedule | None:
        return next((schedule for schedule in self.schedules if schedule.name == name), None)

    def paged_schedule(self) -> Schedule | None:
        """The schedule that pages go to; None in an organisation without schedules."""
        if self.paged is not None:
            return self.schedule(self.paged)
        return next(iter(self.schedules), None)

    def specialist_schedules(self) -> dict[str, str]:
        """Kind → schedule; one that is named nowhere, and not paged, is a specialist by its own name."""
        paged, named = self.paged_schedule(), dict(self.specialists)
        for schedule in self.schedules:
            if paged is not None and schedule.name != paged.name and schedule.name not in named.values():
                named.setdefault(schedule.name, schedule.name)
        return named

    def leads(self, region: str | None = None) -> Iterator[Person]:
        """People marked as leads, of one region or of all, in file order."""
        return (p for p in self.people if p.lead and region in (None, p.region))

    def names(self) -> dict[str, str]:
        """Person key → the name people read."""
        return {person.key: person.name for person in self.people}

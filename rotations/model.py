"""The nouns: people, schedules, regions, seats, rotations, overrides. Values only, no arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Person:
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


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one member serves before the next."""

    count: int
    unit: TurnUnit


@dataclass(frozen=True, slots=True)
class RotationVersion:
    """Members in order, their turn, and the anchor: local date and clock time in the region's zone.

    In force from `effective_from` (None: from the beginning) until the next version.
    """

    members: tuple[Member, ...]
    turn: Turn
    starts_on: date
    at: time
    effective_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rotation:
    """Versions in the order in which they come into force; never empty. An edit appends one."""

    versions: tuple[RotationVersion, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A place that holds the schedule for some hours. `ends` and `days` count in windows mode only."""

    name: str
    zone: str
    starts: time
    seats: Mapping[Seat, Rotation]
    ends: time | None = None
    days: Weekdays = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Schedule:
    """Regions in file order; of two that start at one instant the later holds."""

    name: str
    mode: Mode
    regions: tuple[Region, ...]

    def region(self, name: str) -> Region | None:
        return next((region for region in self.regions if region.name == name), None)


@dataclass(frozen=True, slots=True)
class Override:
    """A change of one seat of one region in `[start, end)`; it never touches another region."""

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


@dataclass(frozen=True, slots=True)
class Channels:
    """Names of the channels Meridian speaks in, without the leading #."""

    announce: str = "incidents"
    team: str = "safety-handoff"
    operations: str = "meridian-ops"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everything a schedules file says. `paged` names the schedule that pages go to (None: the first).

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

"""Values of date, time and duration as calendars write them, brought to wall-clock times in a known zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from rotations.ics.content import Property
from rotations.ics.zones import LONGEST_NAME, Zone, Zones
from rotations.wallclock import instant, local
from rotations.zones import city

FIRST_YEAR, LAST_YEAR = 1970, 2100

_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)?(Z|[+-]\d{4})?)?", re.IGNORECASE)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?", re.IGNORECASE
)


class Unreadable(Exception):
    """Why an event cannot be taken, as a sentence."""


class Moment(Struct, frozen=True):
    """A wall-clock time in a zone. `is_day` where the file gave a date alone: the day's first minute."""

    wall: datetime
    zone: Zone
    is_day: bool = False

    def utc(self) -> datetime | None:
        """The instant; None in a zone of the file's own, which the expander alone can tell."""
        if isinstance(self.zone, str):
            return instant(self.wall.date(), self.wall.time(), self.zone)
        return None

    def on(self, zone: str) -> datetime:
        """What the clocks of an IANA zone show then. Not of a zone of the file's own."""
        at = self.utc()
        return self.wall if at is None or self.zone == zone else local(at, zone).replace(tzinfo=None)

    def oddity(self) -> str:
        """What is odd about it: the day has no such hour, or has it twice; "" for most."""
        at = self.utc()
        if at is None or self.zone == "UTC":
            return ""
        there = local(at, str(self.zone))
        if there.replace(tzinfo=None) != self.wall:
            return (
                f"{self.wall:%H:%M} does not exist that day in {city(str(self.zone))}: it is {there:%H:%M}."
            )
        if there.replace(fold=1).utcoffset() != there.utcoffset():
            return f"{self.wall:%H:%M} comes twice that day in {city(str(self.zone))}: the first is meant."
        return ""

    def written(self, name: str) -> str:
        """As a property of that name, for the expander."""
        if self.zone == "UTC":
            return f"{name}:{self.wall:%Y%m%dT%H%M%S}Z"
        zone = self.zone if isinstance(self.zone, str) else self.zone.name
        return f"{name};TZID={zone}:{self.wall:%Y%m%dT%H%M%S}"


def moment(written: Property, zones: Zones) -> Moment:
    """Raises Unreadable, and UnknownZone or LeftOut by its zone."""
    return moment_of(written.value, written.params.get("TZID", ""), zones, written.name)


def moment_of(value: str, tzid: str, zones: Zones, name: str) -> Moment:
    """As `moment`, of one value among several."""
    found = _STAMP.fullmatch(value.strip())
    if found is None:
        raise Unreadable(f"Its {name} “{value.strip()[:40]}” is no time.")
    wall = _wall(found, name)
    if found[4] is None:
        return Moment(wall, _zone(tzid, zones), True)
    if found[7] is None:
        return Moment(wall, _zone(tzid, zones))
    if found[7].upper() == "Z":
        return Moment(wall, "UTC")
    offset = datetime.strptime(found[7], "%z").utcoffset() or timedelta()
    return Moment(wall - offset, "UTC")


def _zone(tzid: str, zones: Zones) -> Zone:
    if len(tzid) > LONGEST_NAME:
        raise Unreadable(f"Its time zone has a name of {len(tzid):,} letters, which none has.")
    return zones.named(tzid) if tzid.strip() else zones.floating()


def _wall(found: re.Match[str], name: str) -> datetime:
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(f"Its {name} is in the year {year}; years {FIRST_YEAR} to {LAST_YEAR} are read.")
    second = min(int(found[6] or 0), 59)  # a leap second is the minute's last
    try:
        return datetime.combine(date(year, month, day), time(int(found[4] or 0), int(found[5] or 0), second))
    except ValueError:
        raise Unreadable(f"Its {name} “{found[0]}” is on no calendar or clock.") from None


def day_meant(at: Moment, zone: Zone) -> date:
    """Of a series of whole days, the day that a time names: Outlook writes its midnight, on the clocks that
    it says or in UTC. Midnight in UTC is that day itself, wherever the series is."""
    if at.zone != "UTC" or at.wall.time() == time() or not isinstance(zone, str):
        return at.wall.date()
    return at.on(zone).date()


class Duration(Struct, frozen=True):
    """Days count by the calendar, the rest by the clock (RFC 5545, 3.3.6)."""

    days: int
    rest: timedelta


def duration(value: str) -> Duration:
    """Raises Unreadable where it is none, is zero or negative."""
    found = _DURATION.fullmatch(value.strip())
    numbers = [int(one or 0) for one in found.groups()] if found else []
    if not any(numbers):
        raise Unreadable(f"Its length “{value.strip()[:40]}” is none.")
    weeks, days, hours, minutes, seconds = numbers
    return Duration(weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def after(start: Moment, lasting: Duration, repeats: bool) -> Moment:
    """Where it ends. A series counts hours by the wall clock too: it hands over at the same hour all year."""
    wall = start.wall + timedelta(days=lasting.days)
    if repeats or not lasting.rest or not isinstance(start.zone, str):
        return Moment(wall + lasting.rest, start.zone)
    ends = instant(wall.date(), wall.time(), start.zone) + lasting.rest
    return Moment(ends.astimezone(UTC).replace(tzinfo=None), "UTC")

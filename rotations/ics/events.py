"""One VEVENT → an event with its times settled, or the reason why it cannot be. Knows no person."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from rotations.ics.again import Again, More, Span, Without, WithoutDay, moments_of
from rotations.ics.content import Component, Property
from rotations.ics.moments import Moment, Unreadable, after, day_meant, duration, moment, moment_of
from rotations.ics.rules import rule
from rotations.ics.zones import LeftOut, OwnRules, UnknownZone, Zones

MOST_DATES = 2000
_SAYS_ZONE = re.compile(r"(?:Z|[+-]\d{4})$", re.IGNORECASE)
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS")


class Event(Struct, frozen=True):
    """`ends` follows `starts`. `instead_of` is the occurrence it takes the place of, with `and_future` all
    later ones too. `is_lost`: it was unreadable."""

    component: Component
    starts: Moment
    ends: Moment
    again: tuple[Again, ...] = ()
    instead_of: Moment | None = None
    and_future: bool = False
    notes: tuple[str, ...] = ()
    is_lost: bool = False

    @property
    def line(self) -> int:
        return self.component.line

    @property
    def uid(self) -> str:
        return self.component.text("UID")

    @property
    def is_out(self) -> bool:
        """It does not take place, nor does what it stands in for."""
        return self.is_lost or self.is_cancelled

    @property
    def is_cancelled(self) -> bool:
        return self.component.text("STATUS").upper() in ("CANCELLED", "CANCELED")

    @property
    def sequence(self) -> int:
        """-1 where it has none."""
        written = self.component.text("SEQUENCE")
        return int(written[:9]) if written.isascii() and written.isdigit() else -1

    @property
    def zones(self) -> tuple[OwnRules, ...]:
        """Zones of the file's own that it needs."""
        found = [self.starts, self.ends, *((self.instead_of,) if self.instead_of else ())]
        found += [one for again in self.again for one in moments_of(again)]
        return tuple(dict.fromkeys(one.zone for one in found if isinstance(one.zone, OwnRules)))


def event(component: Component, zones: Zones) -> Event:
    """Raises Unreadable, UnknownZone, LeftOut."""
    _demand_whole(component)
    notes = [f"Line {line} in it is no property and was passed over." for line in component.odd[:3]]
    starts = moment(component.first("DTSTART") or Property("DTSTART", {}, "", 0), zones)
    again = _again(component, starts, zones, notes)
    ends = _ends(component, starts, zones, bool(again))
    notes += filter(None, (starts.oddity(), ends.oddity()))
    instead_of, and_future = _instead_of(component, zones)
    if instead_of is not None and _floats(component):
        instead_of = _unzoned(instead_of, starts)
    if instead_of is not None and again:
        again = ()
        notes.append("It stands in for one occurrence: the rule it has of its own is passed over.")
    return Event(component, starts, ends, again, instead_of, and_future, tuple(notes))


def lost(component: Component, zones: Zones) -> Event | None:
    """A stand-in that cannot be read: what it stands in for is still not as the series says. None where the
    event is none, or nobody can tell for what."""
    try:
        instead_of, and_future = _instead_of(component, zones)
    except (Unreadable, UnknownZone, LeftOut):
        return None
    if instead_of is None:
        return None
    return Event(component, instead_of, instead_of, (), instead_of, and_future, is_lost=True)


def _instead_of(component: Component, zones: Zones) -> tuple[Moment | None, bool]:
    written = component.first("RECURRENCE-ID")
    if written is None:
        return None, False
    future = written.params.get("RANGE", "").upper() == "THISANDFUTURE"
    if not _has_time(written.value):  # the series says on whose clocks, and at which hour
        day = _day(written.value, written.name, zones)
        return Moment(datetime.combine(day, time()), "UTC", True), future
    return moment(written, zones), future


def _demand_whole(component: Component) -> None:
    if not component.is_closed:
        raise Unreadable("Its END:VEVENT is missing: the file ends first, or another event begins.")
    for name in _ONCE:
        found = component.all(name)
        if len({one.value for one in found}) > 1:
            raise Unreadable(f"It has {len(found)} different {name} lines.")
    if component.first("DTSTART") is None:
        raise Unreadable("It has no DTSTART: nobody knows when it begins.")
    if component.first("EXRULE") is not None:
        raise Unreadable("It takes shifts out by an EXRULE, which is not read.")


def _ends(component: Component, starts: Moment, zones: Zones, repeats: bool) -> Moment:
    """A date alone lasts its day; a time alone lasts nothing, which is no shift."""
    end, lasting = component.first("DTEND"), component.first("DURATION")
    if end is not None:
        ends = moment(end, zones)
    elif lasting is not None:
        ends = after(starts, duration(lasting.value), repeats)
    elif starts.is_day:
        ends = after(starts, duration("P1D"), repeats)
    else:
        raise Unreadable("It has neither DTEND nor DURATION: nobody knows when it ends.")
    if not (_is_later(ends, starts) or (repeats and ends.zone == starts.zone and ends.wall > starts.wall)):
        raise Unreadable("It ends when it begins, or before.")
    return ends


def _is_later(ends: Moment, starts: Moment) -> bool:
    """Of a zone of the file's own beside another zone only the expander can tell for certain."""
    first, last = starts.utc(), ends.utc()
    if first and last and last <= first:
        return False
    if ends.zone == starts.zone:
        return ends.wall > starts.wall
    return bool(first and last) or ends.wall > starts.wall - timedelta(days=1)


def _again(component: Component, starts: Moment, zones: Zones, notes: list[str]) -> tuple[Again, ...]:
    rules = [rule(one.value, starts, notes) for one in component.all("RRULE")]
    more = [_more(one, zones, starts) for one in _values(component, "RDATE")]
    floats = _floats(component)
    without = [_without(one, zones, starts, floats) for one in _values(component, "EXDATE")]
    return (*rules, *more, *(without if rules or more else ()))


def _values(component: Component, name: str) -> list[tuple[str, str]]:
    """Each value with its TZID. Raises Unreadable where they are more than any roster has."""
    found = [
        (value, one.params.get("TZID", ""))
        for one in component.all(name)
        for value in one.value.split(",")
        if value.strip()
    ]
    if len(found) > MOST_DATES:
        raise Unreadable(f"It has {len(found)} {name} dates; {MOST_DATES} are the most that are read.")
    return found


def _more(one: tuple[str, str], zones: Zones, starts: Moment) -> More | Span:
    """A further occurrence: a time, a day (at the hour it begins on others), or a period with its own end."""
    value, tzid = one
    begins, slash, ends = value.partition("/")
    if not slash:
        return More(_dated(begins, tzid, zones, starts))
    opens = moment_of(begins, tzid, zones, "RDATE")
    closes = (
        after(opens, duration(ends), False)
        if ends.upper().lstrip("+").startswith("P")
        else moment_of(ends, tzid, zones, "RDATE")
    )
    is_one_clock = closes.zone == opens.zone or (opens.utc() and closes.utc())
    if not is_one_clock or not _is_later(closes, opens):
        raise Unreadable("A period of its RDATE ends when it begins, or before.")
    return Span(opens, closes)


def _without(one: tuple[str, str], zones: Zones, starts: Moment, floats: bool) -> Without | WithoutDay:
    """A date alone takes out whatever begins on that day."""
    value, tzid = one
    if not _has_time(value):
        return WithoutDay(_day(value, "EXDATE", zones))
    at = moment_of(value, tzid, zones, "EXDATE")
    if starts.is_day:
        return WithoutDay(day_meant(at, starts.zone))
    return Without(_unzoned(at, starts) if floats else at)


def _floats(component: Component) -> bool:
    """It begins at a time of no zone. Whoever writes that knows no zone, so what it calls UTC is none."""
    starts = component.first("DTSTART")
    if starts is None or starts.params.get("TZID", "").strip() or not _has_time(starts.value):
        return False
    return _SAYS_ZONE.search(starts.value.strip()) is None


def _unzoned(at: Moment, starts: Moment) -> Moment:
    return replace(at, zone=starts.zone) if at.zone == "UTC" else at


def _dated(value: str, tzid: str, zones: Zones, starts: Moment) -> Moment:
    """A date alone is a day on the event's own clocks, at the hour at which the event begins."""
    if _has_time(value):
        return moment_of(value, tzid, zones, "RDATE or EXDATE")
    day = _day(value, "RDATE or EXDATE", zones)
    return Moment(datetime.combine(day, starts.wall.time()), starts.zone, starts.is_day)


def _day(value: str, name: str, zones: Zones) -> date:
    return moment_of(value, "UTC", zones, name).wall.date()


def _has_time(value: str) -> bool:
    return "T" in value.upper()

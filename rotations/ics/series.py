"""Events → series, each one text for the expander: revisions settled, cancelled occurrences taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from rotations.ics.again import Again, Without, line, written
from rotations.ics.events import Event
from rotations.ics.moments import Moment, day_meant
from rotations.wallclock import instant


class Occurrence(NamedTuple):
    """When the event at place `event` of its series takes place, in UTC."""

    event: int
    start: datetime
    end: datetime


class Expanded(NamedTuple):
    """What a series' text comes to between two instants; `why_not` is "" unless it could not be told."""

    occurrences: tuple[Occurrence, ...] = ()
    why_not: str = ""


CANCELLED = "The calendar has cancelled it."

Expand = Callable[[Sequence[str], datetime, datetime], Sequence[Expanded]]
"""The texts of series, and the time wanted → what becomes of each, in the same order. Bounded in time and
memory by whoever provides it; it never raises for what a text holds."""


class Gone(NamedTuple):
    """An event that does not take place, and the reason."""

    event: Event
    why: str


class Series(Struct, frozen=True):
    """Events of one UID: the first is the one that repeats, the others stand in for occurrences of it.

    From `ends_before` on it was cancelled.
    """

    events: tuple[Event, ...]
    ends_before: Moment | None = None

    @property
    def is_plain(self) -> bool:
        """One event, once, in a zone that everybody knows: nothing to expand."""
        only = self.events[0]
        return len(self.events) == 1 and not only.again and not only.zones

    def plain(self) -> Occurrence:
        only = self.events[0]
        starts, ends = only.starts.utc(), only.ends.utc()
        assert starts is not None
        assert ends is not None
        return Occurrence(0, starts, ends)

    @property
    def clock(self) -> str | None:
        """The IANA zone on whose clocks it is worked out; None where zones of the file's own are needed."""
        zone = self.events[0].starts.zone
        return zone if isinstance(zone, str) and not any(event.zones for event in self.events) else None

    def text(self) -> str:
        """An iCalendar text of this series alone, in which nothing is left to interpret."""
        clock = self.clock
        zones = dict.fromkeys(zone for event in self.events for zone in event.zones)
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Meridian//Import//EN"]
        for zone in zones:
            lines += ["BEGIN:VTIMEZONE", f"TZID:{zone.name}", *zone.rules, "END:VTIMEZONE"]
        for index, event in enumerate(self.events):
            lines += _lines(index, event, self.events[0], clock)
        if self.ends_before and not clock:
            lines += _mark(self.ends_before)
        return "\r\n".join([*lines, "END:VCALENDAR", ""])

    def settled(self, expanded: Expanded, start: datetime, end: datetime) -> Expanded:
        """What the text came to, in UTC, as far as it touches `[start, end)` and was not cancelled. The text
        is to be expanded `MARGIN` longer at both ends, for clocks differ from UTC."""
        last, clock = self._last(expanded, start), self.clock
        found = (self._instants(one, clock) for one in expanded.occurrences if one.event != _MARK)
        kept = (one for one in found if one.start < end and start < one.end and one.start < one.end)
        return expanded._replace(occurrences=tuple(one for one in kept if last is None or one.start < last))

    def _instants(self, one: Occurrence, clock: str | None) -> Occurrence:
        """An occurrence as the text has it → in UTC. A stand-in says itself when it takes place."""
        event = self.events[one.event]
        starts, ends = event.starts.utc(), event.ends.utc()
        if event.instead_of and not event.and_future and starts and ends:
            return Occurrence(one.event, starts, ends)
        if clock is None:
            return one
        return Occurrence(one.event, _at(one.start, clock), _at(one.end, clock))

    def _last(self, expanded: Expanded, start: datetime) -> datetime | None:
        if self.ends_before is None:
            return None
        known = self.ends_before.utc()
        marked = next((one.start for one in expanded.occurrences if one.event == _MARK), None)
        is_long_over = self.ends_before.wall.replace(tzinfo=UTC) < start
        return known or marked or (start if is_long_over else None)


MARGIN = timedelta(days=2)
_MARK = -1


def _at(shown: datetime, clock: str) -> datetime:
    return instant(shown.date(), shown.time(), clock)


def _lines(index: int, event: Event, first: Event, clock: str | None) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:series\r\nX-INDEX:{index}\r\nSEQUENCE:{index}"
    yield written("DTSTART", event.starts, clock)
    yield written("DTEND", _end(event, clock) if clock else event.ends, clock)
    yield from (line(one, clock) for one in event.again)
    if event.instead_of is not None:
        reach = ";RANGE=THISANDFUTURE" if event.and_future else ""
        yield written(f"RECURRENCE-ID{reach}", _on_its_day(event.instead_of, first), clock)
    yield "END:VEVENT"


def _end(event: Event, clock: str) -> Moment:
    """It lasts as long on the clock as it says itself: by its own clock, or by the instants of two."""
    starts, ends = event.starts.wall, event.ends.wall
    if event.ends.zone != event.starts.zone:
        starts, ends = event.starts.on("UTC"), event.ends.on("UTC")
    return Moment(event.starts.on(clock) + (ends - starts), clock)


def _mark(at: Moment) -> Iterator[str]:
    """Tells when in UTC a time in a zone of the file's own is."""
    yield "BEGIN:VEVENT"
    yield f"UID:mark\r\nX-INDEX:{_MARK}\r\nSEQUENCE:0"
    yield at.written("DTSTART")
    yield replace(at, wall=at.wall + timedelta(minutes=1)).written("DTEND")
    yield "END:VEVENT"


def _on_its_day(replaced: Moment, first: Event) -> Moment:
    """A date alone names the occurrence of that day, and of whole days a time names the day."""
    if not replaced.is_day and not first.starts.is_day:
        return replaced
    day = replaced.wall.date() if replaced.is_day else day_meant(replaced, first.starts.zone)
    return Moment(datetime.combine(day, first.starts.wall.time()), first.starts.zone)


def series_of(events: Iterable[Event]) -> tuple[list[Series], list[Gone]]:
    """Series in the order of the file, and events that do not take place."""
    by_uid: dict[object, list[Event]] = {}
    for event in events:
        by_uid.setdefault(event.uid or event.line, []).append(event)
    found: list[Series] = []
    gone: list[Gone] = []
    for group in by_uid.values():
        found += _settled(group, gone)
    return sorted(found, key=lambda one: one.events[0].line), gone


def _settled(group: list[Event], gone: list[Gone]) -> Iterator[Series]:
    firsts = list(_newest([one for one in group if one.instead_of is None], gone))
    instead = _newest_instead([one for one in group if one.instead_of is not None], gone)
    if firsts and not any(one.is_cancelled for one in firsts):
        yield _with_changes(firsts[0], instead, gone)
        yield from (Series((one,)) for one in firsts[1:])
        return
    gone += [Gone(one, CANCELLED) for one in (*firsts, *instead) if one.is_cancelled]
    standing = [one for one in instead if not one.is_out]
    if firsts:
        gone += [Gone(one, "Its series is cancelled.") for one in standing]
        standing = []
    yield from (Series((one,)) for one in firsts if not one.is_cancelled)
    yield from (Series((_alone(one),)) for one in standing)


def _newest(firsts: list[Event], gone: list[Gone]) -> Iterator[Event]:
    """Of revisions (a UID twice, with another SEQUENCE) the newest; without a SEQUENCE all are meant."""
    highest = max((one.sequence for one in firsts), default=-1)
    newest = [one for one in firsts if one.sequence == highest]
    for one in firsts:
        if one.sequence < highest:
            gone.append(Gone(one, f"Line {newest[0].line} is a later revision of it."))
    seen: dict[tuple[Moment, Moment, tuple[Again, ...], str], Event] = {}
    for one in newest:
        same = seen.setdefault((one.starts, one.ends, one.again, one.component.text("SUMMARY")), one)
        if same is not one:
            gone.append(Gone(one, f"Line {same.line} says the same."))
            continue
        others = newest[0] is not one
        note = f"Line {newest[0].line} has the same UID; both are read."
        yield replace(one, notes=(*one.notes, note)) if others else one


def _newest_instead(instead: list[Event], gone: list[Gone]) -> list[Event]:
    """For each occurrence the newest stand-in, the later line among equals."""
    newest: dict[object, Event] = {}
    for one in instead:
        assert one.instead_of is not None
        key = one.instead_of.utc() or one.instead_of
        before = newest.get(key)
        if before is not None and before.sequence > one.sequence:
            gone += [] if one.is_lost else [Gone(one, f"Line {before.line} is a later revision of it.")]
            continue
        if before is not None and not before.is_lost:
            gone.append(Gone(before, f"Line {one.line} is a later revision of it."))
        newest[key] = one
    return sorted(newest.values(), key=lambda one: one.line)


def _with_changes(first: Event, instead: list[Event], gone: list[Gone]) -> Series:
    out: list[Without] = []
    ends_before: Moment | None = None
    for one in (one for one in instead if one.is_out):
        assert one.instead_of is not None
        replaced = _on_its_day(one.instead_of, first)
        if one.and_future:
            ends_before = replaced
        else:
            out.append(Without(replaced))
        if not one.is_lost:
            how = "the series of line {} from here on" if one.and_future else "this one occurrence of line {}"
            gone.append(Gone(one, f"It cancels {how.format(first.line)}."))
    changed = replace(first, again=(*first.again, *out))
    return Series((changed, *(one for one in instead if not one.is_out)), ends_before)


def _alone(one: Event) -> Event:
    """A stand-in whose series is not in the file takes place all the same."""
    note = "The series that it belongs to is not in the file."
    return replace(one, instead_of=None, and_future=False, notes=(*one.notes, note))

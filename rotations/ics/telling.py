"""Occurrences → shifts, and what became of each event in sentences: taken, split or dropped, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from rotations.ics.again import Rule, Span
from rotations.ics.events import Event
from rotations.ics.moments import Moment
from rotations.ics.series import Occurrence
from rotations.ics.titles import title_of
from rotations.ics.wanted import Wanted
from rotations.imports import Line, Outcome
from rotations.model import RosterShift
from rotations.wallclock import local
from rotations.wording import clock, listed
from rotations.zones import city

LONGEST = timedelta(days=366)
MOST_NAMED = 3


class Found(Struct, frozen=True):
    """When an event takes place in the time wanted, and who serves; or why that cannot be told.

    `is_ended`: its series was cancelled from some time on.
    """

    event: Event
    people: tuple[str, ...]
    occurrences: tuple[Occurrence, ...]
    why_not: str = ""
    is_ended: bool = False


class Row(Struct, frozen=True):
    """An event with the shifts that are taken of it and those that another event has said before."""

    found: Found
    taken: tuple[tuple[datetime, datetime], ...]
    said_before: tuple[int, ...] = ()


def shifts_of(found: Iterable[Found], wanted: Wanted) -> tuple[tuple[RosterShift, ...], list[Row]]:
    """Shifts by start; people of events at the same time serve together. What the region never holds of a
    shift is left to the schedule, which does not ask for it."""
    together: dict[tuple[datetime, datetime], dict[str, int]] = {}
    rows: list[Row] = []
    for one in found:
        taken, before = [], []
        for occurrence in one.occurrences:
            span = occurrence.start, occurrence.end
            if span[1] - span[0] > LONGEST or not wanted.held_of(*span):
                continue
            people = together.setdefault(span, {})
            if all(person in people for person in one.people):
                before.append(people[one.people[0]])
            else:
                taken.append(span)
            for person in one.people:
                people.setdefault(person, one.event.line)
        rows.append(Row(one, tuple(taken), tuple(dict.fromkeys(before))))
    shifts = (RosterShift(tuple(people), *span) for span, people in together.items())
    return tuple(sorted(shifts, key=lambda shift: (shift.start, shift.end))), rows


def event_line(row: Row, wanted: Wanted) -> Line:
    """What became of one event."""
    found = row.found
    number, what = found.event.line, title_of(found.event.component)
    if not row.taken:
        return Line(number, what, Outcome.DROPPED, _why_nothing(row, wanted))
    is_cut = any(_is_cut(span, wanted) for span in row.taken) or len(row.taken) < len(found.occurrences)
    sentences = [*_sentences(row, wanted), *found.event.notes]
    return Line(number, what, Outcome.SPLIT if is_cut else Outcome.TAKEN, " ".join(sentences))


def _why_nothing(row: Row, wanted: Wanted) -> str:
    found = row.found
    if found.why_not:
        return found.why_not
    if row.said_before:
        return f"Line {row.said_before[0]} says the same."
    if found.occurrences and found.occurrences[0].end - found.occurrences[0].start > LONGEST:
        return "It is longer than a year, which no shift is."
    if found.occurrences:
        return f"{wanted.region} holds the schedule at no time of it."
    if _reached(found.event.starts) >= wanted.end:
        return f"It begins later than {_day(wanted.end)}, until when shifts are taken."
    if _is_over(found.event, wanted.start):
        return "It is over already; the past keeps its answers."
    return f"No shift of it is between {_day(wanted.start)} and {_day(wanted.end)}."


def _is_over(event: Event, now: datetime) -> bool:
    """Neither it nor, as far as its rules tell, any repetition of it comes any more."""
    rules_over = (isinstance(one, Rule) and one.until and _reached(one.until) <= now for one in event.again)
    return _reached(event.ends) <= now and all(rules_over)


def _reached(when: Moment) -> datetime:
    return when.utc() or when.wall.replace(tzinfo=UTC)


def _day(t: datetime) -> str:
    return f"{t.day} {t:%B %Y}"


def _is_cut(span: tuple[datetime, datetime], wanted: Wanted) -> bool:
    start, end = max(span[0], wanted.start), min(span[1], wanted.end)
    return wanted.held_of(start, end) < end - start


def _sentences(row: Row, wanted: Wanted) -> Iterator[str]:
    if row.found.event.again:
        count = len(row.taken)
        yield f"{count} shifts." if count > 1 else "1 shift."
    if _is_endless(row.found):
        yield f"It has no end; it is taken until {_day(wanted.end)}."
    if any(_is_cut(span, wanted) for span in row.taken):
        yield f"{wanted.region} holds the schedule only a part of that time."
    if row.said_before:
        yield f"Line {row.said_before[0]} says a part of it already."
    if row.taken[0][0] < wanted.start:
        yield "What is over of it already stays as it was."
    if row.found.event.component.text("STATUS").upper() == "TENTATIVE":
        yield "The calendar calls it tentative."
    yield from _clock_changes(row, wanted)


def _is_endless(found: Found) -> bool:
    return not found.is_ended and any(isinstance(one, Rule) and one.is_endless for one in found.event.again)


def _clock_changes(row: Row, wanted: Wanted) -> Iterator[str]:
    """Shifts during which the clocks change, on the event's own clocks or, where those are UTC or nobody
    else's, on the region's as well."""
    event = row.found.event
    own = event.starts.zone
    zone = own if isinstance(own, str) and own != "UTC" else wanted.zone or "UTC"
    place = city(zone) if isinstance(own, str) else "the calendar's own zone"
    crossing = [span for span in row.taken if _is_crossing(span, event, zone)]
    if crossing:
        named = [clock(start, zone) for start, _ in crossing[:MOST_NAMED]]
        named += [f"{len(crossing) - MOST_NAMED} more"] if len(crossing) > MOST_NAMED else []
        shifts = "the shift" if len(crossing) == 1 else "the shifts"
        yield f"The clocks of {place} change during {shifts} of {listed(named)}."
    offsets = {_offset(start, zone) for start, _ in row.taken}
    if own == "UTC" and event.again and len(offsets) > 1:
        yield f"It repeats in UTC, so it begins at another hour in {city(zone)} when the clocks change."


def _is_crossing(span: tuple[datetime, datetime], event: Event, zone: str) -> bool:
    """It lasts longer or shorter than its clock says, or the offset is another before it ends."""
    start, end = span
    starts, ends = event.starts, event.ends
    if starts.zone == ends.zone != "UTC" and not any(isinstance(one, Span) for one in event.again):
        if end - start != ends.wall - starts.wall:
            return True
        if not isinstance(starts.zone, str):
            return False
    return _offset(start, zone) != _offset(end - timedelta(seconds=1), zone)


def _offset(t: datetime, zone: str) -> timedelta | None:
    return local(t, zone).utcoffset()

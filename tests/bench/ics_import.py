"""ics.import: a calendar of 2,000 events read into shifts, beside the expander's own time on it."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import icalendar
import recurring_ical_events

from bot.ics_child import expand
from rotations.ics.reading import read
from rotations.imports import Import
from tests.bench.rows import Aim, Row
from tests.support.ics import ASKED

EVENTS, SERIES, ROUNDS = 2000, 40, 3
FIRST = datetime(2026, 11, 2, 8, tzinfo=UTC)
T = TypeVar("T")
PEOPLE = ("Ana Lima", "Bo Chen", "Cy Okafor")


def rows(run: str) -> Iterator[Row]:
    data = calendar()
    ours, found = _best(lambda: read(data, ASKED, expand))
    theirs, occurrences = _best(lambda: _expanded(data))
    is_same = _spans(found) == occurrences
    note = f"{EVENTS} events, {SERIES} of them series, {len(found.shifts)} shifts; with the child process"
    yield Row("ics.import", ours * 1000, "ms", run, theirs * 1000, Aim("ratio", "<=", 2.0), note, not is_same)


def calendar() -> bytes:
    """Shifts of four hours, one after the other, and weekly series beside them in a zone with changes."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Rota//EN"]
    for number in range(EVENTS - SERIES):
        start = FIRST + timedelta(hours=4 * number)
        who = PEOPLE[number % len(PEOPLE)]
        lines += _event(
            number, f"{start:%Y%m%dT%H%M%SZ}", f"{start + timedelta(hours=4):%Y%m%dT%H%M%SZ}", who
        )
    for number in range(SERIES):
        day = FIRST + timedelta(days=number)
        times = f";TZID=Europe/Berlin:{day:%Y%m%d}T0930", f";TZID=Europe/Berlin:{day:%Y%m%d}T1030"
        who = PEOPLE[number % len(PEOPLE)]
        lines += _event(EVENTS + number, f"{times[0]}{number:02}", f"{times[1]}{number:02}", who, "WEEKLY")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _event(number: int, start: str, end: str, who: str, every: str = "") -> list[str]:
    opens, closes = (one if one.startswith(";") else f":{one}" for one in (start, end))
    rule = [f"RRULE:FREQ={every};COUNT=20"] if every else []
    head = ["BEGIN:VEVENT", f"UID:{number}@example.org", "DTSTAMP:20261101T000000Z"]
    return [*head, f"DTSTART{opens}", f"DTEND{closes}", *rule, f"SUMMARY:{who} on call", "END:VEVENT"]


def _expanded(data: bytes) -> set[tuple[datetime, datetime]]:
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(ASKED.start, ASKED.end)
    return {(one["DTSTART"].dt.astimezone(UTC), one["DTEND"].dt.astimezone(UTC)) for one in found}


def _spans(found: Import) -> set[tuple[datetime, datetime]]:
    return {(shift.start, shift.end) for shift in found.shifts}


def _best(work: Callable[[], T]) -> tuple[float, T]:
    """The quickest of some rounds in seconds, and what came of it."""
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = work()
        took.append(time.perf_counter() - began)
    return min(took), found

"""A roster pasted or read from a CSV → shifts, and a line of report for each line of it. Touches no schedule.

Columns: `person,start,end,zone,seat`, in the order of a header or in this one. Nothing is guessed: an unknown
person or zone drops the line and says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from rotations.holds import holds_of
from rotations.model import Organisation, RosterShift, Schedule, Seat
from rotations.refusals import DomainError, UnknownSchedule
from rotations.roster_cells import Place, Span, Unreadable, person_in, place_in, span_in
from rotations.wording import clock, listed

COLUMNS = ("person", "start", "end", "zone", "seat")
MOST_LINES = 2000
MOST_CHARACTERS = 1 << 20

SeatOf = tuple[str, Seat]
"""A region's name and a seat of it."""


class NoRoster(DomainError):
    """The text as a whole is no roster."""


class Verdict(StrEnum):
    """What became of a line: all of it, a part of it or in several parts, nothing of it."""

    TAKEN = "taken"
    SPLIT = "split"
    DROPPED = "dropped"


class Part(Struct, frozen=True):
    """One person on one seat of one region in `[start, end)`."""

    region: str
    seat: Seat
    person: str
    start: datetime
    end: datetime


class LineReport(Struct, frozen=True):
    """`number` counts lines from 1, `typed` is the line; `why` is "" where all was taken as it stands."""

    number: int
    typed: str
    verdict: Verdict
    why: str = ""
    parts: tuple[Part, ...] = ()


class RosterReport(Struct, frozen=True):
    """Every line in its order, and the schedule that they are for."""

    schedule: str
    lines: tuple[LineReport, ...]

    @property
    def shifts(self) -> Mapping[SeatOf, tuple[RosterShift, ...]]:
        """The shifts of each seat that has any, by start."""
        found: dict[SeatOf, list[RosterShift]] = {}
        for line in self.lines:
            for part in line.parts:
                shift = RosterShift((part.person,), part.start, part.end)
                found.setdefault((part.region, part.seat), []).append(shift)
        return {seat: tuple(sorted(rows, key=attrgetter("start", "end"))) for seat, rows in found.items()}

    def count(self, verdict: Verdict) -> int:
        return sum(line.verdict is verdict for line in self.lines)


class RosterWish(Struct, frozen=True):
    """Which schedule the lines are for (None: the paged one), and the region of a seat that names none."""

    schedule: str | None = None
    region: str | None = None


def read_roster(text: str, organisation: Organisation, wish: RosterWish, now: datetime) -> RosterReport:
    """What was over by `now` stays as it was. Raises NoRoster, UnknownSchedule."""
    if len(text) > MOST_CHARACTERS:
        raise NoRoster("That is larger than 1 MiB, which no roster is. Take a part of it.")
    schedule = organisation.schedule(wish.schedule) if wish.schedule else organisation.paged_schedule()
    if schedule is None:
        raise UnknownSchedule(
            f"There is no schedule {wish.schedule}." if wish.schedule else "There is no schedule yet."
        )
    reader = _Reader(organisation, schedule, wish.region, now)
    return RosterReport(schedule.name, tuple(reader.line(*row) for row in _rows(text)))


def _rows(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Line number, the line, its cells by column. Empty lines and those that begin with # are passed over."""
    lines = [
        (number, line)
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        raise NoRoster(f"There is no line in it. A line reads {','.join(COLUMNS)}.")
    if len(lines) > MOST_LINES:
        raise NoRoster(f"That is {len(lines)} lines; a roster has at most {MOST_LINES}. Take a part of it.")
    delimiter = max(",;\t", key=lines[0][1].count)
    header = [cell.casefold() for cell in _cells(lines[0][1], delimiter)]
    columns: Sequence[str] = COLUMNS
    if "person" in header:
        missing = [column for column in COLUMNS if column not in header]
        if missing:
            raise NoRoster(f"The header has no column {listed(missing)}. It reads {','.join(COLUMNS)}.")
        columns, lines = header, lines[1:]
    for number, line in lines:
        yield number, line, dict(zip(columns, _cells(line, delimiter), strict=False))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
    except csv.Error:  # no text of a sheet: a NUL, or a cell without end
        return []


class _Reader:
    """Reads the lines in their order, remembering what earlier ones have said."""

    def __init__(
        self, organisation: Organisation, schedule: Schedule, region: str | None, now: datetime
    ) -> None:
        self._organisation, self._schedule, self._region, self._now = organisation, schedule, region, now
        self._holds = holds_of(replace(schedule, past=()))
        self._taken: dict[tuple[str, SeatOf], list[tuple[datetime, datetime, int]]] = {}

    def line(self, number: int, typed: str, cells: Mapping[str, str]) -> LineReport:
        try:
            person = person_in(cells.get("person", ""), self._organisation)
            place = place_in(cells.get("seat", ""), self._schedule, self._region)
            span = span_in(cells.get("start", ""), cells.get("end", ""), cells.get("zone", ""), place.zone)
            parts, why = self._parts(number, person, place, span)
        except Unreadable as fault:
            return LineReport(number, typed, Verdict.DROPPED, str(fault))
        notes = " ".join(filter(None, (*why, span.note)))
        whole = len(parts) == 1 and (parts[0].start, parts[0].end) == (span.start, span.end)
        return LineReport(number, typed, Verdict.TAKEN if whole else Verdict.SPLIT, notes, tuple(parts))

    def _parts(
        self, number: int, person: str, place: Place, span: Span
    ) -> tuple[list[Part], tuple[str, ...]]:
        """What can be taken of one line, and why not all of it. Raises Unreadable where nothing can."""
        if span.end <= self._now:
            raise Unreadable("It is over already; the past keeps its answers.")
        start, why = span.start, []
        if start < self._now:
            start = self._now
            why.append("What is over already stays as it was.")
        held = self._held(place, start, span.end)
        if not held:
            raise Unreadable(f"{_places(place)} at no time between the two.")
        if len({region for region, _, _ in held}) > 1:
            why.append("It runs through several regions and is cut where one follows another.")
        elif sum((closes - opens for _, opens, closes in held), start - start) < span.end - start:
            why.append(f"{held[0][0]} holds only a part of that time.")
        parts = [part for row in held for part in self._new(number, person, place.seat, row, why)]
        if not parts:
            raise Unreadable(why[-1])
        return parts, tuple(dict.fromkeys(why))

    def _held(self, place: Place, start: datetime, end: datetime) -> list[tuple[str, datetime, datetime]]:
        """Where and when the named region, or any with this seat, holds the schedule."""
        regions = self._schedule.regions
        return [
            (regions[order].name, opens, closes)
            for order, opens, closes in self._holds.between(start, end)
            if order is not None and regions[order].name in place.regions
        ]

    def _new(
        self, number: int, person: str, seat: Seat, held: tuple[str, datetime, datetime], why: list[str]
    ) -> Iterator[Part]:
        """The part without what an earlier line gives the same person on the same seat."""
        region, start, end = held
        mine = self._taken.setdefault((person, (region, seat)), [])
        for opens, closes, earlier in sorted(mine):
            if opens < end and start < closes:
                why.append(f"Line {earlier} says a part of it already.")
                if start < opens:
                    yield Part(region, seat, person, start, opens)
                start = closes
        if start < end:
            yield Part(region, seat, person, start, end)
        mine.append((held[1], end, number))


def _places(place: Place) -> str:
    regions = listed(place.regions)
    return f"{regions} {'holds' if len(place.regions) == 1 else 'hold'} the schedule"


def part_words(part: Part, names: Mapping[str, str], zone: str) -> str:
    """ "Ana Lima, AMER primary, Mon 30 Nov 12:00 New York until Mon 30 Nov 20:00 New York"."""
    name = names.get(part.person, part.person)
    return f"{name}, {part.region} {part.seat}, {clock(part.start, zone)} until {clock(part.end, zone)}"

"""Public holidays and absences that fall on shifts, for whoever plans. Nothing here moves anybody.

A row is one person on one seat: days in a row are one, and so is all that one absence takes. Why somebody is
away stands only where the reader may ask for cover: the person alone and leads read it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from handlers.blocks import kit
from handlers.blocks.hours import hours_in
from handlers.blocks.reader import Reader
from handlers.blocks.rota_changes import ask_for_cover_button
from handlers.calls import Message
from handlers.text import count, day, literal
from rotations.absences import Clash
from rotations.clashes import in_a_row
from rotations.public_holidays import Collision
from rotations.wording import listed

ROWS_SHOWN = 10
HEAD = "Public holidays and absences on shifts, next 8 weeks"
NARROWER = "/oncall holidays @ana shows one person, with the name of a region that region"


class Clashes(Struct, frozen=True):
    """What falls on shifts of one schedule."""

    schedule: str
    holidays: tuple[Collision, ...]
    absences: tuple[Clash, ...]
    zones: Mapping[str, str]


class _Row(NamedTuple):
    """Shifts of one person on one seat, in order, and what falls on them."""

    schedule: str
    zone: str
    what: str
    reason: str
    shifts: tuple[Collision | Clash, ...]

    @property
    def first(self) -> Collision | Clash:
        return self.shifts[0]

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.first.start, max(each.end for each in self.shifts)


def holidays(
    seen: Sequence[Clashes], names: Mapping[str, str], may_ask: Callable[[str], bool], reader: Reader
) -> Message:
    """The next of them in order; `may_ask` for cover, and read why somebody is away, by the person's key."""
    found = sorted((row for one in seen for row in _rows(one)), key=lambda row: row.first.start)
    if not found:
        none = "No shift of the next 8 weeks falls on a public holiday or an absence."
        return kit.message(HEAD, [kit.section(none)])
    blocks = []
    for row in found[:ROWS_SHOWN]:
        is_theirs = may_ask(row.first.person)
        cover = ask_for_cover_button(
            row.schedule, row.first.person, row.span, row.first.region, row.first.seat.value
        )
        blocks.append(kit.section(_words(row, names, reader, is_theirs), cover if is_theirs else None))
    if len(found) > ROWS_SHOWN:
        blocks.append(kit.context(f"and {len(found) - ROWS_SHOWN} more: {NARROWER}"))
    note = kit.context("Nobody is moved by this: ask for cover, or leave it as it is.")
    return kit.message(HEAD, [kit.section(f"*{HEAD}*"), *blocks, note])


def _rows(one: Clashes) -> Iterator[_Row]:
    for days in in_a_row(one.holidays):
        on = days[0].holiday.on
        names = listed(tuple(dict.fromkeys(each.holiday.name for each in days)))
        what = f"{day(datetime(on.year, on.month, on.day))}, {literal(names, 160)}"
        yield _Row(one.schedule, one.zones.get(days[0].region, "UTC"), what, "", tuple(days))
    for _, found in groupby(sorted(one.absences, key=_taken), key=_taken):
        missed = tuple(sorted(found, key=lambda each: each.start))
        zone = one.zones.get(missed[0].region, "UTC")
        yield _Row(one.schedule, zone, "Away", missed[0].absence.reason, missed)


def _taken(away: Clash) -> tuple[str, str, str]:
    return away.absence.id, away.region, away.seat.value


def _words(row: _Row, names: Mapping[str, str], reader: Reader, is_theirs: bool) -> str:
    """`*Away (a wedding)*: Bo Chen, AMER backup, 3 shifts, Tue 1 Dec 12:00–Thu 3 Dec 20:00 New York · …`."""
    reason = f" ({literal(row.reason, 80)})" if row.reason and is_theirs else ""
    who = literal(names.get(row.first.person, row.first.person), 60)
    seat = f"{literal(row.first.region, 60)} {row.first.seat.value}"
    many = f" {count(len(row.shifts), 'shift')}," if len(row.shifts) > 1 else ""
    return f"*{row.what}{reason}*: {who}, {seat},{many} {hours_in(*row.span, (reader.zone, row.zone))}"

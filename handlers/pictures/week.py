"""The week as a picture, light and for a phone: a strip for each seat of each region, holes red and hatched.

Lengths are pixels of the picture; a phone shows three of them as one. Nothing here decides who is on call.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

from msgspec import Struct

from handlers.pictures.canvas import Canvas, Ink
from handlers.text import day, zone_of
from rotations.model import Seat
from rotations.strips import Plan, Run, Strip
from rotations.wallclock import instant, local
from rotations.wording import clock_only
from rotations.zones import city

WIDTH, GUTTER, MARGIN = 1080, 142, 14
TITLE, HEAD, REGION, LANE, LEGEND = 66, 50, 64, 86, 104
BAR_TOP, BAR = 46, 28
LANES_MAX = 24
"""More would not be read on a phone: the words still have them all."""
TINTS = (("#1f4e8c", "#5f90cc"), ("#13594f", "#3f9f94"), ("#55356f", "#9c79b9"), ("#694510", "#b3873a"))
"""Two tints for each region: one person's shifts, and the next person's."""
RED, PALE_RED = "#b3161b", "#fbe4e4"
INK, GREY, RULE, SHADE = "#16191d", "#5b616a", "#d5d8dc", "#f2f3f5"
NAME, LABEL, OPEN = Ink(31), Ink(28, GREY), Ink(29, RED, is_bold=True)
APART = 12
"""Between one name and the next."""
HOLE_WORDS = 80
"""Room that is kept for the word over a hole."""
SATURDAY = 5


class _Lane(NamedTuple):
    top: float
    strip: Strip
    tints: tuple[str, str]


class _Sheet(Struct, frozen=True):
    """The canvas with the reader's days on it: instants become places from left to right."""

    canvas: Canvas
    plan: Plan
    zone: str

    def x(self, at: datetime) -> float:
        share = (at - self.plan.start) / (self.plan.end - self.plan.start)
        return GUTTER + share * (WIDTH - GUTTER - MARGIN)


def week_picture(plan: Plan, zone: str, now: datetime) -> bytes:
    """The plan as a PNG, in the reader's zone."""
    strips = plan.strips[:LANES_MAX]
    regions = len({strip.region for strip in strips})
    lanes = len(strips) + bool(plan.unheld)
    bottom = TITLE + HEAD + regions * REGION + lanes * LANE
    sheet = _Sheet(Canvas(WIDTH, bottom + LEGEND), plan, zone_of(zone).key)
    _days(sheet, bottom)
    top = _unheld(sheet, TITLE + HEAD)
    for lane in _lanes(sheet, strips, top):
        _strip(sheet, lane)
        _now(sheet, now, lane.top)
    _now_label(sheet, now, bottom)
    _legend(sheet, bottom, len(plan.strips) - len(strips))
    return sheet.canvas.png()


def _days(sheet: _Sheet, bottom: float) -> None:
    """The title, and a column for each of the reader's days; weekends are shaded."""
    canvas, first = sheet.canvas, local(sheet.plan.start, sheet.zone)
    title = f"On call from {day(first)}, {city(sheet.zone)} time"
    canvas.text(MARGIN, TITLE - 20, title, Ink(36, is_bold=True))
    for opens, closes in pairwise([*_midnights(sheet, first.date()), sheet.plan.end]):
        left, right, on = sheet.x(opens), sheet.x(closes), local(opens, sheet.zone)
        if on.weekday() >= SATURDAY:
            canvas.box(left, TITLE, (right - left, bottom - TITLE), SHADE)
        canvas.line((left, TITLE), (left, bottom), RULE)
        canvas.text(left + 8, TITLE + HEAD - 14, f"{day(on).rpartition(' ')[0]}", LABEL)


def _midnights(sheet: _Sheet, first: date) -> Iterator[datetime]:
    """The reader's midnights: the day on which clocks change is longer or shorter than the others."""
    at, days = sheet.plan.start, 0
    while at < sheet.plan.end:
        yield at
        days += 1
        at = instant(first + timedelta(days=days), time(0), sheet.zone)


def _unheld(sheet: _Sheet, top: float) -> float:
    """A lane of its own for hours without any region; returns where the next lane begins."""
    if not sheet.plan.unheld:
        return top
    sheet.canvas.text(MARGIN, top + BAR_TOP + BAR - 4, "Nobody", LABEL)
    for gap in sheet.plan.unheld:
        _hole(sheet, top, gap.start, gap.end)
    return top + LANE


def _lanes(sheet: _Sheet, strips: tuple[Strip, ...], top: float) -> Iterator[_Lane]:
    for number, (_, rows) in enumerate(groupby(strips, key=lambda strip: strip.region)):
        lanes = list(rows)
        _region(sheet, top, lanes[0])
        top += REGION
        for strip in lanes:
            yield _Lane(top, strip, TINTS[number % len(TINTS)])
            top += LANE


def _region(sheet: _Sheet, top: float, strip: Strip) -> None:
    canvas, baseline = sheet.canvas, top + REGION - 14
    canvas.line((MARGIN, top + 6), (WIDTH - MARGIN, top + 6), "#9aa0a8")
    name = canvas.drawable(strip.region, "Region")
    end = canvas.text(MARGIN, baseline, name[:24], Ink(34, is_bold=True))
    begins = strip.begins(sheet.plan.start)
    if begins is not None:
        canvas.text(end + 16, baseline, f"from {clock_only(begins, strip.zone)}", LABEL)


def _strip(sheet: _Sheet, lane: _Lane) -> None:
    sheet.canvas.text(MARGIN, lane.top + BAR_TOP + BAR - 4, lane.strip.seat.value.capitalize(), LABEL)
    for number, run in enumerate(lane.strip.runs()):
        for each in run.stretches:
            if each.people:
                left, right = sheet.x(each.start), sheet.x(each.end)
                tint = lane.tints[number % 2]
                sheet.canvas.box(left, lane.top + BAR_TOP, (max(right - left, 2), BAR), tint)
            elif lane.strip.seat is not Seat.SHADOW:  # nobody would page one
                _hole(sheet, lane.top, each.start, each.end)
    _names(sheet, lane)


def _hole(sheet: _Sheet, top: float, start: datetime, end: datetime) -> None:
    """Red, hatched and called open: the colour says nothing alone."""
    left, right = sheet.x(start), sheet.x(end)
    sheet.canvas.box(left, top + BAR_TOP, (max(right - left, 4), BAR), PALE_RED, edge=RED)
    words = sheet.canvas.fitting(("open", "!"), right - left + HOLE_WORDS, OPEN)
    left = min(left, WIDTH - MARGIN - sheet.canvas.width(words, OPEN))
    sheet.canvas.text(left, top + BAR_TOP - 9, words, OPEN)


def _names(sheet: _Sheet, lane: _Lane) -> None:
    """Each above the first shift of its run, as much as fits before the next; the last may lean left."""
    canvas, written = sheet.canvas, float(GUTTER)
    runs = list(lane.strip.runs())
    ends = [*(sheet.x(run.start) for run in runs[1:]), float(WIDTH - MARGIN)]
    for run, end in zip(runs, ends, strict=True):
        left = sheet.x(run.start)
        if not run.first.people:
            written = left + HOLE_WORDS
            continue
        mark = "*" if run.first.is_changed else ""
        choices = [f"{words}{mark}" for words in _shorter(canvas, run)]
        if end >= WIDTH - MARGIN and canvas.width(choices[1], NAME) > end - left:
            left = max(written + APART, end - canvas.width(choices[1], NAME))
        room = end - left if end >= WIDTH - MARGIN else end - left - APART
        said = canvas.fitting(choices, room, NAME)
        written = canvas.text(left, lane.top + BAR_TOP - 9, said, NAME)


def _shorter(canvas: Canvas, run: Run) -> Iterator[str]:
    """ "Ana Lima and Bo Chen", "Ana + Bo", "AL + BC"."""
    pairs = zip(run.first.people, run.first.names, strict=True)
    names = [canvas.drawable(name, canvas.drawable(key, "?")) for key, name in pairs]
    yield " + ".join(names)
    yield " + ".join(name.split(" ")[0] for name in names)
    yield " + ".join("".join(part[:1] for part in name.split(" ")) for name in names)


def _now(sheet: _Sheet, now: datetime, top: float) -> None:
    """A mark on the lane's hours alone: a line through everything would cross out the names."""
    if sheet.plan.start <= now < sheet.plan.end:
        x = sheet.x(now)
        sheet.canvas.line((x, top + BAR_TOP - 5), (x, top + BAR_TOP + BAR + 5), INK, wide=4)


def _now_label(sheet: _Sheet, now: datetime, bottom: float) -> None:
    if sheet.plan.start <= now < sheet.plan.end:
        x = sheet.x(now)
        sheet.canvas.line((x, bottom), (x, bottom + 12), INK, wide=4)
        said = f"now, {local(now, sheet.zone):%H:%M}"
        left = min(x - 2, WIDTH - MARGIN - sheet.canvas.width(said, LABEL))
        sheet.canvas.text(left, bottom + 38, said, LABEL)


def _legend(sheet: _Sheet, bottom: float, left_out: int) -> None:
    canvas, baseline = sheet.canvas, bottom + LEGEND - 16
    notes = ["* instead of the rotation"] if _is_changed(sheet.plan) else []
    if left_out:
        notes.append(f"{left_out} more seats in words")
    start = float(MARGIN)
    if sheet.plan.holes():
        canvas.box(start, baseline - 20, (40, 22), PALE_RED, edge=RED)
        start = canvas.text(start + 50, baseline, "open: nobody", OPEN) + 28
    canvas.text(start, baseline, " · ".join(notes), LABEL)


def _is_changed(plan: Plan) -> bool:
    return any(each.is_changed for strip in plan.strips for each in strip.stretches)

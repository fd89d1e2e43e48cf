"""Grafana OnCall's repeating shifts as cycles: how often they come back, on which days, whose each is.

Knows no users and no zones: times are local and naive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import gcd, lcm

from msgspec import Struct

from rotations.model import Member
from rotations.vendors.shape import HOURS, Cycle, Dated
from rotations.vendors.stints import MOST_CELLS, Stint
from rotations.vendors.tree import Object, Unfit, minutes, number, text, texts
from rotations.vendors.week_hours import DAY, WEEK, Mask, mask_of

_STEPS = {"hourly": 60, "daily": DAY, "weekly": WEEK}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MINUTE = timedelta(minutes=1)
MOST_MONTHS = 1600
"""From 1970 to 2100."""

_ROUNDED = "Its length is in seconds there, and in whole minutes here."
_OVERLAP = "Its shifts are longer than its turns there; here the next one ends the one before."


class Repeats(Struct, frozen=True):
    """One shift: from when, how long, how often, in minutes; weekdays, and the day on which weeks begin."""

    name: str
    begins: datetime
    long: int
    frequency: str
    every: int
    days: tuple[int, ...]
    week_start: int
    why: tuple[str, ...] = ()

    @property
    def minute(self) -> int:
        """Of the day on which it begins."""
        return self.begins.hour * 60 + self.begins.minute


def repeats_of(row: Object, begins: datetime) -> Repeats:
    """Raises Unfit."""
    frequency, every = text(row, "frequency"), number(row, "interval", 1)
    if frequency not in (*_STEPS, "monthly") or not 1 <= every <= 100:
        raise Unfit(f'It comes back "{frequency[:20]}", which is no cycle of hours, days, weeks or months.')
    if row.get("by_month") or row.get("by_monthday"):
        raise Unfit(
            "It is for some months or days of the month alone. Import its rendered feed as .ics instead."
        )
    days = [day.upper() for day in texts(row, "by_day")]
    if any(day not in _DAYS for day in days):
        raise Unfit("It is on weekdays that there are not.")
    seconds, week = number(row, "duration"), text(row, "week_start").upper()
    return Repeats(
        text(row, "name", "id"),
        begins,
        minutes(seconds, "A shift"),
        frequency,
        every,
        tuple(sorted({_DAYS.index(day) for day in days})),
        _DAYS.index(week) if week in _DAYS else 0,
        (_ROUNDED,) if seconds % 60 else (),
    )


def cycles_of(shift: Repeats, turns: tuple[Member, ...]) -> tuple[tuple[Cycle, ...], tuple[str, ...]]:
    """What counts together of one shift, and what has no counterpart. Raises Unfit."""
    if shift.frequency == "monthly":
        return (_monthly(shift, turns),), shift.why
    if not shift.days:
        period = _STEPS[shift.frequency] * shift.every
        hours = (HOURS,) if shift.frequency == "hourly" else ()
        why = (*hours, *((_OVERLAP,) if shift.long > period else ()))
        return (_alternating(shift, shift.begins, turns, period),), (*shift.why, *why)
    if shift.frequency == "hourly":
        return (_by_hours(shift, turns),), (*shift.why, HOURS)
    first = _first(shift)
    if shift.frequency == "daily":
        why = (_OVERLAP,) if shift.long > DAY else ()
        return (_by_served_day(shift, first, turns),), (*shift.why, *why)
    return _by_week(shift, first, turns)


def _alternating(shift: Repeats, begins: datetime, turns: tuple[Member, ...], period: int) -> Stint:
    """A turn of the period for each, in which somebody is there for so long and then nobody."""
    if shift.long >= period:
        return Stint(shift.name, begins, period * _MINUTE, turns)
    step = gcd(period, shift.long)
    on, off = shift.long // step, (period - shift.long) // step
    if (on + off) * len(turns) > MOST_CELLS:
        raise Unfit("Its length and its turns fit no common grid.")
    cells = tuple(cell for turn in turns for cell in (*[turn] * on, *[()] * off))
    return Stint(shift.name, begins, step * _MINUTE, cells)


def _first(shift: Repeats) -> datetime:
    """When the first turn begins: on another day it waits for the first of its days in a week."""
    if shift.begins.weekday() in shift.days:
        return shift.begins
    first = min(shift.days, key=lambda day: (day - shift.week_start) % 7)
    return shift.begins + timedelta(days=(first - shift.begins.weekday()) % 7)


def _hours(days: Sequence[int], minute: int, long: int) -> Mask:
    return mask_of((day * DAY + minute, long) for day in days)


def _by_hours(shift: Repeats, turns: tuple[Member, ...]) -> Stint:
    """Turns of hours that go on being counted on the days on which nobody serves."""
    period = 60 * shift.every
    if DAY % period or shift.long > period:
        raise Unfit("Its turns of hours begin at other times each day, and not on each day.")
    opens = range(shift.minute % period, DAY, period)
    hours = mask_of((day * DAY + minute, shift.long) for day in shift.days for minute in opens)
    return Stint(shift.name, shift.begins, period * _MINUTE, turns, hours)


def _by_served_day(shift: Repeats, first: datetime, turns: tuple[Member, ...]) -> Stint:
    """Turns that count the days of the week on which there is a shift."""
    cells: list[Member] = []
    served, on, needed = 0, first.weekday(), len(turns) * shift.every
    if lcm(needed, len(shift.days)) // len(shift.days) * 7 > MOST_CELLS:
        raise Unfit("Its turns come back to the same day too seldom.")
    while served % needed or len(cells) % 7 or not cells:
        is_served = (on + len(cells)) % 7 in shift.days
        cells.append(turns[served // shift.every % len(turns)] if is_served else ())
        served += is_served
    hours = _hours(shift.days, shift.minute, min(shift.long, DAY))
    return Stint(shift.name, first, DAY * _MINUTE, tuple(cells), hours)


def _by_week(
    shift: Repeats, first: datetime, turns: tuple[Member, ...]
) -> tuple[tuple[Cycle, ...], tuple[str, ...]]:
    """A turn is a week that begins on a day of its own; a shift is whose week it begins in."""
    week = first - timedelta(days=(first.weekday() - shift.week_start) % 7)
    offsets = sorted((day - shift.week_start) % 7 for day in shift.days)
    if offsets[-1] * DAY + shift.long > offsets[0] * DAY + WEEK:
        # Shifts that run into the next week's turn count beside it: each day is a cycle of its own.
        period, overlap = WEEK * shift.every, (_OVERLAP,) if shift.long > WEEK * shift.every else ()
        rows = (_alternating(shift, week + timedelta(days=each), turns, period) for each in offsets)
        return tuple(rows), (*shift.why, *overlap)
    begins = week + timedelta(days=offsets[0])
    cells = tuple(cell for turn in turns for cell in (turn, *([()] * (shift.every - 1))))
    hours = _hours(shift.days, shift.minute, shift.long)
    return (Stint(shift.name, begins, WEEK * _MINUTE, cells, hours),), shift.why


def _monthly(shift: Repeats, turns: tuple[Member, ...]) -> Dated:
    """Turns of months, each written out; a day that a month has not is passed over, as calendars do."""
    if shift.days:
        raise Unfit("It is on weekdays of a month. Import its rendered feed as .ics instead.")
    rows: list[tuple[datetime, datetime, Member]] = []
    months = shift.begins.year * 12 + shift.begins.month - 1
    for count in range(MOST_MONTHS):
        year, month = divmod(months + count * shift.every, 12)
        try:
            start = shift.begins.replace(year=year, month=month + 1)
        except ValueError:
            continue
        rows.append((start, start + shift.long * _MINUTE, turns[len(rows) % len(turns)]))
    return Dated(shift.name, tuple(rows))

"""Times as people write them: "tomorrow 9am", "sat 02:00", "in 3h". It asks back and never guesses.

Reading and placing are two steps because the zone often stands after the time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from rotations.refusals import DomainError, Unclear
from rotations.wallclock import instant, local
from rotations.words import Word, Words

_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s?([ap]m)?", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d{1,4})([a-z]*)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAMED_TIMES = {"noon": time(12), "midnight": time(0)}
_DAYS_AHEAD = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hour": 60, "hours": 60}
_UNITS |= {"d": 1440, "day": 1440, "days": 1440}
_JUST_NOW = timedelta(minutes=1)
"""A time that passed this moment still means today: typing takes a while."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2150


class Ambiguity(DomainError):
    """A time that reads in two ways; `readings` may stand in place of `line[start:end]`."""

    def __init__(self, question: str, span: tuple[int, int], readings: tuple[str, ...]) -> None:
        super().__init__(question)
        self.span = span
        self.readings = readings


@dataclass(frozen=True, slots=True)
class Spoken:
    """A time as written, not yet placed in a zone: an instant, or a clock time with or without a day.

    `is_day`: a day alone was written, and `at` says nothing.
    """

    start: int
    end: int
    instant: datetime | None = None
    at: time = time(0)
    on: date | None = None
    day_month: tuple[int, int] | None = None
    weekday: int | None = None
    days_ahead: int | None = None
    is_day: bool = False


def read_moment(words: Words, now: datetime) -> Spoken:
    """Read one time. Raises Unclear with the position, Ambiguity when it reads in two ways."""
    first = words.take("A time")
    if first.folded == "now":
        return Spoken(first.start, first.end, now)
    if first.folded == "in":
        return _from_now(first, words, now)
    if "T" in first.text.upper() and first.text[:4].isdigit():
        return _iso(first)
    words.place -= 1
    return _day_and_clock(words, first)


def read_day_or_moment(words: Words, now: datetime) -> Spoken:
    """As `read_moment`; a day without a clock time ("24 Dec", "sat") is the whole day. Raises the same."""
    head, first = words.place, words.peek()
    day = _read_one_day(words)
    last = words.peek(-1)
    if first is None or last is None or day is None or _is_clock(words):
        words.place = head
        return read_moment(words, now)
    return Spoken(
        first.start, last.end, None, time(0), day.on, day.day_month, day.weekday, day.days_ahead, True
    )


def _read_one_day(words: Words) -> _Parts | None:
    """A weekday, a date, or a weekday with its date: a second date begins the next time."""
    day = _Parts()
    if not _read_day(words, day):
        return None
    words.skip(",")
    head, dated = words.place, _Parts(weekday=day.weekday)
    if day.weekday is not None and _read_day(words, dated) and dated != day:
        return dated
    words.place = head
    return day


def _is_clock(words: Words) -> bool:
    """Whether a clock time follows, and not the number of the next day ("14 Dec")."""
    word = words.peek(1) if (first := words.peek()) and first.folded == "at" else first
    if word is None or not (word.folded in _NAMED_TIMES or _CLOCK.fullmatch(word.text)):
        return False
    head = words.place
    is_day = _read_day_month(words, _Parts())
    words.place = head
    return not is_day


def place(spoken: Spoken, zone: str, now: datetime, after: datetime | None = None) -> datetime:
    """The UTC instant of a spoken time in a zone; with `after`, the end of a range that began then.

    Raises Ambiguity when a time without a date has passed today.
    """
    if spoken.instant is not None:
        return spoken.instant
    base = local(after or now, zone).date()
    if spoken.on is not None or spoken.day_month is not None:
        on = spoken.on or _next_date(base, spoken)
        if spoken.weekday not in (None, on.weekday()):
            raise Unclear(f"{on} is a {on:%A}.", spoken.start)
        return instant(on, spoken.at, zone)
    if spoken.days_ahead is not None:
        today = local(now, zone).date()
        return instant(today + timedelta(days=spoken.days_ahead), spoken.at, zone)
    return _next_time(spoken, zone, base, (now, after))


def _next_time(
    spoken: Spoken, zone: str, base: date, now_after: tuple[datetime, datetime | None]
) -> datetime:
    now, after = now_after
    step = 1 if spoken.weekday is None else 7
    first = base + timedelta(days=0 if spoken.weekday is None else (spoken.weekday - base.weekday()) % 7)
    found, later = (instant(first + timedelta(days=days), spoken.at, zone) for days in (0, step))
    if after is not None:
        return found if found > after else later
    if found >= now - _JUST_NOW:
        return found
    readings = tuple(f"{on} {spoken.at:%H:%M}" for on in (first, first + timedelta(days=step)))
    raise Ambiguity(
        f"{spoken.at:%H:%M} has passed today. Which do you mean?", (spoken.start, spoken.end), readings
    )


def _next_date(base: date, spoken: Spoken) -> date:
    day, month = spoken.day_month or (1, 1)
    for year in range(base.year, base.year + 9):
        try:
            on = date(year, month, day)
        except ValueError:
            continue
        if on >= base:
            return on
    raise Unclear("There is no such day.", spoken.start)


def _from_now(first: Word, words: Words, now: datetime) -> Spoken:
    amount = words.take('A length like "3h"')
    found = _AMOUNT.fullmatch(amount.text)
    unit = amount if found is None or found[2] else words.take('A unit, like "hours",')
    minutes = _UNITS.get(unit.folded if unit is not amount else found[2].casefold() if found else "")
    if found is None or minutes is None:
        raise Unclear(
            f'"{words.line[amount.start : unit.end]}" is not a length; write it like 3h.', amount.start
        )
    return Spoken(first.start, unit.end, now + timedelta(minutes=int(found[1]) * minutes))


def _iso(word: Word) -> Spoken:
    try:
        moment = datetime.fromisoformat(word.text.upper())
    except ValueError:
        raise Unclear(f'"{word.text}" is not a time; write it like 2026-12-05T09:00Z.', word.start) from None
    _refuse_far(moment.date(), word)
    if moment.tzinfo is None:
        return Spoken(word.start, word.end, None, moment.time(), moment.date())
    return Spoken(word.start, word.end, moment.astimezone(UTC))


@dataclass(slots=True)
class _Parts:
    """What has been understood of a day so far."""

    on: date | None = None
    day_month: tuple[int, int] | None = None
    weekday: int | None = None
    days_ahead: int | None = None


def _day_and_clock(words: Words, first: Word) -> Spoken:
    parts = _Parts()
    while _read_day(words, parts):
        words.skip("at", ",")
    clock = words.take("A clock time, like 18:00,")
    at = _clock(clock)
    return Spoken(
        first.start, clock.end, None, at, parts.on, parts.day_month, parts.weekday, parts.days_ahead
    )


def _read_day(words: Words, parts: _Parts) -> bool:
    word = words.peek()
    if word is None:
        return False
    text = word.folded.rstrip(",")
    if text in _DAYS_AHEAD:
        parts.days_ahead = _DAYS_AHEAD[text]
    elif text[:3] in _WEEKDAYS and text.isalpha():
        parts.weekday = _WEEKDAYS.index(text[:3])
    elif _DATE.fullmatch(text):
        parts.on = _date(word)
    else:
        return _read_day_month(words, parts)
    words.place += 1
    return True


def _read_day_month(words: Words, parts: _Parts) -> bool:
    """ "5 Dec" or "Dec 5"."""
    pair = [word.folded.rstrip(",.") for word in (words.peek(), words.peek(1)) if word is not None]
    for day, month in (pair, pair[::-1]) if len(pair) == 2 else ():
        if day.isdigit() and month[:3] in _MONTHS and month.isalpha():
            parts.day_month = (int(day), _MONTHS.index(month[:3]) + 1)
            words.place += 2
            return True
    return False


def _date(word: Word) -> date:
    try:
        on = date.fromisoformat(word.text)
    except ValueError:
        raise Unclear(f"There is no day {word.text}.", word.start) from None
    _refuse_far(on, word)
    return on


def _refuse_far(on: date, word: Word) -> None:
    if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        raise Unclear(f"Schedules are answered for {_FIRST_YEAR} to {_LAST_YEAR}.", word.start)


def _clock(word: Word) -> time:
    if word.folded in _NAMED_TIMES:
        return _NAMED_TIMES[word.folded]
    found = _CLOCK.fullmatch(word.text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if found and found[3]:
        hour = hour % 12 + 12 * (found[3].casefold() == "pm") if 1 <= hour <= 12 else 24
    elif found and not found[2]:
        _ask_which_half(word, hour)
    if hour > 23 or minute > 59:
        raise Unclear(f'"{word.text}" is not a time; write it like 18:00 or 2026-12-05 18:00.', word.start)
    return time(hour, minute)


def _ask_which_half(word: Word, hour: int) -> None:
    if 1 <= hour <= 12:
        readings = (f"{hour % 12:02d}:00", f"{hour % 12 + 12:02d}:00")
        raise Ambiguity(f'Is "{word.text}" {readings[0]} or {readings[1]}?', (word.start, word.end), readings)

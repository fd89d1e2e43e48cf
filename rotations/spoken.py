"""Times as people write them: "tomorrow 9am", "sat 02:00", "in 3h", "5 Dec". Reads, and never places them.

The zone often stands after the time; `moments` makes instants of what was read here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from rotations.refusals import Ambiguity, Unclear
from rotations.wording import nearest
from rotations.words import Word, Words

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s?([ap]m)?|(\d{2})(\d{2})", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d{1,4}|an?)([a-z]*)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?|(\d{1,2})\.(\d{1,2})\.(\d{4})?")
_YEAR = re.compile(r"(?:19|20|21)\d{2}")
_NAMED_TIMES = {"noon": time(12), "midnight": time(0)}
_DAYS_AHEAD = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_WHICH = ("this", "next", "last")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_SHORTEST = 3
_UNITS = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hour": 60, "hours": 60}
_UNITS |= {"d": 1440, "day": 1440, "days": 1440, "w": 10080, "week": 10080, "weeks": 10080}
_DAY_MINUTES = 1440
_TIME_WORDS = (*_DAYS_AHEAD, *_NAMED_TIMES, "now", *_WEEKDAYS, *_MONTHS)
_FIRST_YEAR, _LAST_YEAR = 1970, 2150


class Day(Struct, frozen=True):
    """A day as written. A weekday may stand beside a date; `which` says this, next or last of it."""

    on: date | None = None
    day_month: tuple[int, int] | None = None
    weekday: int | None = None
    days_ahead: int | None = None
    which: str = ""

    @property
    def is_dated(self) -> bool:
        return (self.on, self.day_month, self.days_ahead) != (None, None, None)


class Spoken(Struct, frozen=True):
    """A time as written, not yet placed in a zone: an instant, or a clock time with or without a day.

    `is_day`: a day alone was written, and `at` says nothing. `keeps_clock`: at the clock time it is now.
    `is_end`: 24:00, or midnight alone: the midnight at which the day ends.
    """

    start: int
    end: int
    instant: datetime | None = None
    at: time = time(0)
    day: Day = Day()
    is_day: bool = False
    keeps_clock: bool = False
    is_end: bool = False


def read_moment(words: Words, now: datetime) -> Spoken:
    """Read one time. Raises Unclear with the position, Ambiguity when it reads in two ways."""
    first = words.take("A time")
    if first.folded == "now":
        return Spoken(first.start, first.end, now)
    if first.folded == "in":
        return _length(words, first, 1, now)
    words.place -= 1
    if _is_past_length(words):
        return _length(words, first, -1, now)
    if "T" in first.text.upper() and first.text[:4].isdigit():
        words.place += 1
        return _iso(first)
    return _day_and_clock(words, first)


def read_day_or_moment(words: Words, now: datetime) -> Spoken:
    """As `read_moment`; a day without a clock time ("24 Dec", "sat") is the whole day. Raises the same."""
    head, first = words.place, words.peek()
    day = _read_one_day(words)
    last = words.peek(-1)
    if first is None or last is None or day is None or _is_clock(words):
        words.place = head
        return read_moment(words, now)
    return Spoken(first.start, last.end, day=day, is_day=True)


def _read_one_day(words: Words) -> Day | None:
    """A weekday, a date, or a weekday with its date: a second date begins the next time."""
    day = _read_day(words, Day())
    if day is None or day.is_dated:
        return day
    head = words.place
    words.skip(",")
    dated = _read_day(words, day)
    if dated is not None and dated.is_dated and dated.weekday == day.weekday:
        return dated
    words.place = head
    return day


def _is_clock(words: Words) -> bool:
    """Whether a clock time follows, and not the number of the next day ("14 Dec")."""
    word = words.peek(1) if (first := words.peek()) and first.folded == "at" else first
    if word is None or not (word.folded in _NAMED_TIMES or _CLOCK.fullmatch(word.text)):
        return False
    head = words.place
    is_day = _read_day_month(words, Day()) is not None
    words.place = head
    return not is_day


def _is_past_length(words: Words) -> bool:
    """ "3h ago", "2 days ago", "an hour ago"."""
    ahead = [word.folded for word in (words.peek(0), words.peek(1), words.peek(2)) if word is not None]
    return "ago" in ahead[1:3] and _AMOUNT.fullmatch(ahead[0]) is not None


def _length(words: Words, first: Word, sign: int, now: datetime) -> Spoken:
    """A length from now. Days and weeks keep the clock time, whatever the clocks do in between."""
    amount = words.take('A length like "3h"')
    found = _AMOUNT.fullmatch(amount.text)
    spelled = (found[2] or "") if found else ""
    unit = amount if found is None or spelled else words.take('A unit, like "hours",')
    minutes = _UNITS.get(spelled.casefold() or unit.folded)
    if found is None or minutes is None:
        written = words.line[amount.start : unit.end]
        raise Unclear(f'"{written}" is not a length; write it like 3h.', amount.start)
    end = unit.end
    if sign < 0:
        end = words.take('"ago"').end
    length = sign * (int(found[1]) if found[1].isdigit() else 1) * minutes
    if minutes < _DAY_MINUTES:
        return Spoken(first.start, end, now + timedelta(minutes=length))
    return Spoken(first.start, end, day=Day(days_ahead=length // _DAY_MINUTES), keeps_clock=True)


def _iso(word: Word) -> Spoken:
    try:
        moment = datetime.fromisoformat(word.text.upper())
    except ValueError:
        raise Unclear(f'"{word.text}" is not a time; write it like 2026-12-05T09:00Z.', word.start) from None
    _refuse_far(moment.date(), word)
    if moment.tzinfo is None:
        return Spoken(word.start, word.end, at=moment.time(), day=Day(moment.date()))
    return Spoken(word.start, word.end, moment.astimezone(UTC))


def _day_and_clock(words: Words, first: Word) -> Spoken:
    day = Day()
    while (more := _read_day(words, day)) is not None:
        day = more
        words.skip("at", ",")
    clock = words.take("A clock time, like 18:00,")
    is_word = clock.text.isalpha() and clock.folded not in _TIME_WORDS
    if is_word and nearest(clock.text, _TIME_WORDS):
        raise words.unclear(clock, f'"{clock.text}" is not a time', _TIME_WORDS)
    is_end = clock.text == "24:00" or clock.folded == "midnight"
    if clock.folded == "midnight" and day != Day():
        question = "Is that the midnight at which the day begins, or ends?"
        raise Ambiguity(question, (clock.start, clock.end), ("00:00", "24:00"))
    at = time(0) if is_end else _clock(clock)
    return Spoken(first.start, clock.end, at=at, day=day, is_end=is_end)


def _read_day(words: Words, day: Day) -> Day | None:
    """The day with one more piece, or None where none follows."""
    word, after = words.peek(), words.peek(1)
    if word is None:
        return None
    if word.folded in _WHICH and after is not None and _weekday(after) is not None:
        words.place += 2
        return replace(day, weekday=_weekday(after), which=word.folded)
    text = word.folded.rstrip(",")
    if text in _DAYS_AHEAD:
        more = replace(day, days_ahead=_DAYS_AHEAD[text])
    elif _weekday(word) is not None:
        more = replace(day, weekday=_weekday(word))
    elif _DATE.fullmatch(text):
        more = replace(day, on=_date(text, word))
    elif slashed := _SLASHED.fullmatch(text):
        more = _slashed(day, slashed, word)
    else:
        return _read_day_month(words, day)
    words.place += 1
    return more


def _weekday(word: Word) -> int | None:
    return _named(word.folded.rstrip(","), _WEEKDAYS)


def _named(text: str, names: tuple[str, ...]) -> int | None:
    """The place of the name that begins so: "sat", "tues", "september"."""
    found = (place for place, name in enumerate(names) if name.startswith(text))
    return next(found, None) if len(text) >= _SHORTEST else None


def _read_day_month(words: Words, day: Day) -> Day | None:
    """ "5 Dec", "Dec 5", "5 Dec 2026"."""
    pair = [word.folded.rstrip(",.") for word in (words.peek(), words.peek(1)) if word is not None]
    for number, month in (pair, pair[::-1]) if len(pair) == 2 else ():
        in_month = _named(month, _MONTHS)
        if number.isdigit() and in_month is not None:
            first = words.take("A day")
            words.place += 1
            day_month = (int(number), in_month + 1)
            year = words.peek()
            if year is None or not _YEAR.fullmatch(year.text.rstrip(",")):
                return replace(day, day_month=day_month)
            words.place += 1
            return replace(day, on=_date(f"{year.text[:4]}-{day_month[1]:02}-{day_month[0]:02}", first))
    return None


def _slashed(day: Day, found: re.Match[str], word: Word) -> Day:
    """ "24/12" is one day; "5/12" is two, by whoever writes it: asked back. "5.12." is day and month."""
    number, month, year = (found[4], found[5], found[6]) if found[4] else (found[1], found[2], found[3])
    on_day, in_month = int(number), int(month)
    if not found[4] and on_day != in_month and max(on_day, in_month) <= 12:
        readings = (_reading(on_day, in_month, year), _reading(in_month, on_day, year))
        raise Ambiguity(f'Which day is "{word.text}"?', (word.start, word.end), readings)
    if not found[4] and in_month > 12:
        on_day, in_month = in_month, on_day
    if year:
        return replace(day, on=_date(f"{year}-{in_month:02}-{on_day:02}", word))
    if not 1 <= in_month <= 12:
        raise Unclear(f"There is no day {word.text}.", word.start)
    return replace(day, day_month=(on_day, in_month))


def _reading(day: int, month: int, year: str | None) -> str:
    return f"{day} {_MONTHS[month - 1][:3].capitalize()} {year or ''}".strip()


def _date(text: str, word: Word) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise Unclear(f"There is no day {text}.", word.start) from None
    _refuse_far(on, word)
    return on


def _refuse_far(on: date, word: Word) -> None:
    if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        raise Unclear(f"Schedules are answered for {_FIRST_YEAR} to {_LAST_YEAR}.", word.start)


def _clock(word: Word) -> time:
    if word.folded in _NAMED_TIMES:
        return _NAMED_TIMES[word.folded]
    found = _CLOCK.fullmatch(word.text)
    hour, minute = (int(found[1] or found[4]), int(found[2] or found[5] or 0)) if found else (24, 0)
    if found and found[3]:
        hour = hour % 12 + 12 * (found[3].casefold() == "pm") if 1 <= hour <= 12 else 24
    elif found and found[1] and not found[2]:
        _ask_which_half(word, hour)
    if hour > 23 or minute > 59:
        raise Unclear(f'"{word.text}" is not a time; write it like 18:00 or 2026-12-05 18:00.', word.start)
    return time(hour, minute)


def _ask_which_half(word: Word, hour: int) -> None:
    if 1 <= hour <= 12:
        readings = (f"{hour % 12:02d}:00", f"{hour % 12 + 12:02d}:00")
        raise Ambiguity(f'Is "{word.text}" {readings[0]} or {readings[1]}?', (word.start, word.end), readings)

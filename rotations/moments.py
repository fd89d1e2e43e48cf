"""Spoken times → instants: "sat 02:00" is the coming Saturday in a zone. It asks back and never guesses.

Only the clock times of people are read here; what rotations mean by one is in `wallclock`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from rotations.refusals import Ambiguity, ClocksChange, Unclear
from rotations.spoken import Spoken
from rotations.wallclock import instant, local
from rotations.zones import city

_JUST_NOW = timedelta(minutes=1)
"""A time that passed this moment still means today: typing takes a while."""
_LEAP_CYCLE = 9
"""So many years hold a 29 February, also across a year that has none for being a century."""


def place(
    spoken: Spoken, zone: str, now: datetime, after: datetime | None = None, asker: str = ""
) -> datetime:
    """The UTC instant of a spoken time in a zone; with `after`, the end of a range that began then.

    `asker` is the zone of who says "tomorrow". Raises Ambiguity when that is another day there, when a time
    without a date has passed today, ClocksChange when it happens twice or never there.
    """
    if spoken.instant is not None:
        return spoken.instant
    _ask_whose_day(spoken, zone, asker or zone, now)
    on = _dated(spoken, zone, now, after)
    if on is not None:
        return _instant(on, spoken, zone, now)
    return _next_time(spoken, zone, (now, after))


def place_before(spoken: Spoken, zone: str, now: datetime) -> datetime:
    """As `place`, for what has happened: a day without a year, a time without a day are the last such."""
    if spoken.instant is not None:
        return spoken.instant
    day, today = spoken.day, local(now, zone).date()
    if day.day_month is not None:
        on = _date_of(day.day_month, range(today.year, today.year - _LEAP_CYCLE, -1), spoken)
        later = on > today
        return _instant(_year_before(on, spoken) if later else on, spoken, zone, now)
    if day.is_dated or day.which:
        return place(spoken, zone, now)
    step = timedelta(days=1 if day.weekday is None else 7)
    on = today - timedelta(days=0 if day.weekday is None else (today.weekday() - day.weekday) % 7)
    while instant(on + timedelta(days=spoken.is_end), spoken.at, zone) > now:
        on -= step
    return _instant(on, spoken, zone, now)


def day_of(spoken: Spoken, zone: str, now: datetime) -> date:
    """The local date that is meant; a weekday alone is the coming one, today included."""
    today = local(now, zone).date()
    if spoken.instant is not None:
        return local(spoken.instant, zone).date()
    weekday = spoken.day.weekday
    return _dated(spoken, zone, now, None) or today + timedelta(
        days=0 if weekday is None else (weekday - today.weekday()) % 7
    )


def _ask_whose_day(spoken: Spoken, zone: str, asker: str, now: datetime) -> None:
    """It is tomorrow in Tokyo already: "tomorrow 9am Tokyo" is two days."""
    here, there = (local(now, each).date() for each in (asker, zone))
    if spoken.day.days_ahead is None or spoken.keeps_clock or here == there:
        return
    ahead = timedelta(days=spoken.day.days_ahead)
    readings = tuple(f"{on + ahead} {spoken.at:%H:%M}" for on in sorted((here, there)))
    question = f"It is {there:%A} in {city(zone)} and {here:%A} where you are. Which day do you mean?"
    raise Ambiguity(question, (spoken.start, spoken.end), readings)


def _dated(spoken: Spoken, zone: str, now: datetime, after: datetime | None) -> date | None:
    """The local date that was written, if one was; a weekday alone is none."""
    day, today = spoken.day, local(now, zone).date()
    if day.days_ahead is not None:
        return today + timedelta(days=day.days_ahead)
    if day.is_dated:
        base = local(after or now, zone).date()
        on = day.on or _next_date(base, spoken)
        if day.weekday not in (None, on.weekday()):
            raise Unclear(f"{on} is a {on:%A}.", spoken.start)
        return on
    return _which(spoken, today) if day.which else None


def _which(spoken: Spoken, today: date) -> date:
    """ "next Saturday" is two days, by who says it; only on a Saturday everybody means the same."""
    ahead = ((spoken.day.weekday or 0) - today.weekday()) % 7
    if spoken.day.which == "last":
        return today + timedelta(days=ahead - 7)
    coming = today + timedelta(days=ahead)
    if spoken.day.which == "this":
        return coming
    if ahead == 0:
        return coming + timedelta(days=7)
    clock = "" if spoken.is_day else f" {spoken.at:%H:%M}"
    readings = tuple(f"{on}{clock}" for on in (coming, coming + timedelta(days=7)))
    raise Ambiguity(f"Which {coming:%A} do you mean?", (spoken.start, spoken.end), readings)


def _next_time(spoken: Spoken, zone: str, now_after: tuple[datetime, datetime | None]) -> datetime:
    now, after = now_after
    base, weekday = local(after or now, zone).date(), spoken.day.weekday
    step = timedelta(days=1 if weekday is None else 7)
    first = base + timedelta(days=0 if weekday is None else (weekday - base.weekday()) % 7)
    found = _instant(first, spoken, zone, now)
    if after is not None:
        return found if found > after else _instant(first + step, spoken, zone, now)
    if found >= now - _JUST_NOW:
        return found
    readings = tuple(f"{on} {spoken.at:%H:%M}" for on in (first, first + step))
    raise Ambiguity(
        f"{spoken.at:%H:%M} has passed today. Which do you mean?", (spoken.start, spoken.end), readings
    )


def _next_date(base: date, spoken: Spoken) -> date:
    day_month = spoken.day.day_month or (1, 1)
    on = _date_of(day_month, range(base.year, base.year + _LEAP_CYCLE), spoken)
    if on < base:
        return _date_of(day_month, range(base.year + 1, base.year + _LEAP_CYCLE), spoken)
    return on


def _year_before(on: date, spoken: Spoken) -> date:
    return _date_of((on.day, on.month), range(on.year - 1, on.year - _LEAP_CYCLE, -1), spoken)


def _date_of(day_month: tuple[int, int], years: range, spoken: Spoken) -> date:
    """The first of these years that has this day: 29 February is not in every one."""
    day, month = day_month
    for year in years:
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise Unclear("There is no such day.", spoken.start)


def _instant(on: date, spoken: Spoken, zone: str, now: datetime) -> datetime:
    at = local(now, zone).time() if spoken.keeps_clock else spoken.at
    on += timedelta(days=spoken.is_end)
    found = instant(on, at, zone)
    if not spoken.is_day and not spoken.keeps_clock:
        _ask_where_clocks_change(found, (on, at), spoken, zone)
    return found


def _ask_where_clocks_change(found: datetime, written: tuple[date, time], spoken: Spoken, zone: str) -> None:
    """A clock time that happens twice, or never, on the day the clocks change there; `found` is by rule."""
    there, shown = local(found, zone), f"{written[1]:%H:%M} in {city(zone)} on {written[0]}"
    if (there.date(), there.time()) != written:
        other = found - (there.replace(tzinfo=None) - datetime.combine(*written))
        question = f"The clocks go forward: there is no {shown}."
    elif there.replace(fold=1).utcoffset() != there.utcoffset():
        later = there.replace(fold=1)
        other = found + ((there.utcoffset() or timedelta()) - (later.utcoffset() or timedelta()))
        question = f"The clocks go back: there are two {shown}."
    else:
        return
    readings = tuple(f"{at:%Y-%m-%dT%H:%MZ}" for at in (found, other))
    raise ClocksChange(question, (spoken.start, spoken.end), readings, found)

"""A repetition rule as calendars write it → one the expander can be trusted with. It expands nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time

from rotations.ics.again import Rule
from rotations.ics.moments import Moment, Unreadable, moment_of
from rotations.ics.zones import OwnRules, Zones

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_COUNTED = 50_000
"""More than the days of the years that are read: such a COUNT never ends it."""

_LONGEST_MONTH = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY = r"[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)"
_NUMBER = r"[+-]?\d{1,3}"
_VALUES = {
    "BYDAY": _DAY,
    "BYHOUR": r"\d{1,2}",
    "BYMINUTE": r"\d{1,2}",
    "BYSECOND": r"\d{1,2}",
    "BYMONTH": r"\d{1,2}",
    "BYMONTHDAY": _NUMBER,
    "BYYEARDAY": _NUMBER,
    "BYWEEKNO": _NUMBER,
    "BYSETPOS": _NUMBER,
}
_BOUNDS = {"BYHOUR": 23, "BYMINUTE": 59, "BYSECOND": 59, "BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366}
_BOUNDS |= {"BYWEEKNO": 53, "BYSETPOS": 366}
_FROM_ZERO = ("BYHOUR", "BYMINUTE", "BYSECOND")


def rule(value: str, start: Moment, notes: list[str]) -> Rule:
    """The rule in order, with notes on what was read otherwise than written. Raises Unreadable."""
    parts = _parts(value)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise Unreadable(_too_often(frequency))
    kept = [f"FREQ={frequency}", *_interval(parts), *_by(parts, frequency), *_weeks(parts)]
    if "RSCALE" in parts or parts.get("SKIP", "OMIT") != "OMIT":
        raise Unreadable("It repeats by another calendar than the Gregorian.")
    count, until = parts.get("COUNT", ""), parts.get("UNTIL", "")
    if count and until and not count.startswith("-"):
        raise Unreadable("Its rule has both a COUNT and an UNTIL.")
    return Rule(";".join([*kept, *_count(count, notes)]), _until(until, start, notes))


def _parts(value: str) -> dict[str, str]:
    """Empty parts, as after a trailing semicolon, are passed over; so is what no rule has."""
    pairs = [part.partition("=") for part in re.sub(r"\s", "", value).upper().split(";") if part]
    names = [name for name, _, _ in pairs]
    if len(set(names)) < len(names):
        raise Unreadable(f"Its rule says {next(n for n in names if names.count(n) > 1)} twice.")
    return {name: content.strip(",") for name, _, content in pairs if content.strip(",")}


def _too_often(frequency: str) -> str:
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        return f"It repeats {frequency.lower()}: shifts repeat daily at the most."
    if not frequency:
        return "Its rule does not say how often it repeats: it has no FREQ."
    return f"Its rule repeats “{frequency[:20]}”, which is no frequency."


def _interval(parts: Mapping[str, str]) -> list[str]:
    written = parts.get("INTERVAL", "1")
    if not re.fullmatch(r"\d{1,4}", written) or int(written) < 1:
        raise Unreadable(f"Its rule has INTERVAL={written[:20]}; 1 to 9999 are read.")
    return [f"INTERVAL={int(written)}"]


def _weeks(parts: Mapping[str, str]) -> list[str]:
    begins = parts.get("WKST", "")
    return [f"WKST={begins}"] if re.fullmatch("MO|TU|WE|TH|FR|SA|SU", begins) else []


def _by(parts: Mapping[str, str], frequency: str) -> list[str]:
    for name, form in _VALUES.items():
        written = parts.get(name, "")
        for one in written.split(",") if written else ():
            if not re.fullmatch(form, one) or not _is_bounded(name, one):
                raise Unreadable(f"Its rule has {name}={written[:40]}, which cannot be read.")
    if "BYSECOND" in parts or len(parts.get("BYMINUTE", "").split(",")) > 1:
        raise Unreadable("It repeats oftener than hourly within a day.")
    if len(parts.get("BYHOUR", "").split(",")) > 24:
        raise Unreadable("Its rule has more than 24 hours in a day.")
    _demand_days(parts)
    days = re.sub(r"[+-]?\d+", "", parts.get("BYDAY", "")) if frequency in ("DAILY", "WEEKLY") else None
    fixed = {**parts, "BYDAY": days} if days else parts
    return [f"{name}={fixed[name]}" for name in _VALUES if name in fixed]


def _is_bounded(name: str, one: str) -> bool:
    if name == "BYDAY":
        return re.fullmatch(r"[+-]?0*", one[:-2]) is None or one[:-2] == ""
    return (0 if name in _FROM_ZERO else 1) <= abs(int(one)) <= _BOUNDS[name]


def _demand_days(parts: Mapping[str, str]) -> None:
    """A day that no month has would be sought for ever."""
    months, days = parts.get("BYMONTH", ""), parts.get("BYMONTHDAY", "")
    if not months or not days:
        return
    longest = max(_LONGEST_MONTH[int(one)] for one in months.split(","))
    if all(abs(int(one)) > longest for one in days.split(",")):
        raise Unreadable("It repeats on a day that its months do not have.")


def _count(written: str, notes: list[str]) -> list[str]:
    if not written:
        return []
    if not re.fullmatch(r"-?\d{1,12}", written):
        raise Unreadable(f"Its rule has COUNT={written[:20]}, which is no number.")
    if int(written) < 0:
        notes.append(f"COUNT={written} is read as a series without an end.")
    if int(written) == 0:
        raise Unreadable("It repeats no times (COUNT=0).")
    return [f"COUNT={int(written)}"] if 0 < int(written) <= MOST_COUNTED else []


def _until(written: str, start: Moment, notes: list[str]) -> Moment | None:
    """A date alone means its whole day on the clocks of the event."""
    if not written or (re.match(r"\d{4}", written) and int(written[:4]) > 2100):
        return None  # "for ever", as some write it
    place = Zones("UTC", {}) if isinstance(start.zone, OwnRules) else Zones(start.zone, {})
    last = moment_of(written, "", place, "UNTIL")
    if start.is_day and not last.is_day:  # days are counted by the calendar, whatever clock is written
        last = moment_of(written[:8], "", place, "UNTIL")
    if last.is_day:
        if not start.is_day:
            notes.append("Its last day is given without a time: the whole day counts.")
        return Moment(datetime.combine(last.wall.date(), time(23, 59, 59)), last.zone, True)
    if not written.endswith("Z"):
        notes.append("Its UNTIL names no zone and is read on the event's own clock.")
    return last

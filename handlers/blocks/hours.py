"""Hours of a shift in words, in each zone that matters. The day is said once, and again where it differs."""

from collections.abc import Iterable
from datetime import datetime

from handlers.text import city, day, zone_of


def hours(start: datetime, end: datetime, zone: str) -> str:
    """`Thu 3 Dec 09:00–17:00 Dublin`, `Thu 3 Dec 20:00–Fri 4 Dec 04:00 New York`."""
    return f"{_span(start, end, zone)} {city(zone)}"


def hours_in(start: datetime, end: datetime, zones: Iterable[str]) -> str:
    """`Thu 3 Dec 04:00–12:00 New York · 09:00–17:00 Dublin · 09:00–17:00 UTC`: each zone once, UTC last."""
    named = dict.fromkeys(zone_of(zone).key for zone in zones)
    first, *others = [*(zone for zone in named if zone != "UTC"), "UTC"]
    on = start.astimezone(zone_of(first)).date()
    said = [hours(start, end, first)]
    for zone in others:
        there = [at.astimezone(zone_of(zone)).date() for at in (start, end)]
        is_same_day = there == [on, on]
        said.append(f"{_span(start, end, zone, is_same_day)} {city(zone)}")
    return " · ".join(said)


def instant_in(at: datetime, zone: str) -> str:
    """`Thu 3 Dec 09:00`, for where the zone has been named."""
    there = at.astimezone(zone_of(zone))
    return f"{day(there)} {there:%H:%M}"


def _span(start: datetime, end: datetime, zone: str, is_day_said: bool = False) -> str:
    opens, closes = start.astimezone(zone_of(zone)), end.astimezone(zone_of(zone))
    first = f"{opens:%H:%M}" if is_day_said else f"{day(opens)} {opens:%H:%M}"
    last = f"{closes:%H:%M}" if opens.date() == closes.date() else f"{day(closes)} {closes:%H:%M}"
    return f"{first}–{last}"

"""Small pieces of sentences: names in a row, a time with its city, "did you mean". Knows no schedule."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import datetime

from rotations.wallclock import local
from rotations.zones import city


def listed(names: Iterable[str]) -> str:
    """ "Ana Lima", "Ana Lima and Bo Chen", "Ana Lima, Bo Chen and Cy Okafor"; empty for nobody."""
    first, *rest = [*names] or [""]
    return f"{', '.join([first, *rest[:-1]])} and {rest[-1]}" if rest else first


def clock(t: datetime, zone: str) -> str:
    """ "Sat 5 Dec 01:00 Tokyo": the day, the time and the city that make an instant readable."""
    there = local(t, zone)
    return f"{there:%a} {there.day} {there:%b %H:%M} {city(zone)}"


def clock_only(t: datetime, zone: str) -> str:
    """ "01:00 Tokyo", where the day is said elsewhere."""
    return f"{local(t, zone):%H:%M} {city(zone)}"


def clocks(t: datetime, zones: Iterable[str]) -> str:
    """An instant in each zone, once, and in UTC: "Sat 5 Dec 01:00 Tokyo · Fri 4 Dec 16:00 UTC".

    The day is said once, and again where it is another one: "Mon 7 Dec 12:00 New York · 17:00 UTC".
    """
    first, *others = dict.fromkeys((*zones, "UTC"))
    on = local(t, first).date()
    said = (clock_only(t, zone) if local(t, zone).date() == on else clock(t, zone) for zone in others)
    return " · ".join((clock(t, first), *said))


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """The end of a sentence: ". Did you mean bo?", or the options when they are few, or a full stop."""
    names = list(dict.fromkeys(options))
    near = nearest(word, names)
    if near:
        return f'. Did you mean "{near}"?'
    return f". There is: {', '.join(names)}." if 0 < len(names) <= 12 else "."


def nearest(word: str, options: Iterable[str]) -> str:
    """The option that is spelled most like the word; "" where none comes near."""
    names = {option.casefold(): option for option in options}
    close = difflib.get_close_matches(word.casefold(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else ""

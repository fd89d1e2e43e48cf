"""The catalogue of time zones: valid names, cities, typed places, "did you mean". Never computes a time."""

from __future__ import annotations

import difflib
import zoneinfo
from functools import cache

import pytz


def use_bundled_tzdata() -> None:
    """Read zones from the tzdata package alone: system files are often a year old. Called once at start."""
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    rules_of.cache_clear()


@cache
def rules_of(name: str) -> zoneinfo.ZoneInfo:
    """The rules of an IANA zone. Raises ZoneInfoNotFoundError.

    Kept for good: the library itself keeps eight, and reads files anew for every other."""
    return zoneinfo.ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone, in its exact spelling."""
    return name in pytz.all_timezones_set


def is_country(code: str) -> bool:
    """Whether `code` is an ISO 3166 country, or a subdivision of one such as US-CA."""
    return code.partition("-")[0] in pytz.country_names


def city(zone: str) -> str:
    """The label people read: "New York" for America/New_York, "UTC" for UTC."""
    return zone.rpartition("/")[2].replace("_", " ")


def zones_named(place: str) -> tuple[str, ...]:
    """Zones that a typed place means: an exact name in any case, else every zone of that city."""
    folded = _folded(place)
    exact = [zone for zone in pytz.all_timezones if _folded(zone) == folded]
    return tuple(exact or [zone for zone in pytz.common_timezones if _folded(city(zone)) == folded])


def nearest_zones(word: str) -> tuple[str, ...]:
    """Up to three zones whose name or city is spelled like `word`, nearest first."""
    names = {_folded(zone): zone for zone in pytz.common_timezones}
    names |= {_folded(city(zone)): zone for zone in pytz.common_timezones}
    close = difflib.get_close_matches(_folded(word), names, n=3, cutoff=0.7)
    return tuple(dict.fromkeys(names[name] for name in close))


def zones_like(typed: str) -> tuple[str, ...]:
    """Zones whose city, name or country holds what is typed; cities that begin with it first."""
    wanted = _folded(typed)
    at_home = [zone for code in _countries_like(wanted) for zone in pytz.country_timezones.get(code, ())]
    named = [zone for zone in pytz.common_timezones if wanted in _folded(zone)]
    found = sorted(named, key=lambda zone: (not _folded(city(zone)).startswith(wanted), city(zone)))
    return tuple(dict.fromkeys((*found, *at_home)))


def _countries_like(wanted: str) -> list[str]:
    return [code for code, name in pytz.country_names.items() if _folded(name).startswith(wanted)]


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()

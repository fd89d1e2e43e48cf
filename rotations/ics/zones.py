"""What a calendar calls a time zone → an IANA zone, or rules of its own that the file brings along.

Names are looked up, never guessed: what nothing knows becomes a question to the lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b

import pytz
from msgspec import Struct, field

from rotations.ics.content import Component
from rotations.zones import is_zone, nearest_zones, zones_named

MOST_OBSERVANCES = 60
LONGEST_NAME = 255


class OwnRules(Struct, frozen=True):
    """A zone of the file's own making, in lines. The library of calendars keeps the rules that it met first
    under a name, so no two zones may have one name, in whatever calendars they are."""

    rules: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"Own-{blake2b(' '.join(self.rules).encode(), digest_size=12).hexdigest()}"


Zone = str | OwnRules
"""An IANA name, or rules of the file's own."""


class UnknownZone(Exception):
    """Nobody knows the zone `asked`; "" where the file names none."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


class LeftOut(Exception):
    """The lead's answer is to leave out whatever is in the zone `asked`."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


class Zones(Struct):
    """The zones of one calendar. `usual` is what a time without a zone is in; None: that is to be asked."""

    usual: str | None
    answers: Mapping[str, str]
    defined: Mapping[str, Component] = field(default_factory=dict)
    read_as: dict[str, str] = field(default_factory=dict)
    """Names that had to be looked up → what they are read as."""
    _known: dict[str, Zone | None] = field(default_factory=dict)

    def named(self, tzid: str) -> Zone:
        """Raises UnknownZone, LeftOut."""
        if tzid not in self._known:
            self._known[tzid] = found = self._look_up(tzid)
            said = found if isinstance(found, str) else "the rules that the file gives for it"
            if found is not None and said != tzid:
                self.read_as[tzid] = said
        known = self._known[tzid]
        if known is None:
            raise UnknownZone(tzid)
        return known

    def floating(self) -> str:
        """The zone of times that name none. Raises UnknownZone, LeftOut."""
        if self.usual is not None:
            return self.usual
        found = self._answered("")
        if found is None:
            raise UnknownZone("")
        return found

    def _look_up(self, tzid: str) -> Zone | None:
        found = self._answered(tzid) or zone_called(tzid)
        component = self.defined.get(tzid)
        if found or component is None:
            return found
        place = zone_called(component.text("X-LIC-LOCATION"))
        rules = own_rules(component)
        return place or (OwnRules(rules) if rules else None)

    def _answered(self, tzid: str) -> str | None:
        answer = self.answers.get(tzid)
        if answer == "":
            raise LeftOut(tzid)
        return answer if answer is not None and is_zone(answer) else None


def zone_called(tzid: str) -> str | None:
    """The IANA zone of an IANA name in any case, a Windows name, or a name with a maker's prefix."""
    name = tzid[: LONGEST_NAME * 2].strip().strip("\"'").removeprefix("tzone://Microsoft/").strip("/ ")
    if not name or len(name) > LONGEST_NAME or name.casefold() == "custom":
        return None
    if is_zone(name):
        return name
    if name.casefold() in ("z", "utc", "coordinated universal time", "(utc) coordinated universal time"):
        return "UTC"
    return _in_any_case(name) or _windows().get(name.casefold()) or _without_prefix(tzid, name)


def _in_any_case(name: str) -> str | None:
    """Only with its area: a bare word may be the name of several places."""
    return _by_folded_name().get(name.casefold()) if "/" in name else None


@cache
def _by_folded_name() -> dict[str, str]:
    return {zone.casefold(): zone for zone in pytz.all_timezones}


@cache
def _windows() -> dict[str, str]:
    """Windows' names, in small letters → zones. Loaded when a file has one."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


def _without_prefix(tzid: str, name: str) -> str | None:
    """RFC 5545, 3.2.19: a name that begins with a slash is its maker's, and ends with the IANA name."""
    parts = name.split("/") if tzid.strip().startswith("/") else []
    tails = ("/".join(parts[at:]) for at in range(1, len(parts) - 1))
    return next(filter(is_zone, tails), None)


def own_rules(component: Component) -> tuple[str, ...] | None:
    """Lines of STANDARD and DAYLIGHT: some, not too many, none repeating oftener than yearly; else None."""
    observances = [one for one in component.inside if one.name in ("STANDARD", "DAYLIGHT")]
    if not 0 < len(observances) <= MOST_OBSERVANCES or not all(map(_is_sound, observances)):
        return None
    lines: list[str] = []
    for one in observances:
        wanted = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE")
        kept = [
            f"{each.name}:{each.value.strip().rstrip(';')}" for each in one.properties if each.name in wanted
        ]
        lines += [f"BEGIN:{one.name}", *kept, f"END:{one.name}"]
    return tuple(lines)


def _is_sound(observance: Component) -> bool:
    begins, rules = observance.first("DTSTART"), observance.all("RRULE")
    has_all = begins and observance.first("TZOFFSETFROM") and observance.first("TZOFFSETTO")
    return bool(has_all) and len(rules) <= 1 and all("FREQ=YEARLY" in one.value.upper() for one in rules)


def proposals(asked: str, near: Iterable[str | None]) -> tuple[str, ...]:
    """Zones that may be meant by a name nobody knows: places it names first, then those at hand."""
    words = asked.replace("(", " ").replace(")", " ").replace(",", " ").split()
    places = [zone for word in words if len(word) > 3 for zone in zones_named(word)]
    alike = nearest_zones(asked) if asked else ()
    found = dict.fromkeys(filter(None, (*places, *alike, *near)))
    return tuple(filter(is_zone, found))[:4]

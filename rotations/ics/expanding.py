"""A series' text → its occurrences, by icalendar and recurring-ical-events.

It bounds neither time nor memory: the child process around it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from rotations.ics.series import Expanded, Occurrence

MOST_OCCURRENCES = 4000


def expand_one(text: str, start: datetime, end: datetime) -> Expanded:
    """What touches `[start, end)`; a text that the libraries cannot take is said, not raised."""
    import icalendar
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(text)
        found = recurring_ical_events.of(calendar).between(start, end)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, LookupError) as fault:
        return Expanded(why_not=f"Its times cannot be worked out ({type(fault).__name__}).")
    if len(found) > MOST_OCCURRENCES:
        return Expanded(why_not=f"It comes to {len(found)} shifts, which is no roster.")
    return Expanded(tuple(sorted(map(_occurrence, islice(found, MOST_OCCURRENCES)), key=_when)))


def forget_zones() -> None:
    """The zones that texts have brought along, which icalendar keeps by name. One whose rules were broken off
    in the midst still holds their lock: whoever meets it again waits for ever."""
    from icalendar.timezone import tzp

    tzp.use_zoneinfo()


def expand_here(texts: Sequence[str], start: datetime, end: datetime) -> list[Expanded]:
    """In this process and unbounded: for texts that are known to be harmless."""
    return [expand_one(text, start, end) for text in texts]


def _occurrence(component: Any) -> Occurrence:
    start, end = component["DTSTART"].dt, component["DTEND"].dt
    return Occurrence(int(component["X-INDEX"]), start.astimezone(UTC), end.astimezone(UTC))


def _when(one: Occurrence) -> tuple[datetime, datetime, int]:
    return one.start, one.end, one.event

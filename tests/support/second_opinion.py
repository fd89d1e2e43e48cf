"""pytz as the independent second opinion about local times. Never reads the zones that the product reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytz

FIRST, LAST = 2024, 2028
"""The years in which every zone of the catalogue is compared."""


def second_opinion(on: date, at: time, zone: str) -> datetime:
    """RFC 5545 by pytz: of the two readings of an odd local time, the one with the rule's offset."""
    place, naive = pytz.timezone(zone), datetime.combine(on, at)
    readings = sorted(place.localize(naive, is_dst=is_dst).astimezone(UTC) for is_dst in (True, False))
    exists = any(reading.astimezone(place).replace(tzinfo=None) == naive for reading in readings)
    # Twice: the first occurrence. Never: the offset before the gap is the smaller one, so the later instant.
    return readings[0] if exists else readings[-1]


def clock_changes(zone: str) -> Iterator[datetime]:
    """The UTC instants of 2024 to 2028 at which a zone changes its offset."""
    changes = getattr(pytz.timezone(zone), "_utc_transition_times", ())
    return (change.replace(tzinfo=UTC) for change in changes if FIRST <= change.year <= LAST)

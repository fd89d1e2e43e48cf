"""The only place that turns local date + clock time + zone into an instant (RFC 5545, section 3.3.5).

A local time that does not exist is read with the offset before the gap; one that happens twice is its
first occurrence. Add days to local dates here, never hours to instants.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from rotations.zones import rules_of


def instant(on: date, at: time, zone: str) -> datetime:
    """The UTC instant of a clock time on a local date in an IANA zone."""
    return instant_in(on, at, rules_of(zone))


def instant_in(on: date, at: time, zone: tzinfo) -> datetime:
    """As `instant`, with the zone already looked up: for rooms that ask a thousand times."""
    # With fold=0 zoneinfo gives the offset before a gap and the first of two occurrences: both RFC rules.
    return datetime.combine(on, at, zone).astimezone(UTC)


def local(t: datetime, zone: str) -> datetime:
    """The aware local time of an instant in an IANA zone."""
    return t.astimezone(rules_of(zone))


def utc(t: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError when `t` has no offset."""
    if t.tzinfo is UTC:
        return t
    if t.tzinfo is None:
        raise ValueError("An instant needs an offset from UTC.")
    return t.astimezone(UTC)

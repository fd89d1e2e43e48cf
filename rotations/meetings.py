"""When people of several zones can meet in hours that they share, and that as an event for calendars. Pure.

Public holidays and absences are not looked at: it is a proposal, and who is asked can see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rotations.feed_text import PRODUCT, escaped, line
from rotations.wallclock import utc
from rotations.zones import rules_of

OPENS, CLOSES = time(9), time(18)
SOONEST, LATEST = timedelta(days=1), timedelta(days=15)
EVERY = timedelta(minutes=30)
FRIDAY = 4
_DAY = 24 * 60


class Meeting(NamedTuple):
    """`[start, end)` in UTC. `outside` are the zones for which it is not within 09:00–18:00 of a weekday."""

    start: datetime
    end: datetime
    outside: tuple[str, ...]


def proposed(zones: Sequence[str], now: datetime, length: timedelta) -> Meeting:
    """The earliest half hour from a day on, for two weeks, that suits all; where none does, the one that asks
    least of whoever is worst off, then least of all together."""
    places = [rules_of(zone) for zone in dict.fromkeys(zones)]
    first = utc(now) + SOONEST
    start = first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    starts = [start + EVERY * number for number in range((LATEST - SOONEST) // EVERY)]

    def asks(at: datetime) -> tuple[int, int, datetime]:
        minutes = [_outside(at, length, place) for place in places]
        return max(minutes, default=0), sum(minutes), at

    best = min(starts, key=asks)
    outside = tuple(place.key for place in places if _outside(best, length, place))
    return Meeting(best, best + length, outside)


def as_calendar(
    meeting: Meeting, uid: str, title: str, notes: Sequence[str], now: datetime, sequence: int = 0
) -> str:
    """One tentative event, without anybody invited: whoever opens it invites."""
    values = (
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT),
        ("METHOD", "PUBLISH"),
        ("BEGIN", "VEVENT"),
        ("UID", uid),
        ("DTSTAMP", _stamp(now)),
        ("SEQUENCE", str(sequence)),
        ("STATUS", "TENTATIVE"),
        ("DTSTART", _stamp(meeting.start)),
        ("DTEND", _stamp(meeting.end)),
        ("SUMMARY", escaped(title)),
        ("DESCRIPTION", escaped("\n".join(notes))),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    )
    return "".join(line(name, value) for name, value in values)


def local_times(meeting: Meeting, zone: str) -> str:
    """ "Tue 1 Dec, 09:00–10:00 America/New_York"."""
    start, end = (at.astimezone(rules_of(zone)) for at in (meeting.start, meeting.end))
    return f"{start:%a} {start.day} {start:%b}, {start:%H:%M}–{end:%H:%M} {zone}"


def _outside(at: datetime, length: timedelta, place: ZoneInfo) -> int:
    """How many minutes a meeting begins too early or ends too late there; on a weekend a day more."""
    start = at.astimezone(place)
    begins = start.hour * 60 + start.minute
    ends = begins + length // timedelta(minutes=1)
    early = max(OPENS.hour * 60 - begins, 0)
    late = max(ends - CLOSES.hour * 60, 0)
    # What is late in the night is as near to the next morning as to the evening before.
    awkward = min(max(early, late), max(_DAY + OPENS.hour * 60 - begins, 0)) if late else early
    return awkward + (_DAY if start.weekday() > FRIDAY else 0)


def _stamp(at: datetime) -> str:
    return f"{utc(at):%Y%m%dT%H%M%SZ}"

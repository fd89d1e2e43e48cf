"""A feed as the text that calendars read (RFC 5545, RFC 7986): UTC instants, no recurrence, no zone.

Written by hand, for a feed is read far more often than it changes and the lines are few; the tests read it
with `icalendar` in its strict way. It holds shifts and names, never a reason, never an incident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from msgspec import Struct

from rotations.feed import Kind
from rotations.feed_changes import Published
from rotations.model import Seat

PRODUCT = "-//Meridian//On call//EN"
EVERY = "PT6H"
NOTICE = (
    "For planning, not for paging: calendars are read hours late. /oncall in Slack says who is on call now."
)

_ESCAPES = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\x7f": None}
    | {chr(code): None for code in (*range(32), *range(0x80, 0xA0)) if code != 10}
    | {chr(code): " " for code in (0x2028, 0x2029)}  # which some readers take for the end of a line
    | {chr(code): None for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
)
_LINE = 75
_NOTHING = (
    "BEGIN:VTIMEZONE\r\nTZID:Etc/UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
"""Nobody needs it; a calendar has at least one component (RFC 5545 3.6), and strict readers refuse an empty
one, which would leave shifts standing that are no more."""


class Heading(Struct, frozen=True):
    """`title` is what the calendar is called. `alarm`: minutes before a shift at which it rings; 0: never."""

    title: str
    alarm: int = 0


def text(heading: Heading, entries: Iterable[Published]) -> str:
    """The whole calendar, its lines ended by CRLF and folded at 75 octets."""
    about: dict[tuple[str, Seat, str, Kind, str], str] = {}
    stamps: dict[datetime, str] = {}
    stamped, pieces = partial(_stamped, stamps), [_head(heading)]
    alarm = _alarm(heading.alarm)
    for entry in entries:
        uid, _, region, seat, person, name, kind, start, end, sequence, stamp, is_cancelled = entry
        what = (region, seat, person, kind, name)
        lines = about.get(what)
        if lines is None:
            lines = about[what] = "".join(_about(entry))
        status, rings = ("CANCELLED", "") if is_cancelled else ("CONFIRMED", alarm)
        pieces.append(
            f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{stamped(stamp)}\r\nSEQUENCE:{sequence}\r\n"
            f"STATUS:{status}\r\nDTSTART:{stamped(start)}\r\nDTEND:{stamped(end)}\r\n"
            f"{lines}{rings}END:VEVENT\r\n"
        )
    if len(pieces) == 1:
        pieces.append(_NOTHING)
    return "".join((*pieces, "END:VCALENDAR\r\n"))


def escaped(words: str) -> str:
    """Somebody's words as a value of type TEXT (RFC 5545 3.3.11), without control or direction characters."""
    return words.translate(_ESCAPES)


def line(name: str, value: str) -> str:
    """A content line, folded (RFC 5545 3.1); no character is cut in two."""
    whole = f"{name}:{value}"
    if len(whole) <= _LINE and whole.isascii():
        return whole + "\r\n"
    return "\r\n ".join(_folds(whole)) + "\r\n"


def _folds(whole: str) -> Iterator[str]:
    held, room = "", _LINE
    for character in whole:
        size = len(character.encode())
        if size > room:
            yield held
            held, room = "", _LINE - 1
        held, room = held + character, room - size
    yield held


def _head(heading: Heading) -> str:
    title, notice = escaped(heading.title), escaped(NOTICE)
    return "".join(
        line(name, value)
        for name, value in (
            ("BEGIN", "VCALENDAR"),
            ("VERSION", "2.0"),
            ("PRODID", PRODUCT),
            ("CALSCALE", "GREGORIAN"),
            ("METHOD", "PUBLISH"),
            ("NAME", title),
            ("X-WR-CALNAME", title),
            ("DESCRIPTION", notice),
            ("X-WR-CALDESC", notice),
            ("REFRESH-INTERVAL;VALUE=DURATION", EVERY),
            ("X-PUBLISHED-TTL", EVERY),
        )
    )


def _about(entry: Published) -> Iterator[str]:
    """The lines that all shifts of one person on one seat share."""
    region, seat = escaped(entry.region), entry.seat.value
    why = "" if entry.kind is Kind.TURN else f",{entry.kind.value.upper()}"
    yield line("SUMMARY", f"On call: {escaped(entry.name)}\\, {region} {seat}")
    yield line("CATEGORIES", f"ON CALL{why}")
    yield line("TRANSP", "TRANSPARENT")
    yield line("X-MERIDIAN-REGION", region)
    yield line("X-MERIDIAN-SEAT", seat)
    yield line("X-MERIDIAN-PERSON", escaped(entry.person))


def _alarm(minutes: int) -> str:
    if not minutes:
        return ""
    return (
        f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT{minutes}M\r\n"
        "DESCRIPTION:Your shift begins soon\r\nEND:VALARM\r\n"
    )


def _stamped(known: dict[datetime, str], at: datetime) -> str:
    found = known.get(at)
    if found is None:
        found = known[at] = f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}Z"
    return found

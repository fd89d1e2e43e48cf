"""What of an event repeats, and how the expander is told: on one clock, on which no two times look alike."""

from __future__ import annotations

from datetime import UTC, date
from typing import NamedTuple, assert_never

from rotations.ics.moments import Moment


class Rule(NamedTuple):
    """An RRULE without its UNTIL, which is apart: the last moment at which it may begin."""

    text: str
    until: Moment | None = None

    @property
    def is_endless(self) -> bool:
        return self.until is None and "COUNT=" not in self.text


class More(NamedTuple):
    """It takes place then too, as long as usual."""

    at: Moment


class Span(NamedTuple):
    """It takes place then too, with an end of its own."""

    opens: Moment
    closes: Moment


class Without(NamedTuple):
    """The occurrence that begins then is none."""

    at: Moment


class WithoutDay(NamedTuple):
    """Whatever begins on that day is none."""

    on: date


Again = Rule | More | Span | Without | WithoutDay


def moments_of(again: Again) -> tuple[Moment, ...]:
    return tuple(one for one in again if isinstance(one, Moment))


def line(again: Again, clock: str | None) -> str:
    """As the expander reads it; `clock` as in `written`."""
    match again:
        case Rule(text, until):
            return f"RRULE:{text}{_until(until, clock) if until else ''}"
        case More(at):
            return written("RDATE", at, clock)
        case Span(opens, closes):
            return _period(opens, closes, clock)
        case Without(at):
            return written("EXDATE", at, clock)
        case WithoutDay(on):
            return f"EXDATE;VALUE=DATE:{on:%Y%m%d}"
        case _:
            assert_never(again)


def written(name: str, at: Moment, clock: str | None) -> str:
    """A property for the expander. With a `clock`, a zone, the time on that zone's clocks is written as if it
    were UTC: the expander takes two times for one where the one in UTC looks like the other on its own clock
    (08:00 in Singapore and 16:00, which is 08:00 in UTC). Without, a time stays in its own zone."""
    return f"{name}:{at.on(clock):%Y%m%dT%H%M%S}Z" if clock else at.written(name)


def _until(last: Moment, clock: str | None) -> str:
    at = last.on(clock) if clock else last.utc() or last.wall.replace(tzinfo=UTC)
    return f";UNTIL={at:%Y%m%dT%H%M%SZ}"


def _period(opens: Moment, closes: Moment, clock: str | None) -> str:
    if clock:
        return f"RDATE;VALUE=PERIOD:{opens.on(clock):%Y%m%dT%H%M%SZ}/{closes.on(clock):%Y%m%dT%H%M%SZ}"
    first, last = opens.utc(), closes.utc()
    if first and last:
        return f"RDATE;VALUE=PERIOD:{first:%Y%m%dT%H%M%SZ}/{last:%Y%m%dT%H%M%SZ}"
    return opens.written("RDATE;VALUE=PERIOD") + f"/{closes.wall:%Y%m%dT%H%M%S}"

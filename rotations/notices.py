"""What a person is told of their own shifts beforehand: when, until when it helps, quiet hours. Pure.

It says what is due; that it was told is written down elsewhere. A notice is no page and wakes nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from rotations.model import Seat
from rotations.own_shifts import APART, OwnShift, free_before, own_shifts
from rotations.shifts import Resolver
from rotations.wallclock import instant, local

AHEAD = timedelta(hours=1)
LOOKED_AHEAD = timedelta(days=9)
"""A week, the day before it into which a night shift's notice is moved, and one for quiet hours."""
DAY_STARTS, EVENING = time(9), time(18)
HELPS_FOR = timedelta(days=1)
BEFORE_QUIET = timedelta(minutes=30)
LONGEST_QUIET = timedelta(hours=20)
"""So long that no clock change closes what is left of the day."""
DAY = timedelta(days=1)
TAKEN_OVER = frozenset({Seat.PRIMARY, Seat.BACKUP})
"""Seats whose every shift somebody has to be there for; lead and shadow are told once for a stretch."""


class NoticeKind(StrEnum):
    """What can be switched off, each for itself. The stored string is stable."""

    WEEK = "week"
    EVENING = "evening"
    HOUR = "hour"
    HOLIDAY = "holiday"  # on call on a public holiday, three weeks ahead; leads also of their region
    ABSENCE = "absence"  # on call while absent, as soon as that is known; leads also of their region


class Quiet(Struct, frozen=True):
    """Hours of every day in the person's own local time; over midnight where `ends` is not after `starts`."""

    starts: time
    ends: time

    @property
    def length(self) -> timedelta:
        """By the clock on the wall; nothing where they end as they begin."""
        return (datetime.combine(date.min, self.ends) - datetime.combine(date.min, self.starts)) % DAY

    def around(self, t: datetime, zone: str) -> tuple[datetime, datetime] | None:
        """The quiet hours that `t` falls into, as `[begin, end)`; None outside them."""
        today = local(t, zone).date()
        spans = (self._of(today - DAY, zone), self._of(today, zone))
        return next((span for span in spans if span[0] <= t < span[1]), None)

    def _of(self, on: date, zone: str) -> tuple[datetime, datetime]:
        ends_on = on if self.ends > self.starts else on + DAY
        return instant(on, self.starts, zone), instant(ends_on, self.ends, zone)


class Preferences(Struct, frozen=True):
    """What a person does not want to be told, and when nothing should come; by default all, always."""

    off: frozenset[NoticeKind] = frozenset()
    quiet: Quiet | None = None


class Listener(Struct, frozen=True):
    """Somebody who can be told: the zone they live by now, and what they want."""

    zone: str
    preferences: Preferences = Preferences()

    def wants(self, kind: NoticeKind) -> bool:
        return kind not in self.preferences.off

    def quiet_around(self, t: datetime) -> tuple[datetime, datetime] | None:
        quiet = self.preferences.quiet
        return quiet.around(t, self.zone) if quiet else None


Listeners = Mapping[str, Listener]
"""Person key → who can be told; whoever Slack does not know is not in it."""


class Notice(Struct, frozen=True):
    """`to` is told of a shift at `due`, and not from `until` on: then it would help nobody.

    `about` is what is in its way: the names of the public holidays, or the id of the absence.
    """

    kind: NoticeKind
    to: str
    shift: OwnShift
    due: datetime
    until: datetime
    about: str = ""

    @property
    def is_standing(self) -> bool:
        """Told whenever it comes up, though its instant has passed: an absence may be set late."""
        return self.kind is NoticeKind.ABSENCE

    @property
    def slot(self) -> str:
        """Told to one person once for ever: of this shift, of an absence once for each seat."""
        cause = self.about if self.is_standing else self.shift.start.isoformat()
        return ":".join((self.kind.value, *self.shift.place, cause))


def shift_notices(resolver: Resolver, listeners: Listeners, now: datetime) -> Iterator[Notice]:
    """Everything a schedule has to say about shifts that have not begun, due or not yet."""
    shifts = own_shifts(resolver, now - APART, now + LOOKED_AHEAD)
    for shift, free in free_before(shifts).items():
        listener = listeners.get(shift.person)
        if shift.start > now and listener is not None:
            for notice in _of(shift, listener, free):
                yield from kept_quiet(notice, listener)


def is_due(notice: Notice, since: datetime, now: datetime) -> bool:
    """Whether it fell due after the last look and still helps.

    What was due before that look and was not there then has come by a change, which tells of itself.
    """
    fell_due = notice.due <= now and (notice.due > since or notice.is_standing)
    return fell_due and now < notice.until


def leaves_at(notice: Notice, listener: Listener, now: datetime) -> datetime | None:
    """When a notice that is due may leave, for one that is late may fall into quiet hours; None: too late."""
    quiet = listener.quiet_around(now)
    at = quiet[1] if quiet else now
    return at if at < notice.until else None


def kept_quiet(notice: Notice, listener: Listener) -> Iterator[Notice]:
    """The notice as it leaves the person's quiet hours alone, if they want it at all.

    It waits until they are over; where that is too late it comes before them, but an hour's notice not
    at all: the evening's has said it.
    """
    if not listener.wants(notice.kind):
        return
    quiet = listener.quiet_around(notice.due)
    if quiet is None:
        yield notice
    elif quiet[1] < notice.until:
        yield replace(notice, due=quiet[1])
    elif notice.kind is not NoticeKind.HOUR:
        yield replace(notice, due=quiet[0] - BEFORE_QUIET, until=quiet[0])


def _of(shift: OwnShift, listener: Listener, free: timedelta | None) -> Iterator[Notice]:
    """`free` is how long they were off the seat: less than an hour, and they are there when it is due."""
    is_first = free is None or free >= APART
    if is_first:
        yield _week_ahead(shift, listener.zone)
        yield _evening_before(shift, listener.zone)
    if is_first or (shift.seat in TAKEN_OVER and free is not None and free >= AHEAD):
        yield Notice(NoticeKind.HOUR, shift.person, shift, shift.start - AHEAD, shift.start)


def _week_ahead(shift: OwnShift, zone: str) -> Notice:
    """At the last hour by day that is a week before: never at night, never less than seven local days."""
    starts = local(shift.start, zone)
    on, at = starts.date() - timedelta(days=7), starts.time()
    if at < DAY_STARTS:
        on, at = on - DAY, EVENING
    due = instant(on, min(at, EVENING), zone)
    return Notice(NoticeKind.WEEK, shift.person, shift, due, due + HELPS_FOR)


def _evening_before(shift: OwnShift, zone: str) -> Notice:
    """At 18:00 of the local day before the one in which the shift begins, to midnight."""
    on = local(shift.start, zone).date()
    due, midnight = instant(on - DAY, EVENING, zone), instant(on, time(0), zone)
    return Notice(NoticeKind.EVENING, shift.person, shift, due, min(midnight, shift.start))

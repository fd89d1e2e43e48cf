"""Shifts that fall on a public holiday of the person's country or into an absence of theirs. They warn only.

Told to the person and to the leads, three weeks ahead, early enough to ask for cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from msgspec.structs import replace

from rotations.model import Absence, Organisation
from rotations.notices import Listeners, Notice, NoticeKind, kept_quiet
from rotations.own_shifts import OwnShift, own_shifts
from rotations.public_holidays import Collision, collisions
from rotations.served import PAGED_SEATS
from rotations.shifts import Resolver
from rotations.wallclock import instant, local
from rotations.wording import listed

AHEAD = timedelta(days=21)
HELPS_FOR = timedelta(days=7)
MORNING = time(10)
SOUGHT = timedelta(days=10), timedelta(days=30)
"""Where public holidays are sought: so wide that days in a row are seen whole as long as they are told of."""
LONGEST = timedelta(days=366)


def holiday_notices(
    organisation: Organisation, resolver: Resolver, listeners: Listeners, now: datetime
) -> Iterator[Notice]:
    """For shifts on public holidays, days in a row as one; to the person and the leads, due or not yet."""
    found = collisions(organisation, resolver, now + SOUGHT[0], now + SOUGHT[1])
    for row in in_a_row(found):
        first = row[0]
        shift = OwnShift(
            first.person,
            resolver.schedule.name,
            first.region,
            first.seat,
            first.start,
            max(one.end for one in row),
        )
        names = listed(tuple(dict.fromkeys(one.holiday.name for one in row)))
        notice = Notice(NoticeKind.HOLIDAY, shift.person, shift, now, now, names)
        yield from _told(notice, first.holiday.on, organisation, listeners)


def absence_notices(
    organisation: Organisation, resolver: Resolver, listeners: Listeners, now: datetime
) -> Iterator[Notice]:
    """For shifts inside an absence that has not ended, to the person and the leads, due or not yet."""
    for absence in organisation.absences:
        if absence.end > now and absence.start <= now + SOUGHT[1]:
            for shift in _missed(absence, resolver, now):
                notice = Notice(NoticeKind.ABSENCE, shift.person, shift, now, shift.start, absence.id)
                yield from _told(notice, None, organisation, listeners)


def still_clashes(organisation: Organisation, resolver: Resolver, told: Notice) -> bool:
    """Whether the person is still on that seat while it clashes, and an absence still stands."""
    shift, start = told.shift, told.shift.start
    if told.kind is NoticeKind.ABSENCE:
        standing = (one for one in organisation.absences if one.id == told.about)
        return any(mine.place == shift.place for one in standing for mine in _missed(one, resolver, start))
    around = own_shifts(resolver, start, shift.end)
    return any(mine.place == shift.place for mine in around)


def leads_of(shift: OwnShift, organisation: Organisation) -> tuple[str, ...]:
    """The leads of the region; every lead where the region has none."""
    named = tuple(one.key for one in organisation.leads(shift.region))
    return named or tuple(one.key for one in organisation.leads())


def in_a_row(found: Iterable[Collision]) -> Iterator[list[Collision]]:
    """Collisions of one person on one seat on days that follow each other."""
    row: list[Collision] = []
    for one in sorted(found, key=lambda it: (it.person, it.region, it.seat.value, it.holiday.on, it.start)):
        if row and not _follows(row[-1], one):
            yield row
            row = []
        row.append(one)
    if row:
        yield row


def _missed(absence: Absence, resolver: Resolver, now: datetime) -> Iterator[OwnShift]:
    """What the absent person would serve of each seat from now on: first shift to end of the last."""
    end = min(absence.end, max(absence.start, now) + LONGEST)
    serving = own_shifts(resolver, max(absence.start, now), end)
    mine = [one for one in serving if one.person == absence.person and one.seat in PAGED_SEATS]
    for _, rows in groupby(sorted(mine, key=_by_place), key=_by_place):
        first, *others = sorted(rows, key=lambda one: one.start)
        yield replace(first, end=others[-1].end if others else first.end)


def _told(
    notice: Notice, on: date | None, organisation: Organisation, listeners: Listeners
) -> Iterator[Notice]:
    """The same notice to everybody it is for, in their own morning; `on` is the first day that clashes."""
    for to in dict.fromkeys((notice.shift.person, *leads_of(notice.shift, organisation))):
        listener = listeners.get(to)
        if listener is None:
            continue
        first = on or local(notice.shift.start, listener.zone).date()
        due = instant(first - AHEAD, MORNING, listener.zone)
        until = due + HELPS_FOR if on else notice.until
        yield from kept_quiet(replace(notice, to=to, due=due, until=until), listener)


def _follows(last: Collision, one: Collision) -> bool:
    is_same = (last.person, last.region, last.seat) == (one.person, one.region, one.seat)
    return is_same and one.holiday.on - last.holiday.on <= timedelta(days=1)


def _by_place(shift: OwnShift) -> tuple[str, str, str, str]:
    return shift.place

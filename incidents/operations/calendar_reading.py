"""Calendars that are followed, read when they are due: by one process each time, while nobody waits.

What differs is proposed to the leads; what cannot be read leaves the schedule as it stands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from incidents import subscriptions
from incidents.calendar_marks import SHOWN, mark_of, midnight
from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.model import UserId
from incidents.operations.ics_importing import CalendarWish, asked_of
from incidents.operations.proposing import Wish, propose, withdraw
from incidents.ports import House, Unit
from incidents.proposals import Destination, Found, Kind, SeatShifts, planned
from incidents.subscriptions import (
    LEASE,
    ORIGIN,
    SUBJECT,
    Course,
    Fetched,
    News,
    NoCalendar,
    Reading,
    Subscription,
    asks_whole,
    said_by,
    settled,
)
from rotations.changes import moved
from rotations.imports import Asked, Import
from rotations.model import Organisation
from rotations.refusals import DomainError

if TYPE_CHECKING:
    from rotations.ics.series import Expand

Fetch = Callable[[str, str, str], Fetched]
"""Address, and the host's marks of what is known (etag, last modified; "" for none). Raises NoCalendar."""

EMPTY = "It has no shifts any more."
NOTHING_TAKEN = "Nothing of it can be taken."


class Means(Struct, frozen=True):
    """How the world is reached: what fetches, what expands, and chance in [0, 1)."""

    fetch: Fetch
    expand: "Expand"
    chance: Callable[[], float]


class _Content(Struct, frozen=True):
    """What was fetched and read, for whom."""

    fetched: Fetched
    asked: Asked
    found: Import


def is_due(house: House) -> bool:
    """Whether there is anything to read: asked often, and cheap."""
    at = house.store.read(lambda unit: unit.subscriptions.next_due())
    return at is not None and at <= house.clock.now()


def read_next(house: House, means: Means) -> bool:
    """Read the one that has waited longest. False where none is due, or others are at it."""
    one = house.store.write(partial(_claimed, house))
    if one is None:
        return False
    try:
        found: _Content | Fetched | NoCalendar = _fetched(house, one, means)
    except NoCalendar as fault:
        found = fault
    house.store.write(partial(_recorded, house, one, found, means.chance()))
    return True


def _claimed(house: House, unit: Unit) -> Subscription | None:
    """Nobody else reads it before the lease is over."""
    now = house.clock.now()
    one = unit.subscriptions.due(now)
    if one is None:
        return None
    asked = unit.proposals.of_origin(f"{ORIGIN}{one.id}")
    claimed = replace(settled(one, asked), due_at=now + LEASE)
    unit.subscriptions.save(claimed)
    return claimed


def _fetched(house: House, one: Subscription, means: Means) -> _Content | Fetched:
    """Outside any transaction: it may take its time. Raises NoCalendar."""
    from rotations.ics.reading import read  # readers that no start has to wait for

    now = house.clock.now()
    known = ("", "") if asks_whole(one, now) else (one.etag, one.modified)
    fetched = means.fetch(one.url, *known)
    if fetched.content is None:
        return fetched
    standing = house.store.read(lambda unit: unit.schedules.organisation()) or Organisation()
    place = one.place
    wish = CalendarWish(place.schedule, place.region, place.seat, one.zone, lambda _: one.answers)
    try:
        asked = replace(asked_of(standing, wish, now), start=midnight(now))
        return _Content(fetched, asked, read(fetched.content, asked, means.expand))
    except DomainError as refusal:
        raise NoCalendar(str(refusal)) from None


def _recorded(
    house: House, claimed: Subscription, found: _Content | Fetched | NoCalendar, chance: float, unit: Unit
) -> None:
    """What was found counts only where nobody has ended, changed or read it meanwhile."""
    one = unit.subscriptions.get(claimed.id, lock=True)
    now = house.clock.now()
    if one is None or one.ended_at is not None or one.due_at != claimed.due_at:
        return
    match found:
        case NoCalendar():
            _settle(house, unit, subscriptions.failed(one, found, now, chance), None)
        case Fetched():
            _settle(house, unit, subscriptions.unmodified(one, now, chance), None)
        case _:
            _weighed(house, unit, one, found, chance)


def _weighed(house: House, unit: Unit, one: Subscription, content: _Content, chance: float) -> None:
    """Beside what stands now."""
    now, found = house.clock.now(), content.found
    standing = unit.schedules.organisation() or Organisation()
    asked = unit.proposals.of_origin(f"{ORIGIN}{one.id}")
    shown = _found(one, content, now)
    ahead = any(shift.end > now for shift in found.shifts)
    if not ahead and not found.questions:
        fault = NoCalendar(NOTHING_TAKEN if found.report else EMPTY)
        course = subscriptions.emptied(one, fault, asked, now, chance)
        return _settle(house, unit, course, (shown, content))
    try:
        differs = bool(found.questions) or _differs(standing, shown, now)
    except DomainError as refusal:
        return _settle(house, unit, subscriptions.failed(one, NoCalendar(str(refusal)), now, chance), None)
    reading = Reading(
        differs,
        mark_of(found.shifts, found.questions, midnight(now)),
        mark_of(found.shifts, found.questions, now),
        content.fetched.etag,
        content.fetched.modified,
    )
    return _settle(house, unit, subscriptions.read_well(one, reading, asked, now, chance), (shown, content))


def _differs(standing: Organisation, shown: Found, now: datetime) -> bool:
    """Within ninety days, on its own schedule: nothing of the others is moved by it."""
    before = replace(
        standing, schedules=tuple(one for one in standing.schedules if one.name == shown.schedule)
    )
    return bool(moved(before, planned(before, shown, now), now, now + SHOWN))


def _found(one: Subscription, content: _Content, now: datetime) -> Found:
    """With the span of which the calendar says everything, what was taken over from it before included."""
    from incidents.operations.proposal_reading import found_in_calendar  # it loads every tool's reader

    asked, shifts = content.asked, content.found.shifts
    found = found_in_calendar(asked, content.found)
    says = said_by(one, shifts, now)
    if says is None:
        return found
    return replace(found, shifts=(SeatShifts(asked.region, asked.seat, shifts, says),))


def _settle(house: House, unit: Unit, course: Course, shown: tuple[Found, _Content] | None) -> None:
    """Keep how it goes on, and tell the leads what is news."""
    one, now = course.after, house.clock.now()
    unit.subscriptions.save(one)
    readers = _readers(unit, one)
    if shown is not None and course.news & {News.DIFFERS, News.EMPTIED}:
        found, content = shown
        propose(house, unit, _wish(one, readers), content.fetched.content or b"", found)
    elif course.is_outdated and (asked := unit.proposals.of_origin(f"{ORIGIN}{one.id}")) is not None:
        withdraw(unit, asked, now)
    for news in sorted(course.news & _TELLS.keys()):
        about = _TELLS[news]
        unit.outbox.put([_tell(about, one, user, now) for user in readers], now)


_TELLS = {
    News.FAILED: Tell.CALENDAR_FAILED,
    News.EMPTIED: Tell.CALENDAR_FAILED,
    News.WELL: Tell.CALENDAR_WELL,
    News.SAME: Tell.CALENDAR_SAME,
}


def _wish(one: Subscription, readers: tuple[UserId, ...]) -> Wish:
    place = one.place
    where = Destination(place.schedule, place.region, place.seat, one.zone or "")
    name = f"The calendar at {one.label}"
    return Wish(one.by, readers, name, Kind.CALENDAR, where, f"{ORIGIN}{one.id}", one.answers)


def _readers(unit: Unit, one: Subscription) -> tuple[UserId, ...]:
    """The leads of the region, where it has none all leads; and whoever follows it, while they lead."""
    organisation = unit.schedules.organisation() or Organisation()
    leads = [*organisation.leads(one.place.region)] or [*organisation.leads()]
    users = unit.schedules.slack_ids()
    found = [users[lead.key] for lead in leads if lead.key in users]
    actor = unit.people.actor(one.by)
    return tuple(dict.fromkeys([*found, *([one.by] if actor is not None and actor.is_lead else [])]))


def _tell(about: Tell, one: Subscription, user: UserId, now: datetime) -> Effect:
    args = {"about": about.value}
    if one.failing is not None:
        args |= {"since": one.failing.since.isoformat(), "why": one.failing.why[:300]}
    name = f"tell:{about.value}:{one.id}:{now.isoformat()}:{user}"
    return Effect(EffectKind.TELL, name, f"{SUBJECT}{one.id}", args, (user,), priority=Priority.STATUS)

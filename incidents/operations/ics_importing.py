"""A calendar file for one seat, on a command's word: read, weighed, stored, with a report of every event."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from incidents.operations.importing import How, put_import
from incidents.operations.oncall import standing
from incidents.operations.rota_editing import Weighed, weigh
from incidents.ports import House, Unit
from rotations.ics.series import Expand
from rotations.imports import Answers, Asked, Import
from rotations.model import Organisation, RosterShift, Schedule, Seat
from rotations.refusals import UnknownSchedule, UnknownSeat
from rotations.replanning import NewShifts, replanned
from rotations.wording import did_you_mean

AHEAD = timedelta(days=366)
"""How far a series without an end is taken over."""


class CalendarWish(Struct, frozen=True):
    """What a calendar is for. No schedule: the paged one; no region: the only one of the schedule.

    `zone` is where times count that the file puts in none; `answers` tells who and where is meant.
    """

    schedule: str | None = None
    region: str | None = None
    seat: Seat = Seat.PRIMARY
    zone: str | None = None
    answers: Callable[[Organisation], Answers] = lambda _organisation: Answers()


class ImportedCalendar(Struct, frozen=True):
    """What became of every event, for which place, and what the shifts do to the plan."""

    asked: Asked
    found: Import
    weighed: Weighed


def import_calendar(
    house: House,
    data: bytes,
    wish: CalendarWish,
    expand: Expand,
    how: How,
) -> ImportedCalendar:
    """The same file twice changes nothing.

    The file is read before anything is held: whoever changes the plan meanwhile is not kept waiting.
    Raises NoScheduleYet, UnknownSchedule, UnknownSeat, rotations' NotImportable, what `wish.answers` raises,
    and NeedsSecondLook where it was not confirmed.
    """
    organisation, _ = house.store.read(standing)
    asked = asked_of(organisation, wish, house.clock.now())
    from rotations.ics.reading import read  # readers that no start has to wait for

    found = read(data, asked, expand)

    def weighing(unit: Unit) -> Weighed:
        (organisation, _), now = standing(unit), house.clock.now()
        return weigh(organisation, with_shifts(organisation, asked, found, now), now)

    source = f"a calendar for {asked.region} {asked.seat}"
    weighed = put_import(house, weighing, source, how)
    return ImportedCalendar(asked, found, weighed)


def asked_of(organisation: Organisation, wish: CalendarWish, now: datetime) -> Asked:
    """Raises NoScheduleYet, UnknownSchedule, UnknownSeat, and what `wish.answers` raises."""
    schedule = organisation.schedule(wish.schedule) if wish.schedule else organisation.paged_schedule()
    if schedule is None:
        names = [one.name for one in organisation.schedules]
        raise UnknownSchedule(
            f"There is no schedule {wish.schedule}{did_you_mean(wish.schedule or '', names)}"
        )
    region = _region(schedule, wish.region)
    answers = wish.answers(organisation)
    return Asked(organisation, schedule.name, region, wish.seat, now, now + AHEAD, wish.zone, answers)


def with_shifts(organisation: Organisation, asked: Asked, found: Import, now: datetime) -> Organisation:
    """The organisation with the shifts on the seat; what is over by now stays as it was."""
    ahead = tuple(
        RosterShift(shift.people, max(shift.start, now), shift.end)
        for shift in found.shifts
        if shift.end > now
    )
    if not ahead:
        return organisation
    planned = NewShifts(asked.schedule, {(asked.region, asked.seat): ahead})
    return replanned(organisation, planned, now)


def _region(schedule: Schedule, wanted: str | None) -> str:
    names = [region.name for region in schedule.regions]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted is None:
        raise UnknownSeat(
            f"{schedule.name} has the regions {', '.join(names)}. Name one: --region {names[0]}."
        )
    found = next((name for name in names if name.casefold() == wanted.casefold()), None)
    if found is None:
        raise UnknownSeat(f"There is no region {wanted}{did_you_mean(wanted, names)}")
    return found

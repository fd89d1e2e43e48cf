"""What a lead uploads → what is found in it: calendars, sheets and other tools' exports in one shape."""

from datetime import datetime

from incidents.operations.ics_importing import CalendarWish, asked_of
from incidents.operations.oncall import NoScheduleYet
from incidents.proposals import Destination, Found, Kind, SeatShifts
from rotations.codec import dump
from rotations.ics.content import MOST_BYTES as MOST_OF_CALENDAR
from rotations.ics.reading import read as read_calendar
from rotations.ics.series import Expand
from rotations.imports import Answers, Asked, Import, Line, NotImportable, Outcome
from rotations.model import Organisation
from rotations.roster_csv import MOST_CHARACTERS, LineReport, RosterWish, Verdict, read_roster
from rotations.vendors.reading import read as read_export
from rotations.vendors.tree import MOST_BYTES as MOST_OF_EXPORT
from rotations.vendors.wish import VendorWish

_OUTCOMES = {
    Verdict.TAKEN: Outcome.TAKEN,
    Verdict.SPLIT: Outcome.SPLIT,
    Verdict.DROPPED: Outcome.DROPPED,
}


def most_bytes(kind: Kind) -> int:
    """What is read of a file at most; one that is larger is not fetched."""
    match kind:
        case Kind.CALENDAR:
            return MOST_OF_CALENDAR
        case Kind.SHEET:
            return MOST_CHARACTERS
        case _:
            return MOST_OF_EXPORT


def found_in(
    content: bytes,
    asked: tuple[Kind, Destination, Answers],
    standing: Organisation | None,
    now: datetime,
    expand: Expand,
) -> Found:
    """`asked`: what it is, where it goes, what was answered. Raises rotations' refusals and NoScheduleYet."""
    kind, place, answers = asked
    if kind in (Kind.CALENDAR, Kind.SHEET) and (standing is None or standing.paged_schedule() is None):
        raise NoScheduleYet
    here = standing or Organisation()
    if kind is Kind.CALENDAR:
        wanted = CalendarWish(
            place.schedule or None, place.region or None, place.seat, place.zone or None, lambda _: answers
        )
        where = asked_of(here, wanted, now)
        return found_in_calendar(where, read_calendar(content, where, expand))
    if kind is Kind.SHEET:
        return _found_in_sheet(content, place, here, now)
    wish = VendorWish(now, here, answers, None, place.region or None, place.seat, place.zone or None)
    imported = read_export(kind.value, content, wish)
    part = dump(imported.organisation) if imported.organisation.schedules else {}
    return Found(imported.report, imported.questions, part=part)


def found_in_calendar(asked: Asked, found: Import) -> Found:
    """What was read of a calendar, for the seat that was asked for."""
    shifts = (SeatShifts(asked.region, asked.seat, found.shifts),) if found.shifts else ()
    return Found(found.report, found.questions, asked.schedule, shifts)


def _found_in_sheet(content: bytes, place: Destination, standing: Organisation, now: datetime) -> Found:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotImportable("That is no CSV in UTF-8. Save the sheet as CSV (UTF-8).") from None
    wish = RosterWish(place.schedule or None, place.region or None)
    report = read_roster(text, standing, wish, now)
    shifts = (SeatShifts(region, seat, rows) for (region, seat), rows in report.shifts.items())
    return Found(tuple(map(_line, report.lines)), (), report.schedule, tuple(shifts))


def _line(line: LineReport) -> Line:
    return Line(line.number, line.typed, _OUTCOMES[line.verdict], line.why)

"""What a proposed import does to the plan, in words: worked out when it is read, not while pages wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from incidents.operations.rota_editing import Weighed, weigh
from incidents.proposals import Beside, Found, SeatShifts, Shown, planned, seal
from rotations.comparing import AHEAD, compared, difference, in_words, served_on
from rotations.model import Organisation
from rotations.refusals import DomainError
from rotations.shifts import resolver_of

MOVES_KEPT, ROWS_KEPT, SEATS_KEPT = 8, 12, 6
"""Of each only so many are shown; the rest is counted."""


def shown_of(standing: Organisation | None, found: Found, now: datetime) -> Shown:
    """Against this plan. Where it does not fit, `misfit` says why."""
    asked = {key for question in found.questions for key in question.proposals}
    names = {key: name for key, name in (standing.names() if standing else {}).items() if key in asked}
    try:
        weighed = weigh(standing, planned(standing, found, now), now)
    except DomainError as refusal:
        return Shown(misfit=str(refusal), names=names, seal=seal(standing, found))
    return Shown(
        weighed.is_change,
        weighed.sentences(weighed.moved[:MOVES_KEPT]),
        max(len(weighed.moved) - MOVES_KEPT, 0),
        bool(weighed.alarming),
        tuple(_ninety_days(found, weighed, now)),
        seal=seal(standing, found),
        names={key: name for key, name in weighed.names().items() if key in asked},
    )


def _ninety_days(found: Found, weighed: Weighed, now: datetime) -> Iterator[Beside]:
    """Of each seat that the file has shifts for: theirs beside ours with the import in it."""
    most = max(ROWS_KEPT // max(len(found.shifts), 1), 2)
    for each in found.shifts[:SEATS_KEPT]:
        zone = _zone(weighed.after, found.schedule, each.region)
        start, until = _begins(each, now), now + AHEAD
        if not zone or start >= until:
            continue
        resolver = resolver_of(weighed.after, found.schedule)
        ours = served_on(resolver, each.region, each.seat, start, until)
        rows = compared(each.shifts, ours, start, until)
        hours = difference(rows) / timedelta(hours=1)
        same = f"they differ for {hours:.1f} hours, which come first" if hours else "they are the same"
        said = f"90 days of {each.region} {each.seat}, theirs beside ours: {same}"
        names = weighed.names()
        told = tuple(in_words(row, names, zone) for row in rows[:most])
        yield Beside(said, told, max(len(rows) - most, 0))


def _begins(each: SeatShifts, now: datetime) -> datetime:
    """From the first of their shifts that is ahead: before it the file says nothing."""
    ahead = [shift.start for shift in each.shifts if shift.end > now]
    return max(min(ahead, default=now), now)


def _zone(organisation: Organisation, schedule: str, region: str) -> str:
    found = organisation.schedule(schedule)
    place = found.region(region) if found else None
    return place.zone if place else ""

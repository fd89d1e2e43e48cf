"""Overrides of theirs as overrides of one seat here. Two that overlap never stand together."""

from __future__ import annotations

from collections.abc import Sequence

from rotations.imports import Outcome
from rotations.model import Member, Override
from rotations.overrides import admit
from rotations.refusals import OverlappingOverride
from rotations.vendors.joining import PREFIX
from rotations.vendors.rendering import check, served
from rotations.vendors.seating import Place, Read, terms_of
from rotations.vendors.shape import Part, TheirOverride
from rotations.vendors.tree import Unfit
from rotations.vendors.wish import Book, aware, naive

_SOME = "There it is for a part of the turns alone; here for the whole seat."


def admitted(
    book: Book,
    standing: tuple[Override, ...],
    place: Place,
    part: Part,
    row: TheirOverride,
    read: Sequence[Read],
) -> tuple[Override, ...]:
    """The overrides with this one, or without, as the report says. `read` are the turns it lies over."""
    start, end = aware(row.start, place.zone), aware(row.end, place.zone)
    what = f"{part.what} from {naive(start, place.zone):%Y-%m-%d %H:%M}"
    if not row.people:
        book.dropped(part.id, what, "It waits until it is said who that is.")
        return standing
    if end <= book.wish.now or end <= start:
        book.dropped(part.id, what, "It is over.")
        return standing
    own = f"{PREFIX}{part.id or start.isoformat()}"
    if any(override.id == own for override in standing):
        book.dropped(part.id, what, "It stands in the file twice.")
        return standing
    book.spend(len(standing))
    whom = _whom(book, place, row, read)
    seat = (place.schedule, place.region, place.seat)
    new = Override(own, *seat, row.kind, row.people, start, end, instead_of=whom)
    try:
        together = admit(standing, new)
    except OverlappingOverride as refusal:
        book.dropped(part.id, what, str(refusal))
        return standing
    why = [*row.why, *([_SOME] if row.only and not whom else [])]
    book.note(part.id, what, Outcome.ADAPTED if why else Outcome.TAKEN, why)
    return together


def _whom(book: Book, place: Place, row: TheirOverride, read: Sequence[Read]) -> str:
    """The one person whose turns it is for; "" where it is everybody, or more than one."""
    if not row.only:
        return ""
    terms = terms_of([each for each in read if each[0].id in row.only], place.zone)
    span = naive(row.start, place.zone), naive(row.end, place.zone)
    try:
        check(terms, span)
        rows = served(terms, span, book.spend)
    except Unfit:
        return ""
    on: set[Member] = {people for _, _, people in rows}
    (people,) = on if len(on) == 1 else ((),)
    return people[0] if len(people) == 1 else ""

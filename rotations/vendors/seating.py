"""The turns of one schedule of theirs as layers of a seat, or as a roster where they are no rotation here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from rotations.model import Layer, Roster, Rotation, Seat
from rotations.vendors.rendering import AHEAD, Term, check, roster_of
from rotations.vendors.shape import Part, Turns
from rotations.vendors.stints import Stint, begun, layers_of
from rotations.vendors.tree import Unfit
from rotations.vendors.wish import Book, aware, naive

_WORK_OF_LAYER = 300
"""Each layer costs whoever asks later."""
_INSTEAD = "Import its rendered feed as .ics into a roster instead."
_TOGETHER = (
    "Several people are on call together there; here they take turns as groups, the same people at each time."
)
_BESIDE = "What is beside or above it is no rotation here."


class Place(Struct, frozen=True):
    """Where a schedule of theirs goes: the name of ours, its region, zone and seat."""

    schedule: str
    region: str
    zone: str
    seat: Seat


Read = tuple[Part, Turns]
"""A part of theirs and what it says."""


class Filling(Struct, frozen=True):
    """What fills a seat: layers, the lowest first, or a roster; neither where nobody is on call."""

    layers: tuple[Layer, ...] = ()
    roster: Roster | None = None


class _Level(Struct, frozen=True):
    """What counts together: as layers, or why it is none."""

    parts: Sequence[Read]
    layers: tuple[Layer, ...] = ()
    fault: str = ""


def filled(book: Book, place: Place, parts: Sequence[Read]) -> Filling:
    """The seat; the report says what became of each part.

    Where a level is no rotation here, it is a roster with all that lies below it; the others lie over that.
    """
    current = [read for read in parts if _is_to_come(book, *read) and _is_writable(book, place, *read)]
    ranks = sorted({turns.level for _, turns in current})
    levels = [_level(book, place, [read for read in current if read[1].level == rank]) for rank in ranks]
    odd = max((order + 1 for order, level in enumerate(levels) if level.fault), default=0)
    roster = _written_out(book, place, levels[:odd]) if odd else None
    for level in levels[odd:]:
        _tell(book, level)
    return Filling(tuple(layer for level in levels[odd:] for layer in level.layers), roster)


def terms_of(parts: Sequence[Read], zone: str) -> list[Term]:
    """As they count in the local time of a zone."""
    return [
        Term(
            cycle,
            turns.level,
            turns.since and naive(turns.since, zone),
            turns.until and naive(turns.until, zone),
        )
        for _, turns in parts
        for cycle in turns.cycles
    ]


def _is_to_come(book: Book, part: Part, turns: Turns) -> bool:
    if turns.until is None or turns.until > max(book.wish.now, turns.since or book.wish.now):
        return True
    is_backwards = turns.since is not None and turns.until <= turns.since
    book.dropped(part.id, part.what, "It ends before it begins." if is_backwards else "It has ended.")
    return False


def _is_writable(book: Book, place: Place, part: Part, turns: Turns) -> bool:
    """Whether it is long enough to be laid or written out at all."""
    try:
        check(terms_of([(part, turns)], place.zone), _span(book, place))
    except Unfit as fault:
        book.dropped(part.id, part.what, f"{fault} {_INSTEAD}")
        return False
    return True


def _level(book: Book, place: Place, parts: Sequence[Read]) -> _Level:
    try:
        return _Level(parts, tuple(_layers(book, place, [turns for _, turns in parts])))
    except Unfit as fault:
        return _Level(parts, fault=str(fault))


def _tell(book: Book, level: _Level) -> None:
    is_alone = len(level.parts) == 1
    together = not is_alone and _is_together(level.layers, [turns for _, turns in level.parts])
    count = len(level.layers)
    for part, turns in level.parts:
        why = [*turns.why, *([_TOGETHER] if together else [])]
        book.taken(
            part.id,
            part.what,
            [*why, *([f"It takes {count} layers here."] if is_alone and count > 1 else [])],
        )


def _layers(book: Book, place: Place, group: Sequence[Turns]) -> list[Layer]:
    """Of what counts together, a row of layers for each time in which the same of them count.

    Raises Unfit where one of them, or all together, are none here.
    """
    rows = [
        (stint, _begins(turns, stint, place.zone), turns.until) for turns in group for stint in _stints(turns)
    ]
    now = book.wish.now
    edges = sorted({at for _, *span in rows for at in span if at is not None and at > now})
    layers: list[Layer] = []
    for start, end in pairwise([None, *edges, None]):
        at = start or now
        counting = [stint for stint, since, until in rows if since <= at and (until is None or until > at)]
        if start is not None:
            counting = [begun(stint, naive(start, place.zone)) for stint in counting]
        if counting:
            found = layers_of(place.seat, counting, book.spend)
            layers += (_between(layer, start, end, place.zone) for layer in found)
    book.spend(len(layers) * _WORK_OF_LAYER)
    return layers


def _stints(turns: Turns) -> list[Stint]:
    if not all(isinstance(cycle, Stint) for cycle in turns.cycles):
        raise Unfit("Its turns are no cycle of hours, days or weeks.")
    return [cycle for cycle in turns.cycles if isinstance(cycle, Stint)]


def _begins(turns: Turns, stint: Stint, zone: str) -> datetime:
    begins = aware(stint.begins, zone)
    return begins if turns.since is None else max(begins, turns.since)


def _between(layer: Layer, start: datetime | None, end: datetime | None, zone: str) -> Layer:
    """The layer while it counts: before and after that its turns are nobody's, and what lies below counts."""
    (version,) = layer.rotation.versions
    nobody, versions = replace(version, members=((),)), [version]
    begins = datetime.combine(version.starts_on, version.at)
    if start is not None and aware(begins, zone) < start:
        versions = [nobody, replace(version, effective_from=start)]
    if end is not None:
        versions.append(replace(nobody, effective_from=end))
    return replace(layer, rotation=Rotation(tuple(versions)))


def _is_together(layers: Sequence[Layer], group: Sequence[Turns]) -> bool:
    """Whether people are on call at once who take no turn together there."""
    theirs = {frozenset(cell) for turns in group for stint in _stints(turns) for cell in stint.cells}
    versions = (version for layer in layers for version in layer.rotation.versions)
    return any(
        member and frozenset(member) not in theirs for version in versions for member in version.members
    )


def _written_out(book: Book, place: Place, levels: Sequence[_Level]) -> Roster:
    parts = [read for level in levels for read in level.parts]
    span = _span(book, place)
    roster = roster_of(terms_of(parts, place.zone), place.zone, span, book.spend)
    faults = [_level(book, place, [read]).fault for read in parts]
    usual = _BESIDE if any(faults) else " ".join(level.fault for level in levels if level.fault)
    until = f"So it is planned shift by shift until {span[1]:%Y-%m-%d}: import it again before then."
    for (part, turns), fault in zip(parts, faults, strict=True):
        book.taken(part.id, part.what, [*turns.why, fault or usual, until])
    return roster


def _span(book: Book, place: Place) -> tuple[datetime, datetime]:
    """Half a year from the local midnight before now, so that the same file says the same for a day."""
    opens = datetime.combine(naive(book.wish.now, place.zone).date(), time())
    return opens, opens + AHEAD

"""One schedule of theirs as one of ours: a region in its zone, a seat, its layers, its overrides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from rotations.imports import Outcome
from rotations.model import Layer, Mode, Override, OverrideKind, Region, Schedule, Seat
from rotations.overrides import admit
from rotations.refusals import OverlappingOverride
from rotations.vendors.joining import PREFIX
from rotations.vendors.stints import Stint, begun, layers_of
from rotations.vendors.tree import Unfit
from rotations.vendors.wish import Book, aware, naive
from rotations.zones import city

_INSTEAD = "Import its rendered feed as .ics into a roster instead."
_TOGETHER = (
    "Several people are on call together there; here they take turns as groups, the same people at each time."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a schedule of theirs goes: the name of ours, its region, zone and seat."""

    schedule: str
    region: str
    zone: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Spell:
    """When a layer of theirs counts, as written there; what it says of itself."""

    id: str
    what: str
    since: datetime | None = None
    until: datetime | None = None


def place_of(book: Book, name: str, zone: str) -> Place:
    wish = book.wish
    return Place(name, wish.region or city(zone), zone, wish.seat)


def current(book: Book, place: Place, spell: Spell, stint: Stint) -> tuple[Stint, list[str]]:
    """The stint as it counts from now on, and what has no counterpart. Raises Unfit for one that is over."""
    why: list[str] = []
    if spell.until is not None and aware(spell.until, place.zone) <= book.wish.now:
        raise Unfit("It has ended.")
    if spell.until is not None:
        why.append(f"It ends on {naive(spell.until, place.zone):%Y-%m-%d %H:%M} there; here it goes on.")
    since = spell.since
    if since is not None and aware(since, place.zone) > book.wish.now:
        at = naive(since, place.zone)
        stint = begun(stint, at)
        if stint.begins < at:
            why.append(f"It begins within a turn, on {at:%Y-%m-%d %H:%M}; here the whole turn counts.")
    return stint, why


def without_counterpart(stint: Stint) -> list[str]:
    """What of a cycle is said because it is done in another way here."""
    why: list[str] = []
    if not all(stint.cells):
        why.append("In a turn of nobody what lies below counts; where nothing does, the seat is open.")
    if stint.minutes % (24 * 60):
        why.append("Turns are hours there; here they change at the same local times, whatever the clocks do.")
    return why


Laid = tuple[Spell, Stint, list[str]]
"""A layer of theirs, its cycle, and what has no counterpart of it."""


def lay(book: Book, place: Place, laid: Laid) -> tuple[Layer, ...]:
    """The layers of one; the report says what became of it."""
    spell, stint, why = laid
    try:
        layers = layers_of(place.seat, (stint,))
    except Unfit as fault:
        book.dropped(spell.id, spell.what, f"{fault} {_INSTEAD}")
        return ()
    book.taken(spell.id, spell.what, [*why, *_parts(layers)])
    return layers


def lay_together(book: Book, place: Place, group: Sequence[Laid]) -> tuple[Layer, ...]:
    """The layers of several that all count at once; who begins later cannot join them yet."""
    waits = [each for each in group if len(group) > 1 and _is_ahead(book, place, each[1])]
    for spell, _, _ in waits:
        book.dropped(spell.id, spell.what, "It joins the others later; import it again when it has begun.")
    now = [each for each in group if each not in waits]
    if len(now) == 1:
        return lay(book, place, now[0])
    try:
        stints = [stint for _, stint, _ in now]
        layers = layers_of(place.seat, stints)
    except Unfit as fault:
        for spell, _, _ in now:
            book.dropped(spell.id, spell.what, f"{fault} {_INSTEAD}")
        return ()
    together = [_TOGETHER] if _is_together(layers, stints) else []
    for spell, _, why in now:
        book.taken(spell.id, spell.what, [*why, *together])
    return layers


def _is_together(layers: Sequence[Layer], stints: Sequence[Stint]) -> bool:
    """Whether people are on call at once who take no turn together there."""
    theirs = {frozenset(cell) for stint in stints for cell in stint.cells}
    versions = (layer.rotation.versions[0] for layer in layers)
    return any(frozenset(member) not in theirs for version in versions for member in version.members)


def _is_ahead(book: Book, place: Place, stint: Stint) -> bool:
    return aware(stint.begins, place.zone) > book.wish.now


def _parts(layers: Sequence[Layer]) -> list[str]:
    return [f"It takes {len(layers)} layers here."] if len(layers) > 1 else []


def schedule_of(place: Place, layers: Sequence[Layer]) -> Schedule:
    """The lowest layer, if it always counts, is the rotation of the seat. No two names are alike."""
    named: dict[tuple[str, Seat], Layer] = {}
    for layer in layers:
        name, count = layer.name, 2
        while (name, layer.seat) in named:
            name, count = f"{layer.name} ({count})", count + 1
        named[name, layer.seat] = replace(layer, name=name)
    rows = list(named.values())
    seats = {}
    if rows and not rows[0].hours and all(rows[0].rotation.versions[0].members):
        seats[place.seat] = rows.pop(0).rotation
    region = Region(place.region, place.zone, time(0), seats, layers=tuple(rows))
    return Schedule(place.schedule, Mode.CHAIN, (region,))


@dataclass(frozen=True, slots=True)
class TheirOverride:
    """Somebody in the place of whoever is on; `person` None where that is asked."""

    id: str
    person: str | None
    start: datetime
    end: datetime
    kind: OverrideKind = OverrideKind.REPLACE


def admitted(
    book: Book, standing: tuple[Override, ...], place: Place, row: TheirOverride, why: Sequence[str] = ()
) -> tuple[Override, ...]:
    """The overrides with this one, or without, as the report says."""
    start, end = aware(row.start, place.zone), aware(row.end, place.zone)
    what = f"override of {place.schedule} from {naive(start, place.zone):%Y-%m-%d %H:%M}"
    if row.person is None:
        book.dropped(row.id, what, "It waits until it is said who that is.")
    elif end <= book.wish.now or end <= start:
        book.dropped(row.id, what, "It is over.")
    else:
        new = Override(
            f"{PREFIX}{row.id}", place.schedule, place.region, place.seat, row.kind, (row.person,), start, end
        )
        try:
            together = admit(standing, new)
        except OverlappingOverride as refusal:
            book.dropped(row.id, what, str(refusal))
        else:
            book.note(row.id, what, Outcome.ADAPTED if why else Outcome.TAKEN, why)
            return together
    return standing

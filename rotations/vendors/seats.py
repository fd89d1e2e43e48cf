"""Which schedules of theirs are seats of one of ours, as their escalation says. What is not plain is asked.

Lays no turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from rotations.imports import Question, QuestionKind
from rotations.model import Seat
from rotations.vendors.ladders import Ladder
from rotations.vendors.wish import Book

_BEHIND = (Seat.BACKUP, Seat.LEAD)
"""The seats of the second and third level."""


class Zoned(Struct, frozen=True):
    """A schedule of theirs: its id, its name, and its zone, which is known."""

    id: str
    name: str
    zone: str


class Joined(Struct, frozen=True):
    """Of which other schedule, by id, one is a seat; `primary` "": none, though it is paged after another."""

    primary: str
    seat: Seat
    why: str


class _Said(Struct):
    """What the ladders say of one: behind whom it is paged, by which ladder, and what speaks against it."""

    behind: dict[tuple[str, Seat], str] = field(default_factory=dict)
    is_first: bool = False
    is_among_others: bool = False


def joined(book: Book, rotas: Sequence[Zoned], ladders: Iterable[Ladder]) -> Mapping[str, Joined]:
    """What is to be said of a schedule's seat, by its id; nothing where one seat was asked for."""
    if book.wish.seat is not Seat.PRIMARY:
        return {}
    known = {rota.id: rota for rota in rotas}
    said = _said(known, ladders)
    seated: dict[str, Joined] = {}
    for rota in rotas:
        chair = _answered(book, known, rota) or _told(book, known, said, rota)
        if chair is not None and _is_free(chair, rota.id, seated):
            seated[rota.id] = chair
    return seated


def _is_free(chair: Joined, own: str, seated: Mapping[str, Joined]) -> bool:
    """No seat is filled twice, and whoever has others behind them sits behind nobody."""
    taken = {(each.primary, each.seat) for each in seated.values() if each.primary}
    primaries = {primary for primary, _ in taken}
    sits = chair.primary in seated and bool(seated[chair.primary].primary)
    return not chair.primary or not (sits or own in primaries or (chair.primary, chair.seat) in taken)


def _said(known: Mapping[str, Zoned], ladders: Iterable[Ladder]) -> Mapping[str, _Said]:
    said = {own: _Said() for own in known}
    for ladder in ladders:
        levels = _levels(known, ladder)
        for own in levels[0] if levels else ():
            said[own].is_first = True
        if levels and len(levels[0]) == 1:
            for level, seat in zip(levels[1:], _BEHIND, strict=False):
                for own in level:
                    said[own].behind.setdefault((levels[0][0], seat), ladder.name)
                    said[own].is_among_others |= len(level) > 1
    return said


def _levels(known: Mapping[str, Zoned], ladder: Ladder) -> list[tuple[str, ...]]:
    """Schedules by level, each where it comes first; a level without any is passed over."""
    levels: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for step in ladder.steps:
        fresh = tuple(own for own in step.schedules if own in known and own not in seen)
        seen.update(fresh)
        levels += [fresh] if fresh else []
    return levels


def _answered(book: Book, known: Mapping[str, Zoned], rota: Zoned) -> Joined | None:
    """By an answer like "Safety backup": another's name, in the same zone, and a seat; "" is on its own."""
    answer = book.wish.answers.seats.get(rota.name)
    if answer == "":
        return Joined("", Seat.PRIMARY, "")
    name, _, seat = (answer or "").rpartition(" ")
    mine = (each for each in known.values() if (each.name, each.zone) == (name, rota.zone) and each != rota)
    primary = next(mine, None)
    if primary is None or seat not in _BEHIND:
        return None
    return Joined(primary.id, Seat(seat), f"It is the {seat} of {name} here, as was answered.")


def _told(book: Book, known: Mapping[str, Zoned], said: Mapping[str, _Said], rota: Zoned) -> Joined | None:
    """By the ladders, where each of them says the same; else it is asked."""
    mine = said[rota.id]
    near = {place: by for place, by in mine.behind.items() if known[place[0]].zone == rota.zone}
    if not near:
        others = " and ".join(dict.fromkeys(known[own].name for own, _ in mine.behind))
        why = f"It is paged after {others}, but in another time zone, so it is a schedule of its own."
        return Joined("", Seat.PRIMARY, why) if others else None
    primary, seat = next(iter(near))
    name, ladder = known[primary].name, near[primary, seat]
    rivals = [own for own, each in said.items() if own != rota.id and (primary, seat) in each.behind]
    is_certain = len(mine.behind) == 1 and not (mine.is_first or mine.is_among_others or rivals)
    if is_certain and seat is Seat.BACKUP and rota.name not in book.wish.answers.seats:
        return Joined(
            primary, seat, f"It is the backup of {name} here: the escalation {ladder} pages it after that."
        )
    _ask(book, known, rota, near)
    return None


def _ask(book: Book, known: Mapping[str, Zoned], rota: Zoned, near: Mapping[tuple[str, Seat], str]) -> None:
    ladders = " and ".join(dict.fromkeys(near.values()))
    proposals = tuple(dict.fromkeys(f"{known[primary].name} {seat}" for primary, seat in near))
    text = f"Is it a seat of another schedule, which {ladders} pages first? Until then it is one of its own."
    book.ask(Question(QuestionKind.SEAT, rota.name, text, proposals))

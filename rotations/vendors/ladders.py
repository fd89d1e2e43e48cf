"""An escalation policy of theirs as a ladder of ours. Reads no tool's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from rotations.escalation import (
    LONGEST_MIN,
    MOST_LEVELS,
    MOST_REPEATS,
    Known,
    Level,
    Policy,
    Reach,
    When,
    fault_of,
)
from rotations.model import Seat
from rotations.vendors.wish import Book

USUAL_WAIT_MIN = 15


class Step(Struct, frozen=True):
    """Whom a level pages, `after_min` the beginning: schedules by their own id → name, people by our key."""

    after_min: int
    schedules: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Chair(Struct, frozen=True):
    """The seat of ours that a schedule of theirs fills."""

    schedule: str
    seat: Seat


class _Pages(Struct, frozen=True):
    """Where their schedules sit, and which of ours is paged."""

    seated: Mapping[str, Chair]
    paged: str | None


class Ladder(Struct, frozen=True):
    """A policy of theirs, its levels in order."""

    id: str
    name: str
    steps: tuple[Step, ...]
    repeats: int = 0


def policies_of(book: Book, ladders: Sequence[Ladder], seated: Mapping[str, Chair]) -> tuple[Policy, ...]:
    """Ours are chosen by severity and harm, theirs by service: one of theirs counts, the first that pages the
    schedule that is paged here, which is the first of theirs where nothing stands yet. `seated`: where each
    schedule of theirs, by its id, sits here."""
    standing = book.wish.organisation.paged_schedule()
    paged = standing.name if standing else next((chair.schedule for chair in seated.values()), None)
    mine = {own for own, chair in seated.items() if chair.schedule == paged}
    chosen = next((each for each in ladders if any(mine & set(step.schedules) for step in each.steps)), None)
    found = (_taken(book, each, _Pages(seated, paged), each is chosen) for each in ladders)
    return tuple(policy for policy in found if policy is not None)


def _taken(book: Book, ladder: Ladder, pages: _Pages, is_chosen: bool) -> Policy | None:
    policy, why = _policy(ladder, pages)
    fault = _fault(book, policy, is_chosen)
    if fault:
        words = f" Its levels are: {policy.words}." if policy.levels else ""
        book.dropped(ladder.id, f"escalation policy {ladder.name}", fault + words)
        return None
    book.taken(ladder.id, f"escalation policy {ladder.name}", why)
    return policy


def _fault(book: Book, policy: Policy, is_chosen: bool) -> str:
    if not policy.levels:
        return "Nobody of its levels is known here."
    if not is_chosen:
        return (
            "Ladders here are chosen by severity and harm, not by service; this is not the one that counts."
        )
    stands = [each for each in book.wish.organisation.escalation if each.when == policy.when]
    if stands and policy not in stands:
        return "There is a ladder for any incident here already, which stays."
    return ""


def _policy(ladder: Ladder, pages: _Pages) -> tuple[Policy, list[str]]:
    why = [lost for step in ladder.steps for lost in step.lost]
    levels = [level for step in ladder.steps if (level := _level(step, pages, why)) is not None]
    if len(levels) >= MOST_LEVELS:
        why.append(f"It has {len(levels)} levels; the first {MOST_LEVELS - 1} are taken.")
    if ladder.repeats > MOST_REPEATS:
        why.append(f"It begins anew {MOST_REPEATS} times, which is the most here.")
    grown = _growing(levels[: MOST_LEVELS - 1])
    policy = Policy(When(), grown, min(max(ladder.repeats, 0), MOST_REPEATS))
    if grown and fault_of(policy, Known()):
        why.append("Its last level pages no lead, so all leads come after it.")
        policy = replace(policy, levels=(*grown, _leads_after(grown)))
    return policy, why


def _level(step: Step, pages: _Pages, why: list[str]) -> Level | None:
    rotas = (_reach(own, name, pages, why) for own, name in step.schedules.items())
    page = (*(reach for reach in rotas if reach is not None), *(Reach(person=key) for key in step.people))
    if page and not any(reach.takes_command for reach in page):
        page = (*page, Reach("primary"))
        why.append("People of another schedule never take command here, so the primary is paged with them.")
    return Level(step.after_min, page) if page else None


def _reach(own: str, name: str, pages: _Pages, why: list[str]) -> Reach | None:
    chair = pages.seated.get(own)
    if chair is None:
        why.append(f"{name or own} was not imported.")
        return None
    if chair.seat is Seat.SHADOW:
        why.append(f"{name} is a shadow here, and those are never paged.")
        return None
    if chair.schedule == pages.paged:
        return Reach(chair.seat.value)
    if chair.seat is not Seat.PRIMARY:
        why.append(
            f"{name} is the {chair.seat} of {chair.schedule} here, and of others the primary is paged."
        )
        return None
    return Reach("primary", schedule=chair.schedule)


def _leads_after(levels: Sequence[Level]) -> Level:
    last = levels[-1].after_min
    wait = last - levels[-2].after_min if len(levels) > 1 else USUAL_WAIT_MIN
    return Level(last + wait, (Reach("lead", "all"),))


def _growing(levels: Sequence[Level]) -> tuple[Level, ...]:
    """The first is at once, and those of one minute are one level."""
    by_minute: dict[int, Level] = {}
    levels = [level for level in levels if level.after_min <= LONGEST_MIN // 2]
    first = levels[0].after_min if levels else 0
    for level in levels:
        after = level.after_min - first
        stood = by_minute.get(after)
        page = (*(stood.page if stood else ()), *level.page)
        by_minute[after] = Level(after, tuple(dict.fromkeys(page)))
    return tuple(by_minute[after] for after in sorted(by_minute))

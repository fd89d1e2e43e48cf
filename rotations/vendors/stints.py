"""What other tools call a layer, rotation or shift: a cycle of people from a time on, in hours of the week.

Compiled to our rotations exactly, also where turns are hours, or several people are on call together. Local
times are naive here: nothing is an instant yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from math import gcd, lcm

from msgspec import Struct
from msgspec.structs import replace

from rotations.model import Hours, Layer, Member, Rotation, RotationVersion, Seat, Turn, TurnUnit
from rotations.vendors.tree import Unfit
from rotations.vendors.week_hours import ALWAYS, DAY, Mask, by_cover, daily, hours_of, shared

MOST_CELLS = 20_000
MOST_LAYERS = 24
_MINUTE = timedelta(minutes=1)

Spend = Callable[[int], None]
"""Told how much is about to be worked out; raises where it is too much."""


class Stint(Struct, frozen=True):
    """`cells`, each as long as a `turn`, follow one another for ever from `begins`; empty is nobody."""

    name: str
    begins: datetime
    turn: timedelta
    cells: tuple[Member, ...]
    hours: Mask = ALWAYS

    @property
    def minutes(self) -> int:
        """The length of a turn. Raises Unfit where it is not of whole minutes."""
        whole, rest = divmod(self.turn, _MINUTE)
        if rest:
            raise Unfit(f"A turn of {self.turn // timedelta(seconds=1)} seconds is not in whole minutes.")
        return whole

    def at(self, t: datetime) -> Member:
        """Whose cell holds, whatever the hours."""
        return self.cells[(t - self.begins) // self.turn % len(self.cells)]


class Piece(Struct, frozen=True):
    """A rotation of ours, and the hours in which it counts; () is always. `name` is whose turns it holds."""

    name: str
    version: RotationVersion
    hours: tuple[Hours, ...]


def begun(stint: Stint, since: datetime) -> Stint:
    """The same cycle, beginning with the turn that holds at a later local time."""
    past = max((since - stint.begins) // stint.turn, 0)
    turned = past % len(stint.cells)
    cells = (*stint.cells[turned:], *stint.cells[:turned])
    return replace(stint, begins=stint.begins + past * stint.turn, cells=cells)


def layers_of(seat: Seat, stints: Sequence[Stint], spend: Spend) -> tuple[Layer, ...]:
    """Everybody of the stints on call together, as layers of a seat. Raises Unfit where it takes too many."""
    spans = sum(len(stint.hours) for stint in stints)
    spend(2 * spans * spans)
    pieces = list(_pieces(stints, spend))
    if len(pieces) > MOST_LAYERS:
        raise Unfit(f"It would take {len(pieces)} layers here.")
    return tuple(Layer(piece.name, seat, Rotation((piece.version,)), piece.hours) for piece in pieces)


def _pieces(stints: Sequence[Stint], spend: Spend) -> Iterator[Piece]:
    for held, mask in by_cover([stint.hours for stint in stints]).items():
        yield from _together([stints[order] for order in held], mask, spend)


def _together(stints: Sequence[Stint], mask: Mask, spend: Spend) -> Iterator[Piece]:
    begins = max(stint.begins for stint in stints)
    step = _step(stints, begins)
    days = lcm(DAY, *(stint.minutes * len(stint.cells) for stint in stints)) // DAY
    slots = DAY // step
    if days * slots > MOST_CELLS:
        raise Unfit("Its turns come back to the same time of day too seldom to be a rotation here.")
    spend(days * slots * len(stints) + slots * len(mask))
    columns = [
        tuple(_on(stints, begins + timedelta(days=day, minutes=slot * step)) for day in range(days))
        for slot in range(slots)
    ]
    for first, last, column in _runs(columns):
        opens = begins + timedelta(minutes=first * step)
        window = daily(opens.hour * 60 + opens.minute, (last - first) * step)
        hours = shared(mask, window)
        if hours and any(column):
            on = [stint.name for stint in stints if _is_in(stint, column)]
            yield Piece(" + ".join(dict.fromkeys(on)), _version(column, opens), hours_of(hours))


def _step(stints: Sequence[Stint], begins: datetime) -> int:
    """The widest grid on which every turn changes, in minutes."""
    offsets = ((begins - stint.begins) // _MINUTE for stint in stints)
    return gcd(DAY, *(stint.minutes for stint in stints), *offsets)


def _on(stints: Sequence[Stint], t: datetime) -> Member:
    return tuple(dict.fromkeys(person for stint in stints for person in stint.at(t)))


def _is_in(stint: Stint, column: tuple[Member, ...]) -> bool:
    people = {person for cell in stint.cells for person in cell}
    return any(person in people for member in column for person in member)


def _runs(columns: Sequence[tuple[Member, ...]]) -> Iterator[tuple[int, int, tuple[Member, ...]]]:
    """Neighbouring slots of the day with the same people as one."""
    first = 0
    for slot in range(1, len(columns) + 1):
        if slot == len(columns) or columns[slot] != columns[first]:
            yield first, slot, columns[first]
            first = slot


def _version(column: tuple[Member, ...], opens: datetime) -> RotationVersion:
    """A day each → the longest turns and the shortest cycle that say the same."""
    days = next(each for each in range(len(column), 0, -1) if _is_in_turns_of(column, each))
    members = column[::days]
    count = next(each for each in range(1, len(members) + 1) if _comes_back_after(members, each))
    if count == 1:
        days = 7
    turn = Turn(days // 7, TurnUnit.WEEK) if days % 7 == 0 else Turn(days, TurnUnit.DAY)
    return RotationVersion(members[:count], turn, opens.date(), opens.time())


def _is_in_turns_of(column: tuple[Member, ...], days: int) -> bool:
    return len(column) % days == 0 and all(
        member == column[day // days * days] for day, member in enumerate(column)
    )


def _comes_back_after(members: tuple[Member, ...], count: int) -> bool:
    return len(members) % count == 0 and members == members[:count] * (len(members) // count)

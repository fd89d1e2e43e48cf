"""What every reader says of an export, in one shape: rotas, their turns and overrides, ladders.

Values and the one Protocol; knows no tool's fields, and lays nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from rotations.model import Member, OverrideKind
from rotations.vendors.ladders import Ladder
from rotations.vendors.stints import Stint
from rotations.vendors.tree import Object

HOURS = "Turns are hours there; here they change at the same local times, whatever the clocks do."
_OPEN = "In a turn of nobody what lies below counts; where nothing does, the seat is open."
WITHOUT_PARTS = "Its turns are not in the file, as in a list of schedules: save the answer for it alone."


class Rota(Struct, frozen=True):
    """A schedule of theirs: `zone` as written, `refused` why it cannot be taken, `why` what to say of it."""

    id: str
    name: str
    zone: str
    row: Object
    refused: str = ""
    why: tuple[str, ...] = ()


class Part(Struct, frozen=True):
    """A layer, rotation, shift or override as it stands in the file, and what it is called in the report."""

    id: str
    what: str
    row: Object


class Dated(Struct, frozen=True):
    """Turns that are no cycle, written out: local `[start, end)` and who is on."""

    name: str
    turns: tuple[tuple[datetime, datetime, Member], ...]


Cycle = Stint | Dated


class Turns(Struct, frozen=True):
    """A part as it counts: all its cycles at once, in `[since, until)` (UTC). A higher level beats others."""

    cycles: tuple[Cycle, ...]
    level: int = 0
    since: datetime | None = None
    until: datetime | None = None
    why: tuple[str, ...] = ()


class TheirOverride(Struct, frozen=True):
    """People in the place of whoever is on, in `[start, end)` as written; () where that is still asked.

    `only` names the parts, by their ids, whose people alone are replaced; () is everybody.
    """

    people: Member
    start: datetime
    end: datetime
    kind: OverrideKind = OverrideKind.REPLACE
    only: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


def done_instead(stint: Stint) -> list[str]:
    """What of a cycle is said because it is done in another way here."""
    why = [] if all(stint.cells) else [_OPEN]
    return [*why, *([HOURS] if stint.turn % timedelta(days=1) else [])]


def weight(turns: Turns) -> int:
    """How much there is to look at."""
    return 20 + sum(
        len(cycle.turns) if isinstance(cycle, Dated) else len(cycle.cells) for cycle in turns.cycles
    )


class Tool(Protocol):
    """One tool's export. `turns` and `override` raise Unfit with the sentence for the report."""

    def rotas(self) -> Iterable[Rota]: ...

    def parts(self, rota: Rota) -> Sequence[Part]:
        """What turns in it, the lowest first where the tool orders them by place."""
        ...

    def turns(self, part: Part, zone: str) -> Turns: ...

    def overrides(self, rota: Rota) -> Sequence[Part]: ...

    def override(self, part: Part, zone: str) -> TheirOverride: ...

    def strays(self, rotas: Sequence[Rota]) -> Iterable[tuple[Part, str]]:
        """Overrides that belong to none of these, and why."""
        ...

    def ladders(self) -> Sequence[Ladder]: ...

"""A row of results: a value, the baseline of the same run, their ratio, the aim and whether it holds."""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct


class Aim(Struct, frozen=True):
    of: Literal["value", "ratio"]
    op: Literal["<=", ">="]
    limit: float


class Row(Struct, frozen=True):
    """`baseline` None: there is nothing to compare with. A row without an aim always holds.

    A void row measured other answers than its baseline's: its value says nothing and it never holds.
    """

    name: str
    value: float
    unit: str
    run: str
    baseline: float | None = None
    aim: Aim | None = None
    note: str = ""
    is_void: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def holds(self) -> bool:
        if self.is_void:
            return False
        if self.aim is None:
            return True
        measured = self.value if self.aim.of == "value" else self.ratio
        if measured is None:
            return False
        return measured <= self.aim.limit if self.aim.op == "<=" else measured >= self.aim.limit

    def as_json(self) -> dict[str, Any]:
        aim = {"of": self.aim.of, "op": self.aim.op, "limit": self.aim.limit} if self.aim else None
        return {
            "name": self.name,
            "value": None if self.is_void else self.value,
            "unit": self.unit,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "aim": aim,
            "holds": self.holds,
            "run": self.run,
            "note": self.note,
        }


def table(rows: Sequence[Row]) -> str:
    lines = [f"{'row':<18}{'value':>12}  {'baseline':>10}  {'ratio':>6}  aim"]
    for row in rows:
        baseline = f"{row.baseline:.1f}" if row.baseline is not None else "–"
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else "–"
        aim = (
            f"{row.aim.of} {row.aim.op} {row.aim.limit:g}: {'holds' if row.holds else 'FAILS'}"
            if row.aim
            else ""
        )
        value = "void" if row.is_void else f"{row.value:.1f}"
        lines.append(f"{row.name:<18}{value:>9} {row.unit:<3} {baseline:>10}  {ratio:>6}  {aim}  {row.note}")
    return "\n".join(lines)

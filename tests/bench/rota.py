"""rota.*: who is on call at an instant, a year of shifts, and one region anew after an edit; beside the
quicker of dateutil and recurring-ical-events. Answers are compared first: where they differ a row is void."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from rotations.model import Override
from rotations.shifts import Resolver
from rotations.zones import use_bundled_tzdata
from tests.bench.rota_peers import Dateutil, Ical
from tests.bench.rota_year import EDIT, OVERRIDES, SCHEDULE, YEAR, Answered, Contender, comparable, instants
from tests.bench.rows import Aim, Row

REPEATS = 7


class Ours:
    """The resolver, through its public face; its reasons and turn ends come with it and are not compared."""

    def __init__(self, overrides: tuple[Override, ...]) -> None:
        self._overrides = overrides
        self._resolver = Resolver(SCHEDULE, overrides)

    def at(self, t: datetime) -> tuple[str, tuple[str, ...]]:
        row = self._resolver.at(t)[0]
        return row.region, row.people

    def year(self) -> Sequence[Answered]:
        return self._resolver.between(*YEAR)[0]

    def region_after(self, edit: Override) -> Sequence[Answered]:
        edited = Resolver(SCHEDULE, (*self._overrides, edit), before=self._resolver)
        return edited.between(*YEAR, region=edit.region)[0]


Make = Callable[[tuple[Override, ...]], Contender]
Measured = tuple[object, float]
"""The answer that is compared, and the quickest of some times of giving it: the others were disturbed."""

CONTENDERS: dict[str, Make] = {"ours": Ours, "dateutil": Dateutil, "recurring-ical-events": Ical}


def rows(run: str) -> Iterator[Row]:
    use_bundled_tzdata()
    yield _row("rota.at", run, "us", 5.0, _at)
    yield _row("rota.year", run, "ms", 10.0, _year)
    yield _row("rota.reresolve", run, "ms", 3.0, _reresolve)


def _row(name: str, run: str, unit: str, limit: float, measure: Callable[[Make], Measured]) -> Row:
    measured = {label: measure(make) for label, make in CONTENDERS.items()}
    aim, ours = Aim("value", "<=", limit), measured.pop("ours")
    otherwise = [label for label, (answer, _) in measured.items() if answer != ours[0]]
    if otherwise:
        note = f"answered otherwise: {', '.join(otherwise)}"
        return Row(name, ours[1], unit, run, aim=aim, note=note, is_void=True)
    note = ", ".join(f"{label} {took:.1f}" for label, (_, took) in measured.items())
    return Row(name, ours[1], unit, run, min(took for _, took in measured.values()), aim, note)


def _at(make: Make) -> Measured:
    """Microseconds for one instant, once every instant has been asked before."""
    asked, at = instants(), make(OVERRIDES).at
    answer = [at(t) for t in asked]
    return answer, 1e6 / len(asked) * min(_seconds(lambda: [at(t) for t in asked]) for _ in range(REPEATS))


def _year(make: Make) -> Measured:
    """Milliseconds from the schedule and its overrides to every shift of the year, nothing kept."""
    answer = comparable(make(OVERRIDES).year())
    return answer, 1e3 * min(_seconds(lambda: make(OVERRIDES).year()) for _ in range(REPEATS))


def _reresolve(make: Make) -> Measured:
    """Milliseconds from an edit of one region to its shifts of the year, the other regions kept."""
    standing = [make(OVERRIDES) for _ in range(REPEATS + 1)]
    for contender in standing:
        contender.year()
    answer = comparable(standing[0].region_after(EDIT))
    return answer, 1e3 * min(_seconds(partial(one.region_after, EDIT)) for one in standing[1:])


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began

"""A folder of runbook files → the runbooks a team has. The only room of this package that reads the disk."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from runbooks.faults import Fault, Place, RunbookFaults
from runbooks.model import HarmArea, Runbook
from runbooks.parse import SIZE_LIMIT, Reading, read

# A document about the folder, not a runbook.
_ABOUT = "README.md"


class Catalogue(Struct, frozen=True):
    """The runbooks of one folder, in the order of their ids. No two have one id or serve one harm area."""

    runbooks: tuple[Runbook, ...]

    def get(self, runbook_id: str) -> Runbook | None:
        """The runbook of that id."""
        return next((each for each in self.runbooks if each.id == runbook_id), None)

    def for_harm(self, slug: str) -> Runbook | None:
        """The runbook for a harm area; for an area without its own, the one for `other`, if there is one."""
        return self._serving(slug) or self._serving(HarmArea.OTHER)

    def _serving(self, slug: str) -> Runbook | None:
        return next((each for each in self.runbooks if slug in each.harm), None)


def library_path() -> Path:
    """The folder of the runbooks that come with the product."""
    return Path(__file__).parent / "library"


def load(folder: Path) -> Catalogue:
    """The runbooks in `folder` (its `*.md`, but README.md).

    Raises RunbookFaults with every fault in every file, OSError where the folder or a file cannot be read.
    """
    readings, faults = _read_folder(folder)
    if faults:
        raise RunbookFaults(faults)
    return Catalogue(tuple(sorted((each.runbook for _, each in readings), key=lambda each: each.id)))


def check_folder(folder: Path) -> list[Fault]:
    """Every fault in the runbooks of `folder`, in the order of the files; empty when `load` would take it.

    Raises OSError where the folder or a file cannot be read.
    """
    return sorted(_read_folder(folder)[1])


def _read_folder(folder: Path) -> tuple[list[tuple[str, Reading]], list[Fault]]:
    readings: list[tuple[str, Reading]] = []
    faults: list[Fault] = []
    for path in sorted(each for each in folder.iterdir() if each.suffix == ".md" and each.name != _ABOUT):
        try:
            readings.append((path.name, read(_text(path), path.name)))
        except RunbookFaults as found:
            faults.extend(found.faults)
    if not readings and not faults:
        faults.append(Fault(str(folder), Place(1), "There is no runbook here. A runbook is a file “*.md”."))
    # A file that cannot be read is known by no id: what names it would be called wrong for nothing.
    missing = [] if faults else list(_missing_targets(readings))
    return readings, [*faults, *_said_twice(readings), *missing]


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(4 * SIZE_LIMIT + 1)
    # A file that is far too long may be cut inside a character: its length is then the fault to tell.
    errors = "replace" if len(data) > 4 * SIZE_LIMIT else "strict"
    try:
        return data.decode(errors=errors)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        sentence = "The file is not UTF-8 text from here on. Save it as UTF-8."
        raise RunbookFaults([Fault(path.name, Place(line), sentence)]) from None


def _said_twice(readings: Sequence[tuple[str, Reading]]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for name, reading in readings:
        runbook = reading.runbook
        for key, value in [("id", runbook.id), *((f"harm:{area}", area) for area in runbook.harm)]:
            said = f"{key}={value}"
            if said in first:
                sentence = f"“{value}” is already in {first[said]}. Choose one of the two files."
                yield Fault(name, reading.places[key], sentence)
            first.setdefault(said, name)


def _missing_targets(readings: Sequence[tuple[str, Reading]]) -> Iterator[Fault]:
    known = {reading.runbook.id for _, reading in readings}
    for name, reading in readings:
        for key, place in reading.places.items():
            kind, _, target = key.partition(":")
            if kind == "target" and target not in known:
                yield Fault(name, place, f"There is no runbook {target} in this folder.")

"""Applies a schedules file: reads it, says all its faults, stores it. Nothing is half applied."""

from dataclasses import dataclass, replace
from pathlib import Path

from incidents.ports import House, Unit
from rotations.file import parse
from rotations.model import Organisation

EXAMPLE = Path(__file__).resolve().parent / "example" / "organisation.yaml"
MOST_BYTES = 1 << 20


class UnreadableFile(Exception):
    """The file cannot be read; the sentence names it and says why."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was found, and whether anything is different from before."""

    people: int
    schedules: int
    overrides: int
    is_change: bool


def read_file(path: Path) -> Organisation:
    """Raises UnreadableFile, and rotations' ScheduleFaults with every fault of the file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}. Name a schedules file.") from None
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"{path} is larger than 1 MiB, which no schedules file is.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path} is no UTF-8 text. Save it as UTF-8.") from None
    return parse(text, str(path))


def apply_file(house: House, path: Path, by: str, dry_run: bool = False) -> Applied:
    """Applying the same file twice changes nothing."""
    organisation = read_file(path)

    def work(unit: Unit) -> Applied:
        before = unit.schedules.organisation()
        is_change = before is None or _without_chat(before, organisation) != organisation
        if is_change and not dry_run:
            unit.schedules.apply(organisation, house.clock.now(), by)
        counts = len(organisation.people), len(organisation.schedules), len(organisation.overrides)
        return Applied(*counts, is_change)

    return house.store.read(work) if dry_run else house.store.write(work)


def _without_chat(stored: Organisation, file: Organisation) -> Organisation:
    """What is stored, less the overrides that were made in chat."""
    known = {override.id for override in file.overrides}
    return replace(stored, overrides=tuple(o for o in stored.overrides if o.id in known))

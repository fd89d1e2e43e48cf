"""Applies a schedules file: reads it, says all its faults, stores it. Nothing is half applied."""

from dataclasses import dataclass, replace
from pathlib import Path

from incidents.ports import House, Unit
from rotations.changes import changes
from rotations.file import parse
from rotations.model import Organisation
from rotations.revision import revised

EXAMPLE = Path(__file__).resolve().parent / "example" / "organisation.yaml"
MOST_BYTES = 1 << 20


class UnreadableFile(Exception):
    """The file cannot be read; the sentence names it and says why."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was found, whether anything is different from before, and what."""

    people: int
    schedules: int
    overrides: int
    is_change: bool
    changes: tuple[str, ...] = ()


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
    """Applying the same file twice changes nothing; the past and changes made in chat are kept.

    Raises UnreadableFile, ScheduleFaults, and OverlappingOverride where file and chat contradict.
    """
    organisation = read_file(path)

    def work(unit: Unit) -> Applied:
        before, now = unit.schedules.organisation(), house.clock.now()
        after = revised(before, organisation, now) if before else organisation
        written = _as_written(after, after)
        is_change = before is None or written != _as_written(before, after)
        said = changes(_as_written(before, after) if before else Organisation(), written) if is_change else ()
        if is_change and not dry_run:
            unit.schedules.apply(after, now, by)
        counts = len(organisation.people), len(organisation.schedules), len(organisation.overrides)
        return Applied(*counts, is_change, said)

    return house.store.read(work) if dry_run else house.store.write(work)


def _as_written(organisation: Organisation, file: Organisation) -> Organisation:
    """Ids that stand for an address of the file aside: they were looked up, which is no change of it."""
    by_id = {person.key for person in file.people if person.slack and "@" not in person.slack}
    people = (p if p.key in by_id else replace(p, slack=None) for p in organisation.people)
    return replace(organisation, people=tuple(people))

"""Applies a schedules file: reads it, says all its faults, stores it. Nothing is half applied."""

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from incidents.operations.rota_editing import Weighed, put_plan, put_weighed, weigh
from incidents.ports import House, Unit
from rotations.changes import changes
from rotations.file import parse
from rotations.model import Organisation
from rotations.revision import revised

EXAMPLE = Path(__file__).resolve().parent / "example" / "organisation.yaml"
MOST_BYTES = 1 << 20


class UnreadableFile(Exception):
    """The file cannot be read; the sentence names it and says why."""


class Applied(Struct, frozen=True):
    """What was found, whether anything is different from before, what, and whose shifts move by it."""

    people: int
    schedules: int
    overrides: int
    is_change: bool
    weighed: Weighed
    changes: tuple[str, ...] = ()


def read_file(path: Path) -> Organisation:
    """Raises UnreadableFile, and rotations' ScheduleFaults with every fault of the file."""
    return parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """What stands in a schedules file or roster. Raises UnreadableFile."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}. Name a file that can.") from None
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"{path} is larger than 1 MiB, which no schedules file or roster is.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path} is no UTF-8 text. Save it as UTF-8.") from None


def apply_file(house: House, path: Path, by: str, *, dry_run: bool = False, is_sure: bool = False) -> Applied:
    """Applying the same file twice changes nothing; the past and changes made in chat are kept.

    Raises UnreadableFile, ScheduleFaults, OverlappingOverride where file and chat contradict, and, without
    `is_sure`, NeedsSecondLook where it alters who is paged within 24 hours or leaves a seat empty.
    """
    organisation = read_file(path)

    def weighing(unit: Unit) -> Weighed:
        before, now = unit.schedules.organisation(), house.clock.now()
        after = revised(before, organisation, now) if before else organisation
        if before is not None and _as_written(after, after) == _as_written(before, after):
            return weigh(before, before, now)
        return weigh(before, after, now)

    def put(unit: Unit, weighed: Weighed) -> None:
        put_plan(house, unit, weighed, by, is_sure)

    weighed = put_weighed(house, weighing, put, dry_run)
    before, after = weighed.before or Organisation(), weighed.after
    said = changes(_as_written(before, after), _as_written(after, after)) if weighed.is_change else ()
    counts = len(organisation.people), len(organisation.schedules), len(organisation.overrides)
    return Applied(*counts, weighed.is_change, weighed, said)


def _as_written(organisation: Organisation, file: Organisation) -> Organisation:
    """Ids that stand for an address of the file aside: they were looked up, which is no change of it."""
    by_id = {person.key for person in file.people if person.slack and "@" not in person.slack}
    people = (p if p.key in by_id else replace(p, slack=None) for p in organisation.people)
    return replace(organisation, people=tuple(people))

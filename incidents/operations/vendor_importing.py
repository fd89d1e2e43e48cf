"""Another tool's export, on a command's word: read, weighed, stored, beside what that tool shows itself."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from incidents.operations.importing import put_import
from incidents.operations.rota_editing import Weighed, weigh
from incidents.ports import House, Unit
from rotations.comparing import AHEAD, Beside, compared, served_on
from rotations.ics.reading import read as read_calendar
from rotations.ics.series import Expand
from rotations.imports import Answers, Asked, Import, Imported, NotImportable
from rotations.model import Organisation
from rotations.revision import revised
from rotations.shifts import resolver_of
from rotations.vendors.joining import with_part
from rotations.vendors.reading import read
from rotations.vendors.wish import VendorWish


@dataclass(frozen=True, slots=True)
class Export:
    """What was given: the tool, its JSON, and its rendered calendar where there is one."""

    kind: str
    data: bytes
    rendered: bytes | None = None


@dataclass(frozen=True, slots=True)
class ExportWish:
    """As a VendorWish, before anything is known of what stands; `answers` is asked once people are known."""

    wish: Callable[[Organisation, datetime], VendorWish]
    answers: Callable[[Organisation], Answers] = field(default=lambda _organisation: Answers())


@dataclass(frozen=True, slots=True)
class Comparison:
    """90 days of one seat, the differences first, and what of their calendar could not be read."""

    asked: Asked
    rows: tuple[Beside, ...]
    calendar: Import


@dataclass(frozen=True, slots=True)
class ImportedExport:
    """What became of each object, what it does to the plan, and how it looks beside theirs."""

    found: Imported
    weighed: Weighed
    comparison: Comparison | None = None


def import_export(
    house: House, export: Export, wish: ExportWish, expand: Expand, how: tuple[str, bool, bool]
) -> ImportedExport:
    """`how`: by whom, as a dry run, confirmed. The same export twice changes nothing.

    Both files are read before anything is held. Raises rotations' NotImportable and OverlappingOverride, what
    `wish` raises, and NeedsSecondLook where it was not confirmed.
    """
    by, dry_run, is_sure = how
    standing = house.store.read(_standing) or Organisation()
    now = house.clock.now()
    found = _read(export, wish, standing, now)
    comparison = _compared(export, wish, found, with_part(standing, found.organisation), expand, now)

    def weighing(unit: Unit) -> Weighed:
        before, at = _standing(unit), house.clock.now()
        part = found.organisation
        if not part.schedules:
            return weigh(before, before or Organisation(), at)
        after = with_part(before or Organisation(), part)
        return weigh(before, revised(before, after, at) if before else after, at)

    if not found.organisation.schedules:
        dry_run = True
    weighed = put_import(house, weighing, f"an export of {export.kind}", by, is_sure, dry_run)
    return ImportedExport(found, weighed, comparison)


def _standing(unit: Unit) -> Organisation | None:
    return unit.schedules.organisation()


def _read(export: Export, wish: ExportWish, standing: Organisation, now: datetime) -> Imported:
    """Answers may name people who come with the export, so it is read for them first."""
    asked = wish.wish(standing, now)
    first = read(export.kind, export.data, asked)
    answers = wish.answers(with_part(standing, first.organisation))
    return read(export.kind, export.data, replace(asked, answers=answers))


def _compared(
    export: Export, wish: ExportWish, found: Imported, after: Organisation, expand: Expand, now: datetime
) -> Comparison | None:
    if export.rendered is None or not found.organisation.schedules:
        return None
    if len(found.organisation.schedules) > 1:
        raise NotImportable("Say with --schedule which of its schedules the rendered calendar is of.")
    schedule = found.organisation.schedules[0]
    region = schedule.regions[0]
    seat = region.all_seats()[0]
    until = now + AHEAD
    asked = Asked(after, schedule.name, region.name, seat, now, until, region.zone, wish.answers(after))
    calendar = read_calendar(export.rendered, asked, expand)
    ours = served_on(resolver_of(after, schedule.name), region.name, seat, now, until)
    return Comparison(asked, compared(calendar.shifts, ours, now, until), calendar)

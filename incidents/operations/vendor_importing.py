"""Another tool's export, on a command's word: read, weighed, stored, beside what that tool shows itself."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from incidents.operations.importing import How, put_import
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


class Export(Struct, frozen=True):
    """What was given: the tool, its JSON, and rendered calendars by the names of their schedules; "" is the
    calendar of its only one."""

    kind: str
    data: bytes
    rendered: Mapping[str, bytes] = field(default_factory=dict)


class ExportWish(Struct, frozen=True):
    """As a VendorWish, before anything is known of what stands; `answers` is asked once people are known."""

    wish: Callable[[Organisation, datetime], VendorWish]
    answers: Callable[[Organisation], Answers] = field(default=lambda _organisation: Answers())


class Comparison(Struct, frozen=True):
    """90 days of one seat, the differences first, and what of their calendar could not be read."""

    asked: Asked
    rows: tuple[Beside, ...]
    calendar: Import


class ImportedExport(Struct, frozen=True):
    """What became of each object, what it does to the plan, and how it looks beside theirs."""

    found: Imported
    weighed: Weighed
    comparisons: tuple[Comparison, ...] = ()


def import_export(house: House, export: Export, wish: ExportWish, expand: Expand, how: How) -> ImportedExport:
    """The same export twice changes nothing.

    Both files are read before anything is held. Raises rotations' NotImportable and OverlappingOverride, what
    `wish` raises, and NeedsSecondLook where it was not confirmed.
    """
    standing = house.store.read(_standing) or Organisation()
    now = house.clock.now()
    found = _read(export, wish, standing, now)
    there = with_part(standing, found.organisation)
    beside = _beside(export.rendered, there, wish.answers(there), found, now)
    comparisons = tuple(_compared(asked, calendar, expand) for asked, calendar in beside)

    def weighing(unit: Unit) -> Weighed:
        before, at = _standing(unit), house.clock.now()
        part = found.organisation
        if not part.schedules:
            return weigh(before, before or Organisation(), at)
        after = with_part(before or Organisation(), part)
        return weigh(before, revised(before, after, at) if before else after, at)

    if not found.organisation.schedules:
        how = replace(how, dry_run=True)
    weighed = put_import(house, weighing, f"an export of {export.kind}", how)
    return ImportedExport(found, weighed, comparisons)


def _standing(unit: Unit) -> Organisation | None:
    return unit.schedules.organisation()


def _read(export: Export, wish: ExportWish, standing: Organisation, now: datetime) -> Imported:
    """Answers may name people who come with the export, so it is read for them first."""
    asked = wish.wish(standing, now)
    first = read(export.kind, export.data, asked)
    answers = wish.answers(with_part(standing, first.organisation))
    return read(export.kind, export.data, replace(asked, answers=answers))


def _beside(
    calendars: Mapping[str, bytes], after: Organisation, answers: Answers, found: Imported, now: datetime
) -> Iterator[tuple[Asked, bytes]]:
    """Each calendar and the seat that its schedule fills. Raises NotImportable where that is not plain."""
    for name, calendar in calendars.items() if found.seats else ():
        if not name and len(found.seats) > 1:
            raise NotImportable(
                "Say of which of its schedules the rendered calendar is: --rendered NAME=FILE."
            )
        seated = found.seats.get(name) if name else next(iter(found.seats.values()))
        schedule = after.schedule(seated[0]) if seated else None
        if seated is None or schedule is None:
            raise NotImportable(f"No schedule {name} was taken, so there is nothing beside its calendar.")
        region = schedule.regions[0]
        until = now + AHEAD
        yield Asked(after, schedule.name, region.name, seated[1], now, until, region.zone, answers), calendar


def _compared(asked: Asked, calendar: bytes, expand: Expand) -> Comparison:
    theirs = read_calendar(calendar, asked, expand)
    resolver = resolver_of(asked.organisation, asked.schedule)
    ours = served_on(resolver, asked.region, asked.seat, asked.start, asked.end)
    return Comparison(asked, compared(theirs.shifts, ours, asked.start, asked.end), theirs)

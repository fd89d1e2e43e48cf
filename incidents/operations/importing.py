"""What every import ends in: weighed, confirmed where it alarms, stored, kept; and taken back as a whole."""

from dataclasses import dataclass, replace

from incidents.operations.rota_editing import Weighed, Weighing, put_plan, weigh
from incidents.ports import House, Unit
from incidents.rota_imports import ImportState, NothingImported, RotaImport, kept
from rotations.model import Organisation
from rotations.putting_back import put_back


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The import that was taken back, and what that does to the plan."""

    was: RotaImport
    weighed: Weighed


def put_import(
    house: House, weighing: Weighing, source: str, by: str, is_sure: bool, dry_run: bool
) -> Weighed:
    """Weigh, and store what is a change and no dry run; `undo` takes it back.

    `source` names the file or tool. Raises NeedsSecondLook, and what `weighing` does.
    """

    def work(unit: Unit) -> Weighed:
        if not dry_run:
            unit.schedules.hold()
        weighed = weighing(unit)
        if weighed.is_change and not dry_run:
            put_plan(house, unit, weighed, by, is_sure)
            spans = weighed.before or Organisation(), weighed.after
            unit.imports.add(kept(house.ids.new(), source, by, spans, weighed.now))
        return weighed

    return house.store.read(work) if dry_run else house.store.write(work)


def undo(house: House, by: str, *, is_sure: bool = False, dry_run: bool = False) -> TakenBack:
    """Take the last import back that stands; the one before it can be taken back then.

    Raises NothingImported, rotations' ChangedSince, and NeedsSecondLook where it was not confirmed.
    """

    def work(unit: Unit) -> TakenBack:
        if not dry_run:
            unit.schedules.hold()
        last = unit.imports.last()
        standing = unit.schedules.organisation()
        if last is None or standing is None:
            raise NothingImported("Nothing was imported that could be taken back.")
        now = house.clock.now()
        weighed = weigh(standing, put_back(standing, last.before, last.after, now), now)
        if not dry_run:
            put_plan(house, unit, weighed, by, is_sure)
            unit.imports.save(replace(last, state=ImportState.UNDONE))
            unit.audit.write(now, by, "undo import", f"import:{last.id}", {"source": last.source})
        return TakenBack(last, weighed)

    return house.store.read(work) if dry_run else house.store.write(work)

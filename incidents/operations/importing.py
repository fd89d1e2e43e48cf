"""What every import ends in: weighed, confirmed where it alarms, stored, kept; and taken back as a whole."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from incidents.access import Action, demand
from incidents.model import UserId
from incidents.operations.rota_editing import Weighed, Weighing, put_plan, put_weighed, weigh
from incidents.operations.scene import known
from incidents.people import Ask
from incidents.ports import House, Unit
from incidents.proposals import cards_of
from incidents.rota_imports import ImportState, NothingImported, RotaImport, kept
from rotations.model import Organisation
from rotations.putting_back import put_back


class TakenBack(Struct, frozen=True):
    """The import that was taken back, and what that does to the plan."""

    was: RotaImport
    weighed: Weighed


class How(Struct, frozen=True):
    """By whom an import is made; a dry run stores nothing, and what alarms is stored only when confirmed."""

    by: str
    dry_run: bool = False
    is_sure: bool = False


def put_import(house: House, weighing: Weighing, source: str, how: How) -> Weighed:
    """Weigh, and store what is a change and no dry run; `undo` takes it back.

    `source` names the file or tool. Raises NeedsSecondLook, and what `weighing` does.
    """

    def put(unit: Unit, weighed: Weighed) -> None:
        put_in(house, unit, weighed, (source, how.by), how.is_sure)

    return put_weighed(house, weighing, put, how.dry_run)


def put_in(house: House, unit: Unit, weighed: Weighed, whence: tuple[str, str], is_sure: bool) -> str:
    """Store a change as an import that can be taken back, and its id. `whence`: the source, by whom.

    Raises NeedsSecondLook.
    """
    source, by = whence
    put_plan(house, unit, weighed, by, is_sure)
    spans = weighed.before or Organisation(), weighed.after
    made = kept(house.ids.new(), source, by, spans, weighed.now)
    unit.imports.add(made)
    return made.id


def undo(house: House, by: str, *, is_sure: bool = False, dry_run: bool = False) -> TakenBack:
    """Take the last import back that stands; the one before it can be taken back then.

    On a command's word. Raises NothingImported, rotations' ChangedSince, and NeedsSecondLook where it was not
    confirmed.
    """

    def work(unit: Unit) -> TakenBack:
        taken = _looked(house, unit)
        if not dry_run:
            _put_back(house, unit, taken, by, is_sure)
        return taken

    return house.store.read(work) if dry_run else house.store.write(partial(_alone, work))


def look(house: House, user: UserId) -> TakenBack:
    """What taking the last import back would do, for a lead. Raises NotAllowed and as `undo`."""

    def work(unit: Unit) -> TakenBack:
        demand(known(unit, user), Action.APPLY_ROTA)
        return _looked(house, unit)

    return house.store.read(work)


def take_back(house: House, ask: Ask, import_id: str, *, is_sure: bool) -> TakenBack:
    """Take back the import that a lead was shown; a redelivery does it once.

    Raises NotAllowed, NothingImported where another stands last by now, and as `undo`.
    """

    def work(unit: Unit) -> TakenBack:
        demand(known(unit, ask.user), Action.APPLY_ROTA)
        shown = unit.imports.get(import_id)
        if shown is not None and ask.delivery and not unit.inbox.first(ask.delivery, house.clock.now()):
            return TakenBack(shown, weigh(shown.before, shown.before, house.clock.now()))
        taken = _looked(house, unit)
        if taken.was.id != import_id:
            raise NothingImported(
                "That import is not the last one any more. Look again before you take one back."
            )
        _put_back(house, unit, taken, ask.user, is_sure)
        return taken

    return house.store.write(partial(_alone, work))


def _alone(work: Callable[[Unit], TakenBack], unit: Unit) -> TakenBack:
    unit.schedules.hold()
    return work(unit)


def _looked(house: House, unit: Unit) -> TakenBack:
    last, standing = unit.imports.last(), unit.schedules.organisation()
    if last is None or standing is None:
        raise NothingImported("Nothing was imported that could be taken back.")
    now = house.clock.now()
    return TakenBack(last, weigh(standing, put_back(standing, last.before, last.after, now), now))


def _put_back(house: House, unit: Unit, taken: TakenBack, by: str, is_sure: bool) -> None:
    now, was = taken.weighed.now, taken.was
    put_plan(house, unit, taken.weighed, by, is_sure)
    unit.imports.save(replace(was, state=ImportState.UNDONE))
    if (shown := unit.proposals.of_import(was.id)) is not None:
        unit.outbox.put(cards_of(shown, "undone"), now)
    unit.audit.write(now, by, "undo import", f"import:{was.id}", {"source": was.source})

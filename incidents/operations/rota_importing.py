"""A roster of explicit shifts, from a file or pasted: read, weighed, stored, with a report of each line."""

from collections.abc import Callable

from msgspec import Struct

from incidents.access import Action, demand
from incidents.operations.importing import How, put_import
from incidents.operations.oncall import standing
from incidents.operations.rota_editing import Weighed, weigh
from incidents.operations.scene import known
from incidents.people import Ask
from incidents.ports import House, Unit
from rotations.replanning import NewShifts, replanned
from rotations.roster_csv import RosterReport, RosterWish, read_roster


class Imported(Struct, frozen=True):
    """What became of each line, and what the shifts do to the plan."""

    report: RosterReport
    weighed: Weighed


def import_roster(
    house: House, text: str, wish: RosterWish, by: str, *, dry_run: bool = False, is_sure: bool = False
) -> Imported:
    """From a file. The same roster twice changes nothing.

    Raises NoScheduleYet, rotations' NoRoster and UnknownSchedule, and NeedsSecondLook without `is_sure`.
    """
    return _imported(house, text, wish, How(by, dry_run, is_sure), lambda _unit: True)


def paste_roster(
    house: House, ask: Ask, text: str, wish: RosterWish, *, dry_run: bool = False, is_sure: bool = False
) -> Imported:
    """From a form, by a lead; a redelivery imports once. Raises NotAllowed and as `import_roster`."""

    def is_first(unit: Unit) -> bool:
        demand(known(unit, ask.user), Action.APPLY_ROTA)
        return dry_run or not ask.delivery or unit.inbox.first(ask.delivery, house.clock.now())

    return _imported(house, text, wish, How(ask.user, dry_run, is_sure), is_first)


def _imported(
    house: House,
    text: str,
    wish: RosterWish,
    how: How,
    is_first: Callable[[Unit], bool],
) -> Imported:
    found: list[RosterReport] = []

    def weighing(unit: Unit) -> Weighed:
        may_change, now = is_first(unit), house.clock.now()
        organisation, _ = standing(unit)
        found[:] = [report := read_roster(text, organisation, wish, now)]
        planned = NewShifts(report.schedule, report.shifts)
        return weigh(organisation, replanned(organisation, planned, now) if may_change else organisation, now)

    weighed = put_import(house, weighing, "a roster", how)
    return Imported(found[0], weighed)

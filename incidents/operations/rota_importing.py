"""A roster of explicit shifts, from a file or pasted: read, weighed, stored, with a report of each line."""

from dataclasses import dataclass

from incidents.operations.oncall import NoScheduleYet
from incidents.operations.rota_editing import Weighed, put_weighed, weigh
from incidents.ports import House, Unit
from rotations.replanning import NewShifts, replanned
from rotations.roster_csv import RosterReport, RosterWish, read_roster


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each line, and what the shifts do to the plan."""

    report: RosterReport
    weighed: Weighed


def import_roster(
    house: House, text: str, wish: RosterWish, by: str, *, dry_run: bool = False, is_sure: bool = False
) -> Imported:
    """The same roster twice changes nothing.

    Raises NoScheduleYet, rotations' NoRoster and UnknownSchedule, and NeedsSecondLook without `is_sure`.
    """
    found: list[RosterReport] = []

    def weighing(unit: Unit) -> Weighed:
        organisation, now = unit.schedules.organisation(), house.clock.now()
        if organisation is None or organisation.paged_schedule() is None:
            raise NoScheduleYet
        report = read_roster(text, organisation, wish, now)
        found[:] = [report]
        return weigh(
            organisation, replanned(organisation, NewShifts(report.schedule, report.shifts), now), now
        )

    weighed = put_weighed(house, weighing, by, is_sure, dry_run)
    return Imported(found[0], weighed)

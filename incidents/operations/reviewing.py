"""A post-incident review proposed in hours that the regions share, as an event. Nobody is invited."""

from datetime import timedelta
from hashlib import blake2b

from incidents.errors import IncidentError, UnknownIncident
from incidents.operations.oncall import NoScheduleYet
from incidents.ports import House, Unit
from rotations.meetings import as_calendar, local_times, proposed

LENGTH = timedelta(hours=1)


class NotOverYet(IncidentError):
    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is not resolved yet. Propose its review when it is.")


def review(house: House, key: str) -> str:
    """The text of an .ics. It names the incident by its key alone, never by its title.

    For whoever may read the database anyway. Raises UnknownIncident, NotOverYet, NoScheduleYet.
    """

    def work(unit: Unit) -> str:
        incident, organisation = unit.incidents.get(key), unit.schedules.organisation()
        if incident is None:
            raise UnknownIncident(key)
        if incident.status.is_open:
            raise NotOverYet(incident.key)
        schedule = organisation.paged_schedule() if organisation else None
        if schedule is None:
            raise NoScheduleYet
        now = house.clock.now()
        meeting = proposed([region.zone for region in schedule.regions], now, LENGTH)
        times = [f"{region.name}: {local_times(meeting, region.zone)}" for region in schedule.regions]
        outside = sorted(region.name for region in schedule.regions if region.zone in meeting.outside)
        if outside:
            times.append(f"No hour suits all: it is outside of 09:00–18:00 for {' and '.join(outside)}.")
        digest = blake2b(f"review\0{incident.key}\0{incident.declared_at}".encode(), digest_size=16)
        title = f"Post-incident review {incident.key}"
        return as_calendar(meeting, f"{digest.hexdigest()}@meridian", title, times, now)

    return house.store.read(work)

"""A post-incident review proposed in hours that the regions share: in the channel, or to a file."""

from incidents import reviews
from incidents.access import Action
from incidents.decision import Decision
from incidents.model import Incident
from incidents.operations.oncall import standing
from incidents.operations.scene import Scene, change, found
from incidents.people import Ask
from incidents.ports import House, Unit
from incidents.reviews import NotOverYet


def propose(house: House, ask: Ask, key: str) -> Incident:
    """Its event is put into the incident's channel. Raises NotOverYet, NothingToDo, NoScheduleYet."""

    def decide(scene: Scene) -> Decision:
        incident, (_, schedule) = scene.incident, standing(scene.unit)
        before = reviews.latest(scene.unit.timeline.of(incident.key), schedule)
        return reviews.propose(incident, before, schedule, scene.actor, scene.now)

    return change(house, ask, key, Action.FILL_IN, decide)


def review(house: House, key: str) -> str:
    """The text of an .ics: what was proposed last, while it is ahead, else the next such hour.

    For whoever may read the database anyway. Raises UnknownIncident, NotOverYet, NoScheduleYet.
    """

    def work(unit: Unit) -> str:
        incident = found(unit, key)
        if incident.status.is_open:
            raise NotOverYet(incident.key)
        (_, schedule), now = standing(unit), house.clock.now()
        before = reviews.latest(unit.timeline.of(incident.key), schedule)
        if before is not None and before.meeting.start > now:
            return reviews.event(incident, before)
        return reviews.event(incident, reviews.review_at(schedule, now, before.number + 1 if before else 0))

    return house.store.read(work)

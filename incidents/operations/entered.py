"""What somebody enters for another person at a place where nobody is known, as the command line is."""

from incidents import command
from incidents.access import Action
from incidents.decision import Decision
from incidents.model import Incident
from incidents.operations.scene import Scene, change
from incidents.people import Ask
from incidents.ports import House


def acknowledge_entered(house: House, ask: Ask, key: str, by: str) -> Incident:
    """`ask.user` has it; `by` says in words who entered it, on the timeline and in the audit.

    Raises AlreadyAcknowledged, NothingToDo, NotInThisStatus, UnknownIncident, NotKnownYet."""

    def decide(scene: Scene) -> Decision:
        entered = {"by": by, "for": scene.actor.user}
        scene.unit.audit.write(scene.now, by, Action.ACKNOWLEDGE.value, scene.incident.key, entered)
        return command.acknowledge(scene.incident, scene.actor, scene.now, scene.name_of, via=by)

    return change(house, ask, key, Action.ACKNOWLEDGE, decide)

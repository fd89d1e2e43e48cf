"""Resolving, filling in the postmortem, closing."""

from incidents import postmortem
from incidents.access import Action
from incidents.decision import Decision
from incidents.model import ActionItem, Incident
from incidents.operations.scene import Scene, change
from incidents.people import Ask
from incidents.ports import House


def resolve(house: House, ask: Ask, key: str, summary: str) -> Incident:
    """Ends calls and reminders and puts the postmortem draft."""
    return change(
        house, ask, key, Action.RESOLVE, lambda s: postmortem.resolve(s.incident, summary, s.actor, s.now)
    )


def fill_in(house: House, ask: Ask, key: str, texts: dict[str, str]) -> Incident:
    """Write parts of the postmortem, by part id. Raises NothingToDo where nothing was written."""
    return change(
        house, ask, key, Action.FILL_IN, lambda s: postmortem.fill_in(s.incident, texts, s.actor, s.now)
    )


def add_action(house: House, ask: Ask, key: str, action: ActionItem) -> Incident:
    return change(
        house, ask, key, Action.FILL_IN, lambda s: postmortem.add_action(s.incident, action, s.actor, s.now)
    )


def close(house: House, ask: Ask, key: str) -> Incident:
    """Raises PartsMissing, and NotAllowed where a second person is needed."""

    def decide(scene: Scene) -> Decision:
        entries = tuple(scene.unit.timeline.of(scene.incident.key))
        by = postmortem.resolved_by(entries)
        return postmortem.close(scene.incident, scene.actor, scene.now, by)

    return change(house, ask, key, Action.CLOSE, decide)

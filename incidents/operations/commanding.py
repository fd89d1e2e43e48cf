"""Command of an incident: roles, severity, status, restricting it and opening it up."""

from incidents import command, lifecycle, restricting
from incidents.access import Action, can_see
from incidents.decision import Decision
from incidents.errors import NotAllowed, NothingToDo, UnknownIncident
from incidents.lifecycle import Change
from incidents.model import Incident, Role, Severity, Status, UserId
from incidents.operations.scene import Scene, change, somebody_fit
from incidents.people import Ask
from incidents.ports import House


def assign(house: House, ask: Ask, key: str, role: Role, to: UserId) -> Incident:
    """Give a role; giving the incident manager's is handing over command."""

    def decide(scene: Scene) -> Decision:
        somebody_fit(scene, to)
        return command.assign(scene.incident, role, to, scene.actor, scene.now)

    return change(house, ask, key, Action.ASSIGN, decide)


def change_severity(house: House, ask: Ask, key: str, to: Severity, reason: str = "") -> Incident:
    """Raising pages whom the graver ladder adds; lowering needs a reason (ReasonRequired)."""

    def decide(scene: Scene) -> Decision:
        wish = Change(scene.actor, scene.now, reason)
        return lifecycle.change_severity(scene.incident, to, wish, scene.roster(), scene.name_of)

    return change(house, ask, key, Action.SEVERITY, decide)


def change_status(
    house: House, ask: Ask, key: str, to: Status, reason: str = "", duplicate_of: str = ""
) -> Incident:
    """Any status but resolved and closed. A duplicate names an incident that the actor can see."""

    def decide(scene: Scene) -> Decision:
        of = _twin(scene, duplicate_of).key if to is Status.DUPLICATE and duplicate_of else ""
        wish = Change(scene.actor, scene.now, reason)
        return lifecycle.change_status(scene.incident, to, wish, scene.roster(), of)

    action = Action.REOPEN if to is Status.ACTIVE else Action.STATUS
    return change(house, ask, key, action, decide)


def _twin(scene: Scene, key: str) -> Incident:
    """The incident that goes on. A restricted one is not named where everybody reads."""
    other, mine = scene.unit.incidents.get(key), scene.incident
    if other is None or not can_see(scene.actor, other):
        raise UnknownIncident(key)
    if other.key == mine.key:
        raise NothingToDo(f"{other.key} cannot repeat itself. Name the other incident.")
    if other.restricted and not mine.restricted:
        raise NotAllowed(
            f"{other.key} is restricted, and everybody would read its key in {mine.key}. Dismiss {mine.key} "
            "with a reason instead."
        )
    if other.status is Status.DUPLICATE:
        raise NothingToDo(f"{other.key} is a duplicate itself. Name the incident that goes on.")
    return other


def restrict(house: House, ask: Ask, key: str) -> Incident:
    """The incident manager or a lead closes an incident that was open; whoever has it stays in it."""

    def decide(scene: Scene) -> Decision:
        manager = scene.unit.people.actor(scene.incident.manager)
        if manager is not None and manager.is_outside:
            raise NotAllowed(
                f"{manager.name} is from outside and would no longer see {scene.incident.key}. Hand over "
                "command first: /incident assign"
            )
        paged = {page.user for page in scene.incident.pages}
        kept = scene.incident.care
        people = scene.unit.people.actors({*paged, kept.stand_in} if kept else paged)
        outsiders = frozenset(user for user, actor in people.items() if actor.is_outside)
        return restricting.restrict(scene.incident, scene.actor, outsiders, scene.roster(), scene.now)

    return change(house, ask, key, Action.RESTRICT, decide)


def open_up(house: House, ask: Ask, key: str) -> Incident:
    """Only the incident manager opens a restricted incident to everybody."""
    return change(
        house,
        ask,
        key,
        Action.OPEN_UP,
        lambda scene: lifecycle.open_up(scene.incident, scene.actor, scene.now),
    )

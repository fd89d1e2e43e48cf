"""Questions to the schedule: the one resolver answers, here as everywhere."""

from datetime import datetime

from msgspec import Struct

from incidents.access import Action, demand
from incidents.errors import IncidentError
from incidents.model import UserId
from incidents.operations.scene import known
from incidents.people import Actor
from incidents.ports import House, Unit
from rotations.model import Organisation, Schedule
from rotations.query import read
from rotations.questions import Asking, Question
from rotations.shifts import Resolver


class NoScheduleYet(IncidentError):
    def __init__(self) -> None:
        super().__init__(
            "No schedule is set up yet, so nobody can be paged. /incident setup does it in five minutes; "
            "with a file: python -m bot apply schedules.yaml"
        )


def standing(unit: Unit) -> tuple[Organisation, Schedule]:
    """The organisation and the schedule that is paged. Raises NoScheduleYet."""
    organisation = unit.schedules.organisation()
    paged = organisation.paged_schedule() if organisation else None
    if organisation is None or paged is None:
        raise NoScheduleYet
    return organisation, paged


class Asked(Struct, frozen=True):
    """A question as understood, with what answers it. `resolver` is that of the schedule that is paged."""

    question: Question
    organisation: Organisation
    resolver: Resolver
    actor: Actor
    actors: dict[str, Actor]
    now: datetime


def ask(house: House, user: UserId, line: str) -> Asked:
    """Read the words after /oncall. Raises rotations' Unclear, NoScheduleYet, NotKnownYet, NotAllowed."""

    def work(unit: Unit) -> Asked:
        actor = known(unit, user)
        demand(actor, Action.SEE_ROTA)
        organisation, resolver = _rota(house, unit)
        now = house.clock.now()
        me = unit.schedules.person_key(actor.user)
        question = read(line, Asking(organisation, now, actor.zone, me))
        by_user = {one.user: one for one in unit.people.everybody()}
        slack_ids = unit.schedules.slack_ids()
        actors = {key: by_user[user] for key, user in slack_ids.items() if user in by_user}
        return Asked(question, organisation, resolver, actor, actors, now)

    return house.store.read(work)


def _rota(house: House, unit: Unit) -> tuple[Organisation, Resolver]:
    organisation, paged = standing(unit)
    return organisation, house.rotas.resolver(organisation, paged.name)

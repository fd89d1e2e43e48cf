"""What one reader of a handoff is shown: its incidents with their lines, and what changed since they left.

A channel reads open incidents alone; a restricted one whoever may see it or was asked to take it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from incidents.access import can_see
from incidents.errors import NothingToDo
from incidents.handoff import Handoff
from incidents.handoff_lines import Brief, Changes, brief, changes_since, in_order
from incidents.handoff_moves import is_moved
from incidents.handoff_steps import NotYours, demand_taker, demand_writer, to_read_back
from incidents.model import Incident, UserId
from incidents.operations.handoff_look import LONGEST_SHIFT, is_ended_since, open_incidents
from incidents.operations.handoff_taking import UnknownHandoff
from incidents.operations.scene import known
from incidents.people import Actor
from incidents.ports import House, Unit
from incidents.timeline import shown

LOOKED_BACK = 60  # handoffs: about three weeks of three regions


class Papers(Struct, frozen=True):
    """`required` are the keys to read back; `changes` by key, for a reader who handed over at `left_at`."""

    handoff: Handoff
    briefs: tuple[Brief, ...]
    required: tuple[str, ...] = ()
    changes: Mapping[str, Changes] = field(default_factory=dict)
    left_at: datetime | None = None
    ended: tuple[Incident, ...] = ()


def shared(unit: Unit, handoff: Handoff) -> Papers:
    """For the team channel: everything that was open when it was offered, and is not restricted."""
    found = (unit.incidents.get(key) for key in handoff.incidents)
    return Papers(handoff, _briefs(unit, handoff, [one for one in found if one and not one.restricted]))


def for_reader(unit: Unit, handoff: Handoff, actor: Actor, is_form: bool = False) -> Papers:
    """For one person. Restricted incidents are in forms alone, which nobody else can come by."""
    live = [one for one in open_incidents(unit) if _is_shown(one, handoff, actor, is_form)]
    moving = [one for one in live if is_moved(one, handoff, actor)]
    left_at = _left_at(unit, handoff, actor.user)
    briefs = _briefs(unit, handoff, live)
    changes: dict[str, Changes] = {}
    if left_at is not None:
        changes = {one.key: changes_since(one, shown(unit.timeline.of(one.key)), left_at) for one in live}
    ended = _ended_since(unit, left_at)
    return Papers(handoff, briefs, to_read_back(moving), changes, left_at, ended)


def to_take(house: House, user: UserId, handoff_id: str) -> Papers:
    """For the form in which somebody takes it over. Raises UnknownHandoff, NothingToDo, NotYours."""
    return _read(house, user, handoff_id, demand_taker)


def to_write(house: House, user: UserId, handoff_id: str) -> Papers:
    """For the form in which whoever leaves writes the lines: their own incidents.

    Raises UnknownHandoff, NothingToDo, NotYours.
    """
    papers = _read(house, user, handoff_id, demand_writer)
    mine = tuple(one for one in papers.briefs if one.incident.manager in papers.handoff.handing_over)
    if not mine:
        raise NothingToDo("You hand over no open incident: nothing is to be written.")
    return Papers(papers.handoff, mine)


def to_ask(house: House, user: UserId, handoff_id: str) -> Handoff:
    """For the forms in which somebody asks or refuses. Raises UnknownHandoff, NothingToDo, NotYours."""

    def work(unit: Unit) -> Handoff:
        handoff = _found(unit, handoff_id)
        demand_taker(handoff, known(unit, user))
        return handoff

    return house.store.read(work)


def to_answer(house: House, user: UserId, handoff_id: str) -> Handoff:
    """For the form in which whoever leaves answers. Raises UnknownHandoff, NotYours."""

    def work(unit: Unit) -> Handoff:
        handoff = _found(unit, handoff_id)
        if known(unit, user).user not in handoff.handing_over:
            raise NotYours("That question is for whoever hands over.")
        return handoff

    return house.store.read(work)


def _found(unit: Unit, handoff_id: str) -> Handoff:
    handoff = unit.handoffs.get(handoff_id)
    if handoff is None:
        raise UnknownHandoff
    return handoff


def _read(house: House, user: UserId, handoff_id: str, demand: Callable[[Handoff, Actor], None]) -> Papers:
    def work(unit: Unit) -> Papers:
        handoff, actor = _found(unit, handoff_id), known(unit, user)
        demand(handoff, actor)
        return for_reader(unit, handoff, actor, is_form=True)

    return house.store.read(work)


def _is_shown(incident: Incident, handoff: Handoff, actor: Actor, is_form: bool) -> bool:
    if not incident.restricted:
        return True
    was_asked = actor.user in handoff.asked and incident.manager in handoff.handing_over
    return is_form and (can_see(actor, incident) or (was_asked and not actor.is_outside))


def _briefs(unit: Unit, handoff: Handoff, incidents: Sequence[Incident]) -> tuple[Brief, ...]:
    since = handoff.summary.since if handoff.summary else handoff.at - LONGEST_SHIFT
    return in_order(brief(one, shown(unit.timeline.of(one.key)), since, handoff.written) for one in incidents)


def _left_at(unit: Unit, handoff: Handoff, user: UserId) -> datetime | None:
    """When this person last handed a shift over, or it was taken from them."""
    for each in unit.handoffs.recent(handoff.schedule, LOOKED_BACK):
        if each.at < handoff.at and user in each.handing_over:
            return each.held_at or each.accepted_at or each.at
    return None


def _ended_since(unit: Unit, left_at: datetime | None) -> tuple[Incident, ...]:
    if left_at is None:
        return ()
    newest = unit.incidents.listing(limit=LOOKED_BACK)
    theirs = (one for one in newest if not one.restricted and one.declared_at <= left_at)
    return tuple(one for one in theirs if is_ended_since(unit, one, left_at))

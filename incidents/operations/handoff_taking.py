"""Taking a shift over, asking about it, refusing it; and the words of whoever leaves. A transaction each."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec.structs import replace

from incidents import handoff_effects, handoff_steps
from incidents.access import Action, can_see, demand
from incidents.effects import Tell
from incidents.errors import IncidentError
from incidents.handoff import IN_FORCE, Handoff, Part, Reason
from incidents.handoff_moves import is_moved
from incidents.handoff_steps import ReadBackMissing
from incidents.model import UserId
from incidents.operations import proving
from incidents.operations.handoff_levels import move, reach
from incidents.operations.handoff_look import open_incidents
from incidents.operations.handoff_stand_in import stand_in
from incidents.operations.scene import known
from incidents.people import Actor, Ask
from incidents.ports import House, Unit

NO_WORDS: Mapping[str, str] = {}


class UnknownHandoff(IncidentError):
    def __init__(self) -> None:
        super().__init__("That handoff is not there any more. /oncall says who is on call.")


def accept(house: House, ask: Ask, handoff_id: str, words: Mapping[str, str] = NO_WORDS) -> Handoff:
    """ "I have it", from the incoming person, their backup or a lead: roles move. `words` are what they read
    back, by the incident's key.

    Raises UnknownHandoff, NotYours, NothingToDo, ReadBackMissing.
    """

    def work(unit: Unit, handoff: Handoff, actor: Actor, _now: datetime) -> Handoff:
        return _accepted(house, unit, handoff, actor, words)

    return _acted(house, ask, handoff_id, Action.ACCEPT_HANDOFF.value, work)


def _accepted(house: House, unit: Unit, handoff: Handoff, actor: Actor, words: Mapping[str, str]) -> Handoff:
    """Roles move, phones stop, the waiting ends."""
    now = house.clock.now()
    handoff_steps.demand_taker(handoff, actor)
    moving = [each for each in open_incidents(unit) if is_moved(each, handoff, actor)]
    required = handoff_steps.to_read_back(moving)
    theirs = {each.key: words[each.key] for each in moving if each.key in words}
    read = handoff_steps.read_back(handoff, theirs, required, actor.user, now)
    accepted = handoff_steps.accept(read, actor.user, now)
    for each in moving:
        move(unit, each.key, handoff, actor, now, theirs.get(each.key, ""))
    unit.timers.cancel(handoff_effects.subject(handoff), handoff_effects.subject(handoff))
    unit.outbox.put(handoff_effects.hang_up(handoff, handoff.rang), now)
    stand_in(house, unit, handoff, actor)
    proving.test_on_shift(house, unit, actor)
    return replace(accepted, incidents=tuple(each.key for each in moving))


def heard_by_phone(house: House, unit: Unit, handoff_id: str, actor: Actor, now: datetime) -> bool:
    """An answer on the phone: a shift without anything grave is accepted by it. Else it only shows that
    somebody is there: own words are not said by pressing a digit. False where nothing was left to answer.

    Raises NotAllowed, NotYours."""
    handoff = unit.handoffs.get(handoff_id, lock=True)
    if handoff is None or handoff.state not in IN_FORCE:
        return False
    demand(actor, Action.ACCEPT_HANDOFF)
    try:
        accepted = _accepted(house, unit, handoff, actor, NO_WORDS)
    except ReadBackMissing:
        return True
    _keep(unit, accepted, actor.user, "accept handoff by phone", now)
    return True


def step_in(house: House, ask: Ask, handoff_id: str) -> Handoff:
    """Somebody who may take it over looks at what it holds, restricted incidents too: from now on they are
    one of those who were asked, and that is on the audit trail.

    Raises UnknownHandoff, NotYours, NothingToDo.
    """

    def work(unit: Unit, handoff: Handoff, actor: Actor, now: datetime) -> Handoff:
        handoff_steps.demand_taker(handoff, actor)
        return replace(handoff, asked=tuple(dict.fromkeys((*handoff.asked, actor.user))))

    return _acted(house, ask, handoff_id, "read handoff", work)


def question(house: House, ask: Ask, handoff_id: str, text: str) -> Handoff:
    """To whoever leaves, by direct message. Raises what `handoff_steps.ask` refuses."""

    def work(unit: Unit, handoff: Handoff, actor: Actor, now: datetime) -> Handoff:
        handoff_steps.demand_taker(handoff, actor)
        asked = handoff_steps.ask(handoff, text, actor.user, now)
        number = len(asked.questions)
        told = handoff_effects.tell_of_question(asked, Tell.HANDOFF_QUESTION, number, handoff.outgoing)
        unit.outbox.put(told, now)
        return asked

    return _acted(house, ask, handoff_id, "question handoff", work)


def answer(house: House, ask: Ask, handoff_id: str, number: int, text: str) -> Handoff:
    """To whoever asked, by direct message. Raises NotYours, ReasonRequired."""

    def work(unit: Unit, handoff: Handoff, actor: Actor, now: datetime) -> Handoff:
        answered = handoff_steps.answer(handoff, number, text, actor.user, now)
        asked = answered.question(number)
        users = (asked.by,) if asked else ()
        told = handoff_effects.tell_of_question(answered, Tell.HANDOFF_ANSWER, number, users)
        unit.outbox.put(told, now)
        return answered

    return _acted(house, ask, handoff_id, "answer handoff", work)


def refuse(house: House, ask: Ask, handoff_id: str, reason: Reason, text: str = "") -> Handoff:
    """ "I can't": the next level comes at once when nobody who was asked is left. Raises NotYours,
    NothingToDo."""

    def work(unit: Unit, handoff: Handoff, actor: Actor, now: datetime) -> Handoff:
        handoff_steps.demand_taker(handoff, actor)
        refused = handoff_steps.refuse(handoff, reason, text, actor.user, now)
        unit.outbox.put(handoff_effects.hang_up(refused, (actor.user,)), now)
        return refused

    def then(unit: Unit, refused: Handoff, now: datetime) -> None:
        if handoff_steps.is_nobody_left(refused):
            reach(house, unit, refused, now)

    return _acted(house, ask, handoff_id, "refuse handoff", work, then)


def write_lines(house: House, ask: Ask, handoff_id: str, lines: Mapping[tuple[str, Part], str]) -> Handoff:
    """The outgoing person's words in the place of the record's, each under its incident and part.

    Raises UnknownHandoff, NotYours, NothingToDo."""

    def work(unit: Unit, handoff: Handoff, actor: Actor, now: datetime) -> Handoff:
        handoff_steps.demand_writer(handoff, actor)
        seen = {each.key for each in open_incidents(unit) if can_see(actor, each)}
        theirs = {place: text for place, text in lines.items() if place[0] in seen}
        return handoff_steps.write(handoff, theirs, actor.user, now)

    return _acted(house, ask, handoff_id, "write handoff", work)


_Work = Callable[[Unit, Handoff, Actor, datetime], Handoff]
_Then = Callable[[Unit, Handoff, datetime], None]


def _nothing_more(_unit: Unit, _handoff: Handoff, _now: datetime) -> None:
    return None


def _acted(
    house: House, ask: Ask, handoff_id: str, action: str, decide: _Work, then: _Then = _nothing_more
) -> Handoff:
    """Load and lock, ask `may`, decide, save, show, audit. A redelivery changes nothing."""

    def work(unit: Unit) -> Handoff:
        now = house.clock.now()
        handoff = unit.handoffs.get(handoff_id, lock=True)
        if handoff is None:
            raise UnknownHandoff
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return handoff
        actor = known(unit, ask.user)
        demand(actor, Action.ACCEPT_HANDOFF)
        decided = _keep(unit, decide(unit, handoff, actor, now), actor.user, action, now)
        then(unit, decided, now)
        return decided

    return house.store.write(work)


def _keep(unit: Unit, decided: Handoff, by: UserId, action: str, now: datetime) -> Handoff:
    kept = handoff_effects.changed(decided)
    unit.handoffs.save(kept)
    unit.outbox.put(handoff_effects.show(kept), now)
    unit.audit.write(now, by, action, kept.id, {})
    return kept

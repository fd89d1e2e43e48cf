"""An answer on a phone: the same acknowledgement as in Slack, and every other leg stops."""

import logging
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidents import command, watch
from incidents.access import Action, demand
from incidents.bundles import keys_of
from incidents.errors import IncidentError, NotAllowed, UnknownIncident
from incidents.handoff_effects import SUBJECT, rung
from incidents.handoff_steps import NotYours
from incidents.model import Incident, Page, Role, UserId
from incidents.operations.handoff_taking import heard_by_phone
from incidents.operations.proving import end_test
from incidents.operations.scene import names, save
from incidents.people import Actor
from incidents.ports import House, Unit
from incidents.ringing import RingState

_NOT_THEIRS = (NotAllowed, NotYours, UnknownIncident)

log = logging.getLogger(__name__)


def answered_by_phone(house: House, ring_key: str, by: str, at: datetime) -> bool:
    """`by` is the place of whoever answered, as `provider:who`, or "" where it is not told; `at` is when.
    False where it was not for them to answer, or nothing was left to.

    The key alone says what is answered: a person may be quicker than the provider's answer to the ring. After
    an answer of somebody who may not give it the phone rings on, and the next one who answers is heard. Where
    it rang for several pages, each of them is answered.
    """

    def work(unit: Unit) -> bool:
        now = house.clock.now()
        answer = _Answer(house, unit, by, min(at, now), now)
        sent = unit.outbox.get(ring_key)
        taken = [_heard(answer, key) for key in (keys_of(sent) if sent else ()) or (ring_key,)]
        return any(taken)

    return house.store.write(work)


class _Answer(Struct, frozen=True):
    """One answer at work; `at` is when it was given, `now` when we hear of it."""

    house: House
    unit: Unit
    by: str
    at: datetime
    now: datetime

    def actor(self, rung_for: UserId) -> Actor:
        """Who gave it: whoever it rang for, unless it is the place of somebody else and of nobody besides."""
        unit, place = self.unit, self.house.phone_of
        own = unit.people.actor(rung_for) or Actor(rung_for, rung_for)
        if self.by in ("", place(own)):
            return own
        users = {*unit.schedules.slack_ids().values(), self.by.partition(":")[2]}
        there = [actor for actor in unit.people.actors(users).values() if place(actor) == self.by]
        return there[0] if len(there) == 1 else own


def _heard(answer: _Answer, ring_key: str) -> bool:
    unit, now = answer.unit, answer.now
    if not unit.inbox.first(f"answered:{ring_key}:{answer.by}", now):
        return False
    try:
        is_taken = _take(answer, ring_key.partition(":")[2])
    except _NOT_THEIRS as refusal:
        log.info("answered by phone, and not theirs", extra={"effect": ring_key, "error": str(refusal)})
        return False
    unit.rings.end(ring_key, RingState.ANSWERED, now)
    return is_taken


def _take(answer: _Answer, about: str) -> bool:
    """Raises one of _NOT_THEIRS, before anything is written."""
    unit = answer.unit
    if (proof := unit.proofs.get(about, lock=True)) is not None:
        if answer.actor(proof.user).user != proof.user:
            raise NotYours("A test proves only that the phone reaches the person for whom it rang.")
        end_test(unit, replace(proof, phone_at=answer.at), answer.now)
        return True
    if about.startswith(SUBJECT):
        handoff_id, user = rung(about)
        return heard_by_phone(answer.house, unit, handoff_id, answer.actor(user), answer.now)
    return _acknowledge(answer, *about.partition(":")[::2])


def _acknowledge(answer: _Answer, key: str, page_id: str) -> bool:
    unit, now = answer.unit, answer.now
    incident = unit.incidents.get(key, lock=True)
    rang = incident.page(page_id) if incident else None
    if incident is None or rang is None:
        return False
    actor = answer.actor(rang.user)
    demand(actor, Action.ACKNOWLEDGE, incident)
    page = _page_of(actor, incident, rang)
    at = max(answer.at, page.paged_at) if page else answer.at
    try:
        decision = command.acknowledge(incident, actor, at, names(unit), page, via="phone")
    except IncidentError as refusal:
        log.info("answered by phone, and too late", extra={"incident": key, "error": str(refusal)})
        return False
    decision = decision.then(watch.follow(incident, decision.incident, at))  # silent since the answer itself
    save(unit, decision, incident, now, actor.user, "acknowledge by phone")
    return True


def _page_of(actor: Actor, incident: Incident, rang: Page) -> Page | None:
    """Their own page of the call for which it rang; None: they take command unasked, but no other seat."""
    if actor.user == rang.user:
        return rang
    call = incident.call(rang.call)
    mine = [page for page in incident.pages if page.call == rang.call and page.user == actor.user]
    if not mine and (call is None or call.role is not Role.MANAGER):
        raise NotYours("Somebody else was asked to come.")
    return mine[-1] if mine else None

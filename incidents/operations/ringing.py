"""An answer on a phone: the same acknowledgement as in Slack, and every other leg stops."""

import logging
from dataclasses import replace
from datetime import datetime

from incidents import command
from incidents.errors import IncidentError
from incidents.operations.proving import end_test, test_of
from incidents.operations.scene import names, save
from incidents.people import Actor
from incidents.ports import House, Unit
from incidents.ringing import Ring, RingState

log = logging.getLogger(__name__)


def answered_by_phone(house: House, ring_key: str, by: str, at: datetime) -> bool:
    """`by` is who the provider says answered, `at` when. False when nothing was left to answer."""

    def work(unit: Unit) -> bool:
        now = house.clock.now()
        ring = unit.rings.get(ring_key)
        if ring is None or not unit.inbox.first(f"answered:{ring_key}", now):
            return False
        unit.rings.end(ring_key, RingState.ANSWERED, now)
        if (proof := test_of(unit, ring.subject)) is not None:
            end_test(unit, replace(proof, phone_at=min(at, now)), now)
            return True
        return _acknowledge(unit, ring, now)

    return house.store.write(work)


def _acknowledge(unit: Unit, ring: Ring, now: datetime) -> bool:
    incident = unit.incidents.get(ring.subject, lock=True)
    page = incident.page(ring.page) if incident else None
    if incident is None or page is None:
        return False
    actor = unit.people.actor(ring.user) or Actor(ring.user, ring.user)
    try:
        decision = command.acknowledge(incident, actor, now, names(unit), replace(page, via="phone"))
    except IncidentError as refusal:
        log.info("answered by phone, and too late", extra={"incident": ring.subject, "error": str(refusal)})
        return False
    save(unit, decision, incident, now, ring.user, "acknowledge by phone")
    return True

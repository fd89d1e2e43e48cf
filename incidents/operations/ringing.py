"""An answer on a phone: the same acknowledgement as in Slack, and every other leg stops."""

import logging
from datetime import datetime

from msgspec.structs import replace

from incidents import command
from incidents.errors import IncidentError
from incidents.handoff_effects import SUBJECT, rung
from incidents.operations.handoff_taking import heard_by_phone
from incidents.operations.proving import end_test
from incidents.operations.scene import names, save
from incidents.people import Actor
from incidents.ports import House, Unit
from incidents.ringing import RingState

log = logging.getLogger(__name__)


def answered_by_phone(house: House, ring_key: str, by: str, at: datetime) -> bool:
    """`by` is who the provider says answered, `at` when. False when nothing was left to answer.

    The key alone says what is answered: a person may be quicker than the provider's answer to the ring.
    """

    def work(unit: Unit) -> bool:
        now = house.clock.now()
        if not unit.inbox.first(f"answered:{ring_key}", now):
            return False
        unit.rings.end(ring_key, RingState.ANSWERED, now)
        _, _, about = ring_key.partition(":")
        if (proof := unit.proofs.get(about, lock=True)) is not None:
            end_test(unit, replace(proof, phone_at=min(at, now)), now)
            return True
        if about.startswith(SUBJECT):
            return heard_by_phone(house, unit, *rung(about), now)
        return _acknowledge(unit, *about.partition(":")[::2], now)

    return house.store.write(work)


def _acknowledge(unit: Unit, key: str, page_id: str, now: datetime) -> bool:
    incident = unit.incidents.get(key, lock=True)
    page = incident.page(page_id) if incident else None
    if incident is None or page is None:
        return False
    actor = unit.people.actor(page.user) or Actor(page.user, page.user)
    try:
        decision = command.acknowledge(incident, actor, now, names(unit), page, via="phone")
    except IncidentError as refusal:
        log.info("answered by phone, and too late", extra={"incident": key, "error": str(refusal)})
        return False
    save(unit, decision, incident, now, page.user, "acknowledge by phone")
    return True

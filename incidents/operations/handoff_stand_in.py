"""Whoever takes a shift over for somebody who cannot is on call in their place, for the rest of it."""

from msgspec.structs import replace

from incidents.handoff import Handoff
from incidents.people import Actor
from incidents.ports import House, Unit
from rotations.model import Override, OverrideKind, Seat
from rotations.refusals import OverlappingOverride, UnknownSchedule
from rotations.shifts import resolver_of

REASON = "took the shift over at the handoff"


def stand_in(house: House, unit: Unit, handoff: Handoff, actor: Actor) -> None:
    """An override to the end of the shift, where everybody whom the schedule names has refused it: nobody who
    cannot is woken for the next page. Another override of these hours stays as it is."""
    if not handoff.incoming or set(handoff.incoming) - handoff.refusers or actor.user in handoff.incoming:
        return
    unit.schedules.hold()
    now, person = house.clock.now(), unit.schedules.person_key(actor.user)
    organisation = unit.schedules.organisation()
    if organisation is None or not person or handoff.until is None:
        return
    override = Override(
        id=house.ids.new(),
        schedule=handoff.schedule,
        region=handoff.to_region,
        seat=Seat.PRIMARY,
        kind=OverrideKind.REPLACE,
        people=(person,),
        start=now,
        end=handoff.until,
        reason=REASON,
        by=actor.user,
    )
    try:
        resolver_of(replace(organisation, overrides=(*organisation.overrides, override)), handoff.schedule)
    except (OverlappingOverride, UnknownSchedule):
        return
    unit.schedules.add_override(override, now)

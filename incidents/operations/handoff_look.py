"""Which shift changes there are since the last look, and what each hands over. Reads, and never writes."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.decision import stamp, tell
from incidents.effects import Effect, Tell
from incidents.handoff import Handoff, HandoffState, Hole, Summary
from incidents.handoff_steps import DRAFTED_BEFORE
from incidents.model import EntryKind, Incident, PageState, Status, UserId
from incidents.ports import House, Unit
from rotations.model import Seat, Swap
from rotations.rest import LEAST_REST
from rotations.shifts import Holding, Resolver, Transition

CHECKED = "handoff.checked"
HOLES_AHEAD = timedelta(hours=24)
LONGEST_SHIFT = timedelta(hours=12)  # where the schedule does not say when the shift began
SCANNED = 200
_INSTANT = timedelta(microseconds=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Look(Struct, frozen=True):
    """Up to where shift changes were offered, and the first one after it. `swaps` are in the resolver."""

    resolver: Resolver
    since: datetime
    following: Transition | None
    swaps: tuple[Swap, ...] = ()

    def changes(self, until: datetime) -> Iterator[Transition]:
        """The shift changes that somebody has to accept, up to and with an instant, oldest first."""
        change = self.following
        while change is not None and change.at <= until:
            if not self._is_override_alone(change):
                yield change
            change = self.resolver.next_handoff(change.at)

    def planned(self) -> Resolver:
        """The same without overrides: shifts as they are handed over."""
        return Resolver(self.resolver.schedule, swaps=self.swaps, before=self.resolver)

    def _is_override_alone(self, change: Transition) -> bool:
        """Within a shift an override begins or ends: it counts at once, and nobody has to accept it."""
        rows = [row for row in (*change.before, *change.after) if row.seat is Seat.PRIMARY]
        if change.is_region_change or all(len(row.why) == 1 for row in rows):
            return False
        planned = self.planned()
        sides = (change.at - _INSTANT, change.at)
        was, comes = ([_planned(planned, row.region, t) for row in rows] for t in sides)
        return was == comes


def look(house: House, unit: Unit) -> Look | None:
    """None without a schedule."""
    organisation = unit.schedules.organisation()
    paged = organisation.paged_schedule() if organisation else None
    if organisation is None or paged is None:
        return None
    resolver = house.rotas.resolver(organisation, paged.name)
    checked = unit.facts.get(CHECKED)
    since = datetime.fromisoformat(checked) if checked else _NEVER
    following = resolver.next_handoff(since if checked else house.clock.now())
    return Look(resolver, since, following, organisation.swaps)


def handed_over(unit: Unit, looked: Look, now: datetime) -> tuple[Handoff, ...]:
    """Every handoff since the last look, oldest first; who goes on hands nothing over."""
    found = (_handoff(unit, looked, change, now) for change in looked.changes(now))
    return tuple(each for each in found if each.outgoing != each.incoming)


def to_draft(unit: Unit, looked: Look, now: datetime) -> Handoff | None:
    """What comes within half an hour, is not written down yet, and has somebody who leaves.

    Asked every second of that half hour, so it looks at the incidents last."""
    schedule = looked.resolver.schedule.name
    change = next(looked.changes(now + DRAFTED_BEFORE), None)
    if change is None or unit.handoffs.get(_id(schedule, change)) is not None:
        return None
    outgoing = _users(unit, change.before, Seat.PRIMARY)
    if not outgoing or outgoing == _users(unit, change.after, Seat.PRIMARY):
        return None
    return _handoff(unit, looked, change, now)


def _id(schedule: str, change: Transition) -> str:
    return f"{schedule}:{stamp(change.at)}"


def _planned(planned: Resolver, region: str, t: datetime) -> frozenset[str]:
    sits = planned.seat_at(region, Seat.PRIMARY, t)
    return frozenset(sits.people if sits else ())


def _handoff(unit: Unit, looked: Look, change: Transition, now: datetime) -> Handoff:
    schedule = looked.resolver.schedule.name
    return Handoff(
        id=_id(schedule, change),
        schedule=schedule,
        at=change.at,
        from_region=_region(change.before),
        to_region=_region(change.after),
        outgoing=_users(unit, change.before, Seat.PRIMARY),
        incoming=_users(unit, change.after, Seat.PRIMARY),
        backup_out=_users(unit, change.before, Seat.BACKUP),
        backup_in=_users(unit, change.after, Seat.BACKUP),
        why=_why(change),
        posted_at=now,
        until=next((row.end for row in change.after if row.seat is Seat.PRIMARY), None),
        state=HandoffState.DRAFTED,
        incidents=tuple(incident.key for incident in open_incidents(unit)),
        leads=_leads(unit, change),
        summary=Summary(_began(looked.planned(), change)),
    )


def _began(planned: Resolver, change: Transition) -> datetime:
    """When the shift that ends began: an override inside it changes who has it, not how long it is."""
    rows = planned.at(change.at - _INSTANT)
    began = next((row.start for row in rows if row.seat is Seat.PRIMARY and row.start), None)
    return began or change.at - LONGEST_SHIFT


def _why(change: Transition) -> str:
    """Why it is they who take over, where somebody else than the rotation says so."""
    chain = next((row.why for row in change.after if row.seat is Seat.PRIMARY), ())
    return " ".join(chain) if len(chain) > 1 else ""


def _region(rows: tuple[Holding, ...]) -> str:
    return rows[0].region if rows else ""


def _users(unit: Unit, rows: tuple[Holding, ...], seat: Seat) -> tuple[UserId, ...]:
    keys = (key for row in rows if row.seat is seat for key in row.people)
    return tuple(dict.fromkeys(user for key in keys if (user := unit.schedules.slack_id(key))))


def _leads(unit: Unit, change: Transition) -> tuple[UserId, ...]:
    """The lead of the region that takes over, that of the one before, then every other lead."""
    organisation = unit.schedules.organisation()
    others = organisation.leads() if organisation else ()
    named = (user for person in others if (user := unit.schedules.slack_id(person.key)))
    seated = (*_users(unit, change.after, Seat.LEAD), *_users(unit, change.before, Seat.LEAD))
    return tuple(dict.fromkeys((*seated, *named)))


def open_incidents(unit: Unit) -> list[Incident]:
    """The gravest first, then the oldest."""
    live = unit.incidents.listing([status for status in Status if status.is_open], limit=SCANNED)
    return sorted(live, key=lambda incident: (incident.severity, incident.declared_at))


def with_who_stays(unit: Unit, handoff: Handoff, before: Sequence[UserId]) -> Handoff:
    """Whose own handoff nobody accepted and who still has an incident: they hand over with this one.

    Somebody who has restricted ones alone is named in no post: why they stay is nobody else's to know.
    """
    live = open_incidents(unit)
    known = {*handoff.handing_over, *handoff.incoming}
    in_command = {incident.manager for incident in live} - known
    seen = {incident.manager for incident in live if not incident.restricted}
    staying = [user for user in dict.fromkeys(before) if user in in_command]
    outgoing = (*handoff.outgoing, *(user for user in staying if user in seen))
    return replace(handoff, outgoing=outgoing, discreet=tuple(u for u in staying if u not in seen))


def restricted(unit: Unit, handoff: Handoff, receivers: tuple[UserId, ...]) -> list[Effect]:
    """Restricted incidents are in no post: who has one and who takes it over read of it by direct message."""
    held = [i for i in open_incidents(unit) if i.restricted and i.manager in handoff.handing_over]
    told: list[Effect] = []
    for incident in held:
        people = unit.people.actors((incident.manager, *receivers))
        inside = tuple(user for user, actor in people.items() if not actor.is_outside)
        told += tell(Tell.HANDOFF, incident.key, inside, handoff.id, handoff=handoff.id)
    return told


def summed_up(unit: Unit, looked: Look, handoff: Handoff, now: datetime) -> Handoff:
    """The shift in numbers, and the holes of the next 24 hours. Restricted incidents are in none of them."""
    since = handoff.summary.since if handoff.summary else handoff.at - LONGEST_SHIFT
    shown = [each for each in unit.incidents.listing(limit=SCANNED) if not each.restricted]
    _, gaps = looked.resolver.between(now, now + HOLES_AHEAD)
    summary = Summary(
        since=since,
        declared=sum(since <= each.declared_at < now for each in shown),
        ended=sum(is_ended_since(unit, each, since) for each in shown),
        late=sum(each.status.is_open and _is_late(each, now) for each in shown),
        unanswered=sum(_unanswered(each, since) for each in shown),
        holes=tuple(
            Hole(gap.start, gap.end, gap.region or "", gap.seat.value if gap.seat else "") for gap in gaps
        ),
    )
    return replace(handoff, summary=summary)


def is_ended_since(unit: Unit, incident: Incident, since: datetime) -> bool:
    """Resolved, dismissed or merged since then."""
    if incident.status.is_open:
        return False
    if incident.resolved_at is not None:
        return incident.resolved_at >= since
    entries = unit.timeline.of(incident.key)
    return any(each.kind is EntryKind.STATUS and each.at >= since for each in entries)


def _is_late(incident: Incident, now: datetime) -> bool:
    return incident.next_update_at is not None and incident.next_update_at < now


def _unanswered(incident: Incident, since: datetime) -> int:
    return sum(page.state is PageState.PASSED and page.paged_at >= since for page in incident.pages)


def rested_until(unit: Unit, looked: Look, handoff: Handoff) -> datetime | None:
    """The instant up to which whoever leaves can be held and still has eleven hours before their next shift.

    None where that is further off than anybody is held.
    """
    keys = {unit.schedules.person_key(user) for user in handoff.outgoing} - {""}
    shifts, _ = looked.resolver.between(handoff.at, handoff.at + LEAST_REST + LONGEST_SHIFT)
    starts = [
        shift.start
        for shift in shifts
        if shift.start > handoff.at and shift.seat in (Seat.PRIMARY, Seat.BACKUP) and keys & set(shift.people)
    ]
    return min(starts) - LEAST_REST if starts else None

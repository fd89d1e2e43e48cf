"""The shift change: offering a handoff when it is due, and its acceptance, which moves command."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from incidents import command
from incidents.access import Action, demand
from incidents.decision import Decision, show_change, stamp, tell
from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.errors import IncidentError, NothingToDo
from incidents.handoff import Handoff, HandoffState
from incidents.model import Entry, EntryKind, Incident, Role, Status, UserId
from incidents.operations import proving
from incidents.operations.notices import note_phoneless
from incidents.operations.scene import found, known, store
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from rotations.model import Seat
from rotations.shifts import Holding, Resolver, Transition

CHECKED = "handoff.checked"
REMARK = timedelta(minutes=10)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownHandoff(IncidentError):
    def __init__(self) -> None:
        super().__init__("That handoff is not there any more. /oncall says who is on call.")


def offer_due(house: House) -> datetime | None:
    """Write down and offer every shift change since the last look. Answers the instant of the next one.

    The look is marked in the same transaction, so a restart neither repeats nor skips one.
    """
    looked = house.store.read(lambda unit: _look(house, unit))
    if looked is None:
        return None
    now = house.clock.now()
    is_due = looked.following is not None and looked.following.at <= now
    if is_due or not now - REMARK < looked.since <= now:
        house.store.write(lambda unit: _offer_all(house, unit, now))
        looked = house.store.read(lambda unit: _look(house, unit))
    return looked.following.at if looked and looked.following else None


@dataclass(frozen=True, slots=True)
class _Look:
    """Up to where shift changes were offered, and the first one after it."""

    resolver: Resolver
    since: datetime
    following: Transition | None


def _look(house: House, unit: Unit) -> _Look | None:
    organisation = unit.schedules.organisation()
    paged = organisation.paged_schedule() if organisation else None
    if organisation is None or paged is None:
        return None
    resolver = house.rotas.resolver(organisation, paged.name)
    checked = unit.facts.get(CHECKED)
    since = datetime.fromisoformat(checked) if checked else NEVER
    return _Look(resolver, since, resolver.next_handoff(since if checked else house.clock.now()))


def missed(house: House, unit: Unit, now: datetime) -> tuple[Handoff, ...]:
    """Every shift change since the last look that somebody has to accept, oldest first."""
    looked = _look(house, unit)
    found: list[Handoff] = []
    following = looked.following if looked else None
    while looked is not None and following is not None and following.at <= now:
        handoff = _handoff(unit, looked.resolver.schedule.name, following, now)
        if handoff.outgoing != handoff.incoming and not _is_override_alone(following):
            found.append(handoff)
        following = looked.resolver.next_handoff(following.at)
    return tuple(found)


def _offer_all(house: House, unit: Unit, now: datetime) -> None:
    """Of several that were missed only the last is offered: the others are written down as lapsed."""
    found = missed(house, unit, now)
    unit.facts.put(CHECKED, now.isoformat())  # to the microsecond, or it is found again
    for handoff in found[:-1]:
        unit.handoffs.add(replace(handoff, state=HandoffState.LAPSED))
    for handoff in found[-1:]:
        _offer(unit, handoff, tuple(user for one in found[:-1] for user in one.handing_over), now)
        note_phoneless(unit, (*handoff.incoming, *handoff.backup_in), house.phone_of, now)


def _is_override_alone(change: Transition) -> bool:
    """Within a region's hours an override begins or ends: it counts at once, and nobody has to accept it."""
    rows = [row for row in (*change.before, *change.after) if row.seat is Seat.PRIMARY]
    return not change.is_region_change and any(len(row.why) > 1 for row in rows)


def _handoff(unit: Unit, schedule: str, change: Transition, now: datetime) -> Handoff:
    return Handoff(
        id=f"{schedule}:{stamp(change.at)}",
        schedule=schedule,
        at=change.at,
        from_region=_region(change.before),
        to_region=_region(change.after),
        outgoing=_users(unit, change.before, Seat.PRIMARY),
        incoming=_users(unit, change.after, Seat.PRIMARY),
        backup_out=_users(unit, change.before, Seat.BACKUP),
        backup_in=_users(unit, change.after, Seat.BACKUP),
        why=next((" ".join(row.why) for row in change.after if row.seat is Seat.PRIMARY), ""),
        posted_at=now,
        until=next((row.end for row in change.after if row.seat is Seat.PRIMARY), None),
        incidents=tuple(incident.key for incident in _open(unit)),
    )


def _offer(unit: Unit, handoff: Handoff, missed: tuple[UserId, ...], now: datetime) -> None:
    """Once: a clock that was moved back and comes by again changes nothing."""
    older = [one for one in unit.handoffs.waiting() if one.id != handoff.id]
    before = (*missed, *(user for one in older for user in one.handing_over))
    handoff = _with_who_stays(unit, handoff, before)
    if not unit.handoffs.add(handoff):
        return
    for one in older:
        unit.handoffs.save(replace(one, state=HandoffState.LAPSED))
        unit.outbox.put([_edit(one, "lapsed")], now)
    post = Effect(
        EffectKind.POST_HANDOFF, f"handoff:{handoff.id}", f"handoff:{handoff.id}", priority=Priority.PAGE
    )
    thread = replace(post, key=f"{post.key}:thread", args={"part": "thread"}, after=(post.key,))
    shown = (thread,) if any(not incident.restricted for incident in _open(unit)) else ()
    unit.outbox.put([post, *shown, *_restricted(unit, handoff)], now)


def _with_who_stays(unit: Unit, handoff: Handoff, before: tuple[UserId, ...]) -> Handoff:
    """Whose own handoff nobody accepted and who still has an incident: they hand over with this one.

    Somebody who has restricted ones alone is named in no post: why they stay is nobody else's to know.
    """
    live = _open(unit)
    known = {*handoff.outgoing, *handoff.incoming}
    in_command = {incident.manager for incident in live} - known
    seen = {incident.manager for incident in live if not incident.restricted}
    staying = [user for user in dict.fromkeys(before) if user in in_command]
    outgoing = (*handoff.outgoing, *(user for user in staying if user in seen))
    return replace(handoff, outgoing=outgoing, discreet=tuple(u for u in staying if u not in seen))


def _restricted(unit: Unit, handoff: Handoff) -> list[Effect]:
    """Restricted incidents are in no post: who has one and who takes it over read of it by direct message."""
    held = [i for i in _open(unit) if i.restricted and i.manager in handoff.handing_over]
    told: list[Effect] = []
    for incident in held:
        people = unit.people.actors((incident.manager, *handoff.incoming))
        inside = tuple(user for user, actor in people.items() if not actor.is_outside)
        told += tell(Tell.HANDOFF, incident.key, inside, handoff.id, handoff=handoff.id)
    return told


def _region(rows: tuple[Holding, ...]) -> str:
    return rows[0].region if rows else ""


def _users(unit: Unit, rows: tuple[Holding, ...], seat: Seat) -> tuple[UserId, ...]:
    keys = (key for row in rows if row.seat is seat for key in row.people)
    return tuple(dict.fromkeys(user for key in keys if (user := unit.schedules.slack_id(key))))


def _open(unit: Unit) -> list[Incident]:
    live = unit.incidents.listing([status for status in Status if status.is_open], limit=200)
    return sorted(live, key=lambda incident: (incident.severity, incident.declared_at))


def _edit(handoff: Handoff, name: str) -> Effect:
    key = f"handoff:{handoff.id}"
    return Effect(EffectKind.UPDATE_HANDOFF, f"{key}:{name}", key, after=(key,), priority=Priority.PAGE)


def accept(house: House, ask: Ask, handoff_id: str) -> Handoff:
    """ "I have it", from the incoming person, their backup or a lead: command of the open incidents moves.

    Raises UnknownHandoff, NothingToDo.
    """

    def work(unit: Unit) -> Handoff:
        now = house.clock.now()
        handoff = unit.handoffs.get(handoff_id, lock=True)
        if handoff is None:
            raise UnknownHandoff
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return handoff
        actor = known(unit, ask.user)
        demand(actor, Action.ACCEPT_HANDOFF)
        _demand_acceptable(handoff, actor)
        accepted = replace(handoff, state=HandoffState.ACCEPTED, accepted_by=actor.user, accepted_at=now)
        names = tuple(i.key for i in _open(unit) if _move(unit, i.key, handoff, actor, now))
        accepted = replace(accepted, incidents=names)
        unit.handoffs.save(accepted)
        unit.outbox.put([_edit(accepted, "accepted")], now)
        proving.test_on_shift(house, unit, actor)
        unit.audit.write(now, actor.user, Action.ACCEPT_HANDOFF.value, handoff.id, {})
        return accepted

    return house.store.write(work)


def _demand_acceptable(handoff: Handoff, actor: Actor) -> None:
    if handoff.state is HandoffState.ACCEPTED:
        raise NothingToDo("This shift is accepted already. Nothing for you to do.")
    if handoff.state is HandoffState.LAPSED:
        raise NothingToDo("The next shift change has come since. Accept that one.")
    if actor.user not in (*handoff.incoming, *handoff.backup_in) and not actor.is_lead:
        raise IncidentError(
            "This shift is taken over by the person it names, their backup or a lead. Ask one of them."
        )


def _move(unit: Unit, key: str, handoff: Handoff, to: Actor, now: datetime) -> bool:
    """Command of one incident goes over; a restricted one never to somebody from outside."""
    incident = found(unit, key, lock=True)
    frm = incident.manager
    if frm not in handoff.handing_over or to.user == frm or (incident.restricted and to.is_outside):
        return False
    given = command.hold(incident, Role.MANAGER, to.user, now)
    given = replace(given, handoffs=given.handoffs + 1)
    decision = command.join(given, (to.user,), f"handoff.{handoff.id}")
    entry = Entry(EntryKind.HANDOFF, now, to.user, data={"from": frm, "to": to.user, "handoff": handoff.id})
    decision = decision.then(
        Decision(decision.incident, (entry,), show_change(decision.incident, topic=True))
    )
    store(unit, decision, incident, now)
    return True

"""Questions to the schedule and the override: the one resolver answers, here as everywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.access import Action, demand
from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.errors import IncidentError
from incidents.model import UserId
from incidents.operations.scene import known
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from rotations.model import Organisation, Override, OverrideKind
from rotations.query import read
from rotations.questions import Asking, OverrideRequest, Question
from rotations.shifts import Resolver

LONGEST = timedelta(days=366)


class NoScheduleYet(IncidentError):
    def __init__(self) -> None:
        super().__init__(
            "No schedule is set up yet, so nobody can be paged. Apply one: python -m bot apply schedules.yaml"
        )


@dataclass(frozen=True, slots=True)
class Asked:
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
    organisation = unit.schedules.organisation()
    paged = organisation.paged_schedule() if organisation else None
    if organisation is None or paged is None:
        raise NoScheduleYet
    return organisation, house.rotas.resolver(organisation, paged.name)


def override(house: House, ask: Ask, wish: OverrideRequest) -> Override:
    """Put these people on a seat for a while; everybody whose shift moves is told.

    By a lead, or by the person who would have been on. Raises OverlappingOverride and NotAllowed.
    """

    def work(unit: Unit) -> Override:
        now = house.clock.now()
        actor = known(unit, ask.user)
        organisation, resolver = _rota(house, unit)
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            made_then = unit.inbox.subject(ask.delivery)
            return next(one for one in organisation.overrides if one.id == made_then)
        _demand_sensible(wish, now)
        replaced = _replaced(resolver, wish)
        me = unit.schedules.person_key(actor.user)
        demand(actor, Action.OVERRIDE_OWN if me and replaced == {me} else Action.OVERRIDE_ANY)
        made = _override(house, wish, actor)
        Resolver(resolver.schedule, (*organisation.overrides, made))
        if ask.delivery:
            unit.inbox.answered(ask.delivery, made.id)
        unit.schedules.add_override(made, now)
        unit.outbox.put(_told(unit, made, replaced, actor), now)
        unit.audit.write(
            now, actor.user, "override", made.id, {"region": made.region, "seat": made.seat.value}
        )
        return made

    return house.store.write(work)


def _demand_sensible(wish: OverrideRequest, now: datetime) -> None:
    """Asked before anything is reckoned: a century of shifts would hold everybody else up."""
    if wish.end <= now:
        raise IncidentError("That time has passed already. Name one that ends later than now.")
    if wish.end <= wish.start:
        raise IncidentError("It would end before it begins. Name an end that is later than the start.")
    if wish.end - wish.start > LONGEST:
        raise IncidentError("That is longer than a year. Change the schedules file for that.")


def _replaced(resolver: Resolver, wish: OverrideRequest) -> set[str]:
    """The people who would have held the seat in that time, by key."""
    shifts, _ = resolver.between(wish.start, wish.end)
    held = {key for row in shifts if (row.region, row.seat) == (wish.region, wish.seat) for key in row.people}
    if not held:
        sits = resolver.seat_at(wish.region, wish.seat, wish.start)
        held = set(sits.people) if sits else set()
    return held - set(wish.people)


def _override(house: House, wish: OverrideRequest, actor: Actor) -> Override:
    return Override(
        id=house.ids.new(),
        schedule=wish.schedule,
        region=wish.region,
        seat=wish.seat,
        kind=OverrideKind.REPLACE,
        people=wish.people,
        start=wish.start,
        end=wish.end,
        reason=wish.reason,
        by=actor.user,
    )


def _told(unit: Unit, made: Override, replaced: set[str], actor: Actor) -> list[Effect]:
    """Those who come and those who go, but not the person who did it: they see the answer."""
    users = (unit.schedules.slack_id(key) for key in (*made.people, *sorted(replaced)))
    return [
        Effect(
            EffectKind.TELL,
            f"tell:{Tell.OVERRIDE.value}:{made.id}:{user}",
            f"override:{made.id}",
            args={"about": Tell.OVERRIDE.value, "override": made.id, "by": actor.user},
            users=(user,),
            priority=Priority.STATUS,
        )
        for user in dict.fromkeys(users)
        if user and user != actor.user
    ]

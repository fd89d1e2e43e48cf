"""From the schedules to a Roster: who holds each seat that a ladder can reach, and why, at one instant."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from msgspec import Struct, field

from incidents.handoff import Handoff
from incidents.ladder import ALL_LEADS, PRIMARY, Candidate, Roster, Unlinked
from incidents.model import Target, UserId
from incidents.nights import morning_in, mornings
from incidents.people import Actor, ActorOfPerson
from incidents.policy import beyond_seats, policies, unlinked_beyond_seats
from rotations.model import Organisation, Region, Seat
from rotations.occupancy import Occupancy
from rotations.shifts import Resolver, resolver_of
from rotations.zones import city, rules_of

PAGED = (Seat.PRIMARY, Seat.BACKUP, Seat.LEAD)

Held = tuple[Candidate | Unlinked, ...]


class Rotas:
    """The resolvers of the organisation as last seen; kept while it is the same object. Safe to share."""

    def __init__(self) -> None:
        self._organisation: Organisation | None = None
        self._resolvers: dict[str, Resolver] = {}
        self._before: dict[str, Resolver] = {}

    def resolver(self, organisation: Organisation, schedule: str) -> Resolver:
        """The resolver of a schedule by name; what a change leaves alone is not resolved anew.

        Raises rotations' UnknownSchedule."""
        if organisation is not self._organisation:
            self._before = self._resolvers
            self._organisation, self._resolvers = organisation, {}
        found = self._resolvers.get(schedule)
        if found is None:
            found = resolver_of(organisation, schedule, before=self._before.get(schedule))
            self._resolvers[schedule] = found
        return found


class Moment(Struct, frozen=True):
    """What the roster is made from besides the schedules."""

    now: datetime
    actor_of: ActorOfPerson
    by_user: Mapping[UserId, Actor] = field(default_factory=dict)
    busy: frozenset[UserId] = frozenset()
    waiting: tuple[Handoff, ...] = ()
    discreet: frozenset[UserId] = frozenset()


def build(organisation: Organisation | None, rotas: Rotas, moment: Moment) -> Roster:
    """Every target that a ladder names, resolved. Not set up until one region and one lead exist."""
    paged = organisation.paged_schedule() if organisation else None
    if organisation is None or paged is None or not _has_lead(organisation, paged.regions):
        return Roster(is_set_up=False)
    people = organisation.names()
    desk = _Desk(rotas.resolver(organisation, paged.name), people, moment)
    found, names = desk.seats()
    elsewhere = desk.mornings()
    for kind, schedule in organisation.specialist_schedules().items():
        special = _Desk(rotas.resolver(organisation, schedule), people, moment, kind)
        more, more_names = special.seats()
        found |= more
        names |= more_names
        elsewhere |= special.mornings()
    found[ALL_LEADS] = _with_other_leads(found[ALL_LEADS], organisation, moment)
    holders = {target: _linked(held) for target, held in found.items()}
    unlinked = {target: who for target, held in found.items() if (who := _unlinked(held))}
    holders[PRIMARY] = desk.with_outgoing(holders[PRIMARY])
    own = policies(organisation, moment.actor_of)
    holders |= beyond_seats(organisation, own, moment.actor_of)
    unlinked |= unlinked_beyond_seats(organisation, own, moment.actor_of)
    elsewhere |= mornings(organisation, own, moment.actor_of, moment.now)
    return Roster(
        True,
        holders,
        moment.busy,
        names,
        desk.quiet_until(),
        moment.discreet,
        policies=own,
        unlinked=unlinked,
        mornings=elsewhere,
    )


def _linked(held: Held) -> tuple[Candidate, ...]:
    return tuple(each for each in held if isinstance(each, Candidate))


def _unlinked(held: Held) -> tuple[Unlinked, ...]:
    return tuple(each for each in held if isinstance(each, Unlinked))


def _with_other_leads(held: Held, organisation: Organisation, moment: Moment) -> Held:
    """Those who hold the seat somewhere, and whoever else is a lead by the schedules file."""
    users = {one.actor.user for one in _linked(held)}
    others: list[Candidate | Unlinked] = []
    for person in organisation.people:
        actor = moment.actor_of(person.key)
        if person.lead and actor is None:
            others.append(Unlinked(person.key, person.name))
        elif person.lead and actor is not None and actor.user not in users:
            others.append(Candidate(actor, "lead", "You are a lead."))
    return tuple(dict.fromkeys((*held, *others)))


def _has_lead(organisation: Organisation, regions: tuple[Region, ...]) -> bool:
    return any(p.lead for p in organisation.people) or any(
        Seat.LEAD in region.all_seats() for region in regions
    )


class _Desk:
    """One schedule at one instant. `kind` is "" for the one that is paged, else the specialist's name."""

    def __init__(self, resolver: Resolver, people: Mapping[str, str], moment: Moment, kind: str = "") -> None:
        self.resolver, self.people, self.moment, self.kind = resolver, people, moment, kind
        self.region = resolver.current_region(moment.now)

    def seats(self) -> tuple[dict[Target, Held], dict[Target, str]]:
        holders: dict[Target, Held] = {}
        names: dict[Target, str] = {}
        following, at = self._next_region()
        for seat in PAGED:
            current = Target(seat.value, "current", self.kind)
            names[current] = self._name(self.region.name if self.region else "", seat)
            holders[current] = self._at(self.region.name, seat, self.moment.now) if self.region else ()
            if following:
                coming = Target(seat.value, "next", self.kind)
                names[coming] = self._name(following.name, seat)
                holders[coming] = self._at(following.name, seat, at)
            everywhere = Target(seat.value, "all", self.kind)
            names[everywhere] = f"{seat.value} in every region"
            holders[everywhere] = self._everywhere(seat)
        return holders, names

    def _name(self, region: str, seat: Seat) -> str:
        return " ".join(word for word in (self.kind.capitalize() or region, seat.value) if word)

    def _everywhere(self, seat: Seat) -> Held:
        found = (self._at(region.name, seat, self.moment.now) for region in self.resolver.schedule.regions)
        return tuple(one for held in found for one in held)

    def _at(self, region: str, seat: Seat, at: datetime) -> Held:
        """The seat's people, the region's own time or not, with the reason in each one's own zone."""
        sits = self.resolver.seat_at(region, seat, at)
        if sits is None:
            return ()
        name = self._name(region, seat)
        return tuple(self._held(person, name, sits) for person in sits.people)

    def _held(self, person: str, name: str, sits: Occupancy) -> Candidate | Unlinked:
        actor = self.moment.actor_of(person)
        if actor is None:
            return Unlinked(person, self.people.get(person, person))
        return Candidate(actor, name, _why(name, actor.zone, sits.turn_until, sits.why))

    def _next_region(self) -> tuple[Region | None, datetime]:
        """The region that takes over when the present one stops, and when; (None, now) where none does."""
        ends = self.resolver.holds_until(self.region.name, self.moment.now) if self.region else None
        coming = self.resolver.current_region(ends) if ends is not None else None
        return (coming, ends) if coming is not None and ends is not None else (None, self.moment.now)

    def with_outgoing(self, holders: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Until a handoff is accepted the outgoing person stays responsible: new pages ring both. Then, where
        nobody accepts, the lead who holds it; and somebody who cannot take the shift is not woken for it."""
        cannot = {user for handoff in self.moment.waiting for user in handoff.refusers}
        able = tuple(candidate for candidate in holders if candidate.actor.user not in cannot)
        known = {candidate.actor.user for candidate in able}
        others = [
            Candidate(actor, "holds the shift" if handoff.held_by else "outgoing primary", _why_too(handoff))
            for handoff in self.moment.waiting
            for user in handoff.also_paged
            if (actor := self.moment.by_user.get(user)) is not None and user not in known
        ]
        return (*able, *others) or holders

    def quiet_until(self) -> datetime | None:
        """Where it is night for the region that holds: its next morning; None by day."""
        if self.region is None:
            return None
        morning = morning_in(self.region.zone, self.moment.now)
        handoff = self.resolver.next_handoff(self.moment.now) if morning else None
        return min(morning, handoff.at) if morning and handoff else morning

    def mornings(self) -> dict[Target, datetime | None]:
        """The same of its seats that are elsewhere: in the region that comes next, or a specialist's."""
        regions = {"next": self._next_region()[0], "current": self.region if self.kind else None}
        return {
            Target(seat.value, where, self.kind): morning_in(region.zone, self.moment.now)
            for where, region in regions.items()
            if region is not None
            for seat in PAGED
        }


def _why_too(handoff: Handoff) -> str:
    if handoff.held_by:
        return "Nobody has accepted the shift, so you hold it."
    return "Your handoff is not accepted yet, so you are paged too."


@lru_cache(maxsize=512)  # the same for a whole turn, and asked with every declaration
def _why(name: str, zone: str, until: datetime | None, why: tuple[str, ...]) -> str:
    words = f"You are {name} until {_there(until, zone)}." if until else f"You are {name}."
    return f"{words} {why[0]}" if len(why) > 1 else words


def _there(at: datetime, zone: str) -> str:
    local = at.astimezone(rules_of(zone))
    return f"{local:%a} {local.day} {local:%b %H:%M} {city(zone)}"

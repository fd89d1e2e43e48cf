"""Who could serve a seat for a while: rested, there, free, able, and awake to be asked. It asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from msgspec import Struct

from rotations import absences
from rotations.model import Organisation, Person, Seat
from rotations.public_holidays import days_of
from rotations.refusals import UnknownSeat
from rotations.rest import REACH, faults
from rotations.served import calendar, crew, named_for, shifts_by_person, spans_of
from rotations.shifts import Resolver, Shift, resolver_of
from rotations.spans import Span, merged, shared
from rotations.wallclock import instant, local
from rotations.wording import clock, listed

AWAKE_FROM, AWAKE_UNTIL = time(7), time(22)
"""The local hours in which somebody may be asked; the rest is night, as in `served`."""


class Need(Struct, frozen=True):
    """Cover wanted for one seat in `[start, end)`: only while the region holds, and where `instead_of` is
    given, only while that person is on. `skills` None: those that everybody on the seat shares.
    """

    region: str
    seat: Seat
    start: datetime
    end: datetime
    instead_of: str | None = None
    skills: tuple[str, ...] | None = None


class Candidate(Struct, frozen=True):
    """Whether somebody could take it, and every reason why not, as sentences without their name.

    `warnings` bar nothing: a public holiday. `is_awake` by their own zone at the instant of asking.
    """

    person: str
    is_eligible: bool
    reasons: tuple[str, ...]
    is_awake: bool
    warnings: tuple[str, ...] = ()

    @property
    def can_be_asked(self) -> bool:
        return self.is_eligible and self.is_awake


def candidates(
    organisation: Organisation, resolver: Resolver, need: Need, now: datetime
) -> tuple[Candidate, ...]:
    """Everybody but who is to be covered, in the order of the file; nobody where there is nothing to serve.

    Raises UnknownSeat where the schedule has no such seat.
    """
    post = _post(organisation, resolver, need)
    return tuple(
        _candidate(post, organisation, person, now)
        for person in organisation.people
        if post.spans and person.key != need.instead_of
    )


def is_awake(person: Person, at: datetime) -> bool:
    """Whether it is day where a person is."""
    return AWAKE_FROM <= local(at, person.zone).time() < AWAKE_UNTIL


def wakes_at(person: Person, at: datetime) -> datetime:
    """When a person may be asked: at once by day, else when their next day begins."""
    if is_awake(person, at):
        return at
    there = local(at, person.zone)
    is_evening = there.time() >= AWAKE_UNTIL
    return instant(there.date() + timedelta(days=is_evening), AWAKE_FROM, person.zone)


class _Post(Struct, frozen=True):
    """What a need comes down to: when exactly, who may stand there, and who is on call around it.

    `crew` are the keys of everybody who serves a paged seat of the schedule, `own` those of this seat.
    """

    need: Need
    schedule: str
    spans: tuple[Span, ...]
    crew: frozenset[str]
    own: tuple[Person, ...]
    skills: tuple[str, ...]
    near: Mapping[str, tuple[Shift, ...]]


def _post(organisation: Organisation, resolver: Resolver, need: Need) -> _Post:
    schedule = resolver.schedule
    region = schedule.region(need.region)
    if region is None or need.seat not in region.all_seats():
        raise UnknownSeat(f"There is no {need.region} {need.seat.value}.")
    own_keys = set(named_for(region, need.seat, need.start))
    own = tuple(person for person in organisation.people if person.key in own_keys)
    skills = _shared_skills(own) if need.skills is None else need.skills
    near = _shifts_near(organisation, resolver, need)
    able = crew(schedule, need.start)
    return _Post(need, schedule.name, _wanted(resolver, need), able, own, skills, near)


def _wanted(resolver: Resolver, need: Need) -> tuple[Span, ...]:
    return merged(
        Span(shift.start, shift.end)
        for shift in resolver.between(need.start, need.end)[0]
        if (shift.region, shift.seat) == (need.region, need.seat)
        and (need.instead_of is None or need.instead_of in shift.people)
    )


def _shifts_near(organisation: Organisation, resolver: Resolver, need: Need) -> dict[str, tuple[Shift, ...]]:
    """Everybody's shifts on every schedule, as far as rest looks."""
    others = (one.name for one in organisation.schedules if one.name != resolver.schedule.name)
    resolvers = (resolver, *(resolver_of(organisation, name) for name in others))
    found: dict[str, tuple[Shift, ...]] = {}
    for one in resolvers:
        for person, shifts in shifts_by_person(one, need.start - REACH, need.end + REACH).items():
            found[person] = (*found.get(person, ()), *shifts)
    return found


def _shared_skills(people: tuple[Person, ...]) -> tuple[str, ...]:
    """The skills that everybody has; those of one person alone say nothing about the seat."""
    if len(people) < 2:
        return ()
    return tuple(skill for skill in people[0].skills if all(skill in one.skills for one in people))


def _candidate(post: _Post, organisation: Organisation, person: Person, now: datetime) -> Candidate:
    reasons = (
        *_unfit(post, person),
        *_away(post, organisation, person),
        *_occupied(post, person),
    )
    return Candidate(person.key, not reasons, reasons, is_awake(person, now), _warnings(post, person))


def _unfit(post: _Post, person: Person) -> Iterator[str]:
    teams = {one.team for one in post.own if one.team}
    if person.key not in post.crew and person.team not in teams:
        yield f"Serves no seat of {post.schedule} and is not of its team."
    if person.vendor and not any(one.vendor for one in post.own):
        yield "Works for a vendor, and nobody on this seat does."
    if post.need.seat is Seat.LEAD and not person.lead and person not in post.own:
        yield "Is not a lead."
    missing = [skill for skill in post.skills if skill not in person.skills]
    if missing:
        yield f"Is not trained in {listed(missing)}."


def _away(post: _Post, organisation: Organisation, person: Person) -> Iterator[str]:
    for absence in absences.of(organisation, person.key, post.spans[0].start, post.spans[-1].end):
        if any(shared([Span(absence.start, absence.end)], post.spans)):
            # Why is theirs to tell.
            yield f"Is away until {clock(absence.end, person.zone)}."


def _occupied(post: _Post, person: Person) -> tuple[str, ...]:
    """On call at the same time, else what it would do to their rest."""
    shifts = post.near.get(person.key, ())
    on = [shift for shift in shifts if any(shared([Span(shift.start, shift.end)], post.spans))]
    if on:
        seats = dict.fromkeys(f"{shift.region} {shift.seat.value}" for shift in on)
        return (f"Is on call then: {listed(seats)}.",)
    return tuple(fault.text for fault in faults(spans_of(shifts), post.spans, person))


def _warnings(post: _Post, person: Person) -> tuple[str, ...]:
    days = days_of(person, post.spans[0].start, post.spans[-1].end)
    on = sorted(calendar(post.spans, person.zone).days & days.keys())
    return tuple(f"{day.day} {day:%b} is a public holiday for them: {days[day]}." for day in on)

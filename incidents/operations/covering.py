"""Asking for cover, taking it, declining it, and a lead's choice. The first to accept has it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from msgspec.structs import replace

from incidents import covering
from incidents.access import Action, demand
from incidents.covering import CoverAsk
from incidents.effects import Tell
from incidents.errors import IncidentError, NotAPerson, NothingToDo
from incidents.model import UserId
from incidents.operations.rota_asks import end, hand_to_lead, said_no
from incidents.operations.rota_changes import demand_sensible, person_meant
from incidents.operations.rota_scene import RotaScene, changing, land, looking
from incidents.people import Actor, Ask
from incidents.ports import House
from incidents.rota_asks import SUBJECT, ask_of, edit_of, tells, timers_of_cover
from incidents.rota_changes import Change, Verb
from incidents.rota_ports import RotaRequest
from rotations.covers import cover_by, override_holding
from rotations.edits import Edit
from rotations.eligibility import Candidate, candidates, wakes_at
from rotations.shifts import Shift
from rotations.wishes import CoverWish

MOST_ASKS = 10
APART = timedelta(days=4)
"""Free for so long, and what follows is another ask: it need not be the same person who covers."""


class NotFreeThen(IncidentError):
    """Whoever wants to take it could not: on call, away, or without their rest."""


class NothingLeftToCover(NothingToDo):
    def __init__(self) -> None:
        super().__init__("The schedule has changed since: there is nothing to cover any more.")


def ask_for_cover(house: House, ask: Ask, wish: CoverWish) -> Change:
    """Ask everybody who is eligible and rested: who is awake now, others when they wake.

    For others by a lead alone. Raises NotAllowed, NotAPerson, NothingToDo.
    """

    def work(scene: RotaScene) -> Change:
        demand_sensible(wish.start, wish.end, scene.now)
        person = _person(scene, wish)
        asks = [_asked(scene, one) for one in _asks(scene, wish, person)]
        change = scene.change(Verb.COVER, wish.schedule, Edit(), *(one.id for one in asks))
        return land(scene, change)

    return changing(house, ask, Change, work)


def take(house: House, ask: Ask, ask_id: str) -> CoverAsk:
    """ "I can cover it". Raises AlreadyCovered, NothingToDo, NotAllowed, NotFreeThen."""

    def work(scene: RotaScene) -> CoverAsk:
        cover = _found(scene, ask_id)
        taken = covering.take(cover, scene.actor.user, scene.actor.is_lead, scene.now)
        _demand_free(scene, cover)
        return _land(scene, taken, scene.me)

    return changing(house, ask, CoverAsk, work)


def choose(house: House, ask: Ask, ask_id: str, person: str) -> CoverAsk:
    """A lead puts somebody (by key) there. They are told; whether they are rested is the lead's to weigh."""

    def work(scene: RotaScene) -> CoverAsk:
        demand(scene.actor, Action.OVERRIDE_ANY)
        cover = _found(scene, ask_id)
        if scene.organisation.person(person) is None or person == cover.person:
            raise NotAPerson("Choose somebody else who is in the schedules.")
        taken = covering.take(cover, scene.actor.user, True, scene.now)
        taken_by = next(iter(scene.users(person)), "")
        return _land(scene, replace(taken, taken_by=taken_by), person)

    return changing(house, ask, CoverAsk, work)


def decline(house: House, ask: Ask, ask_id: str) -> CoverAsk:
    """ "I can't". When nobody is left who could, the leads are asked at once. Raises NothingToDo."""

    def work(scene: RotaScene) -> CoverAsk:
        cover, user = _found(scene, ask_id), scene.actor.user
        declined = said_no(scene.unit, covering.decline(cover, user, scene.now), scene.now)
        scene.unit.outbox.put([edit_of(declined, user, user in cover.leads, "declined")], scene.now)
        scene.unit.audit.write(scene.now, user, "rota declined", f"{SUBJECT}{ask_id}", {})
        return declined

    return changing(house, ask, CoverAsk, work)


def candidates_for(house: House, ask: Ask, ask_id: str) -> tuple[CoverAsk, tuple[Candidate, ...]]:
    """Everybody a lead could choose for an ask, eligible people first. Raises NothingToDo."""

    def work(scene: RotaScene) -> tuple[CoverAsk, tuple[Candidate, ...]]:
        cover = _cover(scene.unit.requests.get(ask_id))
        found = _candidates(scene, cover)
        return cover, tuple(sorted(found, key=lambda one: not one.is_eligible))

    return looking(house, ask, work)


def _person(scene: RotaScene, wish: CoverWish) -> str:
    """Who is to be covered; "" for a shift that is nobody's, which a lead asks for."""
    if wish.person == "":
        demand(scene.actor, Action.OVERRIDE_ANY)
        return ""
    return person_meant(scene, wish.person)


def _asks(scene: RotaScene, wish: CoverWish, person: str) -> list[CoverAsk]:
    """One for each seat and stretch. Raises NothingToDo."""
    names = [one.name for one in scene.organisation.schedules]
    found = [one for name in names for one in _asks_on(scene, wish, person, name)]
    open_now = scene.unit.requests.open_covers()
    new = [one for one in found if not any(_is_same(one, other) for other in open_now)]
    if not found:
        who = f"{scene.name(person)} is not on call" if person else "No shift is open"
        raise NothingToDo(f"{who} then, so there is nothing to cover.")
    if not new:
        raise NothingToDo("Cover for that is being asked for already.")
    if len(new) > MOST_ASKS:
        raise NothingToDo(f"That is more than {MOST_ASKS} shifts at once. Name a shorter time or one seat.")
    if any(override_holding(scene.organisation, one.need, one.schedule) for one in new):
        raise NothingToDo(
            f"{scene.name(person)} is there by an override. Whoever made it can take it back with "
            "/oncall undo; then put somebody else there."
        )
    return new


def _asks_on(scene: RotaScene, wish: CoverWish, person: str, schedule: str) -> Iterator[CoverAsk]:
    start = max(wish.start, scene.now)
    rows, _ = scene.resolver(schedule).between(start, wish.end)
    mine = [row for row in rows if (person in row.people if person else not row.people)]
    wanted = [row for row in mine if wish.region in (None, row.region) and wish.seat in (None, row.seat)]
    by_seat = sorted(wanted, key=lambda row: (row.region, row.seat, row.start))
    for (region, seat), seat_rows in groupby(by_seat, key=lambda row: (row.region, row.seat)):
        for first, last in _stretches(list(seat_rows), APART if person else timedelta(0)):
            yield CoverAsk(
                scene.house.ids.new(),
                schedule,
                region,
                seat,
                person,
                first,
                last,
                scene.actor.user,
                scene.now,
                wish.reason,
            )


def _stretches(rows: list[Shift], apart: timedelta) -> Iterator[tuple[datetime, datetime]]:
    start, end = rows[0].start, rows[0].end
    for row in rows[1:]:
        if row.start - end > apart:
            yield start, end
            start = row.start
        end = row.end
    yield start, end


def _is_same(one: CoverAsk, other: CoverAsk) -> bool:
    is_there = (one.schedule, one.region, one.seat, one.person) == (
        other.schedule,
        other.region,
        other.seat,
        other.person,
    )
    return is_there and one.start < other.end and other.start < one.end


def _asked(scene: RotaScene, ask: CoverAsk) -> CoverAsk:
    """Kept, and on its way to everybody who could; where nobody could, the leads are asked at once."""
    when = _when_asked(scene, ask)
    asked = replace(ask, asked=tuple(when))
    scene.unit.requests.add(asked)
    scene.unit.timers.put(timers_of_cover(asked))
    messages = [ask_of(asked, user, at=None if at <= scene.now else at) for user, at in when.items()]
    scene.unit.outbox.put(messages, scene.now)
    return asked if asked.asked else hand_to_lead(scene.unit, asked, scene.now)


def _when_asked(scene: RotaScene, ask: CoverAsk) -> dict[UserId, datetime]:
    """Who is asked, and when: now, or when they wake, if that is before it becomes the lead's."""
    able = {one.person for one in _candidates(scene, ask) if one.is_eligible}
    users = scene.unit.schedules.slack_ids()
    here = scene.unit.people.actors(users.values())
    found = {
        users[person.key]: wakes_at(person, scene.now)
        for person in scene.organisation.people
        if person.key in able and person.key in users and _can_be_told(here.get(users[person.key]))
    }
    found.pop(ask.by, None)
    latest = covering.lead_at(replace(ask, asked=tuple(found)))
    return {user: at for user, at in found.items() if at <= max(latest, scene.now)}


def _can_be_told(actor: Actor | None) -> bool:
    return actor is not None and not actor.is_deactivated


def _candidates(scene: RotaScene, ask: CoverAsk) -> tuple[Candidate, ...]:
    return candidates(scene.organisation, scene.resolver(ask.schedule), ask.need, scene.now)


def _demand_free(scene: RotaScene, ask: CoverAsk) -> None:
    """What was true when they were asked may be so no longer."""
    found = _candidates(scene, ask)
    mine = next((one for one in found if one.person == scene.me), None)
    if not found:
        raise NothingLeftToCover
    if mine is None:
        raise NotAPerson("You are on no schedule, so you cannot be put on call.")
    if not mine.is_eligible:
        raise NotFreeThen(f"You cannot take it now. {' '.join(mine.reasons)}")


def _found(scene: RotaScene, ask_id: str) -> CoverAsk:
    return _cover(scene.unit.requests.get(ask_id, lock=True))


def _cover(request: RotaRequest | None) -> CoverAsk:
    if not isinstance(request, CoverAsk):
        raise NothingToDo("That is asked no more.")
    return request


def _land(scene: RotaScene, taken: CoverAsk, person: str) -> CoverAsk:
    """The cover becomes an override. Raises NothingToDo where there is nothing to cover any more."""
    made = cover_by(taken.need, taken.schedule, person, scene.house.ids.new())
    made = replace(made, ask=taken.id, by=scene.actor.user, reason=taken.reason)
    change = scene.change(Verb.COVER, taken.schedule, Edit(overrides=(made,)), taken.id)
    if not change.moved:
        raise NothingLeftToCover
    land(scene, change, taken.reason)
    told = {scene.actor.user, taken.taken_by, *scene.users(taken.person)}
    if taken.by not in told:
        scene.unit.outbox.put(tells(Tell.COVER_TAKEN, taken.id, (taken.by,)), scene.now)
    done = replace(taken, override=made.id)
    end(scene.unit, done, scene.now)
    return done

"""Overrides and absences: proposed, confirmed, landed. Covers, swaps and taking back have their own rooms."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from incidents import rota_changes
from incidents.access import Action, demand
from incidents.effects import Tell
from incidents.errors import IncidentError, NotAPerson, NothingToDo
from incidents.operations.rota_scene import RotaScene, changing, land, put
from incidents.operations.taking_back import take_back
from incidents.people import Ask
from incidents.ports import House
from incidents.rota_asks import tells
from incidents.rota_changes import Change, Verb, confirmations
from rotations.changes import Moved
from rotations.edits import Edit, edited, moved_by
from rotations.model import Absence, Override, OverrideKind
from rotations.questions import OverrideRequest
from rotations.refusals import UnknownSeat
from rotations.shifts import resolver_of
from rotations.wishes import AbsenceWish

LONGEST = timedelta(days=366)


def override(house: House, ask: Ask, wish: OverrideRequest) -> Change:
    """Put these people on a seat for a while, beside others or in their place, or take them off.

    By a lead, or by the person who is on. Kept until it is confirmed where it touches somebody else. Raises
    OverlappingOverride, UnknownSeat, NotAPerson, NotAllowed, NothingToDo.
    """

    def work(scene: RotaScene) -> Change:
        demand_sensible(wish.start, wish.end, scene.now)
        _demand_seat(scene, wish)
        _demand_reachable(scene, wish)
        change = scene.change(Verb.OVERRIDE, wish.schedule, Edit(overrides=(_override(scene, wish),)))
        change = change if change.moved else _out_of_hours(scene, change)
        is_own = bool(scene.me) and all(_is_own(scene.me, wish, row) for row in change.moved)
        demand(scene.actor, Action.OVERRIDE_OWN if is_own else Action.OVERRIDE_ANY)
        return put(scene, change)

    return changing(house, ask, Change, work)


def confirm(house: House, ask: Ask, change_id: str, step: int) -> Change:
    """One confirmation; the last one lands it. Where the schedule has changed since, it is shown anew.

    `step` is the number on the button. Raises NotAllowed, NothingToDo, ProposalTooOld, OverlappingOverride.
    """

    def work(scene: RotaScene) -> Change:
        kept = scene.unit.requests.get(change_id, lock=True)
        if not isinstance(kept, Change):
            raise NothingToDo("That is not kept any more. Type it again.")
        moved = _moved_now(scene, kept)
        change = rota_changes.confirm(kept, scene.actor.user, step, moved, scene.now)
        if change.confirmed < confirmations(change, scene.now):
            scene.unit.requests.save(change)
            return change
        return take_back(scene, change) if change.verb is Verb.UNDO else land(scene, change)

    return changing(house, ask, Change, work)


def absent(house: House, ask: Ask, wish: AbsenceWish) -> Change:
    """Somebody is away: it warns and asks for cover, and takes nobody off a shift. For others by a lead."""

    def work(scene: RotaScene) -> Change:
        demand_sensible(wish.start, wish.end, scene.now)
        person = person_meant(scene, wish.person)
        absence = Absence(
            scene.house.ids.new(), person, wish.start, wish.end, wish.reason, by=scene.actor.user
        )
        schedule = scene.organisation.paged_schedule()
        name = schedule.name if schedule else ""
        change = land(scene, scene.change(Verb.ABSENT, name, Edit(absences=(absence,))))
        others = [user for user in scene.users(person) if user != scene.actor.user]
        scene.unit.outbox.put(tells(Tell.ABSENCE, change.id, others, absence=absence.id), scene.now)
        return change

    return changing(house, ask, Change, work)


def person_meant(scene: RotaScene, person: str | None) -> str:
    """The key of the person a wish is for: the actor, or for a lead somebody else. Raises NotAPerson."""
    key = scene.me if person is None else person
    if not key:
        raise NotAPerson("You are on no schedule, so there is nothing to change for you.")
    demand(scene.actor, Action.OVERRIDE_OWN if key == scene.me else Action.OVERRIDE_ANY)
    return key


def demand_sensible(start: datetime, end: datetime, now: datetime) -> None:
    """Asked before anything is reckoned: a century of shifts would hold everybody else up."""
    if end <= now:
        raise IncidentError("That time has passed already. Name one that ends later than now.")
    if end <= start:
        raise IncidentError("It would end before it begins. Name an end that is later than the start.")
    if end - start > LONGEST:
        raise IncidentError("That is longer than a year. Change the schedules file for that.")


def _demand_seat(scene: RotaScene, wish: OverrideRequest) -> None:
    schedule = scene.organisation.schedule(wish.schedule)
    region = schedule.region(wish.region) if schedule else None
    if region is None or wish.seat not in region.all_seats():
        raise UnknownSeat(f"There is no {wish.region} {wish.seat.value}. Name another region or seat.")


def _demand_reachable(scene: RotaScene, wish: OverrideRequest) -> None:
    """Nobody is put on call whom a page cannot reach."""
    coming = wish.people if wish.kind is not OverrideKind.REMOVE else ()
    here = scene.unit.people.actors(scene.users(*coming))
    reached = {user for user, actor in here.items() if not actor.is_deactivated}
    for person in coming:
        if not reached & set(scene.users(person)):
            raise NotAPerson(
                f"{scene.name(person)} is not in this workspace, so a page would not reach them."
            )


def _override(scene: RotaScene, wish: OverrideRequest) -> Override:
    return Override(
        id=scene.house.ids.new(),
        schedule=wish.schedule,
        region=wish.region,
        seat=wish.seat,
        kind=wish.kind,
        people=wish.people,
        start=wish.start,
        end=wish.end,
        reason=wish.reason,
        by=scene.actor.user,
    )


def _is_own(me: str, wish: OverrideRequest, row: Moved) -> bool:
    """Whether it is this person's own shift: they alone go, or they bring somebody in beside them."""
    if wish.kind is OverrideKind.ADD:
        return me in row.before
    return set(row.before) - set(row.after) == {me}


def _out_of_hours(scene: RotaScene, change: Change) -> Change:
    """A seat counts outside its region's hours too (all leads are paged): whoever would answer then is moved.

    Raises NothingToDo where nobody is.
    """
    (override,) = change.edit.overrides
    standing, after = scene.organisation, edited(scene.organisation, change.edit, scene.now)
    at, people = max(override.start, scene.now), []
    for organisation in (standing, after):
        sits = resolver_of(organisation, override.schedule).seat_at(override.region, override.seat, at)
        people.append(sits.people if sits else ())
    if people[0] == people[1]:
        raise NothingToDo("That changes nobody's shift: the schedule says so already.")
    row = Moved(override.schedule, override.region, override.seat, at, override.end, people[0], people[1])
    return replace(change, moved=(row,))


def _moved_now(scene: RotaScene, change: Change) -> tuple[Moved, ...]:
    """What it would do now; what lies outside the region's hours stays as it was shown."""
    return moved_by(scene.organisation, change.edit, scene.now) or rota_changes.since(change.moved, scene.now)

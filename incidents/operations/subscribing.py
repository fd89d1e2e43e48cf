"""Following a calendar by its address for one seat, and ending it: by leads in chat, on a command's word.

Nothing is read here and nothing of a schedule changes."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidents.access import Action, demand
from incidents.model import UserId
from incidents.operations.ics_importing import CalendarWish, ImportedCalendar, asked_of
from incidents.operations.oncall import standing
from incidents.operations.proposing import withdraw
from incidents.operations.scene import known
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from incidents.subscriptions import (
    MOST_FOLLOWED,
    ORIGIN,
    SUBJECT,
    FollowedAlready,
    NotFollowed,
    Subscription,
    ended,
    label_of,
    read_again,
    said_by,
    wait,
)
from rotations.model import Organisation
from rotations.replanning import Place


class Following(Struct, frozen=True):
    """What is followed, the oldest first, for a lead who looks."""

    calendars: tuple[Subscription, ...]
    organisation: Organisation
    actor: Actor
    now: datetime


def following(house: House, user: UserId) -> Following:
    """Raises NotAllowed, NotKnownYet, NoScheduleYet."""

    def work(unit: Unit) -> Following:
        actor = known(unit, user)
        demand(actor, Action.APPLY_ROTA)
        organisation, _ = standing(unit)
        return Following(tuple(unit.subscriptions.followed()), organisation, actor, house.clock.now())

    return house.store.read(work)


def all_followed(house: House) -> tuple[Subscription, ...]:
    """For a command."""
    return house.store.read(lambda unit: tuple(unit.subscriptions.followed()))


def follow(house: House, ask: Ask, url: str, wish: CalendarWish) -> Subscription:
    """By a lead, from now on; it is read within seconds. A redelivery follows once.

    Raises NotAllowed, NotKnownYet, NoScheduleYet, NoCalendar, FollowedAlready, UnknownSchedule, UnknownSeat.
    """

    def work(unit: Unit) -> Subscription:
        demand(known(unit, ask.user), Action.APPLY_ROTA)
        now = house.clock.now()
        made = _made(house, unit, url, wish, ask.user)
        if not ask.delivery or unit.inbox.first(ask.delivery, now):
            _begin(unit, made, now)
        return made

    return house.store.write(work)


def demand_followable(house: House, url: str, wish: CalendarWish) -> None:
    """Before it is imported on a command's word. Raises as `follow_imported`, and as `follow` of the seat."""

    def work(unit: Unit) -> None:
        made = _made(house, unit, url, wish, "")
        _demand_room(made, [one for one in unit.subscriptions.followed() if not _is_as(one, made)])

    house.store.read(work)


def follow_imported(
    house: House, url: str, imported: ImportedCalendar, by: str, chance: float
) -> Subscription:
    """On a command's word, once it was imported. The same address for the same seat again is no fault.

    `by` is no person. Raises NoCalendar, FollowedAlready.
    """
    asked = imported.asked
    wish = CalendarWish(asked.schedule, asked.region, asked.seat, asked.zone, lambda _: asked.answers)

    def work(unit: Unit) -> Subscription:
        now = house.clock.now()
        made = _made(house, unit, url, wish, by)
        same = next((one for one in unit.subscriptions.followed() if _is_as(one, made)), None)
        one = replace(same or made, answers=asked.answers, zone=asked.zone, failing=None)
        held = said_by(one, imported.found.shifts, now)
        one = replace(one, due_at=now + wait(0, chance), read_at=now, whole_at=now, held=held)
        if same is None:
            _begin(unit, one, now)
        else:
            unit.subscriptions.save(one)
        return one

    return house.store.write(work)


def look_again(house: House, ask: Ask, subscription_id: str) -> Subscription:
    """It is read within seconds; what is found is told though it was told before. Raises as `unfollow`."""
    return _changed(house, ask, subscription_id, lambda one, now: read_again(one, now))


def unfollow(house: House, ask: Ask, subscription_id: str) -> Subscription:
    """By a lead: the address is forgotten, nobody's shifts change. Once ended it stays ended.

    Raises NotAllowed, NotKnownYet, NotFollowed.
    """
    return _changed(house, ask, subscription_id, ended)


def unfollow_called(house: House, word: str, by: str) -> Subscription:
    """On a command's word, by its id or the last signs of its address. Raises NotFollowed."""

    def work(unit: Unit) -> Subscription:
        unit.subscriptions.hold()
        found = [
            one for one in unit.subscriptions.followed() if word == one.id or one.label.endswith(f"…{word}")
        ]
        if len(found) != 1:
            raise NotFollowed
        return _end(unit, found[0], by, house.clock.now())

    return house.store.write(work)


def _made(house: House, unit: Unit, url: str, wish: CalendarWish, by: str) -> Subscription:
    now = house.clock.now()
    organisation, _ = standing(unit)
    asked = asked_of(organisation, wish, now)
    place = Place(asked.schedule, asked.region, asked.seat)
    return Subscription(
        house.ids.new(),
        url.strip(),
        label_of(url),
        place,
        by,
        now,
        now,
        wish.zone or None,
        asked.answers,
    )


def _begin(unit: Unit, made: Subscription, now: datetime) -> None:
    unit.subscriptions.hold()
    _demand_room(made, unit.subscriptions.followed())
    unit.subscriptions.add(made)
    unit.audit.write(now, made.by, "calendar.followed", f"{SUBJECT}{made.id}", told_of(made))


def _demand_room(made: Subscription, followed: Sequence[Subscription]) -> None:
    if any(one.place == made.place for one in followed):
        raise FollowedAlready(
            f"{made.place.region} {made.place.seat} follows a calendar already. Stop that one first:"
            " /oncall follow shows it."
        )
    if len(followed) >= MOST_FOLLOWED:
        raise FollowedAlready(f"{MOST_FOLLOWED} calendars are followed already. Stop one of them first.")


def told_of(one: Subscription) -> dict[str, str]:
    """What the audit may know of it."""
    place = one.place
    return {
        "calendar": one.label,
        "schedule": place.schedule,
        "region": place.region,
        "seat": place.seat.value,
    }


def _is_as(one: Subscription, made: Subscription) -> bool:
    return (one.place, one.url) == (made.place, made.url)


def _changed(
    house: House,
    ask: Ask,
    subscription_id: str,
    change: Callable[[Subscription, datetime], Subscription],
) -> Subscription:
    def work(unit: Unit) -> Subscription:
        demand(known(unit, ask.user), Action.APPLY_ROTA)
        now = house.clock.now()
        one = unit.subscriptions.get(subscription_id, lock=True)
        if one is None:
            raise NotFollowed
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return one
        if one.ended_at is not None:
            raise NotFollowed
        changed = change(one, now)
        if changed.ended_at is not None:
            return _end(unit, one, ask.user, now)
        unit.subscriptions.save(changed)
        return changed

    return house.store.write(work)


def _end(unit: Unit, one: Subscription, by: str, now: datetime) -> Subscription:
    after = ended(one, now)
    unit.subscriptions.save(after)
    if (asked := unit.proposals.of_origin(f"{ORIGIN}{one.id}")) is not None:
        withdraw(unit, asked, now)
    unit.audit.write(now, by, "calendar.unfollowed", f"{SUBJECT}{one.id}", told_of(one))
    return after

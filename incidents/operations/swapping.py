"""Offering a swap of two turns, and its answer. Nothing moves before the other has accepted."""

from collections.abc import Iterator
from datetime import timedelta

from incidents import swapping
from incidents.access import Action, demand
from incidents.effects import Tell
from incidents.errors import NotAPerson, NothingToDo
from incidents.operations.rota_asks import end
from incidents.operations.rota_scene import RotaScene, changing, land
from incidents.people import Ask
from incidents.ports import House
from incidents.rota_asks import SUBJECT, ask_of, tells, timers_of_swap
from incidents.rota_changes import Verb
from incidents.swapping import SwapOffer, TurnHasBegun
from rotations.edits import Edit, edited
from rotations.model import TurnRef
from rotations.shifts import Resolver, resolver_of
from rotations.wishes import NamedShift, SwapWish
from rotations.wording import listed

AT_ONCE = timedelta(seconds=1)


class NotTheirShift(NothingToDo):
    """The words name no shift of this person, or several."""


def offer(house: House, ask: Ask, wish: SwapWish) -> SwapOffer:
    """Offer a shift of mine for one of theirs, each named by a day or a time in it.

    Raises NotTheirShift, TurnHasBegun, NotAPerson, NothingToDo.
    """

    def work(scene: RotaScene) -> SwapOffer:
        if wish.mine is None or wish.theirs is None:
            raise NotTheirShift("Name both shifts, like /oncall swap @bo 7 Dec for 14 Dec.")
        _demand_two(scene, wish.person)
        resolver = scene.resolver(wish.schedule)
        mine = _turn_named(scene, resolver, scene.me, wish.mine)
        theirs = _turn_named(scene, resolver, wish.person, wish.theirs)
        return _offer(scene, resolver, mine, theirs, wish.reason)

    return changing(house, ask, SwapOffer, work)


def offer_turns(
    house: House, ask: Ask, schedule: str, turns: tuple[TurnRef, TurnRef], reason: str = ""
) -> SwapOffer:
    """Offer my turn for theirs, as chosen from a list. Raises as `offer`."""

    def work(scene: RotaScene) -> SwapOffer:
        mine, theirs = turns
        _demand_two(scene, theirs.person)
        if mine.person != scene.me:
            raise NotTheirShift("That shift is not yours to swap.")
        return _offer(scene, scene.resolver(schedule), mine, theirs, reason)

    return changing(house, ask, SwapOffer, work)


def accept(house: House, ask: Ask, offer_id: str) -> SwapOffer:
    """Both shifts change hands. Raises NotAllowed, NothingToDo where one of them is no longer theirs."""

    def work(scene: RotaScene) -> SwapOffer:
        accepted = swapping.accept(_found(scene, offer_id), scene.actor.user, scene.now)
        _demand_served(scene, accepted)
        change = scene.change(Verb.SWAP, accepted.schedule, Edit(swaps=(accepted.swap,)), accepted.id)
        end(scene.unit, accepted, scene.now)
        land(scene, change, accepted.reason)
        return accepted

    return changing(house, ask, SwapOffer, work)


def refuse(house: House, ask: Ask, offer_id: str) -> SwapOffer:
    """Both keep their shifts; whoever offered is told. Raises NotAllowed, NothingToDo."""

    def work(scene: RotaScene) -> SwapOffer:
        refused = swapping.refuse(_found(scene, offer_id), scene.actor.user, scene.now)
        end(scene.unit, refused, scene.now)
        scene.unit.outbox.put(tells(Tell.SWAP_ANSWERED, refused.id, (refused.by,)), scene.now)
        scene.unit.audit.write(scene.now, scene.actor.user, "rota refused", f"{SUBJECT}{offer_id}", {})
        return refused

    return changing(house, ask, SwapOffer, work)


def _offer(scene: RotaScene, resolver: Resolver, mine: TurnRef, theirs: TurnRef, reason: str) -> SwapOffer:
    (to,) = scene.users(theirs.person) or ("",)
    actor = scene.unit.people.actor(to) if to else None
    if actor is None or actor.is_deactivated:
        raise NotAPerson(f"{scene.name(theirs.person)} is not in this workspace, so they cannot be asked.")
    spans = [resolver.span_of(ref) for ref in (mine, theirs)]
    if mine == theirs or spans[0] is None or spans[1] is None:
        raise NotTheirShift("Those two shifts cannot be swapped.")
    made = SwapOffer(
        scene.house.ids.new(),
        resolver.schedule.name,
        mine,
        theirs,
        spans[0],
        spans[1],
        scene.actor.user,
        to,
        scene.now,
        reason,
    )
    if made.expires_at <= scene.now:
        raise TurnHasBegun
    if not scene.change(Verb.SWAP, made.schedule, Edit(swaps=(made.swap,))).moved:
        raise NothingToDo("That swap would change nobody's shift.")
    scene.unit.requests.add(made)
    scene.unit.timers.put(timers_of_swap(made))
    scene.unit.outbox.put([ask_of(made, to)], scene.now)
    land(scene, scene.change(Verb.SWAP, made.schedule, Edit(), made.id))
    return made


def _demand_two(scene: RotaScene, other: str) -> None:
    demand(scene.actor, Action.OVERRIDE_OWN)
    if not scene.me:
        raise NotAPerson("You are on no schedule, so you have no shift to swap.")
    if other == scene.me:
        raise NotAPerson("That is you. Name the other person.")


def _turn_named(scene: RotaScene, resolver: Resolver, person: str, named: NamedShift) -> TurnRef:
    """The one turn of a person in that time. Raises NotTheirShift."""
    refs = tuple(dict.fromkeys(_turns_in(resolver, person, named)))
    if len(refs) == 1:
        return refs[0]
    name = "You are" if person == scene.me else f"{scene.name(person)} is"
    if not refs:
        raise NotTheirShift(
            f"{name} on no shift of a rotation then. /oncall @person lists shifts; "
            "what was planned by hand or by an override is given away with /oncall cover."
        )
    seats = listed(f"{ref.region} {ref.seat.value}" for ref in refs)
    raise NotTheirShift(f"{name} on {seats} then. Name a time within one of them, or choose from the list.")


def _turns_in(resolver: Resolver, person: str, named: NamedShift) -> Iterator[TurnRef]:
    rows, _ = resolver.between(named.start, max(named.end, named.start + AT_ONCE))
    for row in rows:
        ref = resolver.turn_at(row.region, row.seat, row.start, person) if person in row.people else None
        if ref is not None:
            yield ref


def _demand_served(scene: RotaScene, accepted: SwapOffer) -> None:
    """Each still serves the turn they give away, whatever else may lie over parts of it."""
    swapped = edited(scene.organisation, Edit(swaps=(accepted.swap,)), scene.now)
    void = resolver_of(swapped, accepted.schedule).void_swaps(scene.now)
    lost = next((half.ref.person for half in void if half.swap.id == accepted.id), None)
    if lost is not None:
        raise NothingToDo(f"The schedule has changed since: that shift is not {scene.name(lost)}'s any more.")


def _found(scene: RotaScene, offer_id: str) -> SwapOffer:
    found = scene.unit.requests.get(offer_id, lock=True)
    if not isinstance(found, SwapOffer):
        raise NothingToDo("That swap is offered no more.")
    return found

"""Changing who is on call: typed after /oncall, pressed in an ask or an offer, and by form."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_never

from handlers.blocks import ids, rota_asks
from handlers.blocks.cast import Cast
from handlers.blocks.reader import Reader
from handlers.blocks.rota_changes import asked_for_cover, changed, noted_absence, proposed
from handlers.blocks.rota_forms import OverrideDraft, choose_cover_form, override_form, swap_form, turn_in
from handlers.calls import Message
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from incidents.covering import CoverAsk, lead_at
from incidents.errors import NotAPerson, NothingToDo
from incidents.operations import covering, oncall, rota_changes, swapping, taking_back
from incidents.operations.oncall import Asked as Rota
from incidents.operations.rota_reading import RotaView, objections, shifts_in, swappable, view_of
from incidents.people import Ask
from incidents.ports import House
from incidents.rota_changes import Change, Verb
from incidents.swapping import SwapOffer
from rotations.model import OverrideKind, Seat
from rotations.questions import OverrideRequest, Wish
from rotations.swap_rest import rest_after
from rotations.wishes import AbsenceWish, CoverWish, SwapWish, UndoWish

OVERRIDE_LASTS = timedelta(hours=8)


def answer(edge: Edge, asked: Asked, rota: Rota, wish: Wish) -> Reply:
    """Carry out a wish that was typed, or show what it would do."""
    house, ask = edge.house, asked.ask()
    match wish:
        case OverrideRequest():
            return _shown(edge, asked, rota_changes.override(house, ask, wish))
        case CoverWish():
            return _shown(edge, asked, covering.ask_for_cover(house, ask, wish))
        case SwapWish():
            if wish.mine is None:
                return _swap_form(edge, asked, wish.person)
            return _offered(edge, asked, swapping.offer(house, ask, wish))
        case AbsenceWish():
            return _shown(edge, asked, rota_changes.absent(house, ask, wish))
        case UndoWish():
            return _shown(edge, asked, taking_back.undo(house, ask))
        case _:
            assert_never(wish)


def _shown(edge: Edge, asked: Asked, change: Change) -> Message:
    view = view_of(edge.house, asked.ask(), change.asks)
    cast = _cast(view)
    if not change.is_done:
        return proposed(change, cast, objections(edge.house, asked.ask(), change))
    if change.verb is Verb.ABSENT:
        (absence,) = change.edit.absences
        return noted_absence(absence, shifts_in(edge.house, asked.ask(), absence), change.schedule, cast)
    asks = [one for one in view.requests if isinstance(one, CoverAsk)]
    if change.verb is Verb.COVER and asks:
        return asked_for_cover(asks, {one.id: lead_at(one) for one in asks}, cast)
    return changed(change, cast)


def _offered(edge: Edge, asked: Asked, offer: SwapOffer) -> Message:
    view = view_of(edge.house, asked.ask())
    faults = rest_after(view.organisation, offer.swap, view.now)
    return rota_asks.swap_sent(offer, faults, _cast(view))


def _swap_form(edge: Edge, asked: Asked, person: str) -> Opens:
    found = swappable(edge.house, asked.ask(), person)
    name = found.view.name(person)
    if not found.mine or not found.theirs:
        who = "You have" if not found.mine else f"{name} has"
        raise NothingToDo(f"{who} no shift in the next 8 weeks that could be swapped. Ask for cover instead.")
    form = swap_form(found.schedule, found.mine, found.theirs, _cast(found.view))
    return Opens(form, f"Which shifts do you swap with {name}?", "Choose shifts", ids.SWAP_OPEN, person)


def _cast(view: RotaView) -> Cast:
    names = {actor.user: actor.name for actor in view.people.values()}
    reader = Reader(lambda user: names.get(user, user), view.now, view.actor.zone)
    people = view.organisation.people
    return Cast(view.organisation.names(), {one.key: view.zone(one.key) for one in people}, reader)


def _pressed_confirm(edge: Edge, press: Press) -> Reply:
    step = int(press.part(1) or 0)
    return _shown(edge, press.asked, rota_changes.confirm(edge.house, press.asked.ask(), press.key, step))


def _answering(answer: Callable[[House, Ask, str], object]) -> OnPress:
    """The message itself says what became of it, to everybody who was asked."""

    def pressed(edge: Edge, press: Press) -> Reply:
        answer(edge.house, press.asked.ask(), press.value)
        return None

    return pressed


def _pressed_choose(edge: Edge, press: Press) -> Reply:
    cover, candidates = covering.candidates_for(edge.house, press.asked.ask(), press.value)
    cast = _cast(view_of(edge.house, press.asked.ask()))
    form = choose_cover_form(cover, candidates, cast)
    return Opens(form, "Who covers?", "Choose somebody", ids.COVER_CHOOSE, press.value)


def _sent_choice(edge: Edge, sent: Submission) -> Submitted:
    covering.choose(edge.house, sent.asked.ask(), sent.key, sent.values[ids.PERSON])
    return None


def _pressed_ask_cover(edge: Edge, press: Press) -> Reply:
    """From an open shift, an absence or a notice: for one seat where it is named, else for all."""
    schedule, region, seat, person, start, end = press.parts
    wish = CoverWish(
        person=person,
        schedule=schedule,
        start=datetime.fromisoformat(start),
        end=datetime.fromisoformat(end),
        zone="UTC",
        region=region or None,
        seat=Seat(seat) if seat else None,
    )
    return _shown(edge, press.asked, covering.ask_for_cover(edge.house, press.asked.ask(), wish))


def _pressed_swap(edge: Edge, press: Press) -> Reply:
    return _swap_form(edge, press.asked, press.value)


def _sent_swap(edge: Edge, sent: Submission) -> Submitted:
    turns = turn_in(sent.values[ids.MY_SHIFT]), turn_in(sent.values[ids.THEIR_SHIFT])
    reason = sent.values.get(ids.WHY, "")
    return _offered(
        edge, sent.asked, swapping.offer_turns(edge.house, sent.asked.ask(), sent.key, turns, reason)
    )


def _pressed_override(edge: Edge, press: Press) -> Reply:
    """The form; from an open shift it is filled in."""
    rota = oncall.ask(edge.house, press.asked.user, "")
    regions = [region.name for region in rota.resolver.schedule.regions]
    current = rota.resolver.current_region(rota.now)
    starts = rota.now.replace(second=0, microsecond=0)
    held = current.name if current else ""
    draft = OverrideDraft(regions, starts, starts + OVERRIDE_LASTS, held, person=press.asked.user)
    if len(press.parts) == 4:
        region, seat, start, end = press.parts
        span = max(datetime.fromisoformat(start), starts), datetime.fromisoformat(end)
        draft = OverrideDraft(regions, *span, region, Seat(seat), press.asked.user)
    return Opens(override_form(draft), "Who is on call instead?", "Change who is on call", ids.OVERRIDE_OPEN)


def _sent_override(edge: Edge, sent: Submission) -> Submitted:
    rota = oncall.ask(edge.house, sent.asked.user, "")
    wish = _wish(rota, sent.values)
    return _shown(edge, sent.asked, rota_changes.override(edge.house, sent.asked.ask(), wish))


def _wish(rota: Rota, values: Mapping[str, str]) -> OverrideRequest:
    chosen = values.get(ids.PERSON, "")
    person = next((key for key, actor in rota.actors.items() if actor.user == chosen), "")
    if not person:
        raise NotAPerson("This person is not in the schedules. Choose somebody who is.")
    return OverrideRequest(
        people=(person,),
        schedule=rota.resolver.schedule.name,
        region=values[ids.REGION],
        seat=Seat(values[ids.SEAT]),
        start=_instant(values[ids.STARTS]),
        end=_instant(values[ids.ENDS]),
        zone=rota.actor.zone,
        reason=values.get(ids.WHY, ""),
        kind=OverrideKind(values.get(ids.KIND, OverrideKind.REPLACE.value)),
    )


def _instant(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


PRESSES: dict[str, OnPress] = {
    ids.CHANGE_CONFIRM: _pressed_confirm,
    ids.COVER_TAKE: _answering(covering.take),
    ids.COVER_DECLINE: _answering(covering.decline),
    ids.COVER_CHOOSE: _pressed_choose,
    ids.ASK_COVER: _pressed_ask_cover,
    ids.SWAP_ACCEPT: _answering(swapping.accept),
    ids.SWAP_REFUSE: _answering(swapping.refuse),
    ids.SWAP_OPEN: _pressed_swap,
    ids.OVERRIDE_OPEN: _pressed_override,
}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_OVERRIDE: _sent_override,
    ids.VIEW_COVER_CHOOSE: _sent_choice,
    ids.VIEW_SWAP: _sent_swap,
}

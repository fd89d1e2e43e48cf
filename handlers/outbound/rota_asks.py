"""Asks for cover and offers of swaps as sent and as edited, and what is told of their end."""

from handlers.blocks import rota_asks
from handlers.calls import Message, Rendered, Skip
from handlers.outbound.casting import cast_of
from handlers.outbound.desk import Desk, edited, posted
from handlers.text import literal
from incidents.covering import CoverAsk
from incidents.rota_asks import id_in
from incidents.rota_ports import RotaRequest
from incidents.swapping import SwapOffer
from rotations.swap_rest import rest_after


def send(desk: Desk) -> Rendered:
    """Skipped where it was answered before it could leave."""
    request = _request(desk)
    if not isinstance(request, CoverAsk | SwapOffer) or not request.is_open:
        return Skip("it is asked no more")
    return posted(desk.user, _message(desk, request))


def edit(desk: Desk) -> Rendered:
    request = _request(desk)
    if not isinstance(request, CoverAsk | SwapOffer):
        return Skip("there is no such request")
    ref = dict(request.messages).get(desk.effect.args["message"])
    return edited(ref, _message(desk, request)) if ref else Skip("it was never sent")


def cover_taken(desk: Desk) -> Rendered:
    ask = _request(desk)
    if not isinstance(ask, CoverAsk) or not ask.taken_by:
        return Skip("nobody has taken it")
    return posted(desk.user, rota_asks.cover_taken(ask, cast_of(desk)))


def cover_lapsed(desk: Desk) -> Rendered:
    ask = _request(desk)
    if not isinstance(ask, CoverAsk):
        return Skip("there is no such ask")
    return posted(desk.user, rota_asks.cover_lapsed(ask, cast_of(desk)))


def swap_answered(desk: Desk) -> Rendered:
    offer = _request(desk)
    if not isinstance(offer, SwapOffer):
        return Skip("there is no such offer")
    return posted(desk.user, rota_asks.swap_answered(offer, cast_of(desk)))


def absence_told(desk: Desk) -> Rendered:
    organisation = desk.unit.schedules.organisation()
    wanted = desk.effect.args["absence"]
    absences = organisation.absences if organisation else ()
    found = next((one for one in absences if one.id == wanted), None)
    if found is None:
        return Skip("it was taken back")
    by = literal(desk.name_of(found.by or ""), 60)
    return posted(desk.user, rota_asks.absence_told(found, by, cast_of(desk)))


def _request(desk: Desk) -> RotaRequest | None:
    return desk.unit.requests.get(id_in(desk.effect.subject))


def _message(desk: Desk, request: CoverAsk | SwapOffer) -> Message:
    cast = cast_of(desk)
    if isinstance(request, CoverAsk):
        by = "" if desk.unit.schedules.slack_id(request.person) == request.by else request.by
        return rota_asks.cover_asked(request, desk.user, "lead" in desk.effect.args, cast, by)
    organisation = desk.unit.schedules.organisation()
    faults = rest_after(organisation, request.swap, desk.now) if organisation and request.is_open else {}
    return rota_asks.swap_offered(request, faults.get(request.theirs.person, ()), cast)

"""Asks and offers as they fall due and as Slack answers for their messages: for covers and swaps alike."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from incidents import covering, swapping
from incidents.covering import CoverAsk
from incidents.effects import Effect, EffectKind, Outcome, Tell, Timer, TimerKind
from incidents.model import MessageRef, UserId
from incidents.ports import House, Unit
from incidents.rota_asks import SUBJECT, ask_of, edits_of, id_in, tells
from incidents.swapping import SwapOffer
from rotations.model import Organisation

ROTA_TIMERS: Final = frozenset({TimerKind.COVER_UNANSWERED, TimerKind.ASK_OVER})


def ask_due(house: House, unit: Unit, timer: Timer, now: datetime) -> None:
    """Nobody has answered in time: a cover becomes the lead's, then it is over; a swap expires."""
    request = unit.requests.get(id_in(timer.subject), lock=True)
    if isinstance(request, SwapOffer):
        _expire(unit, request, now)
    elif isinstance(request, CoverAsk) and timer.kind is TimerKind.COVER_UNANSWERED:
        hand_to_lead(unit, request, now)
    elif isinstance(request, CoverAsk):
        _lapse(unit, request, now)


def hand_to_lead(unit: Unit, ask: CoverAsk, now: datetime) -> CoverAsk:
    """The leads of the region are asked; those asked before can still take it."""
    changed = covering.to_lead(ask, _leads(unit, ask.region))
    if changed != ask:
        unit.requests.save(changed)
        unit.outbox.put([ask_of(changed, user, as_lead=True) for user in changed.leads], now)
    return changed


def said_no(unit: Unit, ask: CoverAsk, now: datetime) -> CoverAsk:
    """Somebody has declined or cannot be reached; after the last of them the leads are asked at once."""
    unit.requests.save(ask)
    return hand_to_lead(unit, ask, now) if covering.is_refused_by_all(ask) else ask


def record(unit: Unit, effect: Effect, outcome: Outcome, now: datetime) -> None:
    """Where the message is, so that it can be edited; one that never arrives counts as a no."""
    request = unit.requests.get(id_in(effect.subject), lock=True)
    if effect.kind is not EffectKind.ROTA_ASK or not isinstance(request, CoverAsk | SwapOffer):
        return
    user = effect.users[0]
    if outcome.ok:
        at = MessageRef(outcome.result["channel"], outcome.result["ts"])
        unit.requests.save(replace(request, messages=(*request.messages, (effect.key, at))))
    elif isinstance(request, CoverAsk) and request.is_open and not _has_answered(request, effect):
        said_no(unit, replace(request, declined=(*request.declined, user)), now)


def end(unit: Unit, ended: CoverAsk | SwapOffer, now: datetime) -> None:
    """Keep its end: nothing of it falls due or leaves any more, and every message of it shows it."""
    subject = f"{SUBJECT}{ended.id}"
    unit.requests.save(ended)
    unit.timers.cancel(subject, subject)
    unit.outbox.skip(subject, (EffectKind.ROTA_ASK.value,), now)
    unit.outbox.put(edits_of(ended, ended.state.value), now)


def _has_answered(ask: CoverAsk, effect: Effect) -> bool:
    """Or was asked as a lead, who counts for nobody else."""
    return effect.users[0] in ask.declined or "lead" in effect.args


def _expire(unit: Unit, offer: SwapOffer, now: datetime) -> None:
    expired = swapping.expire(offer, now)
    if expired != offer:
        end(unit, expired, now)
        unit.outbox.put(tells(Tell.SWAP_ANSWERED, offer.id, (offer.by,)), now)


def _lapse(unit: Unit, ask: CoverAsk, now: datetime) -> None:
    lapsed = covering.lapse(ask, now)
    if lapsed != ask:
        end(unit, lapsed, now)
        whom = (ask.by, unit.schedules.slack_id(ask.person), *ask.leads)
        unit.outbox.put(tells(Tell.COVER_LAPSED, ask.id, whom), now)


def _leads(unit: Unit, region: str) -> tuple[UserId, ...]:
    organisation = unit.schedules.organisation() or Organisation()
    own = [*organisation.leads(region)] or [*organisation.leads()]
    users: Mapping[str, UserId] = unit.schedules.slack_ids()
    return tuple(users[lead.key] for lead in own if lead.key in users)

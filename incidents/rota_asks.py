"""What leaves for an ask or an offer: its messages, their edits, its timers. Ids only, never words."""

from collections.abc import Iterable
from datetime import datetime

from incidents.covering import CoverAsk, lead_at
from incidents.effects import Effect, EffectKind, Priority, Tell, Timer, TimerKind
from incidents.model import UserId
from incidents.swapping import SwapOffer

SUBJECT = "rota:"


def id_in(subject: str) -> str:
    """The id of the request that an effect or timer is about."""
    return subject.removeprefix(SUBJECT)


def message_key(request_id: str, user: UserId, as_lead: bool = False) -> str:
    """The effect that sends somebody the ask; whoever is asked as a lead too has a second one."""
    return f"rota_ask:{request_id}:{user}" + (":lead" if as_lead else "")


def ask_of(
    request: CoverAsk | SwapOffer, user: UserId, as_lead: bool = False, at: datetime | None = None
) -> Effect:
    """One direct message; `at` where they are not to be woken for it."""
    return Effect(
        EffectKind.ROTA_ASK,
        message_key(request.id, user, as_lead),
        f"{SUBJECT}{request.id}",
        {"lead": "yes"} if as_lead else {},
        (user,),
        priority=Priority.STATUS,
        not_before=at,
    )


def edits_of(request: CoverAsk | SwapOffer, name: str) -> list[Effect]:
    """Every message of it follows its state, which `name` names."""
    return [edit_of(request, user, as_lead, name) for user, as_lead in _readers(request)]


def edit_of(request: CoverAsk | SwapOffer, user: UserId, as_lead: bool, name: str) -> Effect:
    key = message_key(request.id, user, as_lead)
    return Effect(
        EffectKind.UPDATE_ROTA_ASK,
        f"{key}:{name}",
        f"{SUBJECT}{request.id}",
        {"message": key, **({"lead": "yes"} if as_lead else {})},
        (user,),
        after=(key,),
        lane=key,
        newest=key,
    )


def tells(about: Tell, request_id: str, users: Iterable[UserId], **args: str) -> list[Effect]:
    """One direct message to each, once."""
    return [
        Effect(
            EffectKind.TELL,
            f"tell:{about.value}:{request_id}:{user}",
            f"{SUBJECT}{request_id}",
            {"about": about.value, **args},
            (user,),
        )
        for user in dict.fromkeys(users)
        if user
    ]


def timers_of_cover(ask: CoverAsk) -> list[Timer]:
    """When the lead is asked, and when it is over."""
    subject = f"{SUBJECT}{ask.id}"
    return [
        Timer(TimerKind.COVER_UNANSWERED, f"{subject}:lead", subject, lead_at(ask)),
        Timer(TimerKind.ASK_OVER, f"{subject}:over", subject, ask.over_at),
    ]


def timers_of_swap(offer: SwapOffer) -> list[Timer]:
    subject = f"{SUBJECT}{offer.id}"
    return [Timer(TimerKind.ASK_OVER, f"{subject}:over", subject, offer.expires_at)]


def _readers(request: CoverAsk | SwapOffer) -> list[tuple[UserId, bool]]:
    if isinstance(request, SwapOffer):
        return [(request.to, False)]
    return [*((user, False) for user in request.asked), *((user, True) for user in request.leads)]

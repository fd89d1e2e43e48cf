"""Notices to those who run Meridian: something needs a human. Each matter is told once.

They carry keys and numbers, never a title or a name: the operations channel may be read by many."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from incidents.effects import Effect, EffectKind, Priority
from incidents.ports import Unit

NOTICE = "notice"
OPERATIONS = "channel.operations"  # the fact that names the channel


class About(StrEnum):
    """What a notice is about: `args["about"]` of its effect. The stored string is stable."""

    DEAD_LETTER = "dead_letter"  # subject, kind, error: it will not be sent any more
    DEAD_TIMER = "dead_timer"  # subject, kind, error: it will not fire any more
    RING_UNAUTHORISED = "ring_unauthorised"  # provider: it refuses our account
    NO_PHONE_LEG = "no_phone_leg"  # user: is on call and has no phone that rings
    WAS_AWAY = "was_away"  # from, to, pages, reminders, handoffs
    TOKEN_REFUSED = "token_refused"  # from, to, error: nothing could leave
    STORE_TROUBLE = "store_trouble"  # from, to, error: nothing could be saved
    RESTORED = "restored"  # copy_at, waiting: the database is an older copy


def put_notice(unit: Unit, about: About, key: str, now: datetime, **args: str) -> None:
    """Tell the operations channel, once for ever for each `key` of a matter.

    Where there is no such channel, leads are told in person, once a day (UTC) for each matter."""
    if unit.facts.get(OPERATIONS):
        unit.outbox.put([_notice(about, f"{NOTICE}:{about.value}:{key}", args)], now)
        return
    tell_leads(unit, about, now, **args)


def tell_leads(unit: Unit, about: About, now: datetime, **args: str) -> None:
    day = now.date().isoformat()
    unit.outbox.put(
        [_notice(about, f"{NOTICE}:{about.value}:{day}:{user}", args, (user,)) for user in _leads(unit)], now
    )


def _notice(about: About, key: str, args: dict[str, str], users: tuple[str, ...] = ()) -> Effect:
    args = {"about": about.value, **args}
    return Effect(EffectKind.NOTICE, key, NOTICE, args, users=users, priority=Priority.ANNOUNCE)


def _leads(unit: Unit) -> Iterable[str]:
    return (one.user for one in unit.people.everybody() if one.is_lead and not one.is_deactivated)

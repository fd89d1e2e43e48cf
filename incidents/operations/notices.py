"""Notices to those who run Meridian: something needs a human. Each matter is told once.

They carry keys and numbers, never a title or a name: the operations channel may be read by many."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from incidents.effects import Effect, EffectKind, Outcome, Priority
from incidents.model import UserId
from incidents.people import Actor
from incidents.ports import Unit
from incidents.said import GONE

NOTICE = "notice"
MAIL = "mail"
OPERATIONS = "channel.operations"  # the fact that names the channel

MISSED = frozenset(
    {
        EffectKind.CREATE_CHANNEL,
        EffectKind.INVITE,
        EffectKind.POST_CARD,
        EffectKind.POST_THREAD_CARD,
        EffectKind.POST_MOVED,
        EffectKind.ANNOUNCE,
        EffectKind.POST_UPDATE,
        EffectKind.SEND_PAGE,
        EffectKind.TELL,
        EffectKind.POST_DRAFT,
        EffectKind.POST_REVIEW,
        EffectKind.POST_HANDOFF,
        EffectKind.HANDOFF_LETTER,
        EffectKind.KEEP_MESSAGE,
        EffectKind.RING,
        EffectKind.TEST_PAGE,
        EffectKind.POST_OUTLOOK,
        EffectKind.SET_USER_GROUP,
        EffectKind.ROTA_ASK,
        EffectKind.SHOW_IMPORT,
        EffectKind.IMPORT_REPORT,
    }
)


class About(StrEnum):
    """What a notice is about: `args["about"]` of its effect. The stored string is stable."""

    DEAD_LETTER = "dead_letter"  # subject, kind, error: it will not be sent any more
    DEAD_TIMER = "dead_timer"  # subject, kind, error: it will not fire any more
    RING_UNAUTHORISED = "ring_unauthorised"  # provider: it refuses our account
    MISSING_SCOPE = "missing_scope"  # method, scope: what calls it waits for the app to be installed again
    NO_PHONE_LEG = "no_phone_leg"  # user: is on call and has no phone that rings
    WAS_AWAY = "was_away"  # from, to, pages, reminders, handoffs; clock: "ahead" where that was set ahead
    TOKEN_REFUSED = "token_refused"  # from, to, error, and the same counts: nothing could leave
    SLACK_AWAY = "slack_away"  # the same: Slack answered no call
    STORE_TROUBLE = "store_trouble"  # the same: nothing could be saved
    RESTORED = "restored"  # copy_at, waiting: the database is an older copy
    EMPTY_GROUP = "empty_group"  # handle, users: nobody has the seat, so the last ones stay in the user group


def put_notice(unit: Unit, about: About, key: str, now: datetime, **args: str) -> None:
    """Tell the operations channel, once for ever for each `key` of a matter.

    Where there is no such channel, leads are told in person, once a day (UTC) for each matter."""
    if unit.facts.get(OPERATIONS):
        unit.outbox.put([_notice(about, f"{NOTICE}:{about}:{key}", args)], now)
        return
    _tell_leads(unit, about, key, now, args)


def _tell_leads(unit: Unit, about: str, key: str, now: datetime, args: Mapping[str, str]) -> None:
    """In person, once a day (UTC) for each matter."""
    key = f"{NOTICE}:{about}:{key}:{now.date().isoformat()}"
    unit.outbox.put([_notice(about, f"{key}:{user}", args, (user,)) for user in _leads(unit)], now)


def note_lost(unit: Unit, effect: Effect, outcome: Outcome, now: datetime) -> None:
    """Of effects that failed for good, what is missed is told: once for each kind of an incident.

    A notice that the channel does not take goes to leads; one that a lead does not get ends there."""
    if outcome.ok or (effect.kind is EffectKind.NOTICE and effect.users):
        return
    if effect.kind is EffectKind.KEEP_MESSAGE and outcome.error in GONE:
        return  # whoever wrote it has taken it back
    if effect.kind is EffectKind.NOTICE:
        about = effect.args["about"]
        _tell_leads(unit, about, effect.key.removeprefix(f"{NOTICE}:{about}:"), now, effect.args)
    elif effect.kind in MISSED:
        key = f"{effect.subject}:{effect.kind.value}"
        told = {"subject": effect.subject, "kind": effect.kind.value, "error": outcome.error}
        put_notice(unit, About.DEAD_LETTER, key, now, **told)


def note_account_refused(unit: Unit, provider: str, now: datetime) -> None:
    """Once a day (UTC), not for each telephone that stays silent. `provider` may be MAIL."""
    put_notice(unit, About.RING_UNAUTHORISED, f"{provider}:{now.date().isoformat()}", now, provider=provider)


def note_missing_scope(unit: Unit, method: str, scope: str, now: datetime) -> None:
    """Once a week for each method of Slack's: only a human can install the app again."""
    put_notice(unit, About.MISSING_SCOPE, f"{method}:{now:%G-W%V}", now, method=method, scope=scope)


def note_phoneless(
    unit: Unit, users: Iterable[UserId], phone_of: Callable[[Actor], str], now: datetime
) -> None:
    """Whoever of these comes on call and has no phone that rings, once a week each.

    Where nobody's phone rings at all no provider is set up: that is for `doctor` to say."""
    people = unit.people.actors(unit.schedules.slack_ids().values())
    if any(phone_of(one) for one in people.values()):
        mute = [user for user in users if user in people and not phone_of(people[user])]
        for user in mute:
            put_notice(unit, About.NO_PHONE_LEG, f"{user}:{now:%G-W%V}", now, user=user)


def _notice(about: str, key: str, args: Mapping[str, str], users: tuple[str, ...] = ()) -> Effect:
    args = {"about": str(about), **args}
    return Effect(EffectKind.NOTICE, key, NOTICE, args, users=users, priority=Priority.ANNOUNCE)


def _leads(unit: Unit) -> Iterable[str]:
    return (one.user for one in unit.people.everybody() if one.is_lead and not one.is_deactivated)

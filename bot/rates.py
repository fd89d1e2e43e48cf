"""How often Slack lets an app call each of its methods, as data, and in which bucket an effect is counted.

A bucket is a method; for posts a method and a channel. Nothing here counts: see `storage/buckets.py`."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from handlers.calls import Json
from handlers.outbound.desk import ANNOUNCE_CHANNEL, OPERATIONS_CHANNEL, TEAM_CHANNEL
from incidents.effects import Effect, EffectKind
from incidents.handoff_effects import SUBJECT as HANDOFF
from incidents.legs import WAITS_FOR_NONE
from incidents.operations.proving import TEST
from storage.buckets import Rate, RateOf
from storage.unit_of_work import SqlUnit

POST: Final = "chat.postMessage"
POSTS_PER_MINUTE, POSTS_AT_ONCE = 60, 5
RING: Final = "ring"
RINGS_PER_MINUTE = 2  # of one person's phone: what comes while it rings is rung together, in half a minute
BURST_OF_TIER = 2
KEPT_BACK = 1  # calls arrive closer together than they left, and the front lane does not count its own

_TIERS: Final[Mapping[int, str]] = {  # calls a minute, by Slack's page of each method
    20: """conversations.create conversations.setTopic conversations.setPurpose conversations.rename
        conversations.archive conversations.list bookmarks.add pins.add usergroups.list
        usergroups.users.update""",
    50: """conversations.invite conversations.open conversations.info conversations.history
        conversations.replies users.conversations chat.update chat.delete bookmarks.list dnd.info
        reactions.add""",
    100: "chat.postEphemeral files.getUploadURLExternal files.completeUploadExternal files.info",
}
_PER_MINUTE: Final[Mapping[str, int]] = {
    method: tier for tier, methods in _TIERS.items() for method in methods.split()
}

_METHOD: Final[Mapping[EffectKind, str]] = {
    EffectKind.CREATE_CHANNEL: "conversations.create",
    EffectKind.INVITE: "conversations.invite",
    EffectKind.SET_TOPIC: "conversations.setTopic",
    EffectKind.ADD_BOOKMARK: "bookmarks.add",
    EffectKind.PIN_CARD: "pins.add",
    EffectKind.KEEP_MESSAGE: "conversations.replies",
    EffectKind.READ_DND: "dnd.info",
    EffectKind.UPDATE_CARD: "chat.update",
    EffectKind.MOVE_THREAD_CARD: "chat.update",
    EffectKind.UPDATE_ANNOUNCEMENT: "chat.update",
    EffectKind.EDIT_UPDATE: "chat.update",
    EffectKind.UPDATE_PAGE: "chat.update",
    EffectKind.UPDATE_HANDOFF: "chat.update",
    EffectKind.UPDATE_HANDOFF_LETTER: "chat.update",
    EffectKind.SET_USER_GROUP: "usergroups.users.update",
    EffectKind.UPDATE_TEST: "chat.update",
    EffectKind.UPDATE_SHIFT_NOTICE: "chat.update",
    EffectKind.UPDATE_ROTA_ASK: "chat.update",
    EffectKind.UPDATE_IMPORT: "chat.update",
}


def rate_of(bucket: str) -> Rate | None:
    """What Slack takes of this bucket, or a person of their phone; None for what is not counted. One call of
    each burst is kept back."""
    method = bucket.partition(":")[0]
    if method == RING:
        return Rate(RINGS_PER_MINUTE, 1)
    if method == POST:
        return Rate(POSTS_PER_MINUTE, POSTS_AT_ONCE - KEPT_BACK)
    per_minute = _PER_MINUTE.get(method)
    return Rate(per_minute, BURST_OF_TIER * per_minute - KEPT_BACK) if per_minute else None


def bucket_of(method: str, args: Json) -> str:
    """What Slack counts together: a method, and for posts the channel too."""
    if method == POST:
        return f"{POST}:{args.get('channel', '')}"
    return method


def channel_of(bucket: str) -> str:
    """The channel, or the person, whose posts this bucket counts; "" for any other."""
    method, _, channel = bucket.partition(":")
    return channel if method == POST else ""


def bucket_for(effect: Effect, unit: SqlUnit) -> str:
    """Where the call that this effect will be rendered as is going to be counted, as far as can be told
    without rendering it; else ""."""
    method = _METHOD.get(effect.kind)
    if method is not None:
        return method
    if effect.kind in (EffectKind.RING, EffectKind.RINGS):
        return _phone(effect)
    place = _PLACE.get(effect.kind, _nowhere)(effect, unit)
    return f"{POST}:{place}" if place else ""


def _phone(effect: Effect) -> str:
    """Pages share a phone, SEV0s a ring of their own; a test or an unaccepted shift rings by itself."""
    if effect.subject.startswith((TEST, HANDOFF)):
        return ""
    shared = f"{RING}:{''.join(effect.users)}"
    return f"{shared}:{WAITS_FOR_NONE}" if WAITS_FOR_NONE in effect.args else shared


def _person(effect: Effect, _unit: SqlUnit) -> str:
    return effect.users[0] if effect.users else ""


def _incident_channel(effect: Effect, unit: SqlUnit) -> str:
    return unit.incidents.channel_of(effect.subject)


def _announcements(_effect: Effect, unit: SqlUnit) -> str:
    return unit.facts.get(ANNOUNCE_CHANNEL)


def _team(_effect: Effect, unit: SqlUnit) -> str:
    return unit.facts.get(TEAM_CHANNEL)


def _operators(effect: Effect, unit: SqlUnit) -> str:
    return effect.users[0] if effect.users else unit.facts.get(OPERATIONS_CHANNEL)


def _nowhere(_effect: Effect, _unit: SqlUnit) -> str:
    return ""


_PLACE: Final[Mapping[EffectKind, Callable[[Effect, SqlUnit], str]]] = {
    EffectKind.SEND_PAGE: _person,
    EffectKind.SEND_PAGES: _person,
    EffectKind.TELL: _person,
    EffectKind.TEST_PAGE: _person,
    EffectKind.ROTA_ASK: _person,
    EffectKind.SHOW_IMPORT: _person,
    EffectKind.POST_CARD: _incident_channel,
    EffectKind.POST_UPDATE: _incident_channel,
    EffectKind.POST_DRAFT: _incident_channel,
    EffectKind.POST_REVIEW: _incident_channel,
    EffectKind.POST_THREAD_CARD: _announcements,
    EffectKind.POST_MOVED: _announcements,
    EffectKind.ANNOUNCE: _announcements,
    EffectKind.POST_HANDOFF: _team,
    EffectKind.HANDOFF_LETTER: _person,
    EffectKind.NOTICE: _operators,
    EffectKind.SHIFT_NOTICE: _person,
    EffectKind.POST_OUTLOOK: _team,
}


class Rates(Struct, frozen=True):
    """`bucket_for` tells it before an effect is rendered, `bucket_of` of the call; `rate_of` how fast."""

    bucket_for: Callable[[Effect, SqlUnit], str]
    bucket_of: Callable[[str, Json], str]
    rate_of: RateOf


SLACK: Final = Rates(bucket_for, bucket_of, rate_of)

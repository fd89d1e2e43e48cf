"""Delivers one effect and never makes it twice: where an earlier attempt may have happened, it looks first.

Slack promises apps no idempotency key. A channel's name is one; a post carries our mark in its metadata; a
bookmark is listed; everything else may simply be repeated. Nothing here touches the database."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct
from msgspec.structs import replace

from bot.outcomes import DEAD_TOKEN, UNKNOWN_OUTCOME
from bot.sending import LEASE_LOST, Outbound, Sent
from handlers.calls import Call, Json, Upload
from incidents.effects import Effect, Priority
from incidents.restoring import DOUBTED

MARK_TYPE = "meridian_effect"
SETTLE_S = 2.0  # a call that timed out may still land
LOOKS_AGAIN, LOOKS_FOR_S = 3, 8.0  # for a page, while Slack cannot say: a little later, and not twice
NOT_RECONCILED = "not_reconciled"
_SKEW = timedelta(seconds=60)  # between Slack's clock and ours
_NAME_MAX = 80
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LAST_SUFFIX = 9
_TAKEN_FOR_ANOTHER = frozenset({"duplicate_message_not_found", "duplicate_channel_not_found"})
_LATER = frozenset({"ratelimited", "unreachable", "internal_error", "fatal_error", "service_unavailable"})


class Parcel(Struct, frozen=True):
    """An effect ready to leave. `look_first`: an earlier attempt may have reached Slack.

    `put_at` is when the effect was decided: nothing of it can be older in Slack. `is_ours` says, right before
    a call, whether nobody else may be at it by now.
    """

    effect: Effect
    rendered: Call | Upload
    put_at: datetime
    look_first: bool
    is_ours: Callable[[], bool] = lambda: True


def mark_of(key: str) -> Json:
    """The metadata of a message we post. Any member's app can read it, so the key goes in as a digest."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return {"event_type": MARK_TYPE, "event_payload": {"key": digest}}


def client_id_of(parcel: Parcel) -> str:
    """The same for every try of one effect. Keys begin anew with each database, so its instant is in it."""
    return str(uuid5(NAMESPACE_URL, f"meridian:{parcel.effect.key}:{parcel.put_at.isoformat()}"))


def plain_name(key: str) -> str:
    """`inc-142`, `inc-r-7kq2`: a channel's name that Slack takes in every workspace."""
    return "inc-" + _NOT_PLAIN.sub("-", key.lower().removeprefix("inc-"))


class Courier:
    """Runs on the outbound loop. `bot_user` tells our own user id, "" while it is unknown. `has_client_ids`:
    posts carry an id, by which Slack may drop a repetition; nothing relies on it."""

    def __init__(
        self,
        outbound: Outbound,
        bot_user: Callable[[], str],
        settle_s: float = SETTLE_S,
        has_client_ids: bool = False,
    ) -> None:
        self._outbound = outbound
        self._bot_user = bot_user
        self._settle_s = settle_s
        self._has_client_ids = has_client_ids
        self._unsure_since: dict[str, float] = {}

    def lands_for_s(self, key: str) -> float:
        """For how many more real seconds an earlier call may still land, whatever the clock says.

        What a predecessor had in hand when it died is unsure from the moment that it is met here.
        """
        now = asyncio.get_running_loop().time()
        return max(0.0, self._unsure_since.setdefault(key, now) + self._settle_s - now)

    async def deliver(self, parcel: Parcel) -> Sent:
        """`look_first` only when nothing can land any more (`lands_for_s`)."""
        key = parcel.effect.key
        sent = await self._deliver(parcel)
        if sent.ambiguous:
            self._unsure_since[key] = asyncio.get_running_loop().time()
        elif sent != LEASE_LOST:  # then nothing was sent, and what was waited for is over
            self._unsure_since.pop(key, None)
        return sent

    async def find(self, parcel: Parcel) -> Sent | None:
        """What an earlier try of something that is no longer wanted left in Slack; None where nothing is, or
        where Slack will never say. Only when nothing can land any more (`lands_for_s`)."""
        looked = await self._looked(parcel)
        if looked is not None and _may_be_seen_later(looked):
            return Sent(False, error=NOT_RECONCILED, ambiguous=True)
        if looked is not None and looked.error in DEAD_TOKEN:
            return looked
        self._unsure_since.pop(parcel.effect.key, None)
        return looked if looked is not None and looked.ok else None

    async def _deliver(self, parcel: Parcel) -> Sent:
        rendered = parcel.rendered
        if isinstance(rendered, Call) and rendered.method == "conversations.create":
            return await self._create(parcel, rendered)
        has_file = False
        if parcel.look_first and _adds(rendered):
            found = await self._look_as_often_as_it_matters(parcel)
            if found is not None and not _is_file_only(found):
                return found
            has_file = found is not None
        return await self._send(parcel, has_file)

    async def _send(self, parcel: Parcel, has_file: bool) -> Sent:
        send, marks = self._outbound.send, {"metadata": mark_of(parcel.effect.key)}
        if self._has_client_ids:
            told_apart = {**marks, "client_msg_id": client_id_of(parcel)}
            sent = await send(parcel.rendered, told_apart, has_file, parcel.is_ours)
            if sent.error not in _TAKEN_FOR_ANOTHER:
                return sent
            has_file = True  # the file is there; the words were taken for a post that Slack cannot show
        return await send(parcel.rendered, marks, has_file, parcel.is_ours)

    async def _look_as_often_as_it_matters(self, parcel: Parcel) -> Sent | None:
        """What was found, None to send, or a failure that is final or to be tried again."""
        looked = await self._looked(parcel)
        if looked is None or looked.ok or looked.error in DEAD_TOKEN:
            return looked
        if DOUBTED in parcel.effect.args:
            return Sent(False, error=NOT_RECONCILED, ambiguous=True)  # an old copy pages nobody blindly
        if parcel.effect.priority is Priority.PAGE:
            return None  # a doubled page beats a lost one
        if _may_be_seen_later(looked):
            return Sent(False, error=NOT_RECONCILED, ambiguous=True)
        if parcel.effect.priority is Priority.OPENING:
            return None  # so does a doubled card
        return Sent(False, error=UNKNOWN_OUTCOME)

    async def _looked(self, parcel: Parcel) -> Sent | None:
        is_page = parcel.effect.priority is Priority.PAGE
        return await (self._look_for_page(parcel) if is_page else self._look(parcel))

    async def _look_for_page(self, parcel: Parcel) -> Sent | None:
        """It is missing when two looks in a row lack it. While Slack cannot say, it is asked again, while
        the lease leaves time to send it all the same."""
        seconds = asyncio.get_running_loop().time
        began = seconds()
        looked = await self._look(parcel)
        for _ in range(LOOKS_AGAIN):
            before = looked
            is_said = looked is not None and not _may_be_seen_later(looked)
            if is_said or seconds() - began > LOOKS_FOR_S:
                break
            await asyncio.sleep(self._settle_s)
            looked = await self._look(parcel)
            if before is None and looked is None:
                break
        return looked

    async def _look(self, parcel: Parcel) -> Sent | None:
        match parcel.rendered:
            case Call("chat.postMessage", args):
                return await self._posted(parcel, args["channel"], args.get("thread_ts") or "")
            case Upload(channel=channel, thread_ts=thread):
                return await self._posted(parcel, channel, thread)
            case Call(args=args):
                return await self._bookmarked(args)

    async def _posted(self, parcel: Parcel, channel: str, thread: str) -> Sent | None:
        if channel.startswith(("U", "W")):
            opened = await self._outbound.call("conversations.open", users=channel)
            if not opened.ok:
                return opened
            channel = str(opened.data["channel"]["id"])
        method = "conversations.replies" if thread else "conversations.history"
        asked: Json = {"channel": channel, "include_all_metadata": True, "limit": 200}
        asked |= {"ts": thread} if thread else {}
        asked["oldest"] = f"{(parcel.put_at - _SKEW).timestamp():.6f}"
        file: Sent | None = None
        async for page in self._outbound.pages(method, **asked):
            if not page.ok:
                return page
            for message in page.data.get("messages", ()):
                if _is_marked(message, parcel.effect.key):
                    return Sent(True, {"channel": channel, "ts": str(message["ts"])})
                if isinstance(parcel.rendered, Upload) and _carries(message, parcel.rendered):
                    file = Sent(True, {"has_file": True})
        return file

    async def _bookmarked(self, args: Json) -> Sent | None:
        listed = await self._outbound.call("bookmarks.list", channel_id=args["channel_id"])
        if not listed.ok:
            return listed
        for bookmark in listed.data.get("bookmarks", ()):
            if bookmark.get("title") == args.get("title") and bookmark.get("link") == args.get("link"):
                return Sent(True, {"bookmark": bookmark})
        return None

    async def _create(self, parcel: Parcel, call: Call) -> Sent:
        """By its name, or where Slack does not take that, by one of the plainest signs."""
        sent = await self._create_named(parcel, call, str(call.args["name"]))
        if sent.error.startswith("invalid_name"):
            return await self._create_named(parcel, call, plain_name(parcel.effect.subject))
        return sent

    async def _create_named(self, parcel: Parcel, call: Call, wanted: str) -> Sent:
        """The name is the key: a taken one is adopted when the channel is ours, else the next is tried."""
        ours: dict[str, Json] | Sent | None = None
        sent = Sent(False, error="name_taken")
        for number in range(1, _LAST_SUFFIX + 1):
            name = wanted if number == 1 else f"{wanted[: _NAME_MAX - 2]}-{number}"
            if not parcel.is_ours():
                return LEASE_LOST
            sent = await self._outbound.call(call.method, **{**call.args, "name": name})
            if sent.error != "name_taken":
                return sent
            ours = await self._our_channels(parcel.put_at) if ours is None else ours
            if isinstance(ours, Sent):
                return ours
            if name in ours and await self._is_there(ours[name]):
                return Sent(True, {"channel": ours[name]})
        return sent

    async def _is_there(self, channel: Json) -> bool:
        """Whether the incident can go on in it: Slack lists channels for a while after they are gone."""
        looked = await self._outbound.call("conversations.info", channel=channel["id"])
        found = looked.data.get("channel") or {}
        return looked.error != "channel_not_found" and not found.get("is_archived")

    async def _our_channels(self, since: datetime) -> dict[str, Json] | Sent:
        """Channels that we have made since then, by name; or why they cannot be told."""
        if not self._bot_user():  # who we are is not known yet, so nothing can be called ours
            return Sent(False, error=NOT_RECONCILED, ambiguous=True)
        found: dict[str, Json] = {}
        kinds = "public_channel,private_channel"
        async for page in self._outbound.pages("users.conversations", types=kinds, limit=200):
            if not page.ok and (page.ambiguous or page.error in _LATER | DEAD_TOKEN):
                return (
                    page if page.error in DEAD_TOKEN else replace(page, error=NOT_RECONCILED, ambiguous=True)
                )
            for channel in page.data.get("channels", ()):
                if self._is_ours(channel, since):
                    found[str(channel["name"])] = channel
        return found

    def _is_ours(self, channel: Json, since: datetime) -> bool:
        return (
            channel.get("creator") == self._bot_user()
            and float(channel.get("created", 0)) >= (since - _SKEW).timestamp()
        )


def _adds(rendered: Call | Upload) -> bool:
    """Whether a second one would stand beside the first. An edit twice is as good as once."""
    return isinstance(rendered, Upload) or rendered.method in ("chat.postMessage", "bookmarks.add")


def _may_be_seen_later(looked: Sent) -> bool:
    """Slack could not say just now."""
    return looked.ambiguous or looked.error in _LATER


def _is_marked(message: dict[str, Any], key: str) -> bool:
    metadata = message.get("metadata") or {}
    return bool(
        metadata.get("event_type") == MARK_TYPE
        and metadata.get("event_payload") == mark_of(key)["event_payload"]
    )


def _carries(message: dict[str, Any], upload: Upload) -> bool:
    names = {(file.get("name"), file.get("title")) for file in message.get("files") or ()}
    return (upload.filename, upload.title) in names


def _is_file_only(found: Sent) -> bool:
    return bool(found.data.get("has_file"))

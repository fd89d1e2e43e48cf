"""One reading of a channel in Slack, stretch by stretch. It asks and understands, and keeps nothing.

Raises Interrupted where Slack refuses, does not answer, or the time for the reading is over."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from bot.sending import Outbound
from bot.turnstile import Turnstile
from handlers.calls import Json
from handlers.outbound.channels import only
from handlers.said import is_ours, is_post, is_tombstone, pinned_in, said_in
from incidents.history import A_TICK
from incidents.readback import Found, Stretch
from incidents.said import GONE, Said, instant_of

T = TypeVar("T")

MARK = "pushpin"
A_PAGE = 200
AT_MOST_WAITED_S = 1.0  # then the bucket is asked again: somebody may have moved the clock


class Interrupted(Exception):
    """The reading ended before its end; `str` says why. What was read until then holds."""


class Thread(Struct, frozen=True):
    """A thread as its first message tells of it. `latest` is the `ts` of the last reply."""

    ts: str
    replies: int
    latest: str


class Page(Struct, frozen=True):
    """A stretch that was read whole, the newest `ts` in it, and the threads that begin in it."""

    stretch: Stretch
    newest: str
    threads: tuple[Thread, ...] = ()


class Reading(Struct, frozen=True):
    """`until` is when it has to be over, by `seconds`, a clock that never jumps."""

    outbound: Outbound
    turnstile: Turnstile
    bot_user: str
    seconds: Callable[[], float]
    until: float

    def channel(self, channel: str, oldest: str = "") -> Iterator[Page]:
        """From the newest message back to `oldest`; "" reads all of it."""
        before: datetime | None = None
        asked: Json = {"channel": channel, "limit": A_PAGE}
        asked |= {"oldest": oldest, "inclusive": True} if oldest else {}
        for answer, is_last in self._pages("conversations.history", asked):
            messages = answer.get("messages") or []
            if not messages:
                return
            # Slack may hide what is very old: what lies before all that it shows is not judged.
            first = instant_of(str(messages[-1]["ts"]))
            since = instant_of(oldest) if oldest and is_last else first
            yield Page(
                Stretch(channel, self._found(channel, messages), since=since, before=before),
                newest=str(messages[0]["ts"]),
                threads=tuple(_thread(one) for one in messages if one.get("reply_count")),
            )
            before = first

    def thread(self, channel: str, ts: str) -> Iterator[Page]:
        """The replies of a thread, oldest first; its first message is none of them."""
        since: datetime | None = None
        asked = {"channel": channel, "ts": ts, "limit": A_PAGE}
        for answer, is_last in self._pages("conversations.replies", asked):
            replies = [one for one in answer.get("messages") or [] if one["ts"] != ts]
            newest = str(replies[-1]["ts"]) if replies else ts
            after = instant_of(newest) + A_TICK
            found = self._found(channel, replies)
            yield Page(Stretch(channel, found, ts, since, None if is_last else after), newest)
            since = after

    def is_gone(self, said: Said) -> bool:
        """Whether Slack says of this very message that it is no longer there."""
        try:
            answer = self._call("conversations.replies", only(said.ref, said.thread))
        except Interrupted as why:
            return str(why) in GONE
        return not any(
            each["ts"] == said.ref.ts and not is_tombstone(each) for each in answer.get("messages") or []
        )

    def _found(self, channel: str, messages: list[Json]) -> tuple[Found, ...]:
        return tuple(
            Found(pinned_in(channel, one), said_in(channel, one).kind, _marked_by(one))
            for one in messages
            if is_post(one) and not is_ours(one, self.bot_user)
        )

    def _pages(self, method: str, args: Json) -> Iterator[tuple[Json, bool]]:
        """Each page, and whether it is the last."""
        cursor = ""
        while True:
            answer = self._call(method, {**args, **({"cursor": cursor} if cursor else {})})
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            yield answer, not cursor
            if not cursor:
                return

    def _call(self, method: str, args: Json) -> Json:
        """Patient: "too many calls" is waited out, as long as there is time."""
        while True:
            while wait_s := self.turnstile.wait_s(method):
                self._within(asyncio.sleep(min(wait_s, AT_MOST_WAITED_S)))
            sent = self._within(self.outbound.call(method, **args))
            if sent.ok:
                return sent.data
            if sent.error != "ratelimited":
                raise Interrupted(sent.error)
            self.turnstile.refused(method, sent.retry_after)

    def _within(self, work: Coroutine[Any, Any, T]) -> T:
        """On the loop, for as long as there is time."""
        left_s = self.until - self.seconds()
        future = self.outbound.spawn(work)
        try:
            return future.result(max(left_s, 0.0))
        except TimeoutError:
            future.cancel()
            raise Interrupted("its time was over") from None


def _thread(message: Json) -> Thread:
    ts = str(message["ts"])
    return Thread(ts, int(message["reply_count"]), str(message.get("latest_reply") or ts))


def _marked_by(message: Json) -> tuple[str, ...]:
    for reaction in message.get("reactions") or ():
        if reaction.get("name") == MARK:
            return tuple(str(user) for user in reaction.get("users") or ())
    return ()

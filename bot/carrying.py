"""Renders what was claimed and sends it on the outbound loop; each answer is told when it comes.

Nothing here writes to the database."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from msgspec import Struct

from bot.desk import Desk
from bot.rates import POST, channel_of
from bot.reconcile import Parcel
from bot.sending import CALL_TIMEOUT_S, LEASE_LOST, Sent
from bot.settling import NOT_KNOWN_WAIT, Answer, Crash, Later, Misplaced, named
from handlers.calls import Call, OutsideSlack, Rendered, RingOut, Skip, Upload
from rotations.newer import NotKnownHere
from storage.claims import Claimed
from storage.unit_of_work import SqlUnit

_Came = Sent | Skip | Later

log = logging.getLogger(__name__)


class Porter(Struct, frozen=True):
    """`tell` gets one answer for everything that was handed over; it is called from any thread."""

    desk: Desk
    tell: Callable[[Answer], None]

    def carry(self, claimed: Sequence[Claimed]) -> None:
        for one, what in zip(claimed, self._rendered(claimed), strict=True):
            if isinstance(what, Later | Crash):
                self.tell(Answer(one, None, what))
            elif isinstance(what, Skip):
                self._drop(one, what)
            elif (bucket := self._bucket(one, what)) != one.bucket:
                self.tell(Answer(one, what, Misplaced(bucket)))
            else:
                self.desk.outbound.spawn(self._carry(one, what, partial(self._sent, one, what)))

    def _drop(self, claimed: Claimed, skip: Skip) -> None:
        """What may be there all the same is looked for first: the edits and stops behind it are of that."""
        left = _left_by(claimed, skip) if _may_have_left(claimed) else None
        if left is None:
            self.tell(Answer(claimed, None, skip))
        else:
            look = partial(self._found, claimed, left, skip)
            self.desk.outbound.spawn(self._carry(claimed, left, look))

    def _bucket(self, claimed: Claimed, what: Call | Upload | OutsideSlack) -> str:
        """Only of Slack's calls it can turn out that they are counted elsewhere."""
        return claimed.bucket if isinstance(what, OutsideSlack) else self.desk.rates.bucket_of(*named(what))

    def _rendered(self, claimed: Sequence[Claimed]) -> list[Rendered | Later | Crash]:
        if not claimed:
            return []
        try:
            return self.desk.store.read(lambda unit: [self._render(one, unit) for one in claimed])
        except Exception as error:
            log.exception("nothing could be rendered")
            return [Crash(f"read: {type(error).__name__}", False) for _ in claimed]

    def _render(self, claimed: Claimed, unit: SqlUnit) -> Rendered | Later | Crash:
        try:
            return self.desk.render(claimed.effect, unit)
        except NotKnownHere as error:
            log.warning("not known here", extra={"effect": claimed.effect.key, "error": str(error)})
            return Later(NOT_KNOWN_WAIT, "not known here")
        except Exception as error:
            log.exception("an effect could not be rendered", extra={"effect": claimed.effect.key})
            return Crash(f"render: {type(error).__name__}", False)

    async def _carry(
        self, claimed: Claimed, what: Call | Upload | OutsideSlack, work: Callable[[], Awaitable[_Came]]
    ) -> None:
        try:
            came: _Came | Crash = await work()
        except Exception as error:
            log.exception("an effect could not be sent", extra={"effect": claimed.effect.key})
            came = Crash(f"send: {type(error).__name__}", True)
        if came == LEASE_LOST:
            came = Later(timedelta(), came.error)
        self.tell(Answer(claimed, what, came))

    async def _sent(self, claimed: Claimed, what: Call | Upload | OutsideSlack) -> Sent | Later:
        """A phone is rung again without looking: a doubled ring beats a lost one. What may still land waits
        in the outbox, where it is in nobody's way."""
        if isinstance(what, OutsideSlack):
            return await self.desk.phones.deliver_out(what)
        if later := self._still_lands(claimed):
            return later
        is_ours = partial(self._is_ours, claimed)
        return await self.desk.courier.deliver(
            Parcel(claimed.effect, what, claimed.put_at, _may_have_left(claimed), is_ours)
        )

    async def _found(self, claimed: Claimed, left: Call | RingOut, skip: Skip) -> _Came:
        """What is there of something that is no longer wanted; where nothing is, it is skipped."""
        if isinstance(left, RingOut):
            return await self.desk.phones.find(left) or skip
        if later := self._still_lands(claimed):
            return later
        parcel = Parcel(claimed.effect, left, claimed.put_at, look_first=True)
        return await self.desk.courier.find(parcel) or skip

    def _still_lands(self, claimed: Claimed) -> Later | None:
        if not _may_have_left(claimed):
            return None
        wait_s = self.desk.courier.lands_for_s(claimed.effect.key)
        return Later(timedelta(seconds=wait_s), "an earlier call may still land") if wait_s else None

    def _is_ours(self, claimed: Claimed) -> bool:
        """Whether a call that leaves now is over before somebody else may take the effect in hand."""
        until = claimed.lease_until
        return until is None or self.desk.clock.now() < until - timedelta(seconds=CALL_TIMEOUT_S)


def _may_have_left(claimed: Claimed) -> bool:
    """An earlier attempt may have reached the other side."""
    return claimed.ambiguous or claimed.attempt > 1


def _left_by(claimed: Claimed, skip: Skip) -> Call | RingOut | None:
    """What an earlier attempt would have left: of a post, the bucket tells where."""
    channel = channel_of(claimed.bucket)
    return skip.left or (Call(POST, {"channel": channel}) if channel else None)

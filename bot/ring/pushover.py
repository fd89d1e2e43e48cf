"""Pushover, emergency priority: rings every 30 seconds until somebody acknowledges it in the app.

As documented at https://pushover.net/api#priority (retry, expire, tags) and https://pushover.net/api/receipts
(asking, cancelling, and no more than a question every five seconds)."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from bot.ring.port import RING_GONE, RING_REFUSED, RING_UNAUTHORISED, Answered, Gone, PhoneAway
from bot.ring.said import instant, mark_of, text
from bot.ring.settings import PUSHOVER_API
from bot.ring.wire import Request, Wire, is_gone, rung, stopped
from bot.sending import Sent

EMERGENCY = "2"
RETRY_S = 30  # the least that is allowed
EXPIRE_S = 10800  # the most that is allowed
_USER = re.compile(r"[A-Za-z0-9]{30}")
_RECEIPT = re.compile(r"[A-Za-z0-9]{1,64}")


class Pushover:
    """A handle is `receipt.tag`: the tag is our key's, so that a try whose answer was lost is stopped too.

    Where no answer came at all, the handle is `.tag`: it can be stopped, and not be asked about.
    """

    name = "pushover"

    def __init__(self, wire: Wire, token: str, api: str = PUSHOVER_API) -> None:
        self._wire = wire
        self._token = token
        self._api = api

    def has_form(self, address: str) -> bool:
        """A user's or a group's key."""
        return bool(_USER.fullmatch(address))

    async def ring(self, address: str, key: str, words: str) -> Sent:
        if not self.has_form(address):
            return Sent(False, error=RING_REFUSED)
        tag = mark_of(key)
        message = {"user": address, "message": words, "priority": EMERGENCY, "tags": tag}
        sent = await self._post("messages", {**message, "retry": str(RETRY_S), "expire": str(EXPIRE_S)})
        receipt = text(sent.data.get("receipt"))
        return rung(sent, f"{receipt}.{tag}" if _RECEIPT.fullmatch(receipt) else "")

    async def find(self, address: str, key: str) -> Sent | None:
        return Sent(True, {"handle": f".{mark_of(key)}"})

    async def poll(self, handles: Sequence[str]) -> Sequence[Answered | Gone]:
        found: list[Answered | Gone] = []
        for handle in handles:  # one after the other: two connections are all that it likes
            receipt = handle.partition(".")[0]
            if not receipt:
                continue
            sent = await self._get(f"receipts/{receipt}")
            if not sent.ok and sent.error not in (RING_GONE, RING_REFUSED):
                raise PhoneAway(sent.error, sent.retry_after)
            if is_gone(sent):
                found.append(Gone(handle))
            if sent.data.get("acknowledged") == 1:
                by, at = text(sent.data.get("acknowledged_by")), instant(sent.data.get("acknowledged_at"))
                found.append(Answered(handle, by, at))
        return found

    async def stop(self, handle: str) -> Sent:
        tag = handle.partition(".")[2]
        return stopped(await self._post(f"receipts/cancel_by_tag/{tag}", {}))

    async def check(self) -> Sent:
        """The application's limits (https://pushover.net/api#limits)."""
        return await self._get("apps/limits")

    async def _post(self, path: str, form: dict[str, str]) -> Sent:
        form = {**form, "token": self._token}
        return _read(await self._wire.ask(Request("POST", f"{self._api}{path}.json", form=form)))

    async def _get(self, path: str) -> Sent:
        params = (("token", self._token),)
        return _read(await self._wire.ask(Request("GET", f"{self._api}{path}.json", params=params)))


def _read(sent: Sent) -> Sent:
    """`status` is 1 for what worked; a refusal names what was wrong. 429: the month is used up."""
    if sent.ok:
        return sent if sent.data.get("status") == 1 else Sent(False, error="unreadable", ambiguous=True)
    is_ours = sent.error == RING_REFUSED and _is_about_us(sent.data)
    if is_ours or (sent.error == "ratelimited" and sent.data.get("status") == 0):
        return replace(sent, error=RING_UNAUTHORISED)
    return sent


def _is_about_us(data: dict[str, Any]) -> bool:
    return "token" in data

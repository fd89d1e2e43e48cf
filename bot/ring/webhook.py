"""The signed webhook: whatever an organisation rings its people with, behind one address of theirs.

The contract is docs/ringing.md: POST of JSON with an `action`, signed as Slack signs its own deliveries."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.ring.port import Answered, PhoneAway
from bot.ring.said import instant, mark_of, text
from bot.ring.wire import Request, Wire, rung, stopped
from bot.sending import Sent
from incidents.ports import Clock

TIMESTAMP, SIGNATURE = "X-Meridian-Timestamp", "X-Meridian-Signature"
_BY_ID = "meridian-id:"  # a handle of ours, where the other side's never came


class Webhook:
    """An address is whatever the other side knows people by."""

    name = "webhook"

    def __init__(self, wire: Wire, clock: Clock, url: str, secret: str) -> None:
        self._wire = wire
        self._clock = clock
        self._url = url
        self._secret = secret

    def has_form(self, address: str) -> bool:
        return bool(address)

    async def ring(self, address: str, key: str, words: str) -> Sent:
        sent = await self._post({"action": "ring", "id": mark_of(key), "to": address, "words": words})
        return rung(sent, text(sent.data.get("handle")))

    async def find(self, address: str, key: str) -> Sent | None:
        """It is stopped by what it was rung by."""
        return Sent(True, {"handle": f"{_BY_ID}{mark_of(key)}"})

    async def poll(self, handles: Sequence[str]) -> Sequence[Answered]:
        sent = await self._post({"action": "poll", "handles": list(handles)})
        told = sent.data.get("answered")
        if not sent.ok or not isinstance(told, list):
            raise PhoneAway(sent.error or "unreadable", sent.retry_after)
        answers = (_answered(one) for one in told if isinstance(one, dict))
        return [answer for answer in answers if answer.handle in handles]

    async def stop(self, handle: str) -> Sent:
        by = "id" if handle.startswith(_BY_ID) else "handle"
        return stopped(await self._post({"action": "stop", by: handle.removeprefix(_BY_ID)}))

    async def check(self) -> Sent:
        """A poll for nothing."""
        return await self._post({"action": "poll", "handles": []})

    async def _post(self, message: dict[str, Any]) -> Sent:
        body = json.dumps(message).encode()
        headers = {"Content-Type": "application/json", **self._signed(body)}
        return await self._wire.ask(Request("POST", self._url, headers, body=body))

    def _signed(self, body: bytes) -> Mapping[str, str]:
        stamp = str(int(self._clock.now().timestamp()))
        return {TIMESTAMP: stamp, SIGNATURE: signature(self._secret, stamp, body)}


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v0=` and the HMAC-SHA256 of `v0:{timestamp}:{body}`, in hexadecimal."""
    said = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def _answered(one: dict[str, Any]) -> Answered:
    return Answered(text(one.get("handle")), text(one.get("by")), instant(one.get("at")))

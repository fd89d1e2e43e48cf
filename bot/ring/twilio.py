"""Twilio: a call that wakes; with a public address of ours, pressing 1 acknowledges.

As documented at https://www.twilio.com/docs/voice/api/call-resource (create, fetch, update) and
https://www.twilio.com/docs/voice/twiml (Say, Gather). Who does not answer is called three times in all."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.ring.port import RING_GONE, RING_REFUSED, RING_UNAUTHORISED, Answered, PhoneAway
from bot.ring.said import phone_number, text
from bot.ring.settings import ANSWER_PATH, TWILIO_API
from bot.ring.twiml import call_words
from bot.ring.wire import Request, Wire, rung, stopped
from bot.sending import Sent
from incidents.ports import Clock

RINGS_S = 25  # shorter than most voicemails wait
LASTS_S = 120
MOST_CALLS = 3
AGAIN_AFTER = timedelta(seconds=30)  # time to open Slack for those who did wake
MOST_KEPT = 500
_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_NOT_GOING = 21220  # "Unable to update record: call is not in the expected state"
_CALLS = range(21000, 22000)
_OUR_NUMBER = (21210, 21212)  # From is not ours, or none
_SID = re.compile(r"CA[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Calling:
    """One ring: the number, what is said, and the newest call of those that were made for it."""

    number: str
    twiml: str
    sid: str
    calls: int = 1
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Ours at Twilio. `number` calls; `public_url` is where Twilio reaches us, "" where it cannot."""

    sid: str
    token: str = field(repr=False)
    number: str
    public_url: str = ""
    api: str = TWILIO_API

    @property
    def headers(self) -> dict[str, str]:
        pair = b64encode(f"{self.sid}:{self.token}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def url(self, path: str) -> str:
        """Of a resource below the account, for example `Calls`; "" is the account itself."""
        return f"{self.api}2010-04-01/Accounts/{self.sid}{'/' if path else ''}{path}.json"

    def answer_url(self, key: str) -> str:
        """Where the digits of this ring's calls arrive; "" where they cannot."""
        return (
            f"{self.public_url.rstrip('/')}{ANSWER_PATH}?ring={quote(key, safe='')}"
            if self.public_url
            else ""
        )


class Twilio:
    """A handle is the first call's sid. Calls that come after it are known to the process that made them."""

    name = "twilio"

    def __init__(self, wire: Wire, clock: Clock, account: Account) -> None:
        self._wire = wire
        self._clock = clock
        self._account = account
        self._calling: dict[str, _Calling] = {}

    def has_form(self, address: str) -> bool:
        """A telephone number with its country; `+1 555 0100` may be written so."""
        return bool(phone_number(address))

    async def ring(self, address: str, key: str, words: str) -> Sent:
        number = phone_number(address)
        if not number:
            return Sent(False, error=RING_REFUSED)
        calling = _Calling(number, call_words(words, self._account.answer_url(key)), "")
        sent = await self._call(calling)
        if sent.ok:
            sid = str(sent.data["handle"])
            self._calling[sid] = replace(calling, sid=sid)
            while len(self._calling) > MOST_KEPT:
                del self._calling[next(iter(self._calling))]
        return sent

    async def poll(self, handles: Sequence[str]) -> Sequence[Answered]:
        """Never an answer: those arrive at our own address. Calls again what nobody answered."""
        for handle in handles:
            calling = self._calling.get(handle)
            if calling is not None and calling.calls < MOST_CALLS:
                self._calling[handle] = await self._again(calling)
        return ()

    async def stop(self, handle: str) -> Sent:
        calling = self._calling.pop(handle, None)
        sent = await self._hang_up(calling.sid if calling else handle)
        return sent if calling or not sent.ok else await self._stop_later_calls(handle)

    async def check(self) -> Sent:
        """The account itself; one that is suspended calls nobody."""
        sent = await self._get("")
        is_closed = sent.ok and sent.data.get("status") != "active"
        return Sent(False, error=RING_UNAUTHORISED) if is_closed else sent

    async def _stop_later_calls(self, handle: str) -> Sent:
        """Another process made this ring, and may have called again: end what still goes to that number."""
        first = await self._get(f"Calls/{handle}")
        number = text(first.data.get("to"))
        if not number:
            return stopped(first)
        listed = await self._get(
            "Calls", (("To", number), ("From", self._account.number), ("PageSize", "20"))
        )
        calls = listed.data.get("calls")
        for call in calls if isinstance(calls, list) else ():
            sid = text(call.get("sid")) if isinstance(call, dict) else ""
            if _SID.fullmatch(sid) and call.get("status") not in _ENDED:
                listed = await self._hang_up(sid)
        return stopped(listed)

    async def _hang_up(self, sid: str) -> Sent:
        sent = await self._post(f"Calls/{sid}", {"Status": "completed"})
        return stopped(sent, sent.data.get("code") == _NOT_GOING)

    async def _again(self, calling: _Calling) -> _Calling:
        now = self._clock.now()
        if calling.ended_at is None:
            has_ended = await self._has_ended(calling.sid)
            return replace(calling, ended_at=now) if has_ended else calling
        if now - calling.ended_at < AGAIN_AFTER:
            return calling
        sent = await self._call(calling)
        if sent.error in ("unreachable", "ratelimited"):
            raise PhoneAway(sent.error, sent.retry_after)
        sid = str(sent.data.get("handle") or calling.sid)  # a lost answer counts as a call
        return replace(calling, sid=sid, calls=calling.calls + 1, ended_at=None)

    async def _has_ended(self, sid: str) -> bool:
        sent = await self._get(f"Calls/{sid}")
        if not sent.ok and sent.error not in (RING_GONE, RING_REFUSED):
            raise PhoneAway(sent.error, sent.retry_after)
        return not sent.ok or sent.data.get("status") in _ENDED

    async def _call(self, calling: _Calling) -> Sent:
        call = {"To": calling.number, "From": self._account.number, "Twiml": calling.twiml}
        sent = await self._post("Calls", {**call, "Timeout": str(RINGS_S), "TimeLimit": str(LASTS_S)})
        sid = text(sent.data.get("sid"))
        return rung(sent, sid if _SID.fullmatch(sid) else "")

    async def _post(self, path: str, form: Mapping[str, str]) -> Sent:
        url = self._account.url(path)
        return _read(await self._wire.ask(Request("POST", url, self._account.headers, form=form)))

    async def _get(self, path: str, params: tuple[tuple[str, str], ...] = ()) -> Sent:
        return _read(
            await self._wire.ask(Request("GET", self._account.url(path), self._account.headers, params))
        )


def _read(sent: Sent) -> Sent:
    """By Twilio's own codes (https://www.twilio.com/docs/api/errors): 21000 and on are about the call."""
    code = sent.data.get("code")
    if sent.error not in (RING_REFUSED, RING_UNAUTHORISED) or not isinstance(code, int):
        return sent
    is_about_call = code in _CALLS and code not in _OUR_NUMBER
    return replace(sent, error=RING_REFUSED if is_about_call else RING_UNAUTHORISED)

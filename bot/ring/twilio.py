"""Twilio: a call that wakes; with a public address of ours, pressing 1 acknowledges.

As documented at https://www.twilio.com/docs/voice/api/call-resource (create, list, update) and
https://www.twilio.com/docs/voice/twiml (Say, Gather). Who does not answer is called three times in all."""

import binascii
import json
import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from bot.ring.port import RING_REFUSED, RING_UNAUTHORISED, Answered, PhoneAway
from bot.ring.said import phone_number, text
from bot.ring.settings import ANSWER_PATH, TWILIO_API
from bot.ring.twiml import call_words
from bot.ring.wire import Request, Wire, rung, stopped
from bot.sending import Sent
from handlers.calls import Json
from incidents.ports import Clock

RINGS_S = 25  # shorter than most voicemails wait
LASTS_S = 120
MOST_CALLS = 3
AGAIN_AFTER = timedelta(seconds=30)  # time to open Slack for those who did wake
PATIENCE_S = 60.0  # after a repeated call that could not be made
_LISTED = "50"
_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_NOT_GOING = 21220  # "Unable to update record: call is not in the expected state"
_CALLS = range(21000, 22000)
_OUR_NUMBER = (21210, 21212)  # From is not ours, or none
_SID = re.compile(r"CA[0-9a-f]{32}")


class Account(Struct, frozen=True):
    """Ours at Twilio. `number` calls; `public_url` is where Twilio reaches us, "" where it cannot."""

    sid: str
    token: str
    number: str
    public_url: str = ""
    api: str = TWILIO_API

    def __repr__(self) -> str:
        return f"Account({self.sid}, {self.number})"

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


class _Ring(Struct, frozen=True):
    """What a handle says: the first call, and all that another one needs. No process has to remember it."""

    sid: str
    number: str
    key: str
    words: str

    @property
    def handle(self) -> str:
        packed = json.dumps([self.number, self.key, self.words]).encode()
        return f"{self.sid}.{urlsafe_b64encode(packed).decode()}"


class Twilio:
    """Two rings of one number at a time are told apart by their first calls alone: whichever is stopped ends
    all that goes to that number, and the other is called again."""

    name = "twilio"

    def __init__(self, wire: Wire, clock: Clock, account: Account) -> None:
        self._wire = wire
        self._clock = clock
        self._account = account

    def has_form(self, address: str) -> bool:
        """A telephone number with its country; `+1 555 0100` may be written so."""
        return bool(phone_number(address))

    async def ring(self, address: str, key: str, words: str) -> Sent:
        if not self.has_form(address):
            return Sent(False, error=RING_REFUSED)
        ring = _Ring("", phone_number(address), key, words)
        sent = await self._call(ring)
        sid = text(sent.data.get("sid"))
        return rung(sent, replace(ring, sid=sid).handle if _SID.fullmatch(sid) else "")

    async def find(self, address: str, key: str) -> Sent | None:
        """A call ends by itself, and nobody calls again for a ring that is not known."""
        return None

    async def poll(self, handles: Sequence[str]) -> Sequence[Answered]:
        """Never an answer: those arrive at our own address. Calls again what nobody answered."""
        for handle in handles:
            ring = _unpacked(handle)
            calls = await self._calls(ring)
            if 0 < len(calls) < MOST_CALLS and self._is_over(calls[0]):
                sent = await self._call(ring)
                if not sent.ok:
                    raise PhoneAway(sent.error, sent.retry_after or PATIENCE_S)
        return ()

    async def stop(self, handle: str) -> Sent:
        ring = _unpacked(handle)
        if not _SID.fullmatch(ring.sid):
            return Sent(True)  # it was never a call
        sent = await self._hang_up(ring.sid)
        if not sent.ok:
            return sent
        try:
            later = [call for call in await self._calls(ring) if call.get("status") not in _ENDED]
        except PhoneAway as away:
            return Sent(False, error=away.error, ambiguous=True)
        for call in later:
            sent = await self._hang_up(str(call["sid"]))
        return sent

    async def check(self) -> Sent:
        """The account itself; one that is suspended calls nobody."""
        sent = await self._get("")
        is_closed = sent.ok and sent.data.get("status") != "active"
        return Sent(False, error=RING_UNAUTHORISED) if is_closed else sent

    async def _calls(self, ring: _Ring) -> list[Json]:
        """Those to this number since the ring began, newest first; none where the first is not among them."""
        if not ring.number:
            return []
        asked = (("To", ring.number), ("From", self._account.number), ("PageSize", _LISTED))
        sent = await self._get("Calls", asked)
        if not sent.ok:
            raise PhoneAway(sent.error, sent.retry_after)
        told = sent.data.get("calls")
        calls = [call for call in told if _is_call(call)] if isinstance(told, list) else []
        sids = [call["sid"] for call in calls]
        return calls[: sids.index(ring.sid) + 1] if ring.sid in sids else []

    def _is_over(self, call: Json) -> bool:
        """It has ended, and so has the pause after it. Who was not reached has no `end_time`."""
        if call.get("status") not in _ENDED:
            return False
        ended_at = _instant(call.get("end_time")) or _instant(call.get("date_updated"))
        return ended_at is None or self._clock.now() - ended_at >= AGAIN_AFTER

    async def _hang_up(self, sid: str) -> Sent:
        sent = await self._post(f"Calls/{sid}", {"Status": "completed"})
        return stopped(sent, sent.data.get("code") == _NOT_GOING)

    async def _call(self, ring: _Ring) -> Sent:
        twiml = call_words(ring.words, self._account.answer_url(ring.key))
        call = {"To": ring.number, "From": self._account.number, "Twiml": twiml}
        return await self._post("Calls", {**call, "Timeout": str(RINGS_S), "TimeLimit": str(LASTS_S)})

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


def _unpacked(handle: str) -> _Ring:
    sid, _, packed = handle.partition(".")
    try:
        number, key, words = json.loads(urlsafe_b64decode(packed))
    except (ValueError, TypeError, binascii.Error):
        return _Ring(sid, "", "", "")
    return _Ring(sid, str(number), str(key), str(words))


def _is_call(told: object) -> bool:
    return isinstance(told, dict) and bool(_SID.fullmatch(text(told.get("sid"))))


def _instant(told: object) -> datetime | None:
    """RFC 2822, as Twilio writes it."""
    try:
        at = parsedate_to_datetime(text(told))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None

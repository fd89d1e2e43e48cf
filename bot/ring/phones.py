"""All providers that are set up, behind one door: who rings where, and what leaves besides Slack.

It picks by the word before the first colon of an address or a handle; nothing here knows a provider's API."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from bot.ring.port import NO_PROVIDER, Answered, Gone, Mails, Phone, PhoneAway
from bot.ring.said import phone_number
from bot.ring.wire import Wire
from bot.sending import Sent
from handlers.calls import HangUp, MailOut, OutsideSlack, RingOut
from incidents.people import Actor


class Polled(Struct, frozen=True):
    """Who answered, which providers could not be asked and why, and which rings there are none of, by their
    handles. All names are whole."""

    answered: tuple[Answered, ...] = ()
    away: Mapping[str, PhoneAway] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


class Phones:
    """Everything but `address_of` runs on the outbound loop."""

    def __init__(self, wire: Wire, phones: Sequence[Phone], mailer: Mails | None = None) -> None:
        self._wire = wire
        self._phones = {phone.name: phone for phone in phones}
        self._mailer = mailer

    @property
    def names(self) -> Collection[str]:
        return self._phones.keys()

    def address_of(self, actor: Actor) -> str:
        """Where this person's phone rings, as `provider:where`; "" when nothing reaches them."""
        if actor.ring.partition(":")[0] in self._phones:
            return actor.ring
        if "twilio" in self._phones and phone_number(actor.phone):
            return f"twilio:{phone_number(actor.phone)}"
        return f"webhook:{actor.user}" if "webhook" in self._phones else ""

    def has_form(self, address: str) -> bool:
        """Whether this could ring: its provider is set up, and the rest looks like one of its addresses."""
        name, _, where = address.partition(":")
        return name in self._phones and self._phones[name].has_form(where)

    async def deliver_out(self, what: OutsideSlack) -> Sent:
        """Do it once and say what became of it; the handle of a ring begins with its provider."""
        match what:
            case RingOut(address, key, words):
                return await self._ring(address, key, words)
            case HangUp(handles):
                return _worst(await asyncio.gather(*(self._stop(handle) for handle in handles)))
            case MailOut():
                return await self._mailer.send(what) if self._mailer else Sent(False, error=NO_PROVIDER)
            case _:
                assert_never(what)

    async def find(self, ring: RingOut) -> Sent | None:
        """What a try of this ring whose answer was lost may have left ringing; None where nothing is."""
        name, _, where = ring.address.partition(":")
        found = await self._phones[name].find(where, ring.key) if name in self._phones else None
        return _whole(name, found) if found is not None else None

    async def poll(self, handles: Sequence[str]) -> Polled:
        """Ask each provider once for all that rings with it. A provider that is gone is not asked."""
        asked: dict[str, list[str]] = defaultdict(list)
        for handle in handles:
            name, _, own = handle.partition(":")
            if name in self._phones:
                asked[name].append(own)
        told = await asyncio.gather(*(self._poll(name, own) for name, own in asked.items()))
        heard = [one for ones in told if not isinstance(ones, PhoneAway) for one in ones]
        away = {name: said for name, said in zip(asked, told, strict=True) if isinstance(said, PhoneAway)}
        gone = tuple(one.handle for one in heard if isinstance(one, Gone))
        return Polled(tuple(one for one in heard if isinstance(one, Answered)), away, gone)

    async def check(self) -> dict[str, Sent]:
        """What each provider says of our access, by name; the mail server is `mail`."""
        asked = {name: phone.check() for name, phone in self._phones.items()}
        if self._mailer is not None:
            asked["mail"] = self._mailer.check()
        return dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))

    async def close(self) -> None:
        await self._wire.close()

    async def _ring(self, address: str, key: str, words: str) -> Sent:
        name, _, where = address.partition(":")
        if name not in self._phones:
            return Sent(False, error=NO_PROVIDER)
        return _whole(name, await self._phones[name].ring(where, key, words))

    async def _stop(self, handle: str) -> Sent:
        name, _, own = handle.partition(":")
        return await self._phones[name].stop(own) if name in self._phones else Sent(False, error=NO_PROVIDER)

    async def _poll(self, name: str, handles: Sequence[str]) -> list[Answered | Gone] | PhoneAway:
        try:
            return [_named(name, one) for one in await self._phones[name].poll(handles)]
        except PhoneAway as away:
            return away


def _named(name: str, one: Answered | Gone) -> Answered | Gone:
    handle = f"{name}:{one.handle}"
    if isinstance(one, Gone):
        return Gone(handle)
    return Answered(handle, f"{name}:{one.by}" if one.by else "", one.at)


def _whole(name: str, sent: Sent) -> Sent:
    """With the handle that begins with its provider."""
    return replace(sent, data={"handle": f"{name}:{sent.data['handle']}"}) if sent.ok else sent


def _worst(sents: Sequence[Sent]) -> Sent:
    """Stopping may be repeated, so what may still succeed is told before what was refused for good."""
    failed = [sent for sent in sents if not sent.ok]
    again = [sent for sent in failed if sent.ambiguous or sent.error in ("unreachable", "ratelimited")]
    return next(iter(again or failed), Sent(True))

"""What `doctor` learns about the phone leg: which providers are set up, and whether they take our token.

It rings nobody and writes to nobody."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from bot.cli.findings import Finding, State, missing, ok
from bot.ring.phones import Phones
from bot.ring.port import MAIL_UNAUTHORISED, RING_GONE, RING_REFUSED, RING_UNAUTHORISED
from bot.ring.setting_up import phones_of
from bot.sending import Sent
from bot.settings import Settings
from incidents.ports import Clock
from rotations.model import Person

VARIABLES: Mapping[str, str] = {
    "pushover": "PUSHOVER_TOKEN",
    "twilio": "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM",
    "pagerduty": "PAGERDUTY_TOKEN and PAGERDUTY_SERVICE",
    "webhook": "RING_WEBHOOK_URL and RING_WEBHOOK_SECRET",
    "mail": "SMTP_URL and MAIL_FROM",
}
_REFUSALS = (RING_UNAUTHORISED, RING_REFUSED, RING_GONE, MAIL_UNAUTHORISED)


def about_ring(settings: Settings, clock: Clock, people: Sequence[Person] = ()) -> Iterator[Finding]:
    """One line for each provider, and whoever's phone cannot ring as it is written in the file.

    Without any provider, a page is only as loud as Slack is.
    """
    phones = phones_of(settings, clock)
    for name, sent in asyncio.run(_checked(phones)).items():
        yield _finding(name, sent)
    if not phones.names:
        yield missing(
            "a phone leg: a person whose phone is silent in Slack is not woken",
            "Set up one of the providers of docs/ringing.md",
        )
    mute = [f"{one.name} ({one.ring})" for one in people if one.ring and not phones.has_form(one.ring)]
    if mute and phones.names:
        yield missing(
            f"phones that cannot ring as they are written: {', '.join(mute)}",
            "Correct them after ring: in the schedules file, or set up their provider",
        )
    if "twilio" in phones.names and not settings.public_url:
        yield ok("calls of Twilio's only wake: without MERIDIAN_PUBLIC_URL nobody can press 1")


async def _checked(phones: Phones) -> Mapping[str, Sent]:
    try:
        return await phones.check()
    finally:
        await phones.close()


def _finding(name: str, sent: Sent) -> Finding:
    if sent.ok:
        return ok(f"{name} answers and takes our token")
    if sent.error in _REFUSALS:
        return missing(f"{name}: it refuses us ({sent.error})", f"Correct {VARIABLES[name]}")
    advice = "Check the network; what leaves meanwhile is tried again"
    return Finding(State.BROKEN, f"{name} does not answer ({sent.error})", advice)

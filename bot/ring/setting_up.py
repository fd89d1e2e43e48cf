"""From the settings to the phones: which providers are there. Half of one the settings have refused."""

from collections.abc import Iterator

from pydantic import SecretStr

from bot.ring.pagerduty import PagerDuty
from bot.ring.phones import Phones
from bot.ring.port import Mails, Phone
from bot.ring.pushover import Pushover
from bot.ring.settings import RingSettings
from bot.ring.twilio import Account, Twilio
from bot.ring.webhook import Webhook
from bot.ring.wire import Wire
from incidents.ports import Clock


def phones_of(settings: RingSettings, clock: Clock) -> Phones:
    """Nothing is connected before the first request."""
    wire = Wire()
    return Phones(wire, tuple(_phones(settings, wire, clock)), _mailer(settings, clock))


def account_of(settings: RingSettings) -> Account | None:
    """Ours at Twilio, if we have one."""
    if settings.twilio_sid is None:
        return None
    return Account(
        settings.twilio_sid,
        _secret(settings.twilio_token),
        settings.twilio_number or "",
        settings.public_url,
        settings.twilio_api,
    )


def _mailer(settings: RingSettings, clock: Clock) -> Mails | None:
    if settings.smtp_url is None:
        return None
    from bot.ring.mail import Mailer, post_of

    return Mailer(post_of(_secret(settings.smtp_url)), settings.mail_sender or "", clock)


def _phones(settings: RingSettings, wire: Wire, clock: Clock) -> Iterator[Phone]:
    if settings.pushover_token is not None:
        yield Pushover(wire, _secret(settings.pushover_token), settings.pushover_api)
    if (account := account_of(settings)) is not None:
        yield Twilio(wire, clock, account)
    if settings.pagerduty_token is not None:
        token, sender = _secret(settings.pagerduty_token), settings.pagerduty_sender or ""
        yield PagerDuty(wire, token, sender, settings.pagerduty_service or "", settings.pagerduty_api)
    if settings.webhook_url is not None:
        yield Webhook(wire, clock, _secret(settings.webhook_url), _secret(settings.webhook_secret))


def _secret(kept: SecretStr | None) -> str:
    return kept.get_secret_value() if kept else ""

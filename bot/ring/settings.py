"""What the environment says of phones and mail. Half a provider is a fault; none is an answer.

Secrets never show in its repr."""

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings

from bot.loopback import is_loopback

PUSHOVER_API = "https://api.pushover.net/1/"
TWILIO_API = "https://api.twilio.com/"
ANSWER_PATH = "/ring/twilio"  # below the public address: where a pressed digit arrives
PAGERDUTY_API = "https://api.pagerduty.com/"
_TOGETHER = (
    ("RING_WEBHOOK_URL", "RING_WEBHOOK_SECRET"),
    ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"),
    ("PAGERDUTY_TOKEN", "PAGERDUTY_FROM", "PAGERDUTY_SERVICE"),
    ("SMTP_URL", "MAIL_FROM"),
)
_IDS = {
    "twilio_sid": (re.compile("AC[0-9a-fA-F]{32}"), "account SID, which begins with AC"),
    "pagerduty_service": (re.compile("[A-Za-z0-9]{1,40}"), "service id, such as PIJ90N7"),
}
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class RingSettings(BaseSettings):
    """The part of the settings that is about the phone leg. `None`: a variable is unset or empty."""

    public_url: str = Field(default="", alias="MERIDIAN_PUBLIC_URL")
    webhook_url: SecretStr | None = Field(default=None, alias="RING_WEBHOOK_URL")
    webhook_secret: SecretStr | None = Field(default=None, alias="RING_WEBHOOK_SECRET")
    pushover_token: SecretStr | None = Field(default=None, alias="PUSHOVER_TOKEN")
    pushover_api: str = Field(default=PUSHOVER_API, alias="RING_PUSHOVER_API")
    twilio_sid: str | None = Field(default=None, alias="TWILIO_ACCOUNT_SID")
    twilio_token: SecretStr | None = Field(default=None, alias="TWILIO_AUTH_TOKEN")
    twilio_number: str | None = Field(default=None, alias="TWILIO_FROM")
    twilio_api: str = Field(default=TWILIO_API, alias="RING_TWILIO_API")
    pagerduty_token: SecretStr | None = Field(default=None, alias="PAGERDUTY_TOKEN")
    pagerduty_sender: str | None = Field(default=None, alias="PAGERDUTY_FROM")
    pagerduty_service: str | None = Field(default=None, alias="PAGERDUTY_SERVICE")
    pagerduty_api: str = Field(default=PAGERDUTY_API, alias="RING_PAGERDUTY_API")
    smtp_url: SecretStr | None = Field(default=None, alias="SMTP_URL")
    mail_sender: str | None = Field(default=None, alias="MAIL_FROM")

    @field_validator("public_url", "pushover_api", "twilio_api", "pagerduty_api")
    @classmethod
    def _safe_address(cls, url: str) -> str:
        if url and not is_safe(url):
            raise ValueError("it is no https:// address. Write it whole, or unset it.")
        return url.rstrip("/") + "/" if url else ""

    @field_validator("webhook_url")
    @classmethod
    def _safe_webhook(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not is_safe(url.get_secret_value()):
            raise ValueError("it is no https:// address. Write it whole, or unset it.")
        return url

    @field_validator("twilio_sid", "pagerduty_service")
    @classmethod
    def _known_by(cls, name: str | None, info: ValidationInfo) -> str | None:
        pattern, form = _IDS[str(info.field_name)]
        if name is not None and not pattern.fullmatch(name):
            raise ValueError(f"it is no {form}. Copy it again from the provider's page.")
        return name

    @field_validator("twilio_number")
    @classmethod
    def _telephone(cls, number: str | None) -> str | None:
        if number is not None and not _NUMBER.fullmatch(number):
            raise ValueError("it is no telephone number. Write it as +15550100, with its country.")
        return number

    @field_validator("pagerduty_sender", "mail_sender")
    @classmethod
    def _mail_address(cls, address: str | None) -> str | None:
        if address is not None and (not address.isprintable() or "@" not in parseaddr(address)[1]):
            raise ValueError("it is no e-mail address. Write it as meridian@example.org.")
        return address

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _is_mail_server(url.get_secret_value()):
            raise ValueError("it is no mail server. Write it as smtp://USER:PASSWORD@HOST:587.")
        return url

    @model_validator(mode="after")
    def _whole_providers(self) -> "RingSettings":
        """Nobody finds out at three in the morning that the token was forgotten."""
        found = {str(field.alias): getattr(self, name) for name, field in type(self).model_fields.items()}
        for names in _TOGETHER:
            lacking = [name for name in names if found[name] is None]
            if lacking and len(lacking) < len(names):
                there = next(name for name in names if name not in lacking)
                raise ValueError(
                    f"{there} is set, but not {' and '.join(lacking)}. Set {_all(names)}, or none of them."
                )
        return self


def is_safe(url: str) -> bool:
    """Encrypted, or on this machine itself."""
    try:
        parts = urlsplit(url)
        is_encrypted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
        return is_encrypted and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an address that is none
        return False


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _all(names: tuple[str, ...]) -> str:
    return "both" if len(names) == 2 else "all " + {3: "three"}.get(len(names), str(len(names)))

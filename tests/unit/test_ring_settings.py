"""What the environment may say of phones: a provider whole or not at all, and no secret is shown."""

from collections.abc import Mapping

import pytest

from bot.local_workspace import REAL_PHONES
from bot.ring.setting_up import account_of, phones_of
from bot.ring.settings import RingSettings
from bot.settings import Settings, SettingsFault, read_settings
from tests.support.clock import FakeClock

NAMES = tuple(str(field.alias) for field in Settings.model_fields.values())
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "1f" * 16, "TWILIO_AUTH_TOKEN": "hush", "TWILIO_FROM": "+15550199"}
PAGERDUTY = {"PAGERDUTY_TOKEN": "hush", "PAGERDUTY_FROM": "m@example.org", "PAGERDUTY_SERVICE": "PIJ90N7"}
WEBHOOK = {"RING_WEBHOOK_URL": "https://ring.example.org/hush", "RING_WEBHOOK_SECRET": "hush"}
MAIL = {"SMTP_URL": "smtp://m:hush@mail.example.org", "MAIL_FROM": "Meridian <m@example.org>"}
WHOLE = {"PUSHOVER_TOKEN": "hush", **TWILIO, **PAGERDUTY, **WEBHOOK, **MAIL}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def fault(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> str:
    with pytest.raises(SettingsFault) as refused:
        read(monkeypatch, environment)
    assert len(refused.value.faults) == 1
    return str(refused.value)


def test_without_a_word_about_phones_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(phones_of(read(monkeypatch, {}), FakeClock()).names) == []


def test_every_provider_that_is_whole_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = phones_of(read(monkeypatch, WHOLE), FakeClock())
    assert list(found.names) == ["pushover", "twilio", "pagerduty", "webhook"]


@pytest.mark.parametrize(
    "whole", [TWILIO, PAGERDUTY, WEBHOOK, MAIL], ids=["twilio", "pagerduty", "web", "mail"]
)
def test_half_a_provider_is_refused_in_one_sentence_that_names_the_rest(
    monkeypatch: pytest.MonkeyPatch, whole: dict[str, str]
) -> None:
    for lacking in whole:
        for name in whole:
            monkeypatch.delenv(name, raising=False)
        said = fault(monkeypatch, {name: value for name, value in whole.items() if name != lacking})
        assert f"is set, but not {lacking}. Set " in said
        assert "hush" not in said


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert account_of(read(monkeypatch, dict.fromkeys(TWILIO, ""))) is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RING_WEBHOOK_URL", "http://ring.example.org/", "no https:// address"),
        ("RING_WEBHOOK_URL", "https://:443/", "no https:// address"),
        ("RING_WEBHOOK_URL", "https://[::1/", "no https:// address"),
        ("RING_TWILIO_API", "https://api.example.org:port/", "no https:// address"),
        ("MERIDIAN_PUBLIC_URL", "meridian.example.org", "no https:// address"),
        ("TWILIO_ACCOUNT_SID", "AC/../..", "no account SID"),
        ("TWILIO_FROM", "555 0100", "no telephone number"),
        ("PAGERDUTY_SERVICE", "../users", "no service id"),
        ("PAGERDUTY_FROM", "meridian\nX: y", "no e-mail address"),
        ("MAIL_FROM", "nobody", "no e-mail address"),
        ("SMTP_URL", "mail.example.org:587", "no mail server"),
        ("SMTP_URL", "smtp://m:pass/word@mail.example.org", "no mail server"),
    ],
)
def test_what_cannot_be_used_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    told = fault(monkeypatch, {**WHOLE, name: value})
    assert told.startswith(f"{name}: it is {said}")
    assert value not in told


def test_on_this_machine_an_address_needs_no_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, {**WEBHOOK, "RING_WEBHOOK_URL": "http://127.0.0.1:3777/_phone"})
    assert list(phones_of(found, FakeClock()).names) == ["webhook"]


def test_no_secret_of_a_provider_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, WHOLE)
    assert "hush" not in f"{found!r} {found} {account_of(found)!r} {phones_of(found, FakeClock())!r}"


def test_beside_the_local_workspace_no_real_telephone_is_left() -> None:
    """Its people's numbers are invented, and somebody has them."""
    named = {str(field.alias) for field in RingSettings.model_fields.values()}
    beside = {"RING_WEBHOOK_URL", "RING_WEBHOOK_SECRET", "MERIDIAN_PUBLIC_URL"}
    servers = {name for name in named if name.endswith("_API")}
    assert named - beside - servers == set(REAL_PHONES)

"""Signatures and payloads of what comes in from the web, as values."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.identity import Identity
from bot.web import signatures
from bot.web.payloads import Unreadable, json_in, payload_in
from bot.web.routes import Incoming
from bot.web.signatures import SLACK, is_signed, sign
from bot.web.slack import is_foreign

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


WELL = sign(SECRET, STAMP, b"a=1")
BAD_SIGNATURES = ("", "v0=", WELL[:-1], WELL.upper(), "v0=" + "é" * 64, f"{WELL}, v0=x", "v1=" + "0" * 64)
TOO_DEEP = json.dumps({"a": json.loads("[" * 150 + "]" * 150)}).encode()
NO_PAYLOADS = (b"", b"{", b"[]", b'"a"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"NaN", TOO_DEEP)


def _signed(stamp: str = STAMP, signature: str | None = None, body: bytes = b"a=1") -> Incoming:
    given = sign(SECRET, stamp, body) if signature is None else signature
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": given}
    return Incoming("POST", "/slack/events", headers, body)


def _is_taken(incoming: Incoming, secret: str = SECRET) -> bool:
    return is_signed(incoming, SLACK, secret, NOW)


def test_slack_s_own_example_is_taken() -> None:
    """From Slack's page "Verifying requests from Slack"."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlg"
        b"cZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign(SECRET, "1531420618", body) == expected


def test_what_is_signed_now_is_taken() -> None:
    assert _is_taken(_signed())


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_taken_and_a_second_more_is_not(seconds: int) -> None:
    stamp = int(STAMP) + seconds
    assert _is_taken(_signed(stamp=str(stamp)))
    assert not _is_taken(_signed(stamp=str(stamp + (1 if seconds > 0 else -1))))


@pytest.mark.parametrize("signature", BAD_SIGNATURES)
def test_no_other_signature_is_taken(signature: str) -> None:
    assert not _is_taken(_signed(signature=signature))


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e9", "١٢٣", "9" * 13, f"{STAMP}.0", f" {STAMP}"])
def test_a_timestamp_that_is_no_number_is_refused(stamp: str) -> None:
    incoming = _signed(signature=WELL)
    headers = {**incoming.headers, "x-slack-request-timestamp": stamp}
    assert not _is_taken(Incoming("POST", "/slack/events", headers, incoming.body))


def test_another_body_under_the_same_signature_is_refused() -> None:
    assert not _is_taken(_signed(signature=WELL, body=b"a=2"))


def test_another_secret_and_an_empty_one_sign_nothing() -> None:
    assert not _is_taken(_signed(), "another")
    empty = {"x-slack-request-timestamp": STAMP, "x-slack-signature": sign("", STAMP, b"a=1")}
    assert not _is_taken(Incoming("POST", "/", empty, b"a=1"), "")


def test_signatures_are_compared_in_constant_time() -> None:
    source = Path(signatures.__file__).read_text(encoding="utf-8")
    assert "hmac.compare_digest(" in source
    assert "== signature" not in source


def _form(**fields: str) -> Incoming:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return Incoming("POST", "/", headers, urlencode(fields).encode())


def _json(body: bytes) -> Incoming:
    return Incoming("POST", "/", {"content-type": "application/json; charset=utf-8"}, body)


def test_a_command_is_a_form_and_keeps_what_is_empty() -> None:
    assert payload_in(_form(command="/incident", text="")) == {"command": "/incident", "text": ""}


def test_an_interaction_is_json_in_a_form() -> None:
    assert payload_in(_form(payload='{"type": "block_actions"}')) == {"type": "block_actions"}


def test_an_event_is_json() -> None:
    assert payload_in(_json(b'{"type": "event_callback"}')) == {"type": "event_callback"}


@pytest.mark.parametrize("body", NO_PAYLOADS)
def test_what_is_no_payload_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        payload_in(_json(body))
    with pytest.raises(Unreadable):
        json_in(Incoming("POST", "/", {}, body))


@pytest.mark.parametrize("payload", ["{", "[]", "", '{"a":' * 50_000])
def test_an_interaction_that_is_no_payload_is_unreadable(payload: str) -> None:
    with pytest.raises(Unreadable):
        payload_in(_form(payload=payload))


def test_a_form_of_very_many_fields_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        payload_in(_form(**{f"f{n}": "1" for n in range(101)}))


OURS = Identity(team_id="T1", app_id="A1")


@pytest.mark.parametrize(
    "payload",
    [
        {"team_id": "T2"},
        {"api_app_id": "A2", "team_id": "T1"},
        {"team_id": "T2", "authorizations": [{"team_id": "T3"}]},
        {"team_id": "T2", "authorizations": "T1"},
    ],
)
def test_what_was_meant_for_others_is_foreign(payload: dict[str, object]) -> None:
    assert is_foreign(payload, OURS)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"api_app_id": "A1", "team_id": "T1"},
        {"team_id": "T2", "context_team_id": "T1"},
        {"team_id": "T2", "authorizations": [None, {"team_id": "T1"}]},
        {"api_app_id": "A1", "team": {"id": "T2"}, "user": {"team_id": "T2"}},
    ],
)
def test_what_was_meant_for_us_is_not(payload: dict[str, object]) -> None:
    assert not is_foreign(payload, OURS)


def test_while_nobody_has_told_who_we_are_nothing_is_foreign() -> None:
    assert not is_foreign({"api_app_id": "A2", "team_id": "T2"}, Identity())

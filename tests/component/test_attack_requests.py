"""Requests that Slack did not send, and those that somebody sends again: the list of attacks, one by one."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.http_bot import HttpBot, Signed, command, delivered_again, event, http_bot, signed
from tests.support.web import until


@pytest.fixture(scope="module")
def bot(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpBot]:
    home = tmp_path_factory.mktemp("http")
    path = home / "meridian.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    with http_bot(f"sqlite:///{path}", home) as opened:
        yield opened


def _unchanged(bot: HttpBot, request: Signed, status: int) -> None:
    before = bot.incidents()
    assert bot.posts(request).status == status
    assert bot.incidents() == before


def _declared(bot: HttpBot, title: str) -> list[str]:
    found = bot.bot.store.read(lambda unit: unit.incidents.listing())
    return [incident.key for incident in found if incident.title == title]


def test_a_signed_command_is_answered_in_the_acknowledgement(bot: HttpBot) -> None:
    got = bot.posts(command("declare sev3 Login codes arrive late", "1.well"))
    assert got.status == 200
    assert "declared as SEV3" in got.body.decode()
    assert len(_declared(bot, "Login codes arrive late")) == 1


def test_a_request_without_a_signature_is_refused(bot: HttpBot) -> None:
    request = command("declare sev3 Nobody signed", "1.none")
    _unchanged(bot, Signed(request.body, {"Content-Type": "application/x-www-form-urlencoded"}), 401)


def test_a_wrong_secret_is_refused(bot: HttpBot) -> None:
    body = command("declare sev3 Wrong secret", "1.wrong").body
    _unchanged(bot, signed(body, secret="another secret"), 401)


@pytest.mark.parametrize("age_s", [302, -302, 86400])
def test_an_old_request_and_one_from_the_future_are_refused(bot: HttpBot, age_s: float) -> None:
    _unchanged(bot, signed(command("declare sev3 Old", f"1.{age_s}").body, age_s=age_s), 401)


@pytest.mark.parametrize("signature", ["v0=é", "v0=abc", "", "v0=" + "0" * 64, "v0=" + "é" * 64])
def test_a_signature_that_is_none_is_refused(bot: HttpBot, signature: str) -> None:
    request = command("declare sev3 Odd signature", "1.odd")
    headers = {**request.headers, "X-Slack-Signature": signature}
    _unchanged(bot, Signed(request.body, headers), 401)


@pytest.mark.parametrize("stamp", ["now", "1e9", "", "-5", "9" * 40])
def test_a_timestamp_that_is_none_is_refused(bot: HttpBot, stamp: str) -> None:
    request = command("declare sev3 Odd timestamp", "1.stamp")
    headers = {**request.headers, "X-Slack-Request-Timestamp": stamp}
    _unchanged(bot, Signed(request.body, headers), 401)


def test_a_body_that_was_changed_on_the_way_is_refused(bot: HttpBot) -> None:
    request = command("declare sev3 Small", "1.changed")
    _unchanged(bot, Signed(request.body.replace(b"sev3", b"sev0"), request.headers), 401)


def test_an_exact_replay_is_answered_and_has_one_effect(bot: HttpBot) -> None:
    request = command("declare sev3 Replayed once", "1.replayed")
    first, again = bot.posts(request), bot.posts(request)
    assert (first.status, again.status, again.body) == (200, 200, b"")
    assert len(_declared(bot, "Replayed once")) == 1


def test_a_replay_is_known_after_what_remembers_it_has_been_written(bot: HttpBot) -> None:
    """Also for a delivery whose key is forgotten elsewhere: here the database alone knows the signature."""
    request = command("help", "1.help")
    assert b"declare" in bot.posts(request).body
    digests = "SELECT count(*) FROM signature"
    before = _count(bot, digests)
    until("it is written", lambda: _count(bot, digests) >= max(before, 1))
    assert bot.posts(request).body == b""


def test_replays_at_the_same_time_have_one_effect(bot: HttpBot) -> None:
    request = command("declare sev3 Replayed at once", "1.at-once")
    with ThreadPoolExecutor(20) as pool:
        assert {got.status for got in pool.map(bot.posts, [request] * 20)} == {200}
    assert len(_declared(bot, "Replayed at once")) == 1


def test_slack_s_own_repeat_is_signed_anew_and_has_one_effect(bot: HttpBot) -> None:
    request = command("declare sev3 Repeated by Slack", "1.repeat")
    again = delivered_again(request)
    answers = [bot.posts(request).body, bot.posts(again).body]
    assert all(b"declared as SEV3" in answer for answer in answers)
    assert len(_declared(bot, "Repeated by Slack")) == 1


def test_what_comes_from_another_workspace_is_refused(bot: HttpBot) -> None:
    _unchanged(bot, command("declare sev3 Foreign", "1.foreign", team_id="T0OTHER"), 403)


def test_what_is_meant_for_another_app_is_refused(bot: HttpBot) -> None:
    _unchanged(bot, command("declare sev3 Foreign", "1.app", api_app_id="A0OTHER"), 403)
    assert bot.posts(command("help", "1.ours", api_app_id="A0SANDBOX")).status == 200


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 40_000, b"{", b"[]", b"\xff"])
def test_json_that_cannot_be_read_is_refused(bot: HttpBot, body: bytes) -> None:
    _unchanged(bot, signed(body, "application/json"), 400)


def test_a_look_at_the_certificate_is_harmless(bot: HttpBot) -> None:
    _unchanged(
        bot, Signed(b"ssl_check=1&token=x", {"Content-Type": "application/x-www-form-urlencoded"}), 401
    )
    _unchanged(bot, signed(b"ssl_check=1&token=x&command=/incident&text=declare+sev0+x"), 200)


def test_the_address_is_confirmed_to_slack_alone(bot: HttpBot) -> None:
    challenge = {
        "type": "url_verification",
        "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
    }
    got = bot.posts(event(challenge))
    assert (got.status, got.body.decode()) == (200, challenge["challenge"])
    unsigned = Signed(json.dumps(challenge).encode(), {"Content-Type": "application/json"})
    assert bot.posts(unsigned).status == 401
    assert bot.posts(event({"type": "url_verification", "challenge": {"a": 1}})).status == 400


def test_fifty_megabytes_are_refused(bot: HttpBot) -> None:
    _unchanged(bot, signed(b"a" * (50 << 20)), 413)


def test_what_nobody_handles_is_acknowledged(bot: HttpBot) -> None:
    unknown = {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T0SANDBOX",
        "event": {"type": "goldfish"},
    }
    assert bot.posts(event(unknown)).status == 200


def test_a_get_is_not_allowed(bot: HttpBot) -> None:
    assert bot.site.get("/slack/events").status == 405


def _count(bot: HttpBot, statement: str) -> int:
    return bot.bot.store.read(lambda unit: int(unit.facts.tx.run(text(statement)).scalar_one()))

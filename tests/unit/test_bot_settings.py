"""What the environment may say, and what is said of it when it is wrong."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsFault, read_settings

NAMES = tuple(str(field.alias) for field in Settings.model_fields.values())


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def fault(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    with pytest.raises(SettingsFault) as refused:
        read(monkeypatch, **environment)
    return str(refused.value)


def test_an_empty_environment_means_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch)
    assert (found.sandbox_port, found.web_port, found.has_tokens) == (3777, 3778, False)
    assert found.slack_api_url == "https://slack.com/api/"
    assert found.database_url == f"sqlite:///{Path('.meridian').absolute() / 'meridian.sqlite'}"


def test_the_web_endpoints_are_beside_the_sandbox_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, MERIDIAN_PORT="4000").web_port == 4001
    assert read(monkeypatch, PORT="80").web_port == 80


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"])
def test_slacks_address_may_end_in_a_slash_or_not(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert read(monkeypatch, SLACK_API_URL=url).slack_api_url == "http://127.0.0.1:9/api/"


def test_the_short_name_of_postgresql_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, DATABASE_URL="postgres://me:pw@db/meridian")
    assert found.database_url == "postgresql+psycopg://me:pw@db/meridian"


def test_posts_carry_an_id_only_where_that_is_wished_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read(monkeypatch).has_client_ids
    assert read(monkeypatch, SLACK_CLIENT_MSG_ID="true").has_client_ids
    assert "SLACK_CLIENT_MSG_ID" in fault(monkeypatch, SLACK_CLIENT_MSG_ID="perhaps")


def test_no_secret_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-hush",
        "SLACK_APP_TOKEN": "xapp-hush",
        "SLACK_SIGNING_SECRET": "hush",
        "DATABASE_URL": "postgres://me:hush@db/x",
        "HEARTBEAT_URL": "https://beat.example/hush",
    }
    found = read(monkeypatch, **secrets)
    assert "hush" not in f"{found!r} {found}"


def test_no_secret_shows_in_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hush" not in fault(monkeypatch, SLACK_BOT_TOKEN="hush", SLACK_APP_TOKEN="xapp-1")


def test_the_clock_can_be_moved_beside_the_sandbox_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = "http://127.0.0.1:3777/_control/clock"
    assert "Unset it" in fault(monkeypatch, MERIDIAN_CLOCK_URL=clock)
    assert (
        read(monkeypatch, MERIDIAN_CLOCK_URL=clock, SLACK_API_URL="http://localhost:1/api").clock_url == clock
    )
    away = "http://clock.example/_control/clock"
    assert "Unset it" in fault(monkeypatch, MERIDIAN_CLOCK_URL=away)


def test_a_bot_token_needs_a_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SLACK_APP_TOKEN" in fault(monkeypatch, SLACK_BOT_TOKEN="xoxb-1")


def test_an_app_token_needs_a_bot_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SLACK_BOT_TOKEN is missing" in fault(monkeypatch, SLACK_APP_TOKEN="xapp-1")


@pytest.mark.parametrize("value", ["abc", "0", "70000"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert fault(monkeypatch, MERIDIAN_PORT=value).startswith("MERIDIAN_PORT: ")


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch)
    with pytest.raises(ValueError, match="frozen"):
        found.sandbox_port = 1


@pytest.mark.parametrize("name", ["SLACK_SIGNING_SECRET", "INCIDENTS_SECRET"])
def test_a_blank_secret_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "INCIDENTS_BY": "ana", name: "  "}
    assert fault(monkeypatch, **given) == f"{name}: it is blank. Copy it again, or unset it."


def test_a_signing_secret_is_a_way_in_and_an_empty_one_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="abc")
    assert (found.takes_http, found.is_socket_mode) == (True, False)
    assert "SLACK_SIGNING_SECRET" in fault(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="")


def test_the_web_is_for_this_machine_alone_beside_a_local_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch).web_host == ""
    assert read(monkeypatch, SLACK_API_URL="http://127.0.0.1:1/api").web_host == "127.0.0.1"
    assert read(monkeypatch, WEB_HOST="10.0.0.7").web_host == "10.0.0.7"


def test_a_secret_for_declaring_needs_somebody_to_stand_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "INCIDENTS_BY" in fault(monkeypatch, INCIDENTS_SECRET="abc")

"""Slack is down and no bot runs: a command on a terminal pages, rings, and stops when somebody has it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.applying import EXAMPLE
from storage.opening import open_store
from tests.support.house import MONDAY, example_people
from tests.support.processes import free_ports
from tests.support.providers.webhook import SECRET, WebhookServer
from tests.support.started import Started, ended
from tests.support.workspace import Workspace

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

BOT = (sys.executable, "-m", "bot")
BY_ITSELF = 0  # the signal that only looks whether the process is there
WAVE = "Account-takeover wave in EU"


@pytest.fixture
def phones() -> Iterator[WebhookServer]:
    with WebhookServer() as server:
        yield server


@pytest.fixture
def given(tmp_path: Path, sqlite_url: str, phones: WebhookServer) -> dict[str, str]:
    """A Slack that does not answer, and a schedule that was applied before."""
    given = {
        "MERIDIAN_HOME": str(tmp_path / "home"),
        "DATABASE_URL": sqlite_url,
        "SLACK_BOT_TOKEN": "xoxb-sandbox-down",
        "SLACK_APP_TOKEN": "xapp-sandbox-down",
        "SLACK_API_URL": f"http://127.0.0.1:{free_ports()}/api/",
        "RING_WEBHOOK_URL": phones.url,
        "RING_WEBHOOK_SECRET": SECRET,
        "LOGNAME": "deploy",
    }
    assert ended((*BOT, "apply", str(EXAMPLE)), given).code == 0
    store = open_store(sqlite_url)
    store.write(lambda unit: unit.people.put_profiles(example_people(), MONDAY))
    store.close()
    return given


def test_it_rings_from_the_terminal_until_somebody_has_it(
    given: dict[str, str], phones: WebhookServer, tmp_path: Path
) -> None:
    words = (*BOT, "declare", WAVE, "--sev", "SEV0", "--by", "priya", "--ring")
    with Started(words, given, "until somebody has it", tmp_path / "log") as command:
        rung = Workspace("").eventually("one of those on call is rung", lambda: _on_call(phones))[0]
        ring = phones.rings[rung]
        told = ended((*BOT, "ack", "INC-1", "--as", ring["to"], "--by", "priya"), given)
        done = command.end(BY_ITSELF)
    assert ring["words"] == "SEV0 INC-1. Acknowledge."
    assert (told.code, told.err) == (0, "")
    assert done.code == 0
    assert "acknowledged for" in done.out


def test_an_answer_on_the_phone_ends_it_too(
    given: dict[str, str], phones: WebhookServer, tmp_path: Path
) -> None:
    words = (*BOT, "declare", WAVE, "--sev", "SEV0", "--by", "priya", "--ring")
    with Started(words, given, "until somebody has it", tmp_path / "log") as command:
        rung = Workspace("").eventually("one of those on call is rung", lambda: _on_call(phones))[0]
        phones.rings[rung] |= {"by": phones.rings[rung]["to"], "at": "2026-11-30T19:01:00Z"}
        done = command.end(BY_ITSELF)
    assert done.code == 0
    assert "acknowledged by phone" in done.out
    assert phones.stopped


def test_without_the_wish_nothing_rings_and_the_next_start_is_named(
    given: dict[str, str], phones: WebhookServer
) -> None:
    told = ended((*BOT, "declare", WAVE, "--sev", "SEV1", "--by", "priya"), given)
    assert told.code == 0
    assert "or ring from here: python -m bot page INC-1 --ring" in told.out
    assert not phones.rings


def test_who_was_paged_already_can_be_rung_later(
    given: dict[str, str], phones: WebhookServer, tmp_path: Path
) -> None:
    assert ended((*BOT, "declare", WAVE, "--sev", "SEV0", "--by", "priya"), given).code == 0
    words = (*BOT, "page", "INC-1", "--ring")
    with Started(words, given, "until somebody has it", tmp_path / "log") as command:
        Workspace("").eventually("one of those on call is rung", lambda: _on_call(phones))
        assert ended((*BOT, "ack", "INC-1", "--by", "dana"), given).code == 0
        assert command.end(BY_ITSELF).code == 0


def _on_call(phones: WebhookServer) -> list[str]:
    """Handles of rings of those who may take command: Legal (Iris) comes as a liaison."""
    return [handle for handle, ring in phones.rings.items() if ring["to"] != "UIRIS"]

"""Slack is down and no bot runs: a command on a terminal pages and rings, until nobody is waited for."""

import signal
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
RINGS = "it rings from here"
BY_ITSELF = 0  # the signal that only looks whether the process is there
WAVE = "Account-takeover wave in EU"
LEGAL = {"UIRIS": "Iris Falk", "UMARCUS": "Marcus Reed"}  # by weekly turns, in the real week


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


def test_it_rings_from_the_terminal_until_nobody_is_waited_for(
    given: dict[str, str], phones: WebhookServer, tmp_path: Path
) -> None:
    words = (*BOT, "declare", WAVE, "--sev", "SEV0", "--by", "priya", "--ring")
    with Started(words, given, RINGS, tmp_path / "log") as command:
        rung = Workspace("").eventually("one of those on call is rung", lambda: _on_call(phones))[0]
        ring = phones.rings[rung]
        told = ended((*BOT, "ack", "INC-1", "--as", ring["to"], "--by", "priya"), given)
        Workspace("").eventually("Legal is rung", lambda: _legal(phones))
        waits = command.reads(f"INC-1 waits for {_name_of_legal(phones)}.")
        _legal_answers(phones)
        done = command.end(BY_ITSELF)
    assert ring["words"] == "SEV0 INC-1. Acknowledge."
    assert (told.code, told.err) == (0, "")
    assert done.code == 0
    assert "acknowledged for" in waits
    assert waits.endswith(f"INC-1 waits for {_name_of_legal(phones)}.\n")
    assert phones.rings.keys() == set(phones.stopped) | set(_legal(phones))


def test_what_another_terminal_declares_meanwhile_is_rung_from_this_one(
    given: dict[str, str], phones: WebhookServer, tmp_path: Path
) -> None:
    words = (*BOT, "declare", WAVE, "--sev", "SEV1", "--by", "priya", "--ring")
    with Started(words, given, RINGS, tmp_path / "log") as command:
        other = ended((*BOT, "declare", "Payouts to mules", "--sev", "SEV0", "--by", "priya"), given)
        assert ended((*BOT, "ack", "INC-1", "--as", "ana", "--by", "priya"), given).code == 0
        Workspace("").eventually("the second incident rings", lambda: _on_call(phones))
        assert ended((*BOT, "ack", "INC-2", "--by", "dana"), given).code == 0
        _legal_answers(phones)
        done = command.end(BY_ITSELF)
    assert "takes it from here" in other.out
    assert done.code == 0


def test_an_answer_on_the_phone_ends_it_too(
    given: dict[str, str], phones: WebhookServer, tmp_path: Path
) -> None:
    words = (*BOT, "declare", WAVE, "--sev", "SEV0", "--by", "priya", "--ring")
    with Started(words, given, RINGS, tmp_path / "log") as command:
        rung = Workspace("").eventually("one of those on call is rung", lambda: _on_call(phones))[0]
        _answer(phones, rung)
        _legal_answers(phones)
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


def test_who_was_paged_already_can_be_rung_later_and_whoever_ends_it_is_told_who_waits(
    given: dict[str, str], phones: WebhookServer, tmp_path: Path
) -> None:
    assert ended((*BOT, "declare", WAVE, "--sev", "SEV0", "--by", "priya"), given).code == 0
    words = (*BOT, "page", "INC-1", "--ring")
    with Started(words, given, RINGS, tmp_path / "log") as command:
        Workspace("").eventually("one of those on call is rung", lambda: _on_call(phones))
        assert ended((*BOT, "ack", "INC-1", "--by", "dana"), given).code == 0
        Workspace("").eventually(
            "the others' phones stop", lambda: set(_on_call(phones)) <= set(phones.stopped)
        )
        Workspace("").eventually("Legal is rung", lambda: _legal(phones))
        done = command.end(signal.SIGINT)
    assert done.code == 0
    waits = f"INC-1 waits for {_name_of_legal(phones)}."
    assert done.out.endswith(f"{waits}\nWhat is left to do waits for the next start.\n")


def _legal(phones: WebhookServer) -> list[str]:
    return [handle for handle, ring in phones.rings.items() if ring["to"] in LEGAL]


def _name_of_legal(phones: WebhookServer) -> str:
    return LEGAL[phones.rings[_legal(phones)[0]]["to"]]


def _legal_answers(phones: WebhookServer) -> None:
    """Legal comes beside whoever has it, so that their phone rings on."""
    Workspace("").eventually("Legal is rung", lambda: _legal(phones))
    _answer(phones, *_legal(phones))


def _answer(phones: WebhookServer, *handles: str) -> None:
    for handle in handles:
        phones.rings[handle] |= {"by": phones.rings[handle]["to"], "at": "2026-11-30T19:01:00Z"}


def _on_call(phones: WebhookServer) -> list[str]:
    """Handles of rings of those who may take command: Legal comes as a liaison."""
    return [handle for handle, ring in phones.rings.items() if ring["to"] not in LEGAL]

"""What a short command puts into the outbox rings, too: it knows people's phones as the running bot does."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.applying import EXAMPLE
from bot.cli.exits import phone_of_each
from bot.local_workspace import SEED
from bot.settings import Settings
from incidents.effects import Effect, EffectKind
from incidents.people import Actor
from sandbox.server import Sandbox
from storage.opening import SqlStore
from tests.support.clock import FakeClock
from tests.support.command_line import CommandLine
from tests.support.house import TestHouse, example_house

WEBHOOK = {"RING_WEBHOOK_URL": "https://ring.example.org/", "RING_WEBHOOK_SECRET": "s"}
ANA = Actor("UANA", "Ana Lima", phone="+1 555 0100")


@pytest.fixture
def there(store: SqlStore, bot: CommandLine) -> TestHouse:
    there = example_house(store)
    assert bot("apply", EXAMPLE).code == 0
    return there


def rung(sent: list[Effect]) -> set[str]:
    return {effect.users[0] for effect in sent if effect.kind is EffectKind.RING}


def test_a_sev0_declared_from_a_terminal_rings_at_once(bot: CommandLine, there: TestHouse) -> None:
    assert (
        bot.given(**WEBHOOK)("declare", "Weights are being copied", "--sev", "SEV0", "--by", "UPRIYA").code
        == 0
    )
    paged = {page.user for page in there.incident("INC-1").pages}
    assert rung(there.slack()) == paged


def test_without_a_provider_nothing_is_put_that_nobody_could_do(bot: CommandLine, there: TestHouse) -> None:
    bot("declare", "Weights are being copied", "--sev", "SEV0", "--by", "UPRIYA")
    assert rung(there.slack()) == set()


def test_beside_the_local_workspace_it_is_that_workspaces_telephones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings.model_validate({"MERIDIAN_HOME": str(tmp_path)})
    assert phone_of_each(settings, FakeClock())(ANA) == ""
    with Sandbox(seed=SEED) as sandbox:
        (tmp_path / "sandbox.lock").write_text(
            f"{os.getpid()} {urlsplit(sandbox.url).port}", encoding="ascii"
        )
        (tmp_path / "sandbox.pid").write_text(f"{os.getpid()}\n", encoding="ascii")
        assert phone_of_each(settings, FakeClock())(ANA) == "webhook:UANA"

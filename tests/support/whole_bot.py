"""The whole bot beside a local workspace in one process: real Bolt, real sockets, a real SQLite file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from bot.applying import EXAMPLE, apply_file
from bot.fetching import Fetcher
from bot.local_workspace import SEED
from bot.rates import SLACK, Rates
from bot.settings import Settings
from bot.socket import Pace
from bot.wiring import Bot, assemble
from sandbox.server import Sandbox
from sandbox.settings import Settings as SandboxSettings
from tests.support.web import Site
from tests.support.workspace import Workspace

MANIFEST = Path(__file__).resolve().parents[2] / "manifest.yaml"
SECRET = "a secret that signs"
SOCKET, HTTP = "socket", "http"  # how Slack delivers
OK = 200
LIMIT_S = 10  # for Slack's three: stories that are not about them are told on busy machines too
MONDAY = "2026-11-30T19:00:00Z"  # AMER holds: Ana primary, Bo backup, Dana lead


class WholeBot(Struct, frozen=True):
    """The bot at work, and the workspace that people act in."""

    bot: Bot
    workspace: Workspace


@contextmanager
def whole_bot(
    sqlite_url: str,
    home: Path,
    at: str = MONDAY,
    *,
    manifest: Path = MANIFEST,
    pace: Pace | None = None,
    phones: bool = False,
    over: str = SOCKET,
    rates: Rates = SLACK,
    more: Mapping[str, str] = MappingProxyType({}),
    file: Path | None = EXAMPLE,
    fetcher: Fetcher | None = None,
) -> Iterator[WholeBot]:
    """Started and listening, with a schedules file applied (None: empty), the clock at `at`; `phones`: ring.

    `over` is how Slack delivers, `rates` how often it is thought to let itself be called. `more` is of the
    environment, for example the account of a provider. `fetcher` reads calendars from hosts of the test.
    """
    with Sandbox(
        seed=SEED, manifest=manifest, settings=SandboxSettings(phone_secret=SECRET, limit_s=LIMIT_S)
    ) as sandbox:
        workspace = Workspace(sandbox.url)
        workspace.set_clock(at)
        environment = _environment(sandbox.url, sqlite_url, home) | _carried(over) | dict(more)
        environment |= _ringing(sandbox.url) if phones else {}
        settings = Settings.model_validate(environment)
        bot = assemble(settings, _nothing, pace=pace, rates=rates, fetcher=fetcher)
        try:
            if file is not None:
                apply_file(bot.house, file, "test")
            for part in bot.parts:
                part.start()
            workspace.eventually("the bot is ready", bot.is_ready)
            if over == HTTP and bot.web is not None:
                address = f"http://127.0.0.1:{bot.web.port}/slack/events"
                workspace.post("settings", delivery=HTTP, request_url=address, signing_secret=SECRET)
            yield WholeBot(bot, workspace)
        finally:
            for part in reversed(bot.parts):
                part.stop()


def is_ready(bot: WholeBot) -> bool:
    """What readyz says."""
    assert bot.bot.web is not None
    return Site(bot.bot.web.port).get("/readyz").status == OK


def _environment(url: str, sqlite_url: str, home: Path) -> dict[str, str]:
    return {
        "MERIDIAN_HOME": str(home),
        "PORT": "0",
        "DATABASE_URL": sqlite_url,
        "SLACK_BOT_TOKEN": "xoxb-sandbox-1",
        "SLACK_API_URL": f"{url}api/",
        "MERIDIAN_CLOCK_URL": f"{url}_control/clock",
    }


def _carried(over: str) -> dict[str, str]:
    return {"SLACK_SIGNING_SECRET": SECRET} if over == HTTP else {"SLACK_APP_TOKEN": "xapp-sandbox-1"}


def _ringing(url: str) -> dict[str, str]:
    return {"RING_WEBHOOK_URL": f"{url}_phone", "RING_WEBHOOK_SECRET": SECRET}


def _nothing(_reason: str) -> None:
    """The supervisor's end is the test's failure elsewhere."""

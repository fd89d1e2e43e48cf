"""Meridian as a platform starts it, beside a workspace of its own; each process is killed by its name."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.applying import EXAMPLE
from bot.local_workspace import SEED as PEOPLE
from sandbox.__main__ import PHONE_SECRET
from tests.support.processes import free_ports
from tests.support.started import ROOT, Started, ended, procfile
from tests.support.whole_bot import MONDAY
from tests.support.workspace import Workspace

LINES = {**procfile("Procfile"), **procfile("Procfile.many")}
LEASE_IS_OVER_S = 35


class Replicas:
    """Processes by name: `work-a`, `serve-b`, on SQLite one `bot-a`.

    `given` is the environment that all of them have."""

    def __init__(self, given: dict[str, str], folder: Path) -> None:
        self.given, self._folder = given, folder
        self.up: dict[str, Started] = {}

    def start(self, name: str, module: str = "bot", **more: str) -> None:
        """`module` in the place of the product's own."""
        words = [module if word == "bot" else word for word in LINES[name.split("-")[0]]]
        own = {"PORT": str(free_ports()), "MERIDIAN_HOME": str(self._folder / name)}
        self.up[name] = Started(words, self.given | own | more, "ready", self._folder / f"{name}.log")

    def kill(self, name: str) -> None:
        self.up.pop(name).end(signal.SIGKILL)

    def end(self) -> list[int]:
        return [process.end().code for process in self.up.values()]

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.given["SLACK_API_URL"].removesuffix("api/"))


@contextmanager
def replicas(database_url: str, folder: Path) -> Iterator[Replicas]:
    """None of them runs yet. It is Monday evening, Ana is primary, and Slack has no tiers."""
    port = free_ports()
    words = (sys.executable, "-m", "sandbox", "--port", str(port), "--seed", str(PEOPLE))
    signed = {PHONE_SECRET: "telephones"}
    with Started((*words, "--manifest", str(ROOT / "manifest.yaml")), signed, "ready", folder / "sandbox"):
        given = {
            "MERIDIAN_HOME": str(folder / "home"),
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox-many",
            "SLACK_APP_TOKEN": "xapp-sandbox-many",
            "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
            "MERIDIAN_CLOCK_URL": f"http://127.0.0.1:{port}/_control/clock",
            "RING_WEBHOOK_URL": f"http://127.0.0.1:{port}/_phone",
            "RING_WEBHOOK_SECRET": signed[PHONE_SECRET],
        }
        assert ended(LINES["release"], given).code == 0
        assert ended(("python", "-m", "bot", "apply", str(EXAMPLE)), given).code == 0
        found = Replicas(given, folder)
        found.workspace.set_clock(MONDAY)
        found.workspace.post("settings", tiers=False)
        try:
            yield found
        finally:
            for name in list(found.up):
                found.kill(name)

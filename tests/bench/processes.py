"""The bot as a process of its own beside a workspace of its own, for rows on starting, resting and load."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from bot.applying import EXAMPLE
from bot.local_workspace import SEED
from tests.support.http_bot import SECRET
from tests.support.processes import ROOT, Running, free_ports
from tests.support.started import Started, ended
from tests.support.workspace import Workspace

# What a bot of this kind cannot do without, before a line of ours is read.
BARE = (
    "import slack_bolt, aiohttp, websocket, sqlmodel, pytz, yaml, pydantic_settings; "
    "import slack_sdk.web.async_client, apscheduler.schedulers.background, sqlalchemy.dialects.sqlite, "
    "slack_bolt.adapter.socket_mode.websocket_client"
)
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class Bare(Struct, frozen=True):
    """A process that has imported the core libraries and nothing else."""

    import_s: float
    memory_mb: float


def bare_imports() -> Bare:
    began = time.monotonic()
    words = [sys.executable, "-c", f"{BARE}; print('ready', flush=True); input()"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = Bare(time.monotonic() - began, memory_mb(process.pid))
        process.communicate("\n")
    return found


@contextmanager
def running() -> Iterator[Running]:
    """`make run` in a home of its own, stopped at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder,
        Running(Path(folder) / "home") as started,
    ):
        yield started


@contextmanager
def running_over_http() -> Iterator[Workspace]:
    """The workspace of a bot to which it delivers over HTTP, each a process of its own."""
    port, own = free_ports(), free_ports()
    url = f"http://127.0.0.1:{port}/"
    sandbox = (sys.executable, "-m", "sandbox", "--port", str(port), "--seed", str(SEED))
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
        home = Path(folder)
        given = {
            "MERIDIAN_HOME": str(home / "home"),
            "PORT": str(own),
            "SLACK_BOT_TOKEN": "xoxb-sandbox-http",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{url}api/",
            "MERIDIAN_CLOCK_URL": f"{url}_control/clock",
        }
        with Started((*sandbox, "--manifest", str(ROOT / "manifest.yaml")), {}, "ready", home / "sandbox"):
            assert ended((sys.executable, "-m", "bot", "apply", str(EXAMPLE)), given).code == 0
            with Started((sys.executable, "-m", "bot", "run"), given, "ready", home / "bot"):
                workspace = Workspace(url)
                address = f"http://127.0.0.1:{own}/slack/events"
                workspace.post("settings", delivery="http", request_url=address, signing_secret=SECRET)
                workspace.eventually(
                    "the address is confirmed", lambda: workspace.state()["http"]["verified"]
                )
                yield workspace


def bot_pid(started: Running) -> int:
    return int((started.home / "bot.pid").read_text())


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_s(pid: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

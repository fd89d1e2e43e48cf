"""The product as a person starts it: `python -m bot run` with its workspace, in a home of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.support.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"http://127\.0\.0\.1:\d+/")
STARTS_WITHIN_S = 40.0
WORKSPACE_ALONE = """
import os, sys
from pathlib import Path
from bot.local_workspace import open_local_workspace
open_local_workspace(Path(sys.argv[1]), int(sys.argv[2]), os.environ).wait_until_usable()
"""


def free_ports() -> int:
    """A port P such that P and P+1 are free just now."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class Running:
    """A started Meridian; `with` stops both processes.

    `begins` is the workspace's instant before the bot has ever run, so that it knows of none before."""

    def __init__(
        self, home: Path, port: int = 0, environment: Mapping[str, str] | None = None, begins: str = ""
    ) -> None:
        self.home = home
        self.port = port or free_ports()
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "MERIDIAN_"))
        }
        clean.pop("DATABASE_URL", None)
        self._environment = {
            **clean,
            "MERIDIAN_HOME": str(home),
            "MERIDIAN_PORT": str(self.port),
            **(environment or {}),
        }
        self._begins = begins
        self._complaints = home.parent / f"{home.name}.stderr"
        self.process: subprocess.Popen[str] | None = None
        self.ready_after_s = 0.0

    @property
    def workspace(self) -> Workspace:
        return Workspace(f"http://127.0.0.1:{self.port}/")

    def start(self, module: str = "bot", **more: str) -> "Running":
        """Returns when the line with the address has been printed. `more` is added to the environment."""
        if self._begins:
            self._open_workspace(self._begins)
            self._begins = ""
        began = time.monotonic()
        with self._complaints.open("ab") as complaints:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, "run"],
                cwd=ROOT,
                env={**self._environment, **more},
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if READY.search(line):
                self.ready_after_s = time.monotonic() - began
                return self
        raise AssertionError(f"it did not start: {self.complaints()}")

    def _open_workspace(self, at: str) -> None:
        """The workspace alone, left running as by a bot that was killed: the first bot takes it over."""
        words = [sys.executable, "-c", WORKSPACE_ALONE, str(self.home), str(self.port)]
        subprocess.run(words, cwd=ROOT, env=self._environment, check=True, timeout=STARTS_WITHIN_S)
        self.workspace.set_clock(at)

    def complaints(self) -> str:
        return self._complaints.read_text()[-4000:]

    def signal(self, number: int) -> None:
        """A signal to the bot alone; the workspace lives on, as Slack would."""
        os.kill(int((self.home / "bot.pid").read_text()), number)

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """SIGKILL to the bot, unless it has died of itself."""
        if not self.is_dead:
            self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait(5)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._end_workspace()
        return code

    def _end_workspace(self) -> None:
        pid_file = self.home / "sandbox.pid"
        if pid_file.exists():
            with suppress(ProcessLookupError):
                os.kill(int(pid_file.read_text()), signal.SIGKILL)

    def __enter__(self) -> "Running":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

"""Child processes as a platform starts them: a Procfile's lines, the environment given from outside."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN_S = 20.0
CLEARED = ("SLACK_", "MERIDIAN_", "DATABASE_URL", "PYTHONUNBUFFERED", "PORT")


class Ended(Struct, frozen=True):
    """How a process ended: `after_s` seconds after it was asked to."""

    code: int
    out: str
    err: str = ""
    after_s: float = 0.0


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """This machine's, without what concerns Meridian, and what was given; our Python comes first."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(CLEARED)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**clean, "PATH": path, **given}


def procfile(name: str) -> dict[str, list[str]]:
    """The words of each line of a Procfile, by the process's name."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {line.split(":", 1)[0]: shlex.split(line.split(":", 1)[1]) for line in lines if line.strip()}


def ended(words: Sequence[str], given: Mapping[str, str]) -> Ended:
    """A command that ends by itself."""
    done = subprocess.run(
        words, cwd=ROOT, env=environment(given), capture_output=True, text=True, timeout=60, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Started:
    """A process that goes on until it is told to end; `with` ends it."""

    def __init__(self, words: Sequence[str], given: Mapping[str, str], until: str, log: Path) -> None:
        """Returns when it has printed a line with the words `until`; `log` gets what it complains of."""
        began = time.monotonic()
        with log.open("ab") as complaints:
            self._process = subprocess.Popen(
                words,
                cwd=ROOT,
                env=environment(given),
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )
        assert self._process.stdout is not None
        self.line = next((line for line in self._process.stdout if until in line), "")
        self.ready_after_s = time.monotonic() - began
        if not self.line:
            self.end()
            raise AssertionError(f"{' '.join(words)} did not start: {log.read_text()[-4000:]}")

    def reads(self, words: str) -> str:
        """What it prints from now on, up to a line with these words; less than that where it ends before."""
        assert self._process.stdout is not None
        read = []
        for line in self._process.stdout:
            read.append(line)
            if words in line:
                break
        return "".join(read)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_dead(self) -> bool:
        return self._process.poll() is not None

    def end(self, number: int = signal.SIGTERM) -> Ended:
        """Ask by a signal and wait; one that does not end is killed, which shows in its code."""
        began = time.monotonic()
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            code = self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait(ENDS_WITHIN_S)
        after_s = time.monotonic() - began
        assert self._process.stdout is not None
        out = "" if self._process.stdout.closed else self._process.stdout.read()
        self._process.stdout.close()
        return Ended(code, out, after_s=after_s)

    def __enter__(self) -> "Started":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.end()


def is_running(pid: int) -> bool:
    """Whether a process with this number is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

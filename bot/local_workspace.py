"""The local workspace beside the bot: starts `python -m sandbox` as a child, or takes over one that runs.

It outlives a killed bot, so that a start after a crash finds the same channels; a clean stop ends both."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import IO

from msgspec import Struct

from bot.clock import new_secret
from bot.loopback import opened

BOT_TOKEN, APP_TOKEN = "xoxb-sandbox-meridian", "xapp-sandbox-meridian"
STARTS_WITHIN_S = 20.0
ENDS_WITHIN_S = 5.0
LOOK_EVERY_S = 0.03
REAL_PHONES = (
    "PUSHOVER_TOKEN",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_FROM",
    "PAGERDUTY_TOKEN",
    "PAGERDUTY_FROM",
    "PAGERDUTY_SERVICE",
    "SMTP_URL",
    "MAIL_FROM",
)
ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "bot" / "example" / "workspace.json"


class WorkspaceFault(Exception):
    """The local workspace cannot be used; the sentence says what to do."""


class LocalWorkspace(Struct, frozen=True):
    """A running sandbox, ours to stop. While `lock` is open no other bot takes it over.

    `phone_secret` signs what rings its people's telephones; each start has its own.
    """

    url: str
    pid: int
    pid_file: Path
    lock: IO[str]
    phone_secret: str

    def __repr__(self) -> str:
        return f"LocalWorkspace({self.url})"

    @property
    def environment(self) -> dict[str, str]:
        """What the bot needs to talk to it. Its people are invented: no real telephone rings for them."""
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{self.url}api/",
            "MERIDIAN_CLOCK_URL": f"{self.url}_control/clock",
            "RING_WEBHOOK_URL": f"{self.url}_phone",
            "RING_WEBHOOK_SECRET": self.phone_secret,
            **dict.fromkeys(REAL_PHONES, ""),
        }

    def wait_until_usable(self) -> None:
        """Raises WorkspaceFault when it does not answer in time, or has ended."""
        give_up = time.monotonic() + STARTS_WITHIN_S
        while not _answers(self.url):
            if time.monotonic() > give_up or not _is_running(self.pid):
                log = self.pid_file.parent / "sandbox.log"
                raise WorkspaceFault(f"The local workspace did not start. Its last words are in {log}.")
            _pause()
        _tell(self.url, "settings", phone_secret=self.phone_secret)

    def stop(self) -> None:
        """End it and wait for it; nothing happens where it has ended already."""
        give_up = time.monotonic() + ENDS_WITHIN_S
        _signal(self.pid, signal.SIGTERM)
        while _is_running(self.pid):
            if time.monotonic() > give_up:
                _signal(self.pid, signal.SIGKILL)
                break
            _pause()
        self.pid_file.unlink(missing_ok=True)
        self.lock.close()


def open_local_workspace(home: Path, port: int, environment: Mapping[str, str]) -> LocalWorkspace:
    """Start it, or take over the one of this home that a killed bot left. Returns before it is usable.

    Raises WorkspaceFault when another bot uses this home, or something else holds the port.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = _hold(home)
    _, old_port = _noted(lock)
    url, pid_file = _url(port), home / "sandbox.pid"
    left = _left_behind(pid_file)
    if left and _answers(url):
        _note(lock, port)
        return LocalWorkspace(url, left, pid_file, lock, new_secret())
    if left and old_port not in (0, port) and _answers(_url(old_port)):
        lock.close()
        raise WorkspaceFault(
            f"The workspace of {home} still runs on port {old_port} (process {left})."
            f" Set MERIDIAN_PORT={old_port}, or end that process first."
        )
    if _is_taken(port):
        lock.close()
        raise WorkspaceFault(f"Port {port} is taken by another program. Set MERIDIAN_PORT to a free one.")
    _note(lock, port)
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--seed", str(SEED)]
    command += ["--data", str(home / "sandbox"), "--manifest", str(ROOT / "manifest.yaml")]
    clean = {name: value for name, value in environment.items() if not name.startswith("SLACK_")}
    with (home / "sandbox.log").open("ab") as log:
        child = subprocess.Popen(command, cwd=ROOT, env=clean, stdout=log, stderr=log, start_new_session=True)
    pid_file.write_text(f"{child.pid}\n", encoding="ascii")
    return LocalWorkspace(url, child.pid, pid_file, lock, new_secret())


def telephone(user: str) -> str:
    """Where this person of the workspace is rung, as `provider:where`."""
    return f"webhook:{user}"


def workspace_beside(home: Path) -> str:
    """The address of this home's workspace while it runs, for a short command; "" where there is none."""
    try:
        with (home / "sandbox.lock").open(encoding="ascii") as noted:
            _, port = _noted(noted)
    except OSError:
        return ""
    return _url(port) if port and _left_behind(home / "sandbox.pid") and _answers(_url(port)) else ""


def _hold(home: Path) -> IO[str]:
    """The lock on this home's workspace, held for as long as it is open; the child does not inherit it."""
    lock = (home / "sandbox.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder, _ = _noted(lock)
        lock.close()
        raise WorkspaceFault(
            f"Another Meridian (process {holder}) is running in {home}."
            " Stop it first, or set MERIDIAN_HOME to another folder."
        ) from None
    return lock


def _note(lock: IO[str], port: int) -> None:
    """Who holds it, and on which port the workspace is: read by those who come later."""
    lock.truncate(0)
    lock.write(f"{os.getpid()} {port}")
    lock.flush()


def _noted(lock: IO[str]) -> tuple[int, int]:
    lock.seek(0)
    words = lock.read().split()
    return (int(words[0]), int(words[1])) if len(words) == 2 else (0, 0)


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/"


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does it
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _left_behind(pid_file: Path) -> int:
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
    return pid if _is_running(pid) else 0


def _is_running(pid: int) -> bool:
    try:
        ended, _ = os.waitpid(pid, os.WNOHANG)
        if ended == pid:
            return False
    except ChildProcessError:
        pass  # taken over: not our child, so the signal below tells
    return _signal(pid, 0)


def _signal(pid: int, number: int) -> bool:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _answers(url: str) -> bool:
    try:
        with opened(f"{url}_control/clock", 2) as answer:
            return "now" in json.load(answer)
    except (OSError, HTTPException, ValueError):
        return False


def _tell(url: str, act: str, **words: str) -> None:
    """Raises WorkspaceFault when it does not listen."""
    request = urllib.request.Request(
        f"{url}_control/{act}", json.dumps(words).encode(), {"Content-Type": "application/json"}
    )
    try:
        with opened(request, 2) as answer:
            answer.read()
    except (OSError, HTTPException) as error:
        raise WorkspaceFault(f"The local workspace does not listen ({type(error).__name__}).") from None


def _pause() -> None:
    time.sleep(LOOK_EVERY_S)  # noqa: TID251 – waiting for another process to answer, with a deadline above

"""`python -m tests.support.crashing run`: the bot, which kills itself at one boundary of commit or call.

`CRASH_AT` is the boundary's number from 0, counted from SIGUSR1 on; each is written to `CRASH_LOG` as it is
passed. It hooks into the libraries' own events: nothing of the product is changed for it."""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import Pool

UNCOUNTED = (
    "api.test",
    "auth.test",
    "users.",
    "team.",
    "bots.",
    "conversations.list",
    "conversations.history",
)


class Boundaries:
    """Counts what it is told of, once armed, and dies at the chosen one."""

    def __init__(self, crash_at: int, passed: Path) -> None:
        self._left = crash_at
        self._passed = passed
        self._lock = threading.Lock()
        self._is_armed = False

    def arm(self, _number: int, _frame: FrameType | None) -> None:
        self._is_armed = True

    def reach(self, name: str) -> None:
        with self._lock:
            if not self._is_armed:
                return
            with self._passed.open("a", encoding="utf-8") as log:
                log.write(f"{name}\n")
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1


def hook_commits(boundaries: Boundaries) -> None:
    """Before each commit, and when its connection has come back from it."""

    def before(connection: Connection) -> None:
        connection.info["has_committed"] = True
        boundaries.reach("before commit")

    def after(_driver: Any, record: Any, _state: Any = None) -> None:
        if record.info.pop("has_committed", False):
            boundaries.reach("after commit")

    event.listen(Engine, "commit", before)
    event.listen(Pool, "checkin", after)


def hook_calls(boundaries: Boundaries) -> None:
    """When the answer to a call that changes something in Slack is there, and nobody has seen it yet.

    Just before a call the world is as it was just after the commit that claimed it: that is counted there.
    """
    plain = AsyncWebClient.api_call

    async def api_call(self: AsyncWebClient, api_method: str, **more: Any) -> Any:
        if api_method.startswith(UNCOUNTED):
            return await plain(self, api_method, **more)
        answer = await plain(self, api_method, **more)
        boundaries.reach(f"after {api_method}")
        return answer

    AsyncWebClient.api_call = api_call  # type: ignore[assignment, method-assign]


def hook_phones(boundaries: Boundaries) -> None:
    """The same for what rings a telephone or lets it stop."""
    plain = aiohttp.ClientSession._request

    async def request(self: aiohttp.ClientSession, method: str, url: Any, **more: Any) -> Any:
        answer = await plain(self, method, url, **more)
        asked = more.get("data") or b""
        for action in (b"ring", b"stop"):
            if isinstance(asked, bytes) and b'"action": "%b"' % action in asked:
                boundaries.reach(f"after {action.decode()}")
        return answer

    aiohttp.ClientSession._request = request  # type: ignore[assignment, method-assign]


def main() -> int:
    from bot.__main__ import main as bot

    boundaries = Boundaries(int(os.environ["CRASH_AT"]), Path(os.environ["CRASH_LOG"]))
    signal.signal(signal.SIGUSR1, boundaries.arm)
    hook_commits(boundaries)
    hook_calls(boundaries)
    hook_phones(boundaries)
    return bot(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

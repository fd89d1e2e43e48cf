"""The whole bot where Slack delivers over HTTP, and somebody who signs requests as Slack does, or nearly."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from bot.applying import EXAMPLE, apply_file
from bot.local_workspace import SEED
from bot.settings import Settings
from bot.web.signatures import sign
from bot.wiring import Bot, assemble
from sandbox.server import Sandbox
from tests.support.web import Got, Site
from tests.support.whole_bot import MANIFEST, MONDAY
from tests.support.workspace import Workspace

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"


class Signed(Struct, frozen=True):
    """A request that can be sent again, exactly as it is."""

    body: bytes
    headers: Mapping[str, str]


def signed(body: bytes, content_type: str = FORM, age_s: float = 0, secret: str = SECRET) -> Signed:
    return _stamped(body, content_type, int(time.time() - age_s), secret)


def delivered_again(request: Signed) -> Signed:
    """The same delivery in another second: with a signature of its own, whatever the clock does meanwhile."""
    stamp = int(request.headers["X-Slack-Request-Timestamp"]) - 1
    return _stamped(request.body, request.headers["Content-Type"], stamp, SECRET)


def _stamped(body: bytes, content_type: str, stamp: int, secret: str) -> Signed:
    headers = {
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": sign(secret, str(stamp), body),
        "Content-Type": content_type,
    }
    return Signed(body, headers)


def event(payload: Mapping[str, Any], **more: Any) -> Signed:
    return signed(json.dumps(payload).encode(), "application/json", **more)


def command(text: str, trigger: str, user: str = "UPRIYA", **more: str) -> Signed:
    """A slash command as Slack posts it; `more` changes its fields."""
    fields = {
        "command": "/incident",
        "text": text,
        "user_id": user,
        "channel_id": "CGENERAL",
        "team_id": "T0SANDBOX",
        "trigger_id": trigger,
        "response_url": "http://127.0.0.1:1/commands/T/1/x",
        **more,
    }
    return signed(urlencode(fields).encode())


class HttpBot(Struct, frozen=True):
    bot: Bot
    workspace: Workspace
    site: Site

    def posts(self, request: Signed) -> Got:
        return self.site.post("/slack/events", request.body, request.headers)

    def incidents(self) -> list[str]:
        return [i.key for i in self.bot.store.read(lambda unit: unit.incidents.listing())]


@contextmanager
def http_bot(sqlite_url: str, home: Path, **environment: str) -> Iterator[HttpBot]:
    """Started and listening, with the example organisation applied."""
    with Sandbox(seed=SEED, manifest=MANIFEST) as sandbox:
        workspace = Workspace(sandbox.url)
        workspace.set_clock(MONDAY)
        given = {
            "MERIDIAN_HOME": str(home),
            "DATABASE_URL": sqlite_url,
            "PORT": "0",
            "SLACK_BOT_TOKEN": "xoxb-sandbox-1",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{sandbox.url}api/",
            "MERIDIAN_CLOCK_URL": f"{sandbox.url}_control/clock",
        }
        bot = assemble(Settings.model_validate({**given, **environment}), _nothing)
        try:
            apply_file(bot.house, EXAMPLE, "test")
            for part in bot.parts:
                part.start()
            workspace.eventually("the bot is ready", bot.is_ready)
            assert bot.web is not None
            yield HttpBot(bot, workspace, Site(bot.web.port))
        finally:
            for part in reversed(bot.parts):
                part.stop()


def _nothing(_reason: str) -> None:
    """The supervisor's end is the test's failure elsewhere."""

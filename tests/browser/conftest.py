"""A workspace in this process, the app as slack_sdk plays it, and people at a browser. No bot runs here."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from sandbox.server import Sandbox
from tests.support.clock import FakeClock

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
EVENING = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
DEADLINE_MS = 15_000
PEOPLE = (
    ("UANA", "ana", "Ana Lima", "America/New_York", "Incident analyst, AMER"),
    ("UBO", "bo", "Bo Chen", "America/Los_Angeles", "Incident analyst, AMER"),
    ("UPRIYA", "priya", "Priya Nair", "Europe/Dublin", "Safety analyst, EMEA"),
    ("UKENJI", "kenji", "Kenji Mori", "Asia/Tokyo", "Incident analyst, APAC"),
)
MANIFEST = {
    "display_information": {"name": "Meridian"},
    "features": {
        "bot_user": {"display_name": "meridian"},
        "slash_commands": [
            {
                "command": "/incident",
                "description": "Declare and run an incident",
                "usage_hint": "declare · list",
            },
            {"command": "/oncall", "description": "Who is on call, and why", "usage_hint": "[next]"},
        ],
        "shortcuts": [
            {
                "name": "Declare incident",
                "type": "global",
                "callback_id": "declare",
                "description": "Declare",
            },
            {"name": "Add to timeline", "type": "message", "callback_id": "timeline", "description": "Add"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "commands",
                "channels:manage",
                "dnd:read",
                "groups:write",
                "im:write",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "message.channels"]}
    },
}

Json = dict[str, Any]
Answer = Callable[[Json], Json | None]


def nothing(_: Json) -> None:
    """The plain ack."""


class Workspace:
    """The sandbox, `client` for what the app says, `answers[type]` for how it acks what people do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = sandbox.url
        self.client = WebClient("xoxb-sandbox-1", base_url=f"{self.url}api/", retry_handlers=[])
        self.answers: dict[str, Answer | None] = {}
        self.heard: list[Json] = []
        self._came, self._hello = threading.Condition(), threading.Event()
        self._socket = SocketModeClient("xapp-sandbox-1", web_client=self.client)
        self._first_state = self._socket.current_session_state
        self._socket.socket_mode_request_listeners.append(self._receive)
        self._socket.message_listeners.append(self._watch)
        self._socket.connect()
        assert self._hello.wait(DEADLINE_MS / 1000), "the app never got its hello"

    def _watch(self, _: BaseSocketModeClient, message: Json, __: str | None) -> None:
        if message.get("type") == "hello":
            self._hello.set()

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = request.payload
        kind = payload.get("type", "command") if request.type != "slash_commands" else "command"
        answer = self.answers.get(kind, nothing)
        if answer is not None:
            response = answer(payload)
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, response))
        with self._came:
            self.heard.append({**payload, "type": kind})
            self._came.notify_all()

    def hears(self, kind: str) -> Json:
        """The latest payload of this kind, once there is one."""

        def latest() -> Json | None:
            return next((each for each in reversed(self.heard) if each["type"] == kind), None)

        with self._came:
            assert self._came.wait_for(latest, DEADLINE_MS / 1000), f"the app never heard of a {kind}"
        found = latest()
        assert found is not None
        return found

    def act(self, kind: str, **body: Any) -> Json:
        request = Request(f"{self.url}_control/{kind}", json.dumps(body).encode(), method="POST")
        with urlopen(request, timeout=30) as answer:
            found: Json = json.load(answer)
        return found

    def says(self, user: str, channel: str, text: str, **more: Any) -> str:
        """Somebody writes; the message's ts."""
        response = self.act("say", **{"as": user, "channel": channel, "text": text, **more})["response"]
        return str(response["ts"])

    def posts(self, channel: str, text: str, blocks: list[Json] | None = None) -> str:
        """The app writes; the message's ts."""
        return str(self.client.chat_postMessage(channel=channel, text=text, blocks=blocks or None)["ts"])

    def direct(self, user: str) -> str:
        """The app's conversation with somebody."""
        return str(self.client.conversations_open(users=user)["channel"]["id"])

    def close(self) -> None:
        """A client that begins to read just when it is closed, or connected, takes back that it is to end:
        it is told until it has ended."""
        closing = threading.Thread(target=self._socket.close, daemon=True)
        closing.start()
        while closing.is_alive():
            self._first_state.terminated = self._socket.current_session_state.terminated = True
            closing.join(0.1)


class Screen(Struct, frozen=True):
    width: int
    height: int


WIDE, MIDDLE, PHONE = Screen(1440, 900), Screen(900, 800), Screen(360, 640)


class People:
    """Opens the page as somebody, on some screen; every fault of the page's own script fails the test."""

    def __init__(self, browser: Browser, workspace: Workspace) -> None:
        self._browser, self._workspace = browser, workspace
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def at(self, user: str, channel: str = "CGEN", screen: Screen = WIDE) -> Page:
        is_phone = screen is PHONE
        context = self._browser.new_context(
            viewport={"width": screen.width, "height": screen.height},
            has_touch=is_phone,
            is_mobile=is_phone,
            permissions=[],
        )
        context.set_default_timeout(DEADLINE_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._watch(request.url))
        page.goto(f"{self._workspace.url}?as={user}&channel={channel}")
        page.locator(f"[data-place='{channel}'].active").wait_for(state="attached")
        return page

    def _watch(self, url: str) -> None:
        if not url.startswith((self._workspace.url, "data:", "blob:")):
            self.faults.append(f"asked for {url}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        assert self.faults == []


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"no Chromium at {CHROMIUM}: the page was not tested")
        pytest.skip(f"no Chromium at {CHROMIUM}: the page is not tested here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """#general (CGEN) with four people and the app, and #quiet (CQUIET) with Ana and Bo alone."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST), encoding="utf-8")
    everybody = [each[0] for each in PEOPLE]
    seed = {
        "users": [
            dict(zip(("id", "name", "real_name", "tz", "title"), each, strict=True)) for each in PEOPLE
        ],
        "channels": [
            {"id": "CGEN", "name": "general", "members": [*everybody, "U0SANDBOT"], "topic": "All hands"},
            {"id": "CQUIET", "name": "quiet", "members": ["UANA", "UBO"]},
        ],
    }
    with Sandbox(seed=seed, manifest=manifest, clock=FakeClock(EVENING)) as sandbox:
        found = Workspace(sandbox)
        found.act("settings", tiers=False)
        yield found
        found.close()


@pytest.fixture
def people(chromium: Browser, workspace: Workspace) -> Iterator[People]:
    found = People(chromium, workspace)
    yield found
    found.close()

"""Drives a sandbox in this process: acts as people, looks at the state, calls the Web API."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from tests.support.http_app import SECRET, HttpApp, Posted, Reply, http_app

DEADLINE_S = 30.0
BOT_TOKEN, APP_TOKEN = "xoxb-sandbox-1", "xapp-sandbox-1"
SEED = {
    "users": [
        {"id": "U1", "name": "alice", "real_name": "Alice Moreau", "tz": "Europe/Paris"},
        {"id": "U2", "name": "bob", "tz": "America/New_York"},
    ],
    "channels": [
        {"id": "C1", "name": "general", "members": ["alice", "bob", "meridian"]},
        {"id": "C2", "name": "secret", "members": ["bob"], "is_private": True},
    ],
}

Json = dict[str, Any]


class Client:
    """Everything a test does to the sandbox at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.slack = WebClient(BOT_TOKEN, base_url=f"{url}api/", retry_handlers=[], timeout=30)

    def act(self, act: str, /, **body: Any) -> Json:
        """One act; `as_` stands for `as`. A refusal comes back as `{error}`, too."""
        if "as_" in body:
            body["as"] = body.pop("as_")
        return self.send(f"_control/{act}", body)

    def send(self, path: str, body: Json | None = None, **headers: str) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}{path}", data, {"Content-Type": "application/json", **headers})
        try:
            with urlopen(request, timeout=DEADLINE_S) as answer:
                found: Json = json.load(answer)
        except HTTPError as refusal:
            with refusal:
                found = json.load(refusal)
        return found

    def state(self, person: str | None = None) -> Json:
        return self.send(f"_control/state?as={person}" if person else "_control/state")

    def texts(self, channel: str, person: str | None = None) -> list[str]:
        """What is written in a channel or DM, oldest first."""
        state = self.state(person)
        found = next(
            each for each in state["channels"] + state["dms"] if channel in (each["id"], each["name"])
        )
        return [message["text"] for message in found["messages"]]

    def deliveries(self) -> list[Json]:
        return [
            each for each in self.send("_control/journal?after=0")["entries"] if each["kind"] == "delivery"
        ]

    def until(self, is_so: Callable[[], object]) -> None:
        """Waits until it is so, or fails after the deadline."""
        pause = threading.Event()
        for _ in range(int(DEADLINE_S / 0.02)):
            if is_so():
                return
            pause.wait(0.02)
        raise AssertionError("it never came to pass")


def bolt(client: Client) -> App:
    return App(client=client.slack, signing_secret=SECRET, process_before_response=True)


@contextmanager
def reached(client: Client, app: App) -> Iterator[HttpApp]:
    """The app, behind a request URL."""

    def dispatched(posted: Posted) -> Reply:
        request = BoltRequest(body=posted.body.decode(), headers=dict(posted.headers.items()))
        answer = app.dispatch(request)
        return Reply(answer.status, answer.body)

    with http_app() as found:
        found.answer = dispatched  # type: ignore[method-assign]
        address = {"request_url": found.url, "signing_secret": SECRET}
        assert "error" not in client.act("settings", delivery="http", **address)
        yield found


@contextmanager
def connected(client: Client, app: App) -> Iterator[SocketModeHandler]:
    """The app, listening over Socket Mode."""
    handler = SocketModeHandler(app, APP_TOKEN, ping_interval=5)
    handler.connect()  # type: ignore[no-untyped-call]
    client.until(lambda: client.state()["socket"]["connections"])
    try:
        yield handler
    finally:
        # The client notices at once when the far end goes; from its own end it takes up to ten seconds.
        handler.client.auto_reconnect_enabled = False
        client.act("faults", clear=True, disconnect="abort")
        client.until(lambda: not handler.client.is_connected())
        handler.close()  # type: ignore[no-untyped-call]

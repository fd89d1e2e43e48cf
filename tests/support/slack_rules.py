"""A sandbox in this process, driven by Slack's own SDK, on a clock that stands until it is moved."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Protocol, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from slack_sdk.web import SlackResponse
from websocket import WebSocket, WebSocketApp, WebSocketTimeoutException, create_connection

from sandbox.rules import RULES
from sandbox.server import Sandbox
from tests.support.clock import FakeClock

BOT_TOKEN, APP_TOKEN = "xoxb-sandbox-1", "xapp-sandbox-1"
DEADLINE_S = 30.0
SEED: Mapping[str, Any] = {
    "users": [{"id": "U1", "name": "una"}, {"id": "U2", "name": "dos"}],
    "channels": [{"id": "C1", "name": "general", "members": ["U1", "U2"]}],
}

Json = dict[str, Any]
Words = tuple[str, ...]
Test = TypeVar("Test", bound=Callable[..., object])


def rule(*ids: str) -> Callable[[Test], Test]:
    """Marks a test as the case of these rules of `sandbox.rules`."""
    unknown = set(ids) - set(RULES)
    if unknown:
        raise ValueError(f"no such rule: {', '.join(sorted(unknown))}")

    def mark(test: Test) -> Test:
        vars(test)["rule_ids"] = ids
        return test

    return mark


def refused(error: str, call: Callable[..., object], *words: str, **arguments: Any) -> SlackResponse:
    """Makes the call, expects Slack's error code, and gives back the answer that carried it."""
    with pytest.raises(SlackApiError) as caught:
        call(*words, **arguments)
    response: SlackResponse = caught.value.response
    assert response["error"] == error, response.data
    return response


class App:
    """The SDK's Socket Mode client, which keeps what it receives and acknowledges it, or not."""

    def __init__(self, client: WebClient, acks: bool, answer: Json | None) -> None:
        self._requests: Queue[SocketModeRequest] = Queue()
        self._hellos: Queue[Json] = Queue()
        self._acks, self._answer = acks, answer
        self._opened: list[WebSocket] = []
        self._client = SocketModeClient(APP_TOKEN, web_client=client, ping_interval=3)
        self._ends: Queue[WebSocketApp] = Queue()
        self._client.on_open_listeners.append(self._keep)
        self._client.on_close_listeners.append(self._ends.put)
        self._client.socket_mode_request_listeners.append(self._receive)
        self._client.message_listeners.append(self._watch)
        self._client.connect()
        self.reconnected()

    def _receive(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._acks:
            takes_answer = request.type == "slash_commands"
            payload = self._answer if takes_answer else None
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))
        self._requests.put(request)

    def _keep(self, session: WebSocketApp) -> None:
        if session.sock is not None:
            self._opened.append(session.sock)

    def _watch(self, _: BaseSocketModeClient, message: Json, __: str | None) -> None:
        if message.get("type") == "hello":
            self._hellos.put(message)

    def reconnected(self) -> None:
        """Waits for the next hello; the SDK's client may sit ten seconds in a select before it comes back."""
        self._hellos.get(timeout=DEADLINE_S + 20)

    def next(self, kind: str) -> SocketModeRequest:
        """The next request of this type; others that came before it are dropped."""
        while True:
            request = self._requests.get(timeout=DEADLINE_S)
            if request.type == kind:
                return request

    def hears(self, text: str) -> SocketModeRequest:
        """Waits for the event of this message."""
        while True:
            request = self.next("events_api")
            if request.payload["event"].get("text") == text:
                return request

    def event(self, kind: str, subtype: str | None = None) -> Json:
        """The next event of this type and subtype."""
        while True:
            event: Json = self.next("events_api").payload["event"]
            if (event["type"], event.get("subtype")) == (kind, subtype):
                return event

    def received(self) -> list[SocketModeRequest]:
        """What has come so far and was not taken."""
        found = []
        while True:
            try:
                found.append(self._requests.get_nowait())
            except Empty:
                return found

    def retire(self) -> None:
        """Lets the next lost connection be the last."""
        self._client.default_auto_reconnect_enabled = False
        self._client.auto_reconnect_enabled = False

    def close(self) -> None:
        """Ends the client once its sockets ended: one closed under its select costs ten seconds."""
        with suppress(Empty):
            for _ in self._opened:
                self._ends.get(timeout=2)
        self._client.close()
        for opened in self._opened:
            opened.shutdown()  # type: ignore[no-untyped-call]


class Socket:
    """One raw socket, frame by frame."""

    def __init__(self, address: str) -> None:
        self._socket: WebSocket = create_connection(address, timeout=DEADLINE_S)

    def frame(self, kind: str | None = None) -> Json:
        """The next frame, or the next of this type."""
        while True:
            found = self._read()
            if kind in (None, found["type"]):
                return found

    def heard(self, text: str) -> Json:
        """The next envelope of a message with this text."""
        while True:
            found = self.frame("events_api")
            if found["payload"]["event"].get("text") == text:
                return found

    def everything(self) -> list[Json]:
        """All frames until none comes for a moment."""
        found = []
        self._socket.settimeout(0.3)
        try:
            while True:
                found.append(self._read())
        except WebSocketTimeoutException:
            return found
        finally:
            self._socket.settimeout(DEADLINE_S)

    def ack(self, frame: Json, payload: Json | None = None) -> None:
        answer = {"envelope_id": frame["envelope_id"], **({"payload": payload} if payload else {})}
        self._socket.send(json.dumps(answer))

    def close(self) -> None:
        self._socket.close()

    def _read(self) -> Json:
        found: Json = json.loads(self._socket.recv())
        return found


class Slack:
    """People U1 and U2; #general is C1, without the app. `act`: what people do, `client`: what the app."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._open: list[App | Socket] = []
        self._app: App | None = None
        self._rooms = 0
        self.url = sandbox.url
        self.api = f"{sandbox.url}api/"
        self.client = WebClient(BOT_TOKEN, base_url=self.api, retry_handlers=[], timeout=30)

    def close(self) -> None:
        """The sandbox goes first: the client would wait ten seconds for a frame before it saw its own end."""
        if self._app is not None:
            self._app.retire()
        self._sandbox.stop()
        for each in self._open:
            each.close()

    def act(self, name: str, /, **body: Any) -> Json:
        """What a person does, or a test orders; a refusal comes back as `{error}`."""
        return self._post(f"_control/{name}", body)

    def post_json(self, method: str, body: Json) -> Json:
        """A Web API call whose arguments the SDK would not send."""
        return self._post(f"api/{method}", body)

    def _post(self, path: str, body: Json) -> Json:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {BOT_TOKEN}"}
        request = Request(f"{self.url}{path}", json.dumps(body).encode(), headers, method="POST")
        try:
            with urlopen(request, timeout=DEADLINE_S) as answer:
                found: Json = json.load(answer)
        except HTTPError as refusal:
            with refusal:
                found = json.load(refusal)
        return found

    @contextmanager
    def meanwhile(self, name: str, /, **body: Any) -> Iterator[Callable[[], Json]]:
        """Somebody acts while the block runs; calling what it gives waits for the outcome."""
        with ThreadPoolExecutor(1) as thread:
            yield thread.submit(self.act, name, **body).result

    def look(self, name: str) -> Json:
        with urlopen(f"{self.url}_control/{name}", timeout=DEADLINE_S) as answer:
            found: Json = json.load(answer)
        return found

    def until_planned(self, retries: int) -> None:
        """Waits until the latest event has failed, and its retry of this number is planned."""
        pause = threading.Event()
        for _ in range(int(DEADLINE_S / 0.01)):
            if self.look("journal?after=0")["entries"][-1].get("retries") == retries:
                return
            pause.wait(0.01)
        raise AssertionError(f"retry {retries} was never planned")

    def advance(self, seconds: float) -> None:
        self.act("clock", advance_s=seconds)

    def without_tiers(self) -> None:
        self.act("settings", tiers=False)

    def channel(self, *users: str) -> str:
        """A new channel of the app's with these people in it."""
        self._rooms += 1
        room: str = self.client.conversations_create(name=f"room-{self._rooms}")["channel"]["id"]
        if users:
            self.client.conversations_invite(channel=room, users=list(users))
        return room

    def hidden_channel(self) -> str:
        """A private channel without the app."""
        made = self.act("create_channel", **{"as": "U1", "name": "secret", "is_private": True})
        return str(made["response"]["channel"])

    def said(self, user: str, channel: str, text: str) -> str:
        """Somebody says something; the message's ts."""
        outcome = self.act("say", **{"as": user, "channel": channel, "text": text})
        return str(outcome["response"]["ts"])

    def seen_by(self, user: str, channel: str) -> list[Json]:
        """The messages of a channel as this person sees them, oldest first, then what is ephemeral."""
        state = self.look(f"state?as={user}")
        found: list[Json] = next(each for each in state["channels"] if each["id"] == channel)["messages"]
        return found

    def texts_seen_by(self, user: str, channel: str) -> list[str]:
        return [message["text"] for message in self.seen_by(user, channel)]

    def phone(self, user: str) -> list[Json]:
        found: list[Json] = self.look(f"state?as={user}")["lock_screen"]
        return found

    def silence(self, user: str) -> None:
        self.act("dnd", user=user, minutes=60)

    def edited(self, user: str, channel: str, ts: str, text: str) -> Json:
        return self.act("edit", **{"as": user, "channel": channel, "ts": ts, "text": text})

    def deleted(self, user: str, channel: str, ts: str) -> Json:
        return self.act("delete", **{"as": user, "channel": channel, "ts": ts})

    def app(self, acks: bool = True, answer: Json | None = None) -> App:
        """The app's Socket Mode client, connected."""
        if self._app is None:
            self._app = App(WebClient(BOT_TOKEN, base_url=self.api, retry_handlers=[]), acks, answer)
            self._open.append(self._app)
        return self._app

    def socket_address(self) -> str:
        answer = self.client.apps_connections_open(app_token=APP_TOKEN)
        return str(answer["url"])

    def socket(self, address: str | None = None) -> Socket:
        socket = Socket(address or self.socket_address())
        self._open.append(socket)
        return socket

    def commanded(self, user: str, channel: str) -> Mapping[str, Any]:
        """Somebody types a command; its payload."""
        app = self.app()
        self.act("command", **{"as": user, "channel": channel, "text": "/incident help"})
        return app.next("slash_commands").payload

    def clicked(self, user: str, channel: str, ts: str, action_id: str) -> Mapping[str, Any]:
        """Somebody presses a button of a message; its payload."""
        app = self.app()
        self.act("click", **{"as": user, "channel": channel, "ts": ts, "action_id": action_id})
        return app.next("interactive").payload

    def trigger(self, user: str = "U1") -> str:
        """A fresh trigger_id."""
        return str(self.commanded(user, "C1")["trigger_id"])

    def trigger_in(self, view_id: str) -> str:
        """A fresh trigger_id from the button `next` of an open view."""
        app = self.app()
        self.act("click", **{"as": "U1", "view_id": view_id, "action_id": "next"})
        return str(app.next("interactive").payload["trigger_id"])

    def redirected(self, url: str) -> bool:
        """Whether a plain GET without a token is sent elsewhere."""
        with urlopen(url, timeout=DEADLINE_S) as answer:
            return str(answer.url) != url

    def button(self, action_id: str) -> Json:
        return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": "Go"}}

    def section(self, text: str) -> Json:
        return {"type": "section", "text": {"type": "plain_text", "text": text}}


class Starting(Protocol):
    def __call__(self, scopes: Words | None = None, data: Path | None = None, events: Words = ()) -> Slack:
        """A sandbox whose app has these scopes and events (scopes None: all), kept in the folder `data`."""
        ...


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[Starting]:
    """Starts sandboxes that end with the test."""
    started: list[Slack] = []

    def manifest(scopes: Words | None, events: Words) -> Path | None:
        if scopes is None:
            return None
        path = tmp_path / "manifest.yaml"
        subscriptions = {"event_subscriptions": {"bot_events": events}}
        path.write_text(json.dumps({"oauth_config": {"scopes": {"bot": scopes}}, "settings": subscriptions}))
        return path

    def start(scopes: Words | None = None, data: Path | None = None, events: Words = ()) -> Slack:
        sandbox = Sandbox(seed=SEED, clock=FakeClock(), manifest=manifest(scopes, events), data=data)
        slack = Slack(sandbox.start())
        started.append(slack)
        return slack

    yield start
    for slack in started:
        slack.close()


@pytest.fixture
def slack(starting: Starting) -> Slack:
    """A sandbox at Slack's own tiers, on a standing clock."""
    return starting()

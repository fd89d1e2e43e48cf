"""People at work in the local workspace, in the reader's words, over its own control endpoints."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from tests.support.blocks import buttons, texts

Json = dict[str, Any]


class Refused(AssertionError):
    """The workspace refused an act, as it would a person's."""


class Workspace:
    """The workspace at an address. Reading asks anew each time."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, act: str, **body: Any) -> Json:
        data = json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}_control/{act}", data, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refusal:
            raise Refused(f"{act} {body}: {refusal.read().decode()}") from None

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}_control/{path}", timeout=30) as answer:
            return json.load(answer)

    def state(self, seen_by: str = "") -> Json:
        return dict(self.get(f"state?as={seen_by}" if seen_by else "state"))

    def person(self, user: str) -> "Person":
        return Person(self, user)

    def channels(self) -> dict[str, Json]:
        """By name."""
        return {channel["name"]: channel for channel in self.state()["channels"]}

    def incident_channels(self) -> list[str]:
        return sorted(name for name in self.channels() if name.startswith(("inc-", "r-")))

    def journal(self, method: str = "") -> list[Json]:
        """Every call and delivery so far; with a method, the calls of it."""
        told = self.get("journal?after=0")
        entries = told["entries"] if isinstance(told, dict) else told
        return [entry for entry in entries if not method or entry.get("method") == method]

    def move_clock(self, **length: float) -> None:
        seconds = length.get("days", 0) * 86400 + length.get("hours", 0) * 3600
        seconds += length.get("minutes", 0) * 60 + length.get("seconds", 0)
        self.post("clock", advance_s=seconds)

    def set_clock(self, instant: str) -> None:
        self.post("clock", now=instant)

    def eventually(self, what: str, condition: Callable[[], Any], within: float = 30.0) -> Any:
        """The condition's value once it is true; a failure says what was waited for."""
        give_up = time.monotonic() + within
        while not (value := condition()):
            if time.monotonic() > give_up:
                raise AssertionError(f"not within {within:g} s: {what}")
            time.sleep(0.03)
        return value


class Person(Struct, frozen=True):
    """Somebody in the workspace, who types, presses and reads."""

    workspace: Workspace
    user: str

    def types(self, text: str, channel: str = "general") -> Json:
        """A slash command; returns Slack's view of it: acked, ack_ms, response."""
        return self.workspace.post("command", **{"as": self.user}, channel=channel, text=text)

    def says(self, text: str, channel: str, thread_ts: str = "") -> Json:
        more = {"thread_ts": thread_ts} if thread_ts else {}
        return self.workspace.post("say", **{"as": self.user}, channel=channel, text=text, **more)

    def presses(self, action_id: str, message: Json, value: Any = None) -> Json:
        more = {} if value is None else {"value": value}
        return self.workspace.post(
            "click",
            **{"as": self.user},
            channel=message["channel"],
            ts=message["ts"],
            action_id=action_id,
            **more,
        )

    def submits(self, view: Json, **values: Any) -> Json:
        return self.workspace.post("submit", **{"as": self.user}, view_id=view["id"], values=values)

    def reacts(self, name: str, message: Json) -> Json:
        return self.workspace.post(
            "react", **{"as": self.user}, channel=message["channel"], ts=message["ts"], name=name
        )

    def sees(self) -> Json:
        return self.workspace.state(self.user)

    def view(self) -> Json | None:
        """The form on top, if one is open."""
        views = self.sees()["views"]
        return dict(views[-1]) if views else None

    def waits_for_view(self, title: str = "") -> Json:
        def found() -> Json | None:
            view = self.view()
            return view if view and title in json.dumps(view["title"], ensure_ascii=False) else None

        return dict(self.workspace.eventually(f"a form {title!r} for {self.user}", found))

    def messages(self, channel: str) -> list[Json]:
        """What this person reads in a channel, oldest first, each with its channel's id."""
        seen = next((c for c in self.sees()["channels"] if channel in (c["name"], c["id"])), None)
        return [{**message, "channel": seen["id"]} for message in seen["messages"]] if seen else []

    def direct_messages(self) -> list[Json]:
        return [
            {**message, "channel": dm["id"]}
            for dm in self.sees()["dms"]
            for message in dm["messages"]
            if message.get("bot_id")
        ]

    def waits_for_dm(self, words: str) -> Json:
        """The newest direct message of the bot in which these words can be read."""
        return dict(
            self.workspace.eventually(
                f"a message with {words!r} for {self.user}",
                lambda: next((m for m in reversed(self.direct_messages()) if words in readable(m)), None),
            )
        )

    def waits_for_message(self, words: str, channel: str) -> Json:
        return dict(
            self.workspace.eventually(
                f"{words!r} in #{channel}",
                lambda: next((m for m in reversed(self.messages(channel)) if words in readable(m)), None),
            )
        )


def readable(message: Json) -> str:
    """Everything that can be read in a message: its text, the texts of its blocks, its buttons."""
    blocks = message.get("blocks") or []
    return "\n".join([message.get("text") or "", *texts(blocks), *(label for label, _ in buttons(blocks))])

"""Which events the app hears, and the envelope they travel in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.deliveries import Delivery
from sandbox.state import APP_ID, BOT_USER, TEAM_ID, Workspace

MESSAGE_EVENTS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
EVERYWHERE = ("channel_created", "channel_rename", "channel_archive", "channel_unarchive")
OWN = ("member_left_channel", "channel_left")

Deliver = Callable[[dict[str, Any]], Delivery]


class Announcer:
    """Takes what happened (`Workspace.emit`) and delivers the event payloads the app subscribed to."""

    def __init__(self, ws: Workspace, deliver: Deliver) -> None:
        self._ws, self._deliver = ws, deliver
        self._collected: list[Delivery] | None = None

    def __call__(self, event: dict[str, Any]) -> None:
        if self.is_heard(event):
            stamped = {**event, "event_ts": event.get("event_ts") or self.now_ts()}
            delivery = self._deliver(self.payload(stamped))
            if self._collected is not None:
                self._collected.append(delivery)

    @contextmanager
    def collecting(self) -> Iterator[list[Delivery]]:
        """The deliveries that happen inside the block, which must not await."""
        collected: list[Delivery] = []
        self._collected = collected
        yield collected
        self._collected = None

    def is_heard(self, event: dict[str, Any]) -> bool:
        name = event["type"]
        subscription = MESSAGE_EVENTS[event["channel_type"]] if name == "message" else name
        return self._ws.manifest.hears(subscription) and self.is_in_reach(event)

    def is_in_reach(self, event: dict[str, Any]) -> bool:
        """Public life of channels reaches every app; the rest only where the app is a member."""
        channel_id = place_of(event)
        channel = self._ws.channels.get(channel_id) if channel_id else None
        if channel is None or event["type"] == "app_home_opened":
            return True
        if event["type"] in EVERYWHERE and not channel.is_private:
            return True
        return BOT_USER in channel.members or (event["type"] in OWN and event.get("user") == BOT_USER)

    def now_ts(self) -> str:
        return f"{self._ws.clock.stamp():.6f}"

    def payload(self, event: dict[str, Any]) -> dict[str, Any]:
        who = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER}
        return {
            "token": "sandbox",
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self._ws.ids.next("Ev"),
            "event_time": self._ws.seconds(),
            "authorizations": [{**who, "is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{place_of(event) or TEAM_ID}",
        }


def place_of(event: dict[str, Any]) -> str | None:
    """The id of the conversation an event belongs to, wherever Slack puts it."""
    channel = event.get("channel", event.get("channel_id"))
    if isinstance(channel, dict):
        return str(channel["id"])
    item = event.get("item")
    return channel or (item.get("channel") if isinstance(item, dict) else None)

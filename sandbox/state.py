"""One workspace: everything people and the app can see, in memory, touched from one event loop only.

Holds and finds; the rules live in channels, messages, people, views and files. Never speaks HTTP.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import MovableClock
from sandbox.errors import SlackError
from sandbox.ids import Ids
from sandbox.manifest import Manifest
from sandbox.model import (
    Channel,
    Ephemeral,
    Failure,
    File,
    Message,
    Notification,
    Person,
    PhoneCall,
    ResponseUrl,
    Trigger,
    UserGroup,
    View,
)

TEAM_ID = "T0SANDBOX"
TEAM_NAME = "Sandbox"
TEAM_DOMAIN = "sandbox"
APP_ID = "A0SANDBOX"
BOT_ID = "B0SANDBOX"
BOT_USER = "U0SANDBOT"
SLACKBOT = "USLACKBOT"
KEPT_EPHEMERALS = 2_000
KEPT_NOTIFICATIONS = 2_000
KEPT_TICKETS = 1_000
KEPT_FAILURES = 100
TRIGGER_LIVES_S = 3.0  # real seconds, as Slack has it


Emit = Callable[[dict[str, Any]], None]
Changed = Callable[[str], None]


def ignore(_: Any) -> None:
    """What an unattended workspace does with its events and changes."""


@dataclass(slots=True)
class Workspace:
    """`emit` takes an event the app hears; `changed` what changed: a channel id, `views`, `people`, …."""

    clock: MovableClock
    ids: Ids
    manifest: Manifest = field(default_factory=Manifest)
    url: str = "http://127.0.0.1:0/"
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    channel_ids: dict[str, str] = field(default_factory=dict)
    dms: dict[tuple[str, ...], str] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    ephemerals: deque[Ephemeral] = field(default_factory=lambda: deque(maxlen=KEPT_EPHEMERALS))
    notifications: deque[Notification] = field(default_factory=lambda: deque(maxlen=KEPT_NOTIFICATIONS))
    calls: dict[str, PhoneCall] = field(default_factory=dict)
    failures: deque[Failure] = field(default_factory=lambda: deque(maxlen=KEPT_FAILURES))
    tickets: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_TICKETS))
    trigger_lives_s: Callable[[], float] = lambda: TRIGGER_LIVES_S
    emit: Emit = ignore
    changed: Changed = ignore

    def seconds(self) -> int:
        """The workspace's time in whole Unix seconds, as Slack writes `created`."""
        return int(self.clock.stamp())

    def add_person(self, person: Person) -> None:
        self.people[person.id] = person
        self.changed("people")

    def add_channel(self, channel: Channel) -> None:
        """Files the channel under its id, its name, or (for direct messages) its members."""
        self.channels[channel.id] = channel
        if channel.is_im or channel.is_mpim:
            self.dms[tuple(sorted(channel.members))] = channel.id
        else:
            self.channel_ids[channel.name] = channel.id
        self.changed(channel.id)

    def person(self, user: str, error: str = "user_not_found") -> Person:
        found = self.people.get(user)
        if found is None:
            raise SlackError(error)
        return found

    def channel(self, channel: str) -> Channel:
        found = self.channels.get(channel)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def bot_channel(self, channel: str) -> Channel:
        """A channel as the app sees it: what is private does not exist for those outside."""
        found = self.channel(channel)
        if found.kind != "channel" and BOT_USER not in found.members:
            raise SlackError("channel_not_found")
        return found

    def message(self, channel: Channel, ts: str, error: str = "message_not_found") -> Message:
        found = channel.messages.get(ts)
        if found is None:
            raise SlackError(error)
        return found

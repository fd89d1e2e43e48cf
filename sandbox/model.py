"""The nouns of a workspace: people, channels, messages, files, views. Mutable records, no rules, no JSON."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Person:
    """Unix seconds: a planned silence from `dnd_start`, a snooze from `snooze_from`, each to its end."""

    id: str
    name: str
    real_name: str
    display_name: str = ""
    email: str = ""
    tz: str = "UTC"
    title: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_admin: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    updated: int = 0
    dnd_start: int | None = None
    dnd_end: int | None = None
    snooze_from: int | None = None
    snooze_until: int | None = None


@dataclass(slots=True)
class Reaction:
    name: str
    users: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """`ts` is unique in its channel. `extra`: what only some subtypes carry (topic, inviter, username, …).

    `kept`: its form on disk, None once something in it has changed.
    """

    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    metadata: dict[str, Any] | None = None
    edited: dict[str, Any] | None = None
    reactions: list[Reaction] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    kept: bytes | None = None


@dataclass(slots=True)
class Ephemeral:
    """A message that only `user` sees, until the process ends."""

    channel: str
    user: str
    message: Message


@dataclass(slots=True)
class Note:
    """A topic or a purpose. `last_set` is in Unix seconds, 0 when never set."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass(slots=True)
class Pin:
    """`created` is in Unix seconds."""

    ts: str
    created: int
    created_by: str


@dataclass(slots=True)
class Channel:
    """A channel, DM (`is_im`) or group DM (`is_mpim`). `order`: every `ts`, oldest first."""

    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_general: bool = False
    is_archived: bool = False
    members: list[str] = field(default_factory=list)
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    previous_names: list[str] = field(default_factory=list)
    last_us: int = 0

    @property
    def kind(self) -> str:
        """Slack's `channel_type`: channel, group, im or mpim."""
        if self.is_im:
            return "im"
        if self.is_mpim:
            return "mpim"
        return "group" if self.is_private else "channel"


@dataclass(slots=True)
class UserGroup:
    """People who are mentioned together, as `@handle`. Times in Unix seconds."""

    id: str
    name: str
    handle: str
    description: str = ""
    created: int = 0
    created_by: str = ""
    updated: int = 0
    updated_by: str = ""
    users: list[str] = field(default_factory=list)


@dataclass(slots=True)
class File:
    """`content` is None until the bytes were posted; `is_complete` only after the upload's third step.

    `alt` describes a picture to whoever cannot see it. `is_given`: a person put it into a form of the app's.
    """

    id: str
    name: str
    title: str
    mimetype: str
    user: str
    created: int
    size: int = 0
    content: bytes | None = None
    is_complete: bool = False
    channels: list[str] = field(default_factory=list)
    alt: str = ""
    is_given: bool = False


@dataclass(slots=True)
class View:
    """A modal or App Home as one person sees it. `body`: what the app sent; `values`: what was entered."""

    id: str
    user: str
    hash: str
    body: dict[str, Any]
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    failure: str | None = None


@dataclass(slots=True)
class Trigger:
    """`opened_at` is monotonic real time: moving the workspace's clock expires nothing."""

    user: str
    opened_at: float
    is_used: bool = False
    view_id: str | None = None


@dataclass(slots=True)
class ResponseUrl:
    """`created` is the workspace's time in seconds. `ts` is the message it may replace, if there is one."""

    channel: str
    user: str
    created: float
    ts: str | None = None
    thread_ts: str | None = None
    is_ephemeral: bool = False
    uses: int = 0


@dataclass(slots=True)
class Failure:
    """A click or message shortcut that the app did not acknowledge. `at` is Unix seconds."""

    at: float
    user: str
    channel: str
    ts: str
    error: str


@dataclass(slots=True)
class PhoneCall:
    """A telephone of `to` rings, or rang. `call_id`: the caller's own name for it; times in Unix seconds."""

    handle: str
    call_id: str
    to: str
    words: str
    rang_at: float
    state: str = "ringing"
    ended_at: float | None = None


@dataclass(slots=True)
class Notification:
    """What a locked phone shows. `at` is Unix seconds."""

    at: float
    to: str
    user: str
    channel: str
    text: str

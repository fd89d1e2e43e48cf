"""A message in an incident's channel: who said it, when and where, and how it reads. Values only."""

from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from incidents.terms import MessageRef, UserId

GONE = frozenset({"message_not_found", "thread_not_found"})  # Slack's words for what is no longer there


class SaidKind(StrEnum):
    """What kind of message it was. The stored string is stable."""

    MESSAGE = "message"
    REPLY = "reply"  # in a thread
    FILE = "file"
    APP = "app"  # another app's


class Said(Struct, frozen=True):
    """One message without its words. `thread` is the `ts` of its thread's first message, "" outside one."""

    ref: MessageRef
    by: UserId
    kind: SaidKind = SaidKind.MESSAGE
    thread: str = ""
    edited_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def at(self) -> datetime:
        return instant_of(self.ref.ts)


class Wording(Struct, frozen=True):
    """How a message reads since `at`.

    The event of an edit tells that to the microsecond; a message that is read back only to the second, and
    then it `is_rough`.
    """

    text: str
    by: UserId
    at: datetime
    is_rough: bool = False


def instant_of(ts: str) -> datetime:
    """Slack's `ts`, as an instant."""
    return datetime.fromtimestamp(float(ts), UTC)


def whole_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def permalink(workspace_url: str, ref: MessageRef, thread: str = "") -> str:
    """Where the message is read in Slack; "" while the workspace's address is not known."""
    if not workspace_url:
        return ""
    place = f"{workspace_url}archives/{ref.channel}/p{ref.ts.replace('.', '')}"
    return f"{place}?thread_ts={thread}&cid={ref.channel}" if thread else place

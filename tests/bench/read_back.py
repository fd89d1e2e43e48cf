"""What a workspace shows at the end, read as Slack has it: every message, every incident's channel."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from slack_sdk import WebClient

from tests.support.workspace import Json, Workspace

Place = tuple[str, str]  # channel, ts


class Shown(Struct, frozen=True):
    """How often each mark stands on a message, replies and direct messages too; where the messages are;
    how many channels an incident has."""

    marks: Counter[str]
    places: frozenset[Place]
    channels: Counter[str]

    def twice(self) -> list[str]:
        """Marks on two messages, and incidents with two channels."""
        found = [mark for mark, seen in (self.marks + self.channels).items() if seen > 1]
        return found if self.channels else ["no channel at all"]


def shown(workspace: Workspace) -> Shown:
    client = WebClient("xoxb-sandbox-meridian", base_url=f"{workspace.url}api/", retry_handlers=[])
    channels = list(_paged(client, "users.conversations", "channels", types="public_channel,private_channel"))
    people = [each["id"] for each in _paged(client, "users.list", "members") if not each["is_bot"]]
    direct = [client.conversations_open(users=user)["channel"] for user in people if user != "USLACKBOT"]
    messages = [
        (each["id"], message) for each in (*channels, *direct) for message in _messages(client, each["id"])
    ]
    marks = ((message.get("metadata") or {}).get("event_payload") for _, message in messages)
    names = (str(each["name"]) for each in channels if each.get("name", "").startswith("inc-"))
    return Shown(
        Counter(str(mark) for mark in marks if mark),
        frozenset((channel, str(message["ts"])) for channel, message in messages),
        Counter("-".join(name.split("-")[:2]).upper() for name in names),
    )


def _messages(client: WebClient, channel: str) -> Iterator[Json]:
    for message in _paged(
        client, "conversations.history", "messages", channel=channel, include_all_metadata=1
    ):
        yield message
        if message.get("reply_count"):
            at = {"channel": channel, "ts": message["ts"]}
            replies = _paged(client, "conversations.replies", "messages", **at, include_all_metadata=1)
            yield from (reply for reply in replies if reply["ts"] != message["ts"])


def _paged(client: WebClient, method: str, name: str, **args: Any) -> Iterator[Json]:
    cursor = ""
    while True:
        answer = client.api_call(
            method, params={**args, "limit": 200, **({"cursor": cursor} if cursor else {})}
        )
        yield from answer[name]
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return

"""Whom a message names: in its text, in the mrkdwn and the rich text of its blocks. Notifies nobody."""

from collections.abc import Iterator
from typing import Any

from sandbox import people
from sandbox.model import Message


def named(message: Message) -> set[str]:
    """The ids of the people whom it mentions."""
    users = (each["user_id"] for each in _parts(message.blocks) if each.get("type") == "user")
    return people.mentioned(_written(message)).union(users)


def is_for_everybody(message: Message) -> bool:
    """Whether it says @here, @channel or @everyone."""
    by_element = any(each.get("type") == "broadcast" for each in _parts(message.blocks))
    return by_element or people.is_broadcast(_written(message))


def _written(message: Message) -> str:
    """All that Slack parses as mrkdwn; plain text mentions nobody."""
    parsed = (each["text"] for each in _parts(message.blocks) if each.get("type") == "mrkdwn")
    return "\n".join([message.text, *parsed])


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the blocks, outer ones first."""
    if isinstance(value, list):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _parts(item)

"""Cursors: Slack's base64 look, meaning "start after this key". Never holds a list open between calls."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sandbox.errors import SlackError
from sandbox.web_api.method import Call

Item = TypeVar("Item")
MAX_LIMIT = 999


def page(
    call: Call, items: Sequence[Item], key: Callable[[Item], str], default: int = 100
) -> tuple[Sequence[Item], dict[str, Any]]:
    """One page and Slack's `response_metadata`. Raises `invalid_cursor`, `invalid_limit`."""
    limit = call.number("limit", default) or default
    if not 1 <= limit <= MAX_LIMIT + 1:
        raise SlackError("invalid_limit")
    start = 0
    if call.has("cursor"):
        last = decoded(call.text("cursor"))
        start = next((index + 1 for index, item in enumerate(items) if key(item) == last), -1)
        if start < 0:
            raise SlackError("invalid_cursor")
    chosen = items[start : start + limit]
    is_more = start + limit < len(items)
    cursor = b64encode(f"next:{key(chosen[-1])}".encode()).decode() if is_more and chosen else ""
    return chosen, {"response_metadata": {"next_cursor": cursor}}


def decoded(cursor: str) -> str:
    try:
        word, _, last = b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if word != "next":
        raise SlackError("invalid_cursor")
    return last

"""From the bytes of a signed request to the payload that Slack meant. It decides nothing about it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from bot.web.routes import JSON, Incoming

Json = dict[str, Any]
FIELDS = 100
DEEPEST = 100  # Slack's own go about twenty deep


class Unreadable(Exception):
    """The body is no payload: malformed, or nested beyond reason."""


def payload_in(incoming: Incoming) -> Json:
    """Events come as JSON, commands as a form, interactions as JSON in a form's field. Raises Unreadable."""
    try:
        text = incoming.body.decode()
        if incoming.header("content-type").partition(";")[0].strip() == JSON:
            return _object(text)
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError as error:
        raise Unreadable from error
    return _object(form["payload"]) if "payload" in form else {**form}


def json_in(incoming: Incoming) -> Json:
    """A body that is one JSON object. Raises Unreadable."""
    try:
        return _object(incoming.body.decode())
    except ValueError as error:
        raise Unreadable from error


def _object(text: str) -> Json:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(found, dict) or _is_too_deep(found):
        raise Unreadable
    return found


def _is_too_deep(found: Json) -> bool:
    """Whoever handles it later may go down by recursion."""
    level: list[object] = [found]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(outer: object) -> Iterator[object]:
    """The objects and lists directly in this one."""
    values = outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
    return (value for value in values if isinstance(value, dict | list))

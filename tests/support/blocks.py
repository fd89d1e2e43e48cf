"""Reading Block Kit: every text in it, and every button with its action id."""

from collections.abc import Iterator
from typing import Any


def texts(blocks: Any) -> list[str]:
    """Every string under a `text` key, in order."""
    return list(_texts(blocks))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "text" and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)


def buttons(blocks: Any) -> list[tuple[str, str]]:
    """(label, action id) of every button, in order."""
    return [(element["text"]["text"], element["action_id"]) for element in _elements(blocks, "button")]


def _elements(value: Any, kind: str) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _elements(item, kind)
    elif isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        else:
            for item in value.values():
                yield from _elements(item, kind)

"""Golden messages and views: JSON files under tests/corpus/blocks, read by eye when they change.

With MERIDIAN_WRITE_GOLDEN=1 a test writes its file instead of comparing it."""

import json
import os
from pathlib import Path
from typing import Any

from handlers.calls import Message
from sandbox import check

FOLDER = Path(__file__).parent.parent / "corpus" / "blocks"
BUDGET = 10_000


def assert_golden_message(name: str, message: Message) -> None:
    """The message is as in its file, and Slack would take it."""
    assert_accepted(message)
    _assert_same(name, {"text": message.text, "blocks": list(message.blocks)})


def assert_golden_view(name: str, view: dict[str, Any]) -> None:
    assert check.view(view) == []
    _assert_same(name, view)


def assert_accepted(message: Message) -> None:
    """Inside Slack's limits and our own budget."""
    blocks = list(message.blocks)
    assert check.blocks(blocks, "message") == []
    assert check.total_text(blocks) <= BUDGET
    assert 1 <= len(message.text) <= 4000


def words(message: Message) -> str:
    """All that is read in the message, block after block."""
    return "\n".join(_texts(list(message.blocks)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for each in value.values() for text in _texts(each)]


def _assert_same(name: str, value: dict[str, Any]) -> None:
    path = FOLDER / f"{name}.json"
    written = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("MERIDIAN_WRITE_GOLDEN"):
        path.write_text(written, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(written)

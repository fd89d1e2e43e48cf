"""What holds across a whole message or view: names used once, one table, depth, length of all text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from sandbox.check.faults import Fault, Faults, at, items, members

MOST_TEXT = 13_200
"""Characters over all blocks of a message: Slack's engineers say 12,000 and a buffer; reports agree."""

MOST_VIEW_BYTES = 250_000
MOST_MARKDOWN = 12_000
MOST_CHARTS = 2
DEEPEST = 40
ONE_TABLE = "only_one_table_allowed"


def is_too_deep(value: object) -> bool:
    """Whether the value is nested deeper than any block can be; a loop, for the input may be hostile."""
    level: list[object] = [value]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def total_text(blocks: object) -> int:
    """Characters of all text in the blocks: what `msg_blocks_too_long` counts."""
    if is_too_deep(blocks):
        return MOST_TEXT + 1
    return sum(len(text) for text in _texts(blocks))


def view_bytes(view: object) -> int:
    """Size of the view as JSON: what `view_too_large` counts."""
    if is_too_deep(view):
        return MOST_VIEW_BYTES + 1
    return len(json.dumps(view, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))


def names_used_once(blocks: list[object], pointer: str) -> Faults:
    """block_id is unique in a message or view, action_id within its block."""
    places = [(block, at(pointer, index)) for index, block in enumerate(blocks)]
    yield from _repeated("block_id", places)
    for block, place in places:
        yield from _repeated("action_id", list(_interactive(block, place)))


def families(blocks: list[object], pointer: str) -> Faults:
    """One table, two charts and 12,000 characters of Markdown to a message."""
    kinds = Counter(str(members(block).get("type")) for block in _with_children(blocks))
    if kinds["table"] > 1:
        yield Fault(ONE_TABLE, pointer)
    if kinds["data_visualization"] > MOST_CHARTS:
        yield Fault(f"no more than {MOST_CHARTS} data_visualization blocks allowed", pointer)
    texts = [members(block).get("text") for block in blocks if members(block).get("type") == "markdown"]
    if sum(len(text) for text in texts if isinstance(text, str)) > MOST_MARKDOWN and len(texts) > 1:
        yield Fault(f"must be less than {MOST_MARKDOWN + 1} characters", pointer)


def _children(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, dict) else items(value)


def _texts(value: object) -> Iterator[str]:
    for name, child in members(value).items():
        if name == "text" and isinstance(child, str):
            yield child
    for child in _children(value):
        yield from _texts(child)


def _with_children(blocks: list[object]) -> Iterator[object]:
    for block in blocks:
        yield block
        yield from items(members(block).get("child_blocks"))


def _interactive(block: object, pointer: str) -> Iterator[tuple[object, str]]:
    for name in ("accessory", "element"):
        yield members(block).get(name), at(pointer, name)
    for name in ("elements", "actions"):
        for index, element in enumerate(items(members(block).get(name))):
            yield element, at(pointer, name, index)


def _repeated(name: str, places: list[tuple[object, str]]) -> Faults:
    seen: set[str] = set()
    for value, pointer in places:
        used = members(value).get(name)
        if not isinstance(used, str) or not used:
            continue
        if used in seen:
            yield Fault(f'`{name}` "{used}" already exists', at(pointer, name))
        seen.add(used)

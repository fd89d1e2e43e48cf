"""The ids that Slack gives to blocks and elements which came without one."""

from typing import Any

from sandbox.state import Workspace


def name_blocks(ws: Workspace, blocks: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """The blocks with a `block_id` each and an `action_id` for each interactive element."""
    if blocks is None:
        return None
    return [named_block(ws, block) for block in blocks]


def named_block(ws: Workspace, block: dict[str, Any]) -> dict[str, Any]:
    named = {**block} if block.get("block_id") else {**block, "block_id": ws.ids.next("b")}
    for name in ("accessory", "element"):
        if isinstance(named.get(name), dict):
            named[name] = named_element(ws, named[name])
    if named.get("type") == "actions":
        named["elements"] = [named_element(ws, element) for element in named["elements"]]
    return named


def named_element(ws: Workspace, element: dict[str, Any]) -> dict[str, Any]:
    if element.get("action_id") or element.get("type") == "image":
        return element
    return {**element, "action_id": ws.ids.next("a")}

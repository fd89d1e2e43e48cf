"""What a message says, by one set of rules for chat.*, response_urls and ack payloads."""

from dataclasses import dataclass
from typing import Any

from sandbox import check
from sandbox.block_ids import name_blocks
from sandbox.errors import SlackError
from sandbox.state import Workspace
from sandbox.web_api.method import Call

MAX_POSTED_TEXT = 40_000
MAX_UPDATED_TEXT = 4_000
MAX_MARKDOWN = 12_000
MAX_ATTACHMENTS = 100
MAX_METADATA_BYTES = 16_000


@dataclass(frozen=True, slots=True)
class Content:
    """`blocks`, `attachments`, `metadata` are None where the call does not mention them."""

    text: str
    blocks: list[dict[str, Any]] | None
    attachments: list[dict[str, Any]] | None
    metadata: dict[str, Any] | None


def content(ws: Workspace, call: Call) -> Content:
    """Reads and checks everything but the length of `text`.

    Raises `no_text`, `markdown_text_conflict`, `msg_too_long`, `invalid_blocks…`, `msg_blocks_too_long`,
    `too_many_attachments`, `invalid_metadata_format`, `metadata_too_large`.
    """
    text, blocks, attachments = call.text("text"), read_blocks(call), read_attachments(call)
    if call.has("markdown_text"):
        if call.has("text") or blocks:
            raise SlackError("markdown_text_conflict")
        text = call.text("markdown_text")
        if len(text) > MAX_MARKDOWN:
            raise SlackError("msg_too_long")
        blocks = [{"type": "markdown", "text": text}]
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    return Content(text, name_blocks(ws, blocks), attachments, read_metadata(call))


def read_blocks(call: Call) -> list[dict[str, Any]] | None:
    blocks = call.json("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    refuse_faults(check.blocks(blocks, "message"))
    if check.total_text(blocks) > check.MOST_TEXT:
        raise SlackError("msg_blocks_too_long")
    return blocks


def refuse_faults(faults: list[check.Fault]) -> None:
    """`invalid_blocks` with every fault twice, as Slack writes it: in `errors` and in `response_metadata`."""
    if faults:
        errors = [str(fault) for fault in faults]
        messages = [f"[ERROR] {error}" for error in errors]
        raise SlackError(check.blocks_error(faults), errors=errors, response_metadata={"messages": messages})


def read_attachments(call: Call) -> list[dict[str, Any]] | None:
    attachments = call.json("attachments", "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for attachment in attachments:
        if "blocks" in attachment and check.blocks(attachment["blocks"], "message"):
            raise SlackError("invalid_attachments")
    return [{"id": index + 1, **each} for index, each in enumerate(attachments)]


def read_metadata(call: Call) -> dict[str, Any] | None:
    """None: not sent. An empty object takes what was there away."""
    metadata = call.json("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if metadata and not is_event(metadata) and "entities" not in metadata:
        raise SlackError("invalid_metadata_format")
    if len(repr(metadata)) > MAX_METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def is_event(metadata: dict[str, Any]) -> bool:
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    return isinstance(kind, str) and bool(kind) and isinstance(payload, dict)

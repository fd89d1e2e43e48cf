"""Whether Slack would accept these blocks or this view, and what it would say if not.

Pure: any JSON value in, faults out; nothing here raises, reads or remembers.
"""

from __future__ import annotations

from itertools import chain, islice

from sandbox.check.faults import Fault, Faults, first_or_all, items, members
from sandbox.check.layout import Surface, layout
from sandbox.check.names import channel_name_error
from sandbox.check.views import any_view, submit_for_inputs
from sandbox.check.whole import (
    MOST_TEXT,
    MOST_VIEW_BYTES,
    ONE_TABLE,
    families,
    is_too_deep,
    names_used_once,
    total_text,
    view_bytes,
)

MOST_FAULTS = 100

__all__ = [
    "MOST_TEXT",
    "MOST_VIEW_BYTES",
    "Fault",
    "Surface",
    "blocks",
    "blocks_error",
    "channel_name_error",
    "total_text",
    "view",
    "view_bytes",
]


def blocks(value: object, surface: Surface) -> list[Fault]:
    """The faults of a `blocks` argument, empty when Slack would accept it; pointers begin at /blocks."""
    if is_too_deep(value):
        return [_too_deep("/blocks")]
    faults = chain(layout(surface)(value, "/blocks"), _across(value, "/blocks"))
    return list(islice(faults, MOST_FAULTS))


def view(value: object) -> list[Fault]:
    """The faults of a `view` argument; pointers begin at /view."""
    if is_too_deep(value):
        return [_too_deep("/view")]
    faults = chain(
        first_or_all(islice(any_view(value, "/view"), MOST_FAULTS), "/view"),
        _across(members(value).get("blocks"), "/view/blocks"),
        submit_for_inputs(value, "/view"),
    )
    return list(islice(faults, MOST_FAULTS))


def blocks_error(faults: list[Fault]) -> str:
    """The error code chat.* answers for these faults."""
    return "invalid_attachments" if [fault.message for fault in faults] == [ONE_TABLE] else "invalid_blocks"


def _across(value: object, pointer: str) -> Faults:
    yield from names_used_once(items(value), pointer)
    yield from families(items(value), pointer)


def _too_deep(pointer: str) -> Fault:
    return Fault("must not be nested so deeply", pointer)

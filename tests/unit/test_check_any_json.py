"""Whatever JSON comes, the check answers with faults and never fails itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import check
from sandbox.check.elements import ELEMENTS
from sandbox.check.layout import layout
from sandbox.check.shapes import Record, Tagged

KINDS = st.sampled_from(
    [
        "section",
        "actions",
        "input",
        "context",
        "rich_text",
        "rich_text_section",
        "table",
        "card",
        "container",
        "plain_text",
        "mrkdwn",
        "button",
        "static_select",
        "checkboxes",
        "overflow",
        "modal",
        "home",
        "text",
    ]
)
NAMES = st.sampled_from(
    [
        "text",
        "fields",
        "elements",
        "element",
        "accessory",
        "options",
        "option_groups",
        "initial_option",
        "initial_options",
        "blocks",
        "title",
        "submit",
        "label",
        "value",
        "rows",
        "child_blocks",
        "block_id",
        "action_id",
        "confirm",
        "style",
        "external_id",
        "odd",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
ANY = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES, inner, max_size=4)
        | st.builds(
            lambda kind, rest: {**rest, "type": kind}, KINDS, st.dictionaries(NAMES, inner, max_size=4)
        )
    ),
    max_leaves=25,
)


@given(ANY, st.sampled_from(["message", "modal", "home"]))
def test_any_blocks_get_an_answer(value: Any, surface: check.Surface) -> None:
    assert all(str(fault).endswith("]") for fault in check.blocks(value, surface))
    assert check.total_text(value) >= 0


@given(ANY)
def test_any_view_gets_an_answer(value: Any) -> None:
    check.view(value)
    assert check.view_bytes(value) == len(
        json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    )


@given(ANY)
def test_any_value_in_every_field_of_every_element_gets_an_answer(value: Any) -> None:
    for kind, element in ELEMENTS.items():
        assert isinstance(element, Record)
        for name in (*element.required, *element.optional):
            body = {"type": kind, name: value}
            check.blocks(
                [{"type": "section", "accessory": body}, {"type": "input", "element": body}], "modal"
            )


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_every_block_shown_on_a_surface_refuses_what_is_no_object(surface: check.Surface) -> None:
    shown = layout(surface).rule
    assert isinstance(shown, Tagged)
    for kind in shown.rules:
        assert check.blocks([{"type": kind, "block_id": 5}], surface), kind

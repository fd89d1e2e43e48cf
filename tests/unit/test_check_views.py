"""Views and channel names: sizes, the submit button, and the order in which Slack says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import check

Json = dict[str, Any]


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def modal(**fields: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [{"type": "divider"}], **fields}


def said(view: Any) -> list[str]:
    return [str(fault) for fault in check.view(view)]


FIELD = {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}}


@pytest.mark.parametrize(
    "view",
    [
        modal(),
        modal(submit=plain("s" * 24), close=plain(), private_metadata="m" * 3000, callback_id="c" * 255),
        modal(external_id="e" * 255, clear_on_close=True, notify_on_close=True, blocks=[]),
        modal(submit=plain(), blocks=[FIELD]),
        modal(blocks=[{"type": "divider"}] * 100),
        {"type": "home", "blocks": [FIELD]},
        {"type": "home", "blocks": [], "private_metadata": "m", "callback_id": "c", "external_id": "e"},
    ],
    ids=repr,
)
def test_a_view_within_its_limits_is_accepted(view: Json) -> None:
    assert said(view) == []


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        (modal(title=plain("t" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("t" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(close=plain("t" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
        (modal(submit=None), "must provide an object [json-pointer:/view/submit]"),
        (
            modal(private_metadata="m" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (modal(callback_id="c" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(external_id="c" * 256), "must be less than 256 characters [json-pointer:/view/external_id]"),
        (
            modal(submit_disabled=True),
            "invalid additional property: submit_disabled [json-pointer:/view]",
        ),
        (
            modal(blocks=[{"type": "divider"}] * 101),
            "no more than 100 items allowed [json-pointer:/view/blocks]",
        ),
        ({"type": "page", "blocks": []}, "unsupported type: page [json-pointer:/view/type]"),
        ([], "must provide an object [json-pointer:/view]"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_view_past_a_limit_is_refused_after_the_line_about_schemas(view: Any, fault: str) -> None:
    assert said(view) == ["failed to match all allowed schemas [json-pointer:/view]", fault]


def test_a_fault_deep_in_a_view_is_pointed_at() -> None:
    crowded = [{"text": plain("x" * 76), "value": "1"}]
    select = {"type": "static_select", "options": crowded}
    view = modal(submit=plain(), blocks=[{"type": "input", "label": plain(), "element": select}])
    assert said(view)[-1] == (
        "must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/text/text]"
    )


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    assert said(modal(blocks=[{"type": "divider"}, FIELD])) == [
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"
    ]


def test_names_are_used_once_in_a_view() -> None:
    twice = modal(blocks=[{"type": "divider", "block_id": "x"}] * 2)
    assert said(twice) == ['`block_id` "x" already exists [json-pointer:/view/blocks/1/block_id]']


def test_a_view_is_measured_in_bytes_of_json() -> None:
    assert check.view_bytes({"a": "ü"}) == len('{"a":"ü"}'.encode())


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("inc-142_fraud", None),
        ("x" * 80, None),
        ("x" * 81, "invalid_name_maxlength"),
        ("", "invalid_name_required"),
        (None, "invalid_name_required"),
        ("Inc", "invalid_name_specials"),
        ("inc 142", "invalid_name_specials"),
        ("inc.142", "invalid_name_specials"),
        ("-_-", "invalid_name_punctuation"),
    ],
)
def test_a_channel_name_is_refused_for_what_is_wrong_with_it(name: object, error: str | None) -> None:
    assert check.channel_name_error(name) == error

"""Rules of Block Kit, as chat.postMessage and views.publish answer them: one past each limit is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.support.slack_rules import Slack, rule

Json = dict[str, Any]


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def section(**fields: Any) -> Json:
    return {"type": "section", "text": plain(), **fields}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(), **fields}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def options(count: int, text: str = "o", value: str = "") -> list[Json]:
    return [{"text": plain(text), "value": value or str(number)} for number in range(count)]


def select(**fields: Any) -> Json:
    return {"type": "static_select", "action_id": "a", "options": options(1), **fields}


def field(element: Json | None = None, **fields: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element or {"type": "plain_text_input"}, **fields}


def confirming(**fields: Any) -> list[Json]:
    confirm = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **fields}
    return actions(button(confirm=confirm))


TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
CHART = {"type": "data_visualization"}

REFUSED: Mapping[str, list[tuple[list[Json], str]]] = {
    "block-count": [([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]")],
    "block-one-table": [([TABLE, TABLE], "only_one_table_allowed [json-pointer:/blocks]")],
    "block-markdown-total": [
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "must be less than 12001 characters"),
        ([{"type": "markdown", "text": "x" * 12_001}], "must be less than 12001 characters"),
    ],
    "block-charts": [([CHART] * 3, "no more than 2 data_visualization blocks allowed")],
    "block-unknown": [
        ([{"type": "foo"}], "unsupported type: foo [json-pointer:/blocks/0/type]"),
        ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ],
    "block-section": [
        ([section(text=plain("x" * 3001))], "must be less than 3001 characters"),
        ([section(fields=[plain()] * 11)], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
        ([section(fields=[plain("x" * 2001)])], "must be less than 2001 characters"),
        ([{"type": "section"}], "must define either `text` or `fields`"),
    ],
    "block-header": [([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters")],
    "block-context": [([{"type": "context", "elements": [plain()] * 11}], "no more than 10 items allowed")],
    "block-actions": [(actions(*[button()] * 26), "no more than 25 items allowed")],
    "block-input": [
        ([field(label=plain("x" * 2001))], "must be less than 2001 characters"),
        ([field(hint=plain("x" * 2001))], "must be less than 2001 characters"),
        ([field({"type": "plain_text_input", "max_length": 3001})], "must be less than 3000"),
    ],
    "block-surfaces": [([{"type": "alert", "text": plain()}], "unsupported type: alert")],
    "text-object": [
        ([section(text=plain(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "context", "elements": [plain("x" * 3001)]}], "must be less than 3001 characters"),
    ],
    "button": [
        (actions(button(text=plain("x" * 76))), "must be less than 76 characters"),
        (actions(button(value="x" * 2001)), "must be less than 2001 characters"),
        (actions(button(url="x" * 3001)), "must be less than 3001 characters"),
        (actions(button(style="warning")), "must be a valid enum value"),
    ],
    "ids-length": [
        ([section(block_id="x" * 256)], "must be less than 256 characters"),
        (actions(button(action_id="x" * 256)), "must be less than 256 characters"),
    ],
    "ids-unique": [
        ([section(block_id="a")] * 2, '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]'),
        (actions(button(action_id="a"), button(action_id="a")), '`action_id` "a" already exists'),
    ],
    "select": [
        (actions(select(options=options(101))), "no more than 100 items allowed"),
        (actions(select(options=options(1, "x" * 76))), "must be less than 76 characters"),
        (actions(select(options=options(1, value="x" * 151))), "must be less than 151 characters"),
        (actions(select(placeholder=plain("x" * 151))), "must be less than 151 characters"),
        (
            actions(
                {"type": "static_select", "option_groups": [{"label": plain(), "options": options(1)}] * 101}
            ),
            "no more than 100 items allowed",
        ),
    ],
    "select-initial": [
        (actions(select(initial_option=options(1, "other")[0])), "must be one of the provided options")
    ],
    "overflow": [
        (actions({"type": "overflow", "options": options(6)}), "no more than 5 items allowed"),
        (actions({"type": "overflow", "options": []}), "must provide at least 1 items"),
    ],
    "checkboxes-radio": [
        (actions({"type": "checkboxes", "options": options(11)}), "no more than 10 items allowed"),
        (actions({"type": "radio_buttons", "options": options(11)}), "no more than 10 items allowed"),
    ],
    "confirm": [
        (confirming(title=plain("x" * 101)), "must be less than 101 characters"),
        (confirming(text=plain("x" * 301)), "must be less than 301 characters"),
        (confirming(confirm=plain("x" * 31)), "must be less than 31 characters"),
    ],
}
ACCEPTED: Mapping[str, list[Json]] = {
    "block-count": [{"type": "divider"}] * 50,
    "block-one-table": [TABLE],
    "block-markdown-total": [{"type": "markdown", "text": "x" * 6000}] * 2,
    "block-charts": [CHART] * 2,
    "block-section": [section(text=plain("x" * 3000), fields=[plain("y")] * 10)],
    "block-header": [{"type": "header", "text": plain("x" * 150)}],
    "block-context": [{"type": "context", "elements": [plain()] * 10}],
    "block-actions": actions(*[button()] * 25),
    "block-input": [field(label=plain("x" * 2000))],
    "button": actions(
        button(text=plain("x" * 75), value="x" * 2000, url="https://a.example", style="danger")
    ),
    "ids-length": [section(block_id="x" * 255)],
    "ids-unique": [*actions(button(action_id="a")), *actions(button(action_id="a"))],
    "select": actions(select(options=options(100, "x" * 75, "x" * 150))),
    "select-initial": actions(select(initial_option=options(1)[0])),
    "overflow": actions({"type": "overflow", "options": options(1)}),
    "checkboxes-radio": actions({"type": "checkboxes", "options": options(10)}),
    "confirm": confirming(title=plain("x" * 100), text=plain("x" * 300), deny=plain("x" * 30)),
}


@rule(*REFUSED)
@pytest.mark.parametrize("name", REFUSED)
def test_blocks_past_a_limit_are_refused_in_slacks_words(slack: Slack, name: str) -> None:
    room = slack.channel()
    for blocks, line in REFUSED[name]:
        with pytest.raises(SlackApiError) as caught:
            slack.client.chat_postMessage(channel=room, text="x", blocks=blocks)
        answer = caught.value.response
        assert answer["error"] == ("invalid_attachments" if name == "block-one-table" else "invalid_blocks")
        assert any(line in error for error in answer["errors"]), answer["errors"]


@pytest.mark.parametrize("name", ACCEPTED)
def test_blocks_at_a_limit_are_accepted(slack: Slack, name: str) -> None:
    slack.client.chat_postMessage(channel=slack.channel(), text="x", blocks=ACCEPTED[name])


def test_a_home_tab_holds_a_hundred_blocks_and_no_table(slack: Slack) -> None:
    slack.client.views_publish(user_id="U1", view={"type": "home", "blocks": [{"type": "divider"}] * 100})
    for blocks in ([{"type": "divider"}] * 101, [TABLE]):
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            slack.client.views_publish(user_id="U1", view={"type": "home", "blocks": blocks})

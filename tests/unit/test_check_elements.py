"""Every element within its limits passes; each limit, one past it, is refused in Slack's words."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import check

Json = dict[str, Any]


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str = "One", value: str = "1", **fields: Any) -> Json:
    return {"text": plain(text), "value": value, **fields}


def options(count: int) -> list[Json]:
    return [option(value=str(number + 1)) for number in range(count)]


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(), **fields}


def static(**fields: Any) -> Json:
    return {"type": "static_select", "action_id": "a", "options": options(2), **fields}


def confirm(**fields: Any) -> Json:
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **fields}


def in_actions(element: Json) -> list[str]:
    return [str(fault) for fault in check.blocks([{"type": "actions", "elements": [element]}], "message")]


def in_input(element: Json) -> list[str]:
    block = {"type": "input", "label": plain(), "element": element}
    return [str(fault) for fault in check.blocks([block], "modal")]


ACTING: list[Json] = [
    button(text=plain("b" * 75), value="v" * 2000, url="u" * 3000, style="primary", confirm=confirm()),
    static(placeholder=plain("p" * 150), initial_option=option()),
    static(options=options(100)),
    {"type": "static_select", "option_groups": [{"label": plain("g" * 75), "options": options(2)}]},
    {
        "type": "multi_static_select",
        "options": options(3),
        "initial_options": options(2),
        "max_selected_items": 2,
    },
    {"type": "users_select", "initial_user": "U1"},
    {"type": "conversations_select", "default_to_current_conversation": True, "filter": {"include": ["im"]}},
    {"type": "channels_select", "initial_channel": "C1"},
    {"type": "external_select", "min_query_length": 0, "initial_option": option()},
    {"type": "multi_users_select", "initial_users": ["U1"]},
    {"type": "multi_conversations_select"},
    {"type": "multi_channels_select"},
    {"type": "multi_external_select"},
    {"type": "overflow", "options": [option(url="https://a.example")]},
    {"type": "checkboxes", "options": options(10), "initial_options": options(1)},
    {
        "type": "radio_buttons",
        "options": [option(description=plain())],
        "initial_option": option(description=plain()),
    },
    {"type": "datepicker", "initial_date": "2028-02-29"},
    {"type": "timepicker", "initial_time": "23:59", "timezone": "Asia/Tokyo"},
    {"type": "datetimepicker", "initial_date_time": 1_628_633_820},
    {"type": "workflow_button", "text": plain(), "workflow": {"trigger": {"url": "https://a.example"}}},
]
ENTERING: list[Json] = [
    {"type": "plain_text_input", "max_length": 3000, "multiline": True, "initial_value": "x" * 3000},
    {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
    {"type": "email_text_input", "placeholder": plain()},
    {"type": "url_text_input", "focus_on_load": True},
    {"type": "file_input", "filetypes": ["pdf"], "max_files": 10},
    {"type": "rich_text_input", "initial_value": {"type": "rich_text", "elements": []}},
    static(),
]


def kind(element: Json) -> str:
    return str(element["type"])


@pytest.mark.parametrize("element", ACTING, ids=kind)
def test_an_element_within_its_limits_is_accepted_among_actions(element: Json) -> None:
    assert in_actions(element) == []


@pytest.mark.parametrize("element", ENTERING, ids=kind)
def test_an_element_within_its_limits_is_accepted_in_an_input(element: Json) -> None:
    assert in_input(element) == []


HERE = "/blocks/0/elements/0"
REFUSED: list[tuple[Json, str]] = [
    (button(text=plain("b" * 76)), f"must be less than 76 characters [json-pointer:{HERE}/text/text]"),
    (button(value="v" * 2001), f"must be less than 2001 characters [json-pointer:{HERE}/value]"),
    (button(url="u" * 3001), f"must be less than 3001 characters [json-pointer:{HERE}/url]"),
    (button(style="warning"), f"must be a valid enum value [json-pointer:{HERE}/style]"),
    (button(style=False), f"must provide a string [json-pointer:{HERE}/style]"),
    (button(action_id="a" * 256), f"must be less than 256 characters [json-pointer:{HERE}/action_id]"),
    (button(disabled=True), f"invalid additional property: disabled [json-pointer:{HERE}]"),
    (
        button(text={"type": "mrkdwn", "text": "x"}),
        f"must be a valid enum value [json-pointer:{HERE}/text/type]",
    ),
    (
        button(confirm=confirm(title=plain("t" * 101))),
        f"must be less than 101 characters [json-pointer:{HERE}/confirm/title/text]",
    ),
    (
        button(confirm=confirm(text=plain("t" * 301))),
        f"must be less than 301 characters [json-pointer:{HERE}/confirm/text/text]",
    ),
    (
        button(confirm=confirm(deny=plain("t" * 31))),
        f"must be less than 31 characters [json-pointer:{HERE}/confirm/deny/text]",
    ),
    (static(options=options(101)), f"no more than 100 items allowed [json-pointer:{HERE}/options]"),
    (static(options=[]), f"must provide at least 1 items [json-pointer:{HERE}/options]"),
    (
        static(options=[option(text="o" * 76)]),
        f"must be less than 76 characters [json-pointer:{HERE}/options/0/text/text]",
    ),
    (
        static(options=[option(value="o" * 151)]),
        f"must be less than 151 characters [json-pointer:{HERE}/options/0/value]",
    ),
    (
        static(options=[option(description=plain("d" * 76))]),
        f"must be less than 76 characters [json-pointer:{HERE}/options/0/description/text]",
    ),
    (
        static(placeholder=plain("p" * 151)),
        f"must be less than 151 characters [json-pointer:{HERE}/placeholder/text]",
    ),
    (
        static(initial_option=option(value="9")),
        f"must be one of the provided options [json-pointer:{HERE}/initial_option]",
    ),
    (static(initial_option=None), f"must provide an object [json-pointer:{HERE}/initial_option]"),
    (
        {"type": "static_select"},
        f"must define either `options` or `option_groups` [json-pointer:{HERE}/type]",
    ),
    (
        static(option_groups=[{"label": plain(), "options": options(1)}]),
        f"must define either `options` or `option_groups` [json-pointer:{HERE}/type]",
    ),
    (
        {"type": "static_select", "option_groups": [{"label": plain(), "options": options(1)}] * 101},
        f"no more than 100 items allowed [json-pointer:{HERE}/option_groups]",
    ),
    (
        {"type": "static_select", "option_groups": [{"label": plain("g" * 76), "options": options(1)}]},
        f"must be less than 76 characters [json-pointer:{HERE}/option_groups/0/label/text]",
    ),
    (
        {"type": "overflow", "options": options(6)},
        f"no more than 5 items allowed [json-pointer:{HERE}/options]",
    ),
    (
        {"type": "checkboxes", "options": options(11)},
        f"no more than 10 items allowed [json-pointer:{HERE}/options]",
    ),
    (
        {"type": "checkboxes", "options": options(1), "initial_options": []},
        f"must provide at least 1 items [json-pointer:{HERE}/initial_options]",
    ),
    (
        {"type": "checkboxes", "options": options(1), "initial_options": [option(description=plain())]},
        f"must be one of the provided options [json-pointer:{HERE}/initial_options]",
    ),
    (
        {"type": "radio_buttons", "options": options(11)},
        f"no more than 10 items allowed [json-pointer:{HERE}/options]",
    ),
    (
        {"type": "datepicker", "initial_date": "2027-02-29"},
        f"input must be a valid: date [json-pointer:{HERE}/initial_date]",
    ),
    (
        {"type": "multi_users_select", "max_selected_items": 0},
        f"must be greater than 1 [json-pointer:{HERE}/max_selected_items]",
    ),
    ({"type": "plain_text_input"}, f"unsupported type: plain_text_input [json-pointer:{HERE}/type]"),
]


@pytest.mark.parametrize(("element", "fault"), REFUSED, ids=[fault for _, fault in REFUSED])
def test_an_element_past_a_limit_is_refused_at_the_place(element: Json, fault: str) -> None:
    assert fault in in_actions(element)


@pytest.mark.parametrize(
    ("element", "fault"),
    [
        ({"max_length": 3001}, "must be less than 3000 [json-pointer:/blocks/0/element/max_length]"),
        ({"max_length": True}, "must provide an integer [json-pointer:/blocks/0/element/max_length]"),
        ({"multiline": "yes"}, "must be a boolean [json-pointer:/blocks/0/element/multiline]"),
        (
            {"placeholder": plain("p" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/element/placeholder/text]",
        ),
    ],
)
def test_a_text_input_keeps_its_limits(element: Json, fault: str) -> None:
    assert in_input({"type": "plain_text_input", **element}) == [fault]


def test_a_number_input_says_whether_decimals_are_allowed() -> None:
    assert in_input({"type": "number_input"}) == [
        "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]"
    ]

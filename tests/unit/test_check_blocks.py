"""Blocks that Slack accepts pass; each limit, one past it, is refused in Slack's words at the right place."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import check

Json = dict[str, Any]


def plain(text: str = "words") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*words*") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **fields}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(), **fields}


def picture(**fields: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a", **fields}


def task(**fields: Any) -> Json:
    return {"type": "task_card", "task_id": "1", "title": "Look", "status": "pending", **fields}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def prose(*pieces: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(pieces)}


def said(blocks: Any, surface: check.Surface = "message") -> list[str]:
    return [str(fault) for fault in check.blocks(blocks, surface)]


ACCEPTED: list[Json] = [
    section(),
    section(fields=[mrkdwn(), plain()], accessory=button(style="danger", value="v", url="https://a.example")),
    {"type": "section", "fields": [plain()]},
    section(accessory=picture()),
    section(text=mrkdwn("x" * 3000)),
    {"type": "header", "text": plain("h" * 150)},
    {"type": "divider", "block_id": "b" * 255},
    {"type": "context", "elements": [mrkdwn(), plain(), picture()]},
    {"type": "actions", "elements": [button(action_id=str(n)) for n in range(25)]},
    picture(title=plain()),
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    {"type": "input", "label": plain(), "element": {"type": "plain_text_input", "action_id": "a"}},
    rich(
        prose(
            {"type": "text", "text": "a", "style": {"bold": True}},
            {"type": "user", "user_id": "U1"},
            {"type": "link", "url": "https://a.example"},
            {"type": "emoji", "name": "pushpin"},
            {"type": "date", "timestamp": 1720710212, "format": "{date}"},
        ),
        {"type": "rich_text_list", "style": "bullet", "elements": [prose()], "indent": 1},
        {"type": "rich_text_quote", "elements": []},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]},
    ),
    {"type": "markdown", "text": "# Title"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich()]], "column_settings": [None]},
    {
        "type": "video",
        "alt_text": "v",
        "title": plain(),
        "thumbnail_url": "https://a",
        "video_url": "https://b",
    },
    {"type": "file", "external_id": "x", "source": "remote"},
    {"type": "call", "call_id": "R1"},
    task(details=rich(), sources=[{"type": "url", "url": "https://a", "text": "a"}]),
    {"type": "plan", "title": "Plan", "tasks": [task()]},
    {"type": "card", "title": mrkdwn(), "body": plain(), "actions": [button()]},
    {"type": "carousel", "elements": [{"type": "card", "title": plain()}]},
    {"type": "container", "title": plain(), "child_blocks": [section()]},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "f",
                "positive_button": {"text": plain(), "value": "+"},
                "negative_button": {"text": plain(), "value": "-"},
            }
        ],
    },
    {"type": "data_table", "anything": 1},
]


@pytest.mark.parametrize("block", ACCEPTED, ids=lambda block: str(block["type"]))
def test_a_block_within_its_limits_is_accepted_in_a_message(block: Json) -> None:
    assert said([block]) == []


REFUSED: list[tuple[Json, str]] = [
    ({"type": "foo"}, "unsupported type: foo [json-pointer:/blocks/0/type]"),
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0/type]"),
    (section(text=plain("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (
        section(text=mrkdwn("x" * 3001)),
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    (section(text="words"), "must provide an object [json-pointer:/blocks/0/text]"),
    (section(fields=[plain()] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    (
        section(fields=[plain("x" * 2001)]),
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (section(accessory=None), "must provide an object [json-pointer:/blocks/0/accessory]"),
    (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
    (section(block_id="b" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
    (
        {"type": "header", "text": mrkdwn()},
        "must be a valid enum value [json-pointer:/blocks/0/text/type]",
    ),
    (
        {"type": "header", "text": plain("h" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        {"type": "context", "elements": [plain()] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "context", "elements": [button()]},
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        {"type": "actions", "elements": [button()] * 26},
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ({"type": "actions", "elements": []}, "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    ({"type": "image", "alt_text": "a"}, "missing required field: image_url [json-pointer:/blocks/0]"),
    (
        {"type": "input", "label": plain("l" * 2001), "element": {"type": "plain_text_input"}},
        "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
    ),
    (
        {"type": "input", "label": plain(), "element": button()},
        "unsupported type: button [json-pointer:/blocks/0/element/type]",
    ),
    (
        {"type": "markdown", "text": "x" * 12_001},
        "must be less than 12001 characters [json-pointer:/blocks/0/text]",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101},
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    (task(status="done"), "must be a valid enum value [json-pointer:/blocks/0/status]"),
    (
        {"type": "plan", "title": plain()},
        "must provide a string [json-pointer:/blocks/0/title]",
    ),
    (
        rich(prose({"type": "text", "text": ""})),
        "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
    ),
    (
        rich(prose({"type": "text", "text": "a", "style": {"loud": True}})),
        "invalid additional property: loud [json-pointer:/blocks/0/elements/0/elements/0/style]",
    ),
    ({"type": "alert", "text": plain()}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
    (
        {"type": "carousel", "elements": [{"type": "card", "title": plain()}] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
]


@pytest.mark.parametrize(("block", "fault"), REFUSED, ids=[fault for _, fault in REFUSED])
def test_a_block_past_a_limit_is_refused_at_the_place(block: Json, fault: str) -> None:
    assert fault in said([block])


def test_a_text_of_either_kind_is_preceded_by_the_line_about_schemas() -> None:
    assert said([section(text=mrkdwn("x" * 3001))]) == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_a_message_holds_fifty_blocks_and_a_home_tab_a_hundred() -> None:
    assert said([{"type": "divider"}] * 50) == []
    assert said([{"type": "divider"}] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert said([{"type": "divider"}] * 100, "home") == []


def test_a_block_id_is_used_once_in_a_message() -> None:
    twice = [section(block_id="one"), section(block_id="one")]
    assert said(twice) == ['`block_id` "one" already exists [json-pointer:/blocks/1/block_id]']


def test_an_action_id_is_used_once_in_a_block_but_again_in_the_next() -> None:
    row = {"type": "actions", "elements": [button(action_id="go"), button(action_id="go")]}
    assert said([row]) == ['`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]']
    apart = [{"type": "actions", "elements": [button(action_id="go")]} for _ in range(2)]
    assert said(apart) == []


def test_a_second_table_is_refused_with_the_code_for_tables() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    faults = check.blocks([table, table], "message")
    assert [str(fault) for fault in faults] == ["only_one_table_allowed [json-pointer:/blocks]"]
    assert check.blocks_error(faults) == "invalid_attachments"


def test_markdown_blocks_share_twelve_thousand_characters() -> None:
    halves = [{"type": "markdown", "text": "x" * 6001}] * 2
    assert said(halves) == ["must be less than 12001 characters [json-pointer:/blocks]"]


@pytest.mark.parametrize("kind", ["table", "markdown", "carousel", "plan", "context_actions"])
def test_what_belongs_to_messages_is_no_part_of_a_modal(kind: str) -> None:
    assert said([{"type": kind}], "modal") == [f"unsupported type: {kind} [json-pointer:/blocks/0/type]"]


def test_an_alert_is_shown_in_modals_only() -> None:
    alert = {"type": "alert", "text": plain(), "level": "warning"}
    assert said([alert], "modal") == []
    assert said([alert], "home") == ["unsupported type: alert [json-pointer:/blocks/0/type]"]


def test_all_text_of_a_message_is_counted_wherever_it_stands() -> None:
    blocks = [section(text=plain("abc"), fields=[plain("de")]), rich(prose({"type": "text", "text": "f"}))]
    assert check.total_text(blocks) == 6


HOSTILE: list[Any] = [None, 1, "x", {}, [None], [[]], [{"type": []}], [{"type": {"a": 1}}], [{"type": None}]]


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_no_json_value_breaks_the_check(value: Any, surface: check.Surface) -> None:
    assert said(value, surface)


def test_nesting_without_end_is_refused_not_followed() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert said([{"type": "section", "text": deep}]) == [
        "must not be nested so deeply [json-pointer:/blocks]"
    ]
    assert check.total_text(deep) > check.MOST_TEXT
    assert check.view_bytes(deep) > check.MOST_VIEW_BYTES


def test_the_list_of_faults_has_an_end() -> None:
    assert len(said([{"type": "divider", **{f"f{n}": 1 for n in range(5000)}}])) == 100

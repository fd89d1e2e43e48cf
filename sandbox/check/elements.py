"""Block elements, one row each: the fields it must and may have, with Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sandbox.check.composition import (
    ACTION_ID,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    LIST_OPTION,
    LIST_OPTIONS,
    MENU_OPTION,
    MENU_OPTIONS,
    OPTION_GROUPS,
    STYLE,
    URL,
    EitherOf,
    initial_options_offered,
    option,
    picture_source,
    plain,
)
from sandbox.check.faults import Fault, Faults, Rule
from sandbox.check.rich_text import RICH_TEXT_VALUE
from sandbox.check.shapes import Many, OneOf, Record, Text, Whole, boolean, typed

_ID = Text(255, least=1)
_IDS = Many(_ID, least=1)
_CLICKED: Mapping[str, Rule] = {"action_id": ACTION_ID, "confirm": CONFIRM}
_CHOSEN: Mapping[str, Rule] = {**_CLICKED, "focus_on_load": boolean}
_HINTED: Mapping[str, Rule] = {**_CHOSEN, "placeholder": plain(150)}
_SEVERAL: Mapping[str, Rule] = {**_HINTED, "max_selected_items": Whole(1, 10_000)}
_TYPED: Mapping[str, Rule] = {
    "action_id": ACTION_ID,
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": DISPATCH,
}


def calendar_day(value: object, pointer: str) -> Faults:
    """A day that exists, as YYYY-MM-DD."""
    if not isinstance(value, str):
        yield Fault("must provide a string", pointer)
        return
    try:
        is_written_so = date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_written_so = False
    if not is_written_so:
        yield Fault("input must be a valid: date", pointer)


SLACK_FILE = Record(optional={"id": _ID, "url": URL}, also=(EitherOf(("id", "url")),))
IMAGE_FIELDS: Mapping[str, Rule] = {"image_url": Text(3000, least=1), "slack_file": SLACK_FILE}
IMAGE = typed("image", {"alt_text": Text(2000, least=1)}, IMAGE_FIELDS, (picture_source,))

BUTTON = typed(
    "button",
    {"text": plain(75)},
    {
        **_CLICKED,
        "url": URL,
        "value": Text(2000),
        "style": STYLE,
        "accessibility_label": Text(75),
        "agent_prompt": Text(4000),
        "agent_prompt_display": Text(4000),
        "visible_to_user_ids": Many(_ID, most=10),
    },
)
_FEEDBACK = Record({"text": plain(75), "value": Text(2000)}, {"accessibility_label": Text(75)})
_ONE_LIST = (EitherOf(("options", "option_groups")), initial_options_offered)
_OFFER: Mapping[str, Rule] = {"options": MENU_OPTIONS, "option_groups": OPTION_GROUPS}

ELEMENTS: Mapping[str, Rule] = {
    "button": BUTTON,
    "image": IMAGE,
    "static_select": typed(
        "static_select", {}, {**_HINTED, **_OFFER, "initial_option": MENU_OPTION}, _ONE_LIST
    ),
    "external_select": typed(
        "external_select", {}, {**_HINTED, "initial_option": MENU_OPTION, "min_query_length": Whole(0, 3000)}
    ),
    "users_select": typed("users_select", {}, {**_HINTED, "initial_user": _ID}),
    "conversations_select": typed(
        "conversations_select",
        {},
        {
            **_HINTED,
            "initial_conversation": _ID,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "channels_select": typed(
        "channels_select", {}, {**_HINTED, "initial_channel": _ID, "response_url_enabled": boolean}
    ),
    "multi_static_select": typed(
        "multi_static_select",
        {},
        {**_SEVERAL, **_OFFER, "initial_options": Many(MENU_OPTION, most=100, least=1)},
        _ONE_LIST,
    ),
    "multi_external_select": typed(
        "multi_external_select",
        {},
        {
            **_SEVERAL,
            "initial_options": Many(MENU_OPTION, most=100, least=1),
            "min_query_length": Whole(0, 3000),
        },
    ),
    "multi_users_select": typed("multi_users_select", {}, {**_SEVERAL, "initial_users": _IDS}),
    "multi_conversations_select": typed(
        "multi_conversations_select",
        {},
        {
            **_SEVERAL,
            "initial_conversations": _IDS,
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "multi_channels_select": typed("multi_channels_select", {}, {**_SEVERAL, "initial_channels": _IDS}),
    "overflow": typed(
        "overflow", {"options": Many(option(plain(75), with_url=True), most=5, least=1)}, _CLICKED
    ),
    "checkboxes": typed(
        "checkboxes",
        {"options": LIST_OPTIONS},
        {**_CHOSEN, "initial_options": Many(LIST_OPTION, most=10, least=1)},
        (initial_options_offered,),
    ),
    "radio_buttons": typed(
        "radio_buttons",
        {"options": LIST_OPTIONS},
        {**_CHOSEN, "initial_option": LIST_OPTION},
        (initial_options_offered,),
    ),
    "datepicker": typed("datepicker", {}, {**_HINTED, "initial_date": calendar_day}),
    "timepicker": typed(
        "timepicker",
        {},
        {
            **_HINTED,
            "initial_time": Text(5, pattern="([01][0-9]|2[0-3]):[0-5][0-9]"),
            "timezone": Text(255, least=1),
        },
    ),
    "datetimepicker": typed(
        "datetimepicker", {}, {**_CHOSEN, "initial_date_time": Whole(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": typed(
        "plain_text_input",
        {},
        {
            **_TYPED,
            "initial_value": Text(3000),
            "multiline": boolean,
            "min_length": Whole(0, 3000),
            "max_length": Whole(1, 3000),
        },
    ),
    "number_input": typed(
        "number_input",
        {"is_decimal_allowed": boolean},
        {**_TYPED, **dict.fromkeys(("initial_value", "min_value", "max_value"), Text(255))},
    ),
    "email_text_input": typed("email_text_input", {}, {**_TYPED, "initial_value": Text(3000)}),
    "url_text_input": typed("url_text_input", {}, {**_TYPED, "initial_value": Text(3000)}),
    "rich_text_input": typed(
        "rich_text_input",
        {},
        {
            **_TYPED,
            "initial_value": RICH_TEXT_VALUE,
            "min_lines": Whole(1, 100),
            "max_lines": Whole(1, 100),
        },
    ),
    "file_input": typed(
        "file_input",
        {},
        {"action_id": ACTION_ID, "filetypes": Many(Text(255, least=1), least=1), "max_files": Whole(1, 10)},
    ),
    "workflow_button": typed(
        "workflow_button",
        {
            "text": plain(75),
            "workflow": Record(
                {
                    "trigger": Record(
                        {"url": URL},
                        {
                            "customizable_input_parameters": Many(
                                Record({"name": Text(255, least=1), "value": Text(3000)})
                            )
                        },
                    )
                }
            ),
        },
        {"action_id": ACTION_ID, "style": STYLE, "accessibility_label": Text(75)},
    ),
    "feedback_buttons": typed(
        "feedback_buttons",
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        {"action_id": ACTION_ID},
    ),
    "icon_button": typed(
        "icon_button",
        {"icon": OneOf(("trash",)), "text": plain(75)},
        {
            **_CLICKED,
            "value": Text(2000),
            "accessibility_label": Text(75),
            "visible_to_user_ids": Many(_ID, most=10),
        },
    ),
}

SELECTS = tuple(name for name in ELEMENTS if name.endswith("_select"))

"""Layout blocks, one row each, and the surfaces on which Slack shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sandbox.check.composition import BLOCK_ID, URL, AnyText, EitherOf, mrkdwn, picture_source, plain
from sandbox.check.elements import BUTTON, ELEMENTS, IMAGE, IMAGE_FIELDS, SELECTS
from sandbox.check.faults import Fault, Faults, Rule, at, members
from sandbox.check.rich_text import RICH_TEXT, RICH_TEXT_VALUE
from sandbox.check.shapes import Many, OneOf, Record, Tagged, Text, boolean, typed


def _of(*names: str) -> Tagged:
    return Tagged({name: ELEMENTS[name] for name in names})


ACCESSORY = _of(
    "button",
    "image",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "workflow_button",
    *SELECTS,
)
ACTIONS = _of(
    "button",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "rich_text_input",
    "workflow_button",
    *SELECTS,
)
INPUTS = _of(
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
    "checkboxes",
    "radio_buttons",
    "datepicker",
    "timepicker",
    "datetimepicker",
    *SELECTS,
)
CONTEXT = Tagged({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)})

Surface = Literal["message", "modal", "home"]

_ID: Mapping[str, Rule] = {"block_id": BLOCK_ID}
_PICTURE = Tagged({"image": IMAGE})
_BUTTONS = Many(Tagged({"button": BUTTON}), most=5, least=1)


def _card_content(value: object, pointer: str) -> Faults:
    if not {"hero_image", "title", "actions", "body"} & members(value).keys():
        yield Fault("must define one of `hero_image`, `title`, `actions` or `body`", at(pointer, "type"))


def _number(value: object, pointer: str) -> Faults:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault("must provide a number", pointer)


_CARD = typed(
    "card",
    {},
    {
        **_ID,
        "hero_image": _PICTURE,
        "icon": _PICTURE,
        "slack_icon": Record({"name": Text(255, least=1)}, {"type": Text(255)}),
        "title": AnyText(150),
        "subtitle": AnyText(150),
        "body": AnyText(200),
        "subtext": AnyText(150),
        "actions": _BUTTONS,
    },
    (_card_content,),
)
_TASK = typed(
    "task_card",
    {"task_id": Text(255, least=1), "title": Text(3000, least=1)},
    {
        **_ID,
        "status": OneOf(("pending", "in_progress", "complete", "error")),
        "details": RICH_TEXT_VALUE,
        "output": RICH_TEXT_VALUE,
        "sources": Many(
            Tagged({"url": typed("url", {"url": Text(3000, least=1), "text": Text(3000, least=1)})})
        ),
    },
)
_CELL = Tagged(
    {
        "raw_text": typed("raw_text", {"text": Text(least=1)}),
        "raw_number": typed("raw_number", {"value": _number}, {"text": Text()}),
        "rich_text": RICH_TEXT,
    }
)


def _column(value: object, pointer: str) -> Faults:
    if value is not None:
        settings = Record(optional={"align": OneOf(("left", "center", "right")), "is_wrapped": boolean})
        yield from settings(value, pointer)


def _open_shape(value: object, pointer: str) -> Faults:
    """A block whose inside Slack has not published: only its name is checked."""
    if "block_id" in members(value):
        yield from BLOCK_ID(members(value)["block_id"], at(pointer, "block_id"))


_SIMPLE: Mapping[str, Rule] = {
    "section": typed(
        "section",
        {},
        {
            **_ID,
            "text": AnyText(3000),
            "fields": Many(AnyText(2000), most=10, least=1),
            "accessory": ACCESSORY,
            "expand": boolean,
        },
        (EitherOf(("text", "fields"), both=True),),
    ),
    "header": typed("header", {"text": plain(150)}, _ID),
    "context": typed("context", {"elements": Many(CONTEXT, most=10, least=1)}, _ID),
    "actions": typed("actions", {"elements": Many(ACTIONS, most=25, least=1)}, _ID),
    "divider": typed("divider", {}, _ID),
    "image": typed(
        "image",
        {"alt_text": Text(2000, least=1)},
        {**_ID, **IMAGE_FIELDS, "title": plain(2000)},
        (picture_source,),
    ),
    "input": typed(
        "input",
        {"label": plain(2000), "element": INPUTS},
        {**_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "video": typed(
        "video",
        {
            "alt_text": Text(2000, least=1),
            "title": plain(200),
            "thumbnail_url": Text(3000, least=1),
            "video_url": Text(3000, least=1),
        },
        {
            **_ID,
            "title_url": URL,
            "author_name": Text(50),
            "provider_name": Text(50),
            "provider_icon_url": URL,
            "description": plain(200),
        },
    ),
    "markdown": typed("markdown", {"text": Text(12_000, least=1)}, _ID),
    "table": typed(
        "table",
        {"rows": Many(Many(_CELL, most=20, least=1), most=100, least=1)},
        {**_ID, "column_settings": Many(_column, most=20)},
    ),
    "file": typed("file", {"external_id": Text(255, least=1), "source": OneOf(("remote",))}, _ID),
    "call": typed(
        "call",
        {"call_id": Text(255, least=1)},
        {**_ID, "api_decoration_available": boolean, "call": _open_shape},
    ),
    "context_actions": typed(
        "context_actions", {"elements": Many(_of("feedback_buttons", "icon_button"), most=5, least=1)}, _ID
    ),
    "plan": typed(
        "plan", {"title": Text(3000, least=1)}, {**_ID, "tasks": Many(Tagged({"task_card": _TASK}))}
    ),
    "task_card": _TASK,
    "alert": typed(
        "alert",
        {"text": AnyText(200)},
        {**_ID, "level": OneOf(("default", "info", "warning", "error", "success"))},
    ),
    "card": _CARD,
    "carousel": typed("carousel", {"elements": Many(Tagged({"card": _CARD}), most=10, least=1)}, _ID),
    "data_table": _open_shape,
    "data_visualization": _open_shape,
}

_INSIDE = {name: rule for name, rule in _SIMPLE.items() if name not in ("alert", "input")}
_CONTAINER = typed(
    "container",
    {"child_blocks": Many(Tagged(_INSIDE), most=10, least=1)},
    {
        **_ID,
        "title": plain(150),
        "rich_text_title": RICH_TEXT_VALUE,
        "subtitle": AnyText(150),
        "icon": _PICTURE,
        "width": OneOf(("narrow", "standard", "wide", "full")),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    (EitherOf(("title", "rich_text_title"), both=True),),
)
_BLOCKS: Mapping[str, Rule] = {**_SIMPLE, "container": _CONTAINER}

_MESSAGE_ONLY = (
    "call",
    "container",
    "context_actions",
    "data_table",
    "data_visualization",
    "file",
    "markdown",
    "plan",
    "table",
    "task_card",
)
_REFUSED: Mapping[Surface, tuple[str, ...]] = {
    "message": ("alert",),
    "modal": (*_MESSAGE_ONLY, "carousel"),
    "home": (*_MESSAGE_ONLY, "alert"),
}
_MOST_BLOCKS: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}


def layout(surface: Surface) -> Many:
    """The rule for the whole `blocks` array of one surface."""
    shown = {name: rule for name, rule in _BLOCKS.items() if name not in _REFUSED[surface]}
    return Many(Tagged(shown), most=_MOST_BLOCKS[surface])

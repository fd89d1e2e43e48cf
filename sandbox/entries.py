"""What a person enters into an element, as Slack's state and actions carry it. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
"""Element type → the key of its value in Slack's state, and the element's key for where it starts."""

ACTION_ONLY = ("button", "overflow", "workflow_button", "icon_button", "feedback_buttons")
Resolve = Callable[[str], str]


class BadEntry(Exception):
    """A person could not have entered this; the text says why."""


def is_stateful(element: Mapping[str, Any]) -> bool:
    return element.get("type") in INITIAL


def start(element: Mapping[str, Any]) -> dict[str, Any]:
    """The element's entry before anybody touched it."""
    kind = element["type"]
    key, initial = INITIAL[kind]
    empty: Any = [] if key.endswith("s") else None
    return {"type": kind, key: element.get(initial, empty)}


def entered(element: Mapping[str, Any], value: Any, resolve: Resolve) -> dict[str, Any]:
    """The entry for `value`: Slack's own form, or shorthand (text, an option's value or text, an id or name,
    the ids of files).

    `resolve` turns a person's or channel's name into an id.
    """
    kind = element["type"]
    key = INITIAL[kind][0]
    if isinstance(value, dict) and ("type" in value or key in value):
        return {"type": kind, **value}
    if value is None or value == "":
        return start({"type": kind})
    if key == "files":
        return {"type": kind, key: as_list(value)}
    if key == "selected_option":
        return {"type": kind, key: option(element, value)}
    if key == "selected_options":
        return {"type": kind, key: [option(element, each) for each in as_list(value)]}
    if kind.startswith(("users", "conversations", "channels")):
        return {"type": kind, key: resolve(str(value))}
    if kind.startswith(("multi_users", "multi_conversations", "multi_channels")):
        return {"type": kind, key: [resolve(str(each)) for each in as_list(value)]}
    return {"type": kind, key: value}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def options(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(each for group in groups for each in group["options"])]


def option(element: Mapping[str, Any], wanted: Any) -> dict[str, Any]:
    """The element's option with this value or text. An external select takes any."""
    if isinstance(wanted, dict):
        wanted = wanted.get("value")
    for each in options(element):
        if wanted in (each.get("value"), each["text"]["text"]):
            return each
    if str(element["type"]).endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(wanted), "emoji": True}, "value": str(wanted)}
    raise BadEntry(f"{wanted!r} is no option of {element.get('action_id')}")


def action(element: Mapping[str, Any], block_id: str, value: Any, resolve: Resolve) -> dict[str, Any]:
    """The action object for a press, a choice, or a committed text; without `action_ts`."""
    kind = element["type"]
    body: dict[str, Any] = {"type": kind, "action_id": element["action_id"], "block_id": block_id}
    if kind == "overflow":
        return body | {"selected_option": option(element, value)}
    if kind in ACTION_ONLY:
        kept = ("text", "value", "url", "style")
        return body | {name: element[name] for name in kept if name in element}
    if "placeholder" in element and kind.endswith("select"):
        body["placeholder"] = element["placeholder"]
    return body | entered(element, value, resolve)


def is_empty(entry: Mapping[str, Any]) -> bool:
    value = entry.get(INITIAL[entry["type"]][0])
    return value in (None, "", []) or (isinstance(value, str) and not value.strip())


def refusal(element: Mapping[str, Any], entry: Mapping[str, Any]) -> str | None:
    """Why Slack's client would not let this entry pass; None when it would."""
    value = entry.get(INITIAL[element["type"]][0])
    if isinstance(value, str):
        longest, shortest = element.get("max_length", 3000), element.get("min_length", 0)
        if len(value) > longest:
            return f"must be at most {longest} characters"
        if len(value) < shortest:
            return f"must be at least {shortest} characters"
    most = element.get("max_selected_items")
    if isinstance(value, list) and most is not None and len(value) > most:
        return f"at most {most} can be chosen"
    return None

"""Modals and App Homes: triggers, the stack of three, hashes and external ids. Never talks to the app."""

import json
from collections.abc import Iterator
from typing import Any

from sandbox import check
from sandbox.block_ids import name_blocks
from sandbox.clock import real_seconds
from sandbox.errors import SlackError, invalid_arguments
from sandbox.model import Trigger, View
from sandbox.state import APP_ID, BOT_ID, TEAM_ID, Workspace

MAX_STACK = 3
KEPT_TRIGGERS = 5_000
EMPTY = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
FLAGS = {"clear_on_close": False, "notify_on_close": False}


def new_trigger(ws: Workspace, user: str, view_id: str | None = None) -> str:
    """A trigger_id for what `user` just did, good once, and for three seconds."""
    trigger = f"{ws.ids.next('')}.{TEAM_ID}.{ws.ids.next('')}".lower()
    ws.triggers[trigger] = Trigger(user, real_seconds(), view_id=view_id)
    if len(ws.triggers) > KEPT_TRIGGERS:
        del ws.triggers[next(iter(ws.triggers))]
    return trigger


def exchange(ws: Workspace, trigger_id: str) -> Trigger:
    """Raises `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`."""
    trigger = ws.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.is_used:
        raise SlackError("exchanged_trigger_id")
    if real_seconds() - trigger.opened_at > ws.trigger_lives_s():
        raise SlackError("expired_trigger_id")
    trigger.is_used = True
    return trigger


def check_body(body: Any, kind: str) -> dict[str, Any]:
    """The view as sent, if Slack would take it: `view_too_large`, `invalid_arguments` with every fault."""
    if not isinstance(body, dict):
        raise invalid_arguments("missing required field: view" if body is None else "must be an object")
    if check.view_bytes(body) > check.MOST_VIEW_BYTES:
        raise SlackError("view_too_large")
    faults = check.view(body)
    if faults:
        raise invalid_arguments(*(str(fault) for fault in faults))
    if body.get("type") != kind:
        raise invalid_arguments(f"must be of type {kind} [json-pointer:/view/type]")
    return body


def open_modal(ws: Workspace, user: str, body: dict[str, Any]) -> View:
    """A new stack with this view; what was open before is gone, as when a dialog replaces another."""
    check_external_id(ws, body, None)
    clear(ws, user)
    return place(ws, user, body)


def push(ws: Workspace, user: str, body: dict[str, Any]) -> View:
    """Another view on top: `push_limit_reached` beyond three."""
    stack = ws.stacks.get(user, [])
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    check_external_id(ws, body, None)
    return place(ws, user, body)


def place(ws: Workspace, user: str, body: dict[str, Any]) -> View:
    stack = ws.stacks.setdefault(user, [])
    view_id = ws.ids.next("V")
    view = View(view_id, user, new_hash(ws), stored(ws, body), stack[0] if stack else view_id)
    view.previous_id = stack[-1] if stack else None
    ws.views[view_id] = view
    stack.append(view_id)
    ws.changed("views")
    return view


def update(ws: Workspace, view: View, body: dict[str, Any]) -> View:
    """Replaces what the view shows; entries in inputs that stay (same block_id and action_id) are kept."""
    check_external_id(ws, body, view.id)
    view.body, view.hash, view.errors, view.failure = stored(ws, body), new_hash(ws), {}, None
    kept = {(block_id, action_id) for block_id, action_id, _, _ in elements(view.body)}
    view.values = {
        block_id: {action: value for action, value in fields.items() if (block_id, action) in kept}
        for block_id, fields in view.values.items()
        if any((block_id, action) in kept for action in fields)
    }
    ws.changed("views")
    return view


def publish(ws: Workspace, user: str, body: dict[str, Any]) -> View:
    known = ws.homes.get(user)
    if known is not None:
        return update(ws, ws.views[known], body)
    check_external_id(ws, body, None)
    view_id = ws.ids.next("V")
    ws.views[view_id] = View(view_id, user, new_hash(ws), stored(ws, body), view_id)
    ws.homes[user] = view_id
    ws.changed("views")
    return ws.views[view_id]


def close_top(ws: Workspace, user: str) -> None:
    stack = ws.stacks.get(user, [])
    if stack:
        del ws.views[stack.pop()]
    ws.changed("views")


def clear(ws: Workspace, user: str) -> None:
    for view_id in ws.stacks.pop(user, []):
        del ws.views[view_id]
    ws.changed("views")


def find(ws: Workspace, view_id: str, external_id: str) -> View:
    """Raises `not_found`."""
    found = ws.views.get(view_id)
    if found is None and external_id:
        found = next(
            (view for view in ws.views.values() if view.body.get("external_id") == external_id), None
        )
    if found is None:
        raise SlackError("not_found")
    return found


def check_hash(view: View, sent: str) -> None:
    if sent and sent != view.hash:
        raise SlackError("hash_conflict")


def check_external_id(ws: Workspace, body: dict[str, Any], own_id: str | None) -> None:
    wanted = body.get("external_id")
    if wanted and any(
        view.body.get("external_id") == wanted and view.id != own_id for view in ws.views.values()
    ):
        raise SlackError("duplicate_external_id")


def new_hash(ws: Workspace) -> str:
    return f"{ws.seconds()}.{ws.ids.next('').lower()}"


def stored(ws: Workspace, body: dict[str, Any]) -> dict[str, Any]:
    """A copy of the view with the ids Slack fills in."""
    copy: dict[str, Any] = json.loads(json.dumps(body))
    copy["blocks"] = name_blocks(ws, copy["blocks"])
    return EMPTY | FLAGS | copy


def elements(body: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """(block_id, action_id, element, block) of everything in the view that a person can use."""
    for block in body["blocks"]:
        found = [block.get("element"), block.get("accessory")]
        found += block["elements"] if block["type"] == "actions" else []
        for element in found:
            if element and "action_id" in element:
                yield block["block_id"], element["action_id"], element, block


def as_json(view: View, values: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """Slack's view object; `state.values` as given, else as entered so far."""
    return {
        "id": view.id,
        "team_id": TEAM_ID,
        **view.body,
        "state": {"values": view.values if values is None else values},
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }

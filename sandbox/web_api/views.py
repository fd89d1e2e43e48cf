"""`views.*`: open, push, update, publish."""

from typing import Any

from sandbox import views
from sandbox.errors import SlackError, invalid_arguments
from sandbox.state import Workspace
from sandbox.web_api.method import TIER_4, Call, Method


def methods() -> dict[str, Method]:
    return {
        "views.open": Method(open_modal, TIER_4),
        "views.push": Method(push, TIER_4),
        "views.update": Method(update, TIER_4),
        "views.publish": Method(publish, TIER_4),
    }


def body_of(call: Call, kind: str) -> dict[str, Any]:
    return views.check_body(call.json("view", "invalid_arguments"), kind)


def trigger_of(call: Call) -> str:
    return call.required("trigger_id") if call.has("trigger_id") else call.required("interactivity_pointer")


def open_modal(ws: Workspace, call: Call) -> dict[str, Any]:
    trigger_id, body = trigger_of(call), body_of(call, "modal")
    user = views.exchange(ws, trigger_id).user
    return {"view": views.as_json(views.open_modal(ws, user, body))}


def push(ws: Workspace, call: Call) -> dict[str, Any]:
    trigger_id, body = trigger_of(call), body_of(call, "modal")
    trigger = views.exchange(ws, trigger_id)
    if trigger.view_id is None:
        raise SlackError("invalid_trigger_id")
    return {"view": views.as_json(views.push(ws, trigger.user, body))}


def update(ws: Workspace, call: Call) -> dict[str, Any]:
    if not call.has("view_id") and not call.has("external_id"):
        raise invalid_arguments("missing required field: view_id")
    body = call.json("view", "invalid_arguments")
    view = views.find(ws, call.text("view_id"), call.text("external_id"))
    views.check_hash(view, call.text("hash"))
    return {"view": views.as_json(views.update(ws, view, views.check_body(body, view.body["type"])))}


def publish(ws: Workspace, call: Call) -> dict[str, Any]:
    user = call.required("user_id")
    body = body_of(call, "home")
    if user not in ws.people:
        raise invalid_arguments("user not found [json-pointer:/user_id]")
    known = ws.homes.get(user)
    if known is not None:
        views.check_hash(ws.views[known], call.text("hash"))
    return {"view": views.as_json(views.publish(ws, user, body))}

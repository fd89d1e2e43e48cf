"""What the ack of a view_submission does to the person's forms: close, errors, update, push, clear."""

from typing import Any

from sandbox import views
from sandbox.errors import SlackError
from sandbox.model import View
from sandbox.state import Workspace


def apply_answer(ws: Workspace, view: View, answer: dict[str, Any]) -> str | None:
    """Applies the ack's payload; Slack's error code when it has to refuse it, and then the form stays."""
    try:
        act(ws, view, answer)
    except SlackError as refused:
        return refused.code
    return None


def act(ws: Workspace, view: View, answer: dict[str, Any]) -> None:
    match answer.get("response_action"):
        case None:
            close(ws, view)
        case "clear":
            views.clear(ws, view.user)
        case "errors":
            show_errors(ws, view, answer.get("errors"))
        case "update":
            views.update(ws, view, views.check_body(answer.get("view"), "modal"))
        case "push":
            views.push(ws, view.user, views.check_body(answer.get("view"), "modal"))
        case _:
            raise SlackError("invalid_response_action")


def close(ws: Workspace, view: View) -> None:
    """Closes the submitted view if it is still there; the app may have replaced the whole stack meanwhile."""
    if view.id in ws.stacks.get(view.user, []):
        ws.stacks[view.user].remove(view.id)
        del ws.views[view.id]
        ws.changed("views")


def show_errors(ws: Workspace, view: View, errors: Any) -> None:
    """Slack accepts errors only for input blocks of this view."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors")
    view.errors = {str(block_id): str(text) for block_id, text in errors.items()}
    ws.changed("views")

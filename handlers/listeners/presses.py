"""Buttons, choices and sent forms: which function of the noun rooms answers, and how the answer is shown."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.blocks import ids
from handlers.blocks.filled import filled
from handlers.calls import Json, Message
from handlers.delivery_keys import of_submission, of_trigger
from handlers.errors import Refused, attempt
from handlers.listeners import (
    calendars,
    closing,
    commanding,
    declaring,
    editing,
    editing_absence,
    editing_roster,
    following,
    handoffs,
    imports,
    ladder,
    oncall,
    preferences,
    recording,
    responding,
    rota_changes,
    setup,
    showing,
    uploads,
    verbs,
    watching,
)
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.listeners.replies import as_view, refused, send

PRESSES: Mapping[str, OnPress] = {
    **declaring.PRESSES,
    **responding.PRESSES,
    **commanding.PRESSES,
    **recording.PRESSES,
    **closing.PRESSES,
    **oncall.PRESSES,
    **preferences.PRESSES,
    **calendars.PRESSES,
    **rota_changes.PRESSES,
    **ladder.PRESSES,
    **handoffs.PRESSES,
    **setup.PRESSES,
    **editing.PRESSES,
    **editing_absence.PRESSES,
    **editing_roster.PRESSES,
    **imports.PRESSES,
    **following.PRESSES,
    **uploads.PRESSES,
    **showing.PRESSES,
    **verbs.PRESSES,
    **watching.PRESSES,
}
SUBMISSIONS: Mapping[str, OnSubmission] = {
    **declaring.SUBMISSIONS,
    **responding.SUBMISSIONS,
    **commanding.SUBMISSIONS,
    **recording.SUBMISSIONS,
    **closing.SUBMISSIONS,
    **preferences.SUBMISSIONS,
    **rota_changes.SUBMISSIONS,
    **ladder.SUBMISSIONS,
    **handoffs.SUBMISSIONS,
    **setup.SUBMISSIONS,
    **editing.SUBMISSIONS,
    **editing_absence.SUBMISSIONS,
    **editing_roster.SUBMISSIONS,
    **imports.SUBMISSIONS,
    **following.SUBMISSIONS,
    **uploads.SUBMISSIONS,
}
OFFERS: Mapping[str, Callable[[str], Sequence[Json]]] = {
    ids.SETUP_ZONE: setup.zone_offers,
    ids.IMPORT_ZONE: setup.zone_offers,
}
_FIELD = {
    ids.VIEW_DECLARE: ids.TITLE,
    ids.VIEW_BRING_IN: ids.PERSON,
    ids.VIEW_ROLES: ids.PERSON,
    ids.VIEW_STEP_ASSIGN: ids.PERSON,
    ids.VIEW_OVERRIDE: ids.STARTS,
    ids.VIEW_NOTE: ids.AT,
    ids.VIEW_UPDATE: ids.TEXT,
    ids.VIEW_RESOLVE: ids.TEXT,
    ids.VIEW_SEVERITY: ids.WHY,
    ids.VIEW_STATUS: ids.WHY,
    ids.VIEW_STEP_SKIP: ids.WHY,
    ids.VIEW_LADDER: ids.LEVELS,
    ids.VIEW_ORDER: ids.MEMBERS,
    ids.VIEW_ABSENCE: ids.UNTIL,
    ids.VIEW_NOTICES: ids.QUIET_UNTIL,
    ids.VIEW_IMPORT: ids.PLACE,
    ids.VIEW_FOLLOW: ids.FOLLOW_URL,
}
"""Where a refusal of each form is shown: beside the field that has most to do with it."""


def answer_press(edge: Edge, body: Json) -> None:
    """Carry out what was pressed. Ids that nobody knows (and links) need nothing."""
    press = press_in(body)
    known = PRESSES.get(press.action_id) or PRESSES.get(f"{press.action_id.partition(':')[0]}:")
    if known is None:
        edge.unhandled("action")
        return
    reply = attempt(edge, lambda: known(edge, press))
    watching.note_presence(edge, press.asked.user, reply)
    if isinstance(reply, Refused):
        reply = refused(reply)
    _show(edge, press, reply)


def press_in(body: Json) -> Press:
    """The first action of a `block_actions` payload."""
    action = (body.get("actions") or [{}])[0]
    container, channel = body.get("container") or {}, body.get("channel") or {}
    asked = Asked(
        user=body["user"]["id"],
        delivery=of_trigger(body),
        channel=channel.get("id", ""),
        thread=container.get("thread_ts", ""),
        trigger=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
    )
    is_private = bool(container.get("is_ephemeral"))
    return Press(asked, action.get("action_id", ""), _value(action), body.get("view") or {}, is_private)


def _value(action: dict[str, Any]) -> str:
    chosen = action.get("selected_option") or {}
    given = action.get("value") or chosen.get("value") or action.get("selected_user")
    return str(given or "")


def _show(edge: Edge, press: Press, reply: Reply) -> None:
    asked = press.asked
    if reply is None:
        return
    if isinstance(reply, Message) and not press.view:
        send(edge, asked, reply, replace=press.is_private)
        return
    view = as_view(reply) if isinstance(reply, Message) else reply.view
    if press.view.get("type") == "modal":
        edge.front.push_view(asked.trigger, view, asked.user)
    else:
        edge.front.open_view(asked.trigger, view, asked.user, asked.response_url)


def offers(body: Json) -> list[Json]:
    """What a menu offers for what is typed into it so far."""
    prefix, colon, _ = body.get("action_id", "").partition(":")
    known = OFFERS.get(prefix + colon)
    return list(known(str(body.get("value", "")))) if known else []


def answer_submission(edge: Edge, body: Json) -> Json:
    """What is answered in the acknowledgement: errors beside the fields, another view, or all closed."""
    view = body["view"]
    known = SUBMISSIONS.get(view.get("callback_id", ""))
    if known is None:
        edge.unhandled("view")
        return {}
    asked = Asked(body["user"]["id"], of_submission(view), trigger=body.get("trigger_id", ""))
    reply = attempt(edge, lambda: known(edge, Submission(asked, view, filled(view))))
    watching.note_presence(edge, asked.user, reply)
    return _not_taken(view, reply) if isinstance(reply, Refused) else _taken(reply)


def _taken(reply: Submitted) -> Json:
    if reply is None:
        return {"response_action": "clear"}
    view = as_view(reply) if isinstance(reply, Message) else reply
    return {"response_action": "update", "view": view}


def _not_taken(view: Json, refusal: Refused) -> Json:
    """What was filled in stays in the form."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    field = _FIELD.get(view.get("callback_id", ""), "")
    beside = field if field in inputs else next(iter(inputs), "")
    if not beside:
        return {"response_action": "update", "view": as_view(refused(refusal))}
    return {"response_action": "errors", "errors": {beside: refusal.sentence}}

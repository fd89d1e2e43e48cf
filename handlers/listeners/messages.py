"""What is said in channels: who and when is kept, never what; edits and deletions go to the record.

Raises StoreUnavailable: what could not be kept is not acknowledged, so Slack delivers it again."""

from handlers.calls import Json
from handlers.listeners.edge import Edge
from handlers.said import edited_at, is_ours, is_post, is_tombstone, said_in, wording_in
from incidents.operations import history
from incidents.said import instant_of


def hear(edge: Edge, body: Json) -> None:
    """A message of a channel, its edit or its deletion. Meridian's own and Slack's own lines are passed over.

    It needs no inbox row: a message is known by channel and `ts`, its edit by the instant besides.
    """
    event = body["event"]
    match event.get("subtype"):
        case "message_changed":
            now, before = event.get("message") or {}, event.get("previous_message") or {}
            if is_tombstone(now):
                _deleted(edge, body, {**before, "ts": now["ts"]})
            elif _is_edit(now, before):
                _edited(edge, body, now)
        case "message_deleted":
            before = event.get("previous_message") or {}
            _deleted(edge, body, {**before, "ts": event.get("deleted_ts") or before["ts"]})
        case _:
            if _is_somebodys(edge, body, event):
                history.hear(edge.house, said_in(event["channel"], event))


def _is_edit(now: Json, before: Json) -> bool:
    """A link that got its preview and a thread that grew are changes too, but nobody edited."""
    return edited_at(now) is not None and now.get("edited") != before.get("edited")


def _edited(edge: Edge, body: Json, message: Json) -> None:
    event = body["event"]
    if _is_somebodys(edge, body, message):
        wording = wording_in(message, instant_of(event["ts"]))
        history.edited(edge.house, said_in(event["channel"], message), wording)


def _deleted(edge: Edge, body: Json, message: Json) -> None:
    event = body["event"]
    if _is_somebodys(edge, body, message):
        history.deleted(edge.house, said_in(event["channel"], message), instant_of(event["ts"]))


def _is_somebodys(edge: Edge, body: Json, message: Json) -> bool:
    return is_post(message) and not is_ours(message, edge.bot_user(), body.get("api_app_id", ""))

"""The key by which the inbox knows a delivery again, by kind. The same delivery has the same key, always."""

from handlers.calls import Json


def of_event(body: Json) -> str:
    return _key("event", body.get("event_id"))


def of_trigger(body: Json) -> str:
    """Commands, shortcuts and buttons: Slack gives each its own trigger."""
    return _key("trigger", body.get("trigger_id"))


def of_submission(view: Json) -> str:
    """A form that is sent twice is the same view with the same hash; one that was refused keeps both."""
    return _key("view", f"{view.get('id', '')}:{view.get('hash', '')}" if view.get("id") else "")


def of(body: Json) -> str:
    """Of any kind."""
    is_form = body.get("type") == "view_submission"
    return of_event(body) or (of_submission(body.get("view") or {}) if is_form else of_trigger(body))


def numbered(delivery: str, number: int) -> str:
    """One delivery that asks for several things: each has a key of its own."""
    return f"{delivery}#{number}" if delivery and number else delivery


def _key(kind: str, given: object) -> str:
    return f"{kind}:{given}" if given else ""

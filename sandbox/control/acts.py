"""`POST /_control/<act>`: `{envelope_id, acked, ack_ms, response}`, or 400 `{error}`."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.control import gestures, membership, silence, talk, tuning
from sandbox.control.desk import Desk, Words
from sandbox.entries import BadEntry
from sandbox.errors import SlackError
from sandbox.faults import DOWN
from sandbox.interactions import Outcome

Act = Callable[[Words], Awaitable[Outcome]]

ACTS: Mapping[str, Act] = {
    "command": gestures.command,
    "click": gestures.click,
    "submit": gestures.submit,
    "close": gestures.close,
    "shortcut": gestures.shortcut,
    "suggest": gestures.suggest,
    "home": gestures.home,
    "answer_phone": gestures.answer_phone,
    "say": talk.say,
    "edit": talk.edit,
    "delete": talk.delete,
    "react": talk.react,
    "pin": talk.pin,
    "upload": talk.upload,
    "mark": talk.mark,
    "join": membership.join,
    "leave": membership.leave,
    "invite": membership.invite,
    "archive": membership.archive,
    "create_channel": membership.create_channel,
    "open": membership.open_direct,
    "user": membership.user,
    "dnd": silence.dnd,
    "clock": tuning.clock,
    "faults": tuning.faults,
    "settings": tuning.settings,
    "ssl_check": tuning.ssl_check,
}


BESIDE_SLACK = ("answer_phone", "user", "dnd", "clock", "faults", "settings", "ssl_check")
"""What can be done while Slack is down: it is no act in Slack."""


class ActEndpoint:
    """Serves the acts over one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, request: web.Request) -> web.Response:
        act = ACTS.get(request.match_info["act"])
        if act is None:
            return refused("unknown_act", status=404)
        if self._desk.faults.is_on(DOWN) and request.match_info["act"] not in BESIDE_SLACK:
            return refused("slack_is_down")
        try:
            outcome = await act(Words(self._desk, await body_of(request)))
        except SlackError as error:
            return refused(error.code, **error.extra)
        except (BadEntry, ValueError, KeyError, TypeError, OverflowError) as error:
            return refused(str(error) or "invalid_arguments")
        return web.json_response(outcome.as_json())


async def body_of(request: web.Request) -> dict[str, Any]:
    text = await request.text()
    try:
        body = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def refused(error: str, status: int = 400, **about: Any) -> web.Response:
    return web.json_response({"error": error, **about}, status=status)

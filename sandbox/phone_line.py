"""`/_phone`: a provider that rings people, as anybody's own may be reached: signed POSTs of JSON.

The age of a timestamp is not judged: whoever rings may keep the workspace's time or the machine's.
"""

import json
from typing import Any

from aiohttp import web

from sandbox import phones
from sandbox.clock import rfc3339
from sandbox.errors import SlackError
from sandbox.journal import Journal
from sandbox.settings import Settings
from sandbox.signing import is_signed
from sandbox.state import Workspace

TIMESTAMP, SIGNATURE = "X-Meridian-Timestamp", "X-Meridian-Signature"
MAX_HANDLES = 1_000


class PhoneLine:
    """Answers `ring`, `poll` and `stop`; 404 without a secret, 401 without its signature."""

    def __init__(self, ws: Workspace, journal: Journal, settings: Settings) -> None:
        self._ws, self._journal, self._settings = ws, journal, settings

    async def __call__(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._settings.phone_secret:
            return refused("no_phone", 404)
        stamp, given = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        if not is_signed(given, self._settings.phone_secret, stamp, body):
            return refused("bad_signature", 401)
        try:
            asked = read(body)
        except SlackError as error:
            return refused(error.code, 400)
        entry = self._journal.begin("phone", action=asked.get("action"), args=asked)
        try:
            answer = self._do(asked)
        except SlackError as error:
            self._journal.end(entry, ok=False, error=error.code)
            return refused(error.code, 404 if error.code == "unknown_number" else 400)
        self._journal.end(entry, ok=True)
        return web.json_response(answer)

    def _do(self, asked: dict[str, Any]) -> dict[str, Any]:
        match asked:
            case {"action": "ring", "id": str(call_id), "to": str(to), "words": str(words)}:
                return {"handle": phones.ring(self._ws, call_id, to, words).handle}
            case {"action": "poll", "handles": list(handles)}:
                return {"answered": self._answered(handles[:MAX_HANDLES])}
            case {"action": "stop", "handle": str(handle)}:
                phones.stop(self._ws, handle)
                return {}
            case {"action": "stop", "id": str(call_id)}:
                phones.stop(self._ws, phones.handle_of(self._ws, call_id))
                return {}
            case _:
                raise SlackError("invalid_request")

    def _answered(self, handles: list[Any]) -> list[dict[str, str]]:
        found = (self._ws.calls.get(handle) for handle in handles if isinstance(handle, str))
        return [
            {"handle": call.handle, "by": call.to, "at": rfc3339(call.ended_at)}
            for call in found
            if call is not None and call.state == phones.ANSWERED and call.ended_at is not None
        ]


def read(body: bytes) -> dict[str, Any]:
    """Raises `invalid_json`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(found, dict):
        raise SlackError("invalid_json")
    return found


def refused(error: str, status: int) -> web.Response:
    return web.json_response({"error": error}, status=status)

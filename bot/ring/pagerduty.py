"""PagerDuty: an incident assigned to the person whom Meridian chose; they are rung as they set it up there.

As documented at https://developer.pagerduty.com/api-reference (REST API v2: create, get, update and list
incidents) and https://support.pagerduty.com/docs/rest-api-rate-limits (the header ratelimit-reset)."""

import json
import re
from collections.abc import Sequence
from typing import Any

from bot.ring.port import RING_GONE, RING_REFUSED, Answered, Gone, PhoneAway
from bot.ring.said import instant, mark_of, text
from bot.ring.settings import PAGERDUTY_API
from bot.ring.wire import Request, Wire, is_gone, rung, stopped
from bot.sending import Sent

_ACCEPT = "application/vnd.pagerduty+json;version=2"
_ID = re.compile(r"[A-Za-z0-9]{1,40}")
_OPEN = (("statuses[]", "triggered"), ("statuses[]", "acknowledged"))
_EXISTS, _OVER = "matching dedup key already exists", "already resolved"


class PagerDuty:
    """`sender` is the e-mail address of the account's user in whose name Meridian acts (header From)."""

    name = "pagerduty"

    def __init__(self, wire: Wire, token: str, sender: str, service: str, api: str = PAGERDUTY_API) -> None:
        self._wire = wire
        self._headers = {
            "Authorization": f"Token token={token}",
            "Accept": _ACCEPT,
            "Content-Type": "application/json",
            "From": sender,
        }
        self._service = service
        self._api = api

    def has_form(self, address: str) -> bool:
        """A user's id."""
        return bool(_ID.fullmatch(address))

    async def ring(self, address: str, key: str, words: str) -> Sent:
        """An incident that is there by our key already is taken for ours."""
        if not self.has_form(address):
            return Sent(False, error=RING_REFUSED)
        mark = mark_of(key)
        sent = await self._send("POST", "incidents", _incident(words, self._service, mark, address))
        if sent.error == RING_REFUSED and _says(sent, _EXISTS):
            return await self.find(address, key) or Sent(False, error="unreadable", ambiguous=True)
        return rung(sent, _id(sent.data.get("incident")))

    async def find(self, address: str, key: str) -> Sent | None:
        """The open incident by our key."""
        mark = mark_of(key)
        asked = (("incident_key", mark), ("service_ids[]", self._service), *_OPEN)
        listed = await self._send("GET", "incidents", params=asked)
        incidents = listed.data.get("incidents")
        if not listed.ok or not isinstance(incidents, list):
            return rung(listed, "")
        ours = [one for one in incidents if _is_ours(one, mark)]
        return rung(listed, _id(ours[0])) if ours else None

    async def poll(self, handles: Sequence[str]) -> Sequence[Answered | Gone]:
        found: list[Answered | Gone] = []
        for handle in handles:
            sent = await self._send("GET", f"incidents/{handle}")
            if not sent.ok and sent.error not in (RING_GONE, RING_REFUSED):
                raise PhoneAway(sent.error, sent.retry_after)
            found += [Gone(handle)] if is_gone(sent) else _answers(handle, sent.data.get("incident"))
        return found

    async def stop(self, handle: str) -> Sent:
        resolved = {"incident": {"type": "incident", "status": "resolved"}}
        sent = await self._send("PUT", f"incidents/{handle}", resolved)
        return stopped(sent, sent.error == RING_REFUSED and _says(sent, _OVER))

    async def check(self) -> Sent:
        """The service in which the incidents are made."""
        return await self._send("GET", f"services/{self._service}")

    async def _send(
        self, method: str, path: str, body: object = None, params: tuple[tuple[str, str], ...] = ()
    ) -> Sent:
        content = None if body is None else json.dumps(body).encode()
        return await self._wire.ask(Request(method, self._api + path, self._headers, params, body=content))


def _incident(words: str, service: str, mark: str, user: str) -> object:
    return {
        "incident": {
            "type": "incident",
            "title": words,
            "urgency": "high",
            "incident_key": mark,
            "service": {"id": service, "type": "service_reference"},
            "assignments": [{"assignee": {"id": user, "type": "user_reference"}}],
        }
    }


def _answers(handle: str, incident: Any) -> list[Answered]:
    """Everybody who acknowledged, in their order, or who resolved it: what a service did of itself (its
    timeouts) is no answer."""
    if not isinstance(incident, dict):
        return []
    if incident.get("status") == "acknowledged":
        told = incident.get("acknowledgements")
        ones = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        named = [(_person(one.get("acknowledger")), one.get("at")) for one in ones]
    elif incident.get("status") == "resolved":
        named = [(_person(incident.get("last_status_change_by")), incident.get("last_status_change_at"))]
    else:
        named = []
    return [Answered(handle, by, instant(at)) for by, at in named if by]


def _person(reference: Any) -> str:
    is_user = isinstance(reference, dict) and str(reference.get("type")).startswith("user")
    return _id(reference) if is_user else ""


def _id(thing: Any) -> str:
    found = text(thing.get("id")) if isinstance(thing, dict) else ""
    return found if _ID.fullmatch(found) else ""


def _is_ours(incident: Any, mark: str) -> bool:
    return isinstance(incident, dict) and incident.get("incident_key") == mark


def _says(sent: Sent, words: str) -> bool:
    """Whether PagerDuty's error, which has no code of its own for this, has these words."""
    return words in json.dumps(sent.data.get("error")).casefold()

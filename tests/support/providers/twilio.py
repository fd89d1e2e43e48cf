"""Twilio's Call resource as https://www.twilio.com/docs/voice/api/call-resource describes it."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from datetime import datetime
from email.utils import format_datetime
from html import unescape
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from msgspec import Struct

from tests.support.clock import FakeClock
from tests.support.providers.server import Json, Provider, Received, Reply

SID = "AC" + "1f" * 16
TOKEN = "a-token-of-twilio"
OURS = "+15550199"
NOBODY = "+15550000"


class PlacedCall(Struct):
    sid: str
    to: str
    twiml: str
    status: str = "queued"
    ended_at: datetime | None = None

    @property
    def document(self) -> Json:
        """Who was not reached has no `end_time`."""
        at = format_datetime(self.ended_at) if self.ended_at else None
        end = at if self.status == "completed" else None
        shown = {"sid": self.sid, "to": self.to, "from": OURS, "status": self.status}
        return {**shown, "end_time": end, "date_updated": at}


class TwilioServer(Provider):
    """Calls stay as they are until `becomes` says otherwise. `clock` is Twilio's own."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        super().__init__()
        self._clock = clock or FakeClock()
        self.calls: list[PlacedCall] = []
        self.account_status = "active"

    def becomes(self, status: str) -> None:
        self.calls[-1].status = status
        self.calls[-1].ended_at = self._clock.now()

    def press(self, digits: str) -> str:
        """Whoever took the newest call presses this; returns what the call says then."""
        call = self.calls[-1]
        call.status = "in-progress"
        found = re.search(r'<Gather[^>]* action="([^"]*)"', call.twiml)
        assert found, call.twiml
        url, form = unescape(found[1]), {"CallSid": call.sid, "Digits": digits, "From": OURS, "To": call.to}
        said = url + "".join(name + form[name] for name in sorted(form))
        signed = b64encode(hmac.new(TOKEN.encode(), said.encode(), hashlib.sha1).digest()).decode()
        request = Request(url, urlencode(form).encode(), {"X-Twilio-Signature": signed})
        with urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())

    def answer(self, request: Received) -> Reply:
        pair = b64decode(request.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if pair != f"{SID}:{TOKEN}":
            return _refused(20003, "Authenticate", 401)
        root = f"/2010-04-01/Accounts/{SID}"
        match request.method, request.path.removeprefix(root).removesuffix(".json").strip("/").split("/"):
            case "GET", [""]:
                return Reply({"sid": SID, "status": self.account_status})
            case "POST", ["Calls"]:
                return self._call(request.form)
            case "GET", ["Calls"]:
                return self._listed(dict(request.query))
            case method, ["Calls", sid]:
                return self._one(method, sid, request.form)
            case _:
                return _refused(20404, "The requested resource was not found", 404)

    def _call(self, form: Json) -> Reply:
        if form["To"] == NOBODY:
            return _refused(21211, "Invalid 'To' Phone Number")
        if form["From"] != OURS:
            return _refused(21210, "Source phone number not verified")
        call = PlacedCall(f"CA{len(self.calls):032x}", form["To"], form["Twiml"])
        self.calls.append(call)
        return Reply(call.document, 201)

    def _listed(self, query: dict[str, str]) -> Reply:
        found = [call for call in self.calls if call.to == query["To"] and query["From"] == OURS]
        return Reply({"calls": [call.document for call in reversed(found)]})

    def _one(self, method: str, sid: str, form: Json) -> Reply:
        call = next((call for call in self.calls if call.sid == sid), None)
        if call is None:
            return _refused(20404, "The requested resource was not found", 404)
        if method == "POST":
            if call.status not in ("queued", "ringing", "in-progress"):
                return _refused(21220, "Call is not in-progress. Cannot redirect.")
            call.status = form["Status"]
        return Reply(call.document)


def _refused(code: int, why: str, status: int = 400) -> Reply:
    return Reply({"code": code, "message": why, "status": status}, status)

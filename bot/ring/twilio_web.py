"""Where Twilio tells which digit was pressed during a call of ours: 1 acknowledges, anything else asks again.

Nothing is believed without Twilio's signature (https://www.twilio.com/docs/usage/security#validating-requests)."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl

from bot.ring.settings import ANSWER_PATH
from bot.ring.twilio import Account
from bot.ring.twiml import ACKNOWLEDGE, acknowledged, misheard, not_saved, too_late
from bot.web.routes import Answer, Incoming, Route
from incidents.errors import StoreUnavailable
from incidents.ports import Clock

XML = "text/xml; charset=utf-8"
MOST_FIELDS = 100

Tell = Callable[[str, str, datetime], bool]


def twilio_route(account: Account, clock: Clock, tell: Tell) -> Route:
    """`tell` is given the ring's key, "" since nobody says who pressed, and when. False: too late."""

    def answer(incoming: Incoming) -> Answer:
        key = parse_qs(incoming.query).get("ring", [""])[0]
        form, url = _form(incoming.body), account.answer_url(key)
        if not _is_signed(account, url, form, incoming.header("x-twilio-signature")):
            return Answer(403)
        if form.get("Digits") != ACKNOWLEDGE:
            return _said(misheard(url))
        try:
            is_heeded = tell(key, "", clock.now())
        except StoreUnavailable:
            return _said(not_saved())
        return _said(acknowledged() if is_heeded else too_late())

    return Route("POST", ANSWER_PATH, answer)


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """Base64 of the HMAC-SHA1 of the whole address and every field, sorted, name and value in a row."""
    said = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


def _is_signed(account: Account, url: str, form: Mapping[str, str], signed: str) -> bool:
    wanted = signature(account.token, url, form)
    return bool(account.token and url) and hmac.compare_digest(wanted.encode(), signed.encode())


def _form(body: bytes) -> dict[str, str]:
    """What cannot be read as a form is none, and then no signature fits."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def _said(twiml: str) -> Answer:
    return Answer(200, twiml.encode(), XML)

"""The address at which a pressed digit arrives: nobody acknowledges there without Twilio's signature."""

from datetime import datetime
from urllib.parse import quote, urlencode

import pytest

from bot.ring.settings import ANSWER_PATH
from bot.ring.twilio import Account
from bot.ring.twilio_web import signature, twilio_route
from bot.web.routes import Answer, Incoming
from incidents.errors import StoreUnavailable
from tests.support.clock import NOON, FakeClock

TOKEN = "a-token-of-twilio"
ACCOUNT = Account("AC" + "1f" * 16, TOKEN, "+15550199", "https://meridian.example.org/")
KEY = "ring:INC-142:p1"
SHOWN = "GvWf1cFY/Q7PnoempGyD5oXAezc="


class Told:
    """The core's side: what it was told, and what it makes of it."""

    def __init__(self, is_heeded: bool = True, is_away: bool = False) -> None:
        self.is_heeded, self.is_away = is_heeded, is_away
        self.heard: list[tuple[str, str, datetime]] = []

    def __call__(self, key: str, by: str, at: datetime) -> bool:
        if self.is_away:
            raise StoreUnavailable("The database cannot be used now.")
        self.heard.append((key, by, at))
        return self.is_heeded


def press(
    told: Told, digits: str = "1", key: str = KEY, signed: str | None = None, body: bytes | None = None
) -> Answer:
    form = {"CallSid": "CA1", "To": "+15550100", "Digits": digits}
    query = f"ring={quote(key, safe='')}"
    if signed is None:
        signed = signature(TOKEN, f"https://meridian.example.org{ANSWER_PATH}?{query}", form)
    route = twilio_route(ACCOUNT, FakeClock(), told)
    content = urlencode(form).encode() if body is None else body
    return route.answer(Incoming("POST", route.path, {"x-twilio-signature": signed}, content, query))


def test_the_signature_is_the_one_of_twilios_own_example() -> None:
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234"}
    form |= {"From": "+14158675310", "To": "+18005551212"}
    assert signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == SHOWN


def test_a_one_acknowledges_the_ring_of_that_call() -> None:
    told = Told()
    answer = press(told)
    assert told.heard == [(KEY, "", NOON)]
    assert (answer.status, answer.content_type) == (200, "text/xml; charset=utf-8")
    assert b"Acknowledged." in answer.body


@pytest.mark.parametrize("digits", ["2", "11", "", "١"])
def test_another_digit_acknowledges_nothing_and_asks_again(digits: str) -> None:
    told = Told()
    answer = press(told, digits)
    assert told.heard == []
    assert b"Press 1 to acknowledge." in answer.body


@pytest.mark.parametrize("signed", ["", "x", "ü", SHOWN, "=" * 28])
def test_a_signature_that_is_none_acknowledges_nothing(signed: str) -> None:
    told = Told()
    assert press(told, signed=signed) == Answer(403)
    assert told.heard == []


def test_a_signature_for_one_ring_acknowledges_no_other() -> None:
    told = Told()
    form = {"CallSid": "CA1", "To": "+15550100", "Digits": "1"}
    another = signature(TOKEN, ACCOUNT.answer_url("ring:INC-143:p1"), form)
    assert press(told, signed=another).status == 403
    assert told.heard == []


def test_a_digit_that_was_changed_on_the_way_acknowledges_nothing() -> None:
    told = Told()
    form = {"CallSid": "CA1", "To": "+15550100", "Digits": "2"}
    signed = signature(TOKEN, ACCOUNT.answer_url(KEY), form)
    assert press(told, "1", signed=signed).status == 403
    assert told.heard == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&" * 1000, b"a=1&" * 5000, b""])
def test_a_body_that_is_no_form_acknowledges_nothing(body: bytes) -> None:
    told = Told()
    assert press(told, body=body).status == 403
    assert told.heard == []


def test_where_the_account_has_no_token_nothing_is_believed() -> None:
    told = Told()
    bare = Account(ACCOUNT.sid, "", ACCOUNT.number, ACCOUNT.public_url)
    signed = signature("", bare.answer_url(KEY), {})
    incoming = Incoming("POST", ANSWER_PATH, {"x-twilio-signature": signed}, b"", f"ring={quote(KEY)}")
    assert twilio_route(bare, FakeClock(), told).answer(incoming).status == 403


def test_whoever_presses_too_late_hears_that_somebody_has_it() -> None:
    assert b"Nothing is waiting for you any more." in press(Told(is_heeded=False)).body


def test_what_could_not_be_saved_is_not_called_acknowledged() -> None:
    answer = press(Told(is_away=True))
    assert b"could not be saved" in answer.body
    assert b"Acknowledged" not in answer.body

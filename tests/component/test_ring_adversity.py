"""Providers at their worst: whatever they answer, nothing is believed, sent elsewhere or waited out."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import pytest
from msgspec import Struct

from bot.ring.pagerduty import PagerDuty
from bot.ring.port import Phone, PhoneAway
from bot.ring.pushover import Pushover
from bot.ring.twilio import Account, Twilio
from bot.ring.webhook import Webhook
from bot.ring.wire import MOST_ANSWER
from bot.sending import Sent
from tests.support.clock import FakeClock
from tests.support.providers import pagerduty, pushover, twilio, webhook
from tests.support.providers.on_the_loop import OnTheLoop, on_the_loop
from tests.support.providers.server import Fault, Provider

WORDS = "SEV1 INC-142. Acknowledge."


class Line(Struct, frozen=True):
    """A phone, its provider, and an address that it rings."""

    phone: Phone
    server: Provider
    address: str
    loop: OnTheLoop

    def rings(self) -> Sent:
        return self.loop.run(self.phone.ring(self.address, "ring:INC-142:p1", WORDS))

    def polls(self, handle: str) -> Sequence[object]:
        return self.loop.run(self.phone.poll([handle]))


def _pushover(server: Provider, loop: OnTheLoop) -> Line:
    return Line(Pushover(loop.wire, pushover.TOKEN, server.url), server, pushover.ANA, loop)


def _twilio(server: Provider, loop: OnTheLoop) -> Line:
    account = Account(twilio.SID, twilio.TOKEN, twilio.OURS, "", server.url)
    return Line(Twilio(loop.wire, FakeClock(), account), server, "+15550100", loop)


def _pagerduty(server: Provider, loop: OnTheLoop) -> Line:
    phone = PagerDuty(loop.wire, pagerduty.TOKEN, pagerduty.SENDER, pagerduty.SERVICE, server.url)
    return Line(phone, server, pagerduty.ANA, loop)


def _webhook(server: Provider, loop: OnTheLoop) -> Line:
    return Line(Webhook(loop.wire, FakeClock(), server.url, webhook.SECRET), server, "UANA", loop)


LINES: dict[str, tuple[Callable[[], Provider], Callable[[Provider, OnTheLoop], Line]]] = {
    "pushover": (pushover.PushoverServer, _pushover),
    "twilio": (twilio.TwilioServer, _twilio),
    "pagerduty": (pagerduty.PagerDutyServer, _pagerduty),
    "webhook": (webhook.WebhookServer, _webhook),
}


@pytest.fixture(params=LINES)
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    make_server, make_line = LINES[request.param]
    with make_server() as server, on_the_loop() as loop:
        yield make_line(server, loop)


GARBAGE = [
    "",
    "ok",
    "<html>gateway</html>",
    "[]",
    "null",
    '"handle"',
    "\x00\x01",
    "{" * 20000,
    "[" * 100000,
    '{"handle": NaN}',
    '{"handle": ' + "9" * 5000 + "}",
    '{"receipt": null, "sid": [], "incident": {"id": "../x"}, "handle": {}, "status": 1}',
    '{"receipt": "../../x", "sid": "CA?", "incident": [1], "handle": "a\\nb", "status": 1}',
]


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_for_an_answer_is_an_unsure_ring(line: Line, body: str) -> None:
    line.server.faults.append(Fault(body=body))
    sent = line.rings()
    assert (sent.ok, sent.error, sent.ambiguous, sent.data) == (False, "unreadable", True, {})


@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_never_counts_as_answered(line: Line, body: str) -> None:
    handle = str(line.rings().data["handle"])
    line.server.faults.append(Fault(body=body))
    with suppress(PhoneAway):
        assert list(line.polls(handle)) == []


def test_an_answer_of_fifty_megabytes_is_not_read_to_its_end(line: Line) -> None:
    line.server.faults.append(Fault(mebibytes=50))
    sent = line.rings()
    assert (sent.error, sent.ambiguous) == ("unreadable", True)
    line.server.wait_until(lambda: line.server.is_cut_off)
    assert line.server.sent_mebibytes < 50
    assert MOST_ANSWER < 1024 * 1024


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(line: Line, status: int) -> None:
    with pushover.PushoverServer() as elsewhere:
        line.server.faults.append(Fault(status=status, headers={"Location": elsewhere.url}))
        sent = line.rings()
        assert (sent.ok, sent.error) == (False, f"http_{status}")
        assert elsewhere.received == []
    assert len(line.server.received) == 1


def test_whoever_hangs_is_not_waited_for_and_may_have_heard(line: Line) -> None:
    make_server, make_line = LINES[line.phone.name]
    with make_server() as server, on_the_loop(timeout_s=0.2) as loop:
        server.faults.append(Fault(hang=True))
        began = time.monotonic()
        sent = make_line(server, loop).rings()
        assert (sent.error, sent.ambiguous) == ("timeout", True)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_connection_that_is_cut_leaves_it_unsure(line: Line, after: bool) -> None:
    line.server.faults.append(Fault(reset=True, after=after))
    sent = line.rings()
    assert (sent.ok, sent.error, sent.ambiguous) == (False, "connection_lost", True)


def test_where_nobody_listens_nothing_has_left(line: Line) -> None:
    make_server, make_line = LINES[line.phone.name]
    with make_server() as gone:
        pass
    sent = make_line(gone, line.loop).rings()
    assert (sent.error, sent.ambiguous) == ("unreachable", False)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_servers_own_fault_leaves_it_unsure(line: Line, status: int) -> None:
    line.server.faults.append(Fault(status=status, body="<html>oops</html>"))
    sent = line.rings()
    assert (sent.error, sent.ambiguous) == (f"http_{status}", True)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_ours_to_mend(line: Line, status: int) -> None:
    line.server.faults.append(Fault(status=status))
    sent = line.rings()
    assert (sent.error, sent.ambiguous) == ("ring_unauthorised", False)


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
def test_a_refused_ring_is_refused_for_good(line: Line, status: int) -> None:
    line.server.faults.append(Fault(status=status))
    sent = line.rings()
    assert (sent.error, sent.ambiguous) == ("ring_refused", False)


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("7", 7.0),
        ("0", 0.1),
        ("-5", 0.1),
        ("1e9", 300.0),
        ("nan", 5.0),
        ("inf", 5.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 5.0),
        ("", 5.0),
    ],
)
def test_too_many_requests_are_waited_out_within_reason(line: Line, said: str, waits: float) -> None:
    line.server.faults.append(Fault(status=429, headers={"Retry-After": said}))
    sent = line.rings()
    assert (sent.error, sent.retry_after, sent.ambiguous) == ("ratelimited", waits, False)


def test_a_bomb_in_disguise_is_not_unpacked(line: Line) -> None:
    line.server.faults.append(Fault(body="\x1f\x8b" + "x" * 100, headers={"Content-Encoding": "gzip"}))
    assert (line.rings().error, line.rings().ok) == ("unreadable", True)


def test_cookies_are_neither_kept_nor_sent(line: Line) -> None:
    line.server.faults.append(Fault(status=503, headers={"Set-Cookie": "you=known"}))
    line.rings()
    line.rings()
    assert all("Cookie" not in request.headers for request in line.server.received)


def test_what_a_provider_says_in_refusing_goes_no_further(line: Line) -> None:
    line.server.faults.append(Fault(status=400, body='{"errors": ["a word of theirs"], "handle": "x"}'))
    assert line.rings().data == {}


@pytest.mark.parametrize(
    "fault", [Fault(status=503), Fault(reset=True), Fault(status=302), Fault(status=429)]
)
def test_a_provider_that_cannot_be_asked_says_so_and_nothing_else(line: Line, fault: Fault) -> None:
    handle = str(line.rings().data["handle"])
    line.server.faults += [fault, fault]  # a question on a connection that was cut is asked once more
    with pytest.raises(PhoneAway):
        line.polls(handle)


def test_no_secret_is_logged_even_where_everything_is(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    handle = str(line.rings().data["handle"])
    line.server.faults += [Fault(status=503), Fault(reset=True), Fault(reset=True), Fault(body="<html>")]
    for _ in range(3):
        with suppress(PhoneAway):
            line.polls(handle)
    secrets = (pushover.TOKEN, twilio.TOKEN, pagerduty.TOKEN, webhook.SECRET)
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_after_the_end_nothing_leaves_any_more(line: Line) -> None:
    line.loop.run(line.loop.wire.close())
    assert line.rings().error == "unreachable"
    assert line.server.received == []


def test_stopping_is_tried_again_while_it_is_unsure(line: Line) -> None:
    handle = str(line.rings().data["handle"])
    line.server.faults.append(Fault(status=503))
    sent = line.loop.run(line.phone.stop(handle))
    assert (sent.ok, sent.ambiguous) == (False, True)
    assert line.loop.run(line.phone.stop(handle)).ok

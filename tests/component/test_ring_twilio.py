"""Twilio: a call that wakes, is repeated while nobody answers, and hangs up when somebody has."""

import json
from collections.abc import Iterator

import pytest

from bot.ring.port import PhoneAway
from bot.ring.twilio import Account, Twilio
from tests.support.clock import FakeClock
from tests.support.providers.on_the_loop import OnTheLoop, on_the_loop
from tests.support.providers.server import Fault
from tests.support.providers.twilio import NOBODY, OURS, SID, TOKEN, TwilioServer

WORDS = "SEV1 INC-142. Acknowledge."
KEY = "ring:INC-142:p1"
ANA = "+1 (555) 010-0100"


@pytest.fixture
def loop() -> Iterator[OnTheLoop]:
    with on_the_loop() as one:
        yield one


@pytest.fixture
def server(clock: FakeClock) -> Iterator[TwilioServer]:
    with TwilioServer(clock) as one:
        yield one


@pytest.fixture
def phone(loop: OnTheLoop, server: TwilioServer, clock: FakeClock) -> Twilio:
    return another(loop, server, clock)


def another(loop: OnTheLoop, server: TwilioServer, clock: FakeClock, public_url: str = "") -> Twilio:
    """As another process has it, or the same after a restart."""
    return Twilio(loop.wire, clock, Account(SID, TOKEN, OURS, public_url, server.url))


def rings(phone: Twilio, loop: OnTheLoop) -> str:
    return str(loop.run(phone.ring(ANA, KEY, WORDS)).data["handle"])


def unanswered(phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock, handle: str) -> None:
    """The newest call ends, and the pause passes."""
    server.becomes("no-answer")
    clock.advance(seconds=31)
    loop.run(phone.poll([handle]))


def test_it_calls_the_number_and_spells_the_key(phone: Twilio, loop: OnTheLoop, server: TwilioServer) -> None:
    rings(phone, loop)
    assert (server.calls[0].to, server.received[0].form["From"]) == ("+15550100100", OURS)
    assert "Sev 1. I N C, 1 4 2. Acknowledge. Open Slack." in server.calls[0].twiml
    assert "Gather" not in server.calls[0].twiml


def test_with_a_public_address_the_call_asks_for_a_one(
    loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    rings(another(loop, server, clock, "https://meridian.example.org"), loop)
    address = "https://meridian.example.org/ring/twilio?ring=ring%3AINC-142%3Ap1"
    assert f'action="{address}"' in server.calls[0].twiml
    assert "Press 1 to acknowledge." in server.calls[0].twiml


def test_a_call_rings_out_before_a_voicemail_takes_it(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer
) -> None:
    rings(phone, loop)
    assert (server.received[0].form["Timeout"], server.received[0].form["TimeLimit"]) == ("25", "120")


def test_who_does_not_answer_is_called_three_times_and_then_left(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    handle = rings(phone, loop)
    for _ in range(5):
        unanswered(phone, loop, server, clock, handle)
    assert [call.to for call in server.calls] == ["+15550100100"] * 3


def test_whoever_was_woken_has_half_a_minute_to_open_slack(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    handle = rings(phone, loop)
    server.becomes("completed")
    clock.advance(seconds=29)
    loop.run(phone.poll([handle]))
    assert len(server.calls) == 1
    clock.advance(seconds=1)
    loop.run(phone.poll([handle]))
    assert len(server.calls) == 2


def test_a_call_that_goes_on_is_not_doubled(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    handle = rings(phone, loop)
    server.becomes("in-progress")
    clock.advance(minutes=5)
    assert loop.run(phone.poll([handle])) == ()
    assert len(server.calls) == 1


def test_stopping_hangs_up_the_newest_call_and_calls_no_more(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    handle = rings(phone, loop)
    unanswered(phone, loop, server, clock, handle)
    server.becomes("ringing")
    assert loop.run(phone.stop(handle)).ok
    assert [call.status for call in server.calls] == ["no-answer", "completed"]


def test_a_call_is_repeated_in_its_own_words_by_whichever_process_asks(
    loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    url = "https://meridian.example.org"
    handle = rings(another(loop, server, clock, url), loop)
    unanswered(another(loop, server, clock, url), loop, server, clock, handle)
    assert [call.twiml for call in server.calls] == [server.calls[0].twiml] * 2


def test_a_call_whose_answer_never_came_ends_by_itself(phone: Twilio, loop: OnTheLoop) -> None:
    assert loop.run(phone.find(ANA, KEY)) is None


def test_another_process_stops_what_was_called_since_too(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    handle = rings(phone, loop)
    unanswered(phone, loop, server, clock, handle)
    server.becomes("ringing")
    assert loop.run(another(loop, server, clock).stop(handle)).ok
    assert [call.status for call in server.calls] == ["no-answer", "completed"]


def test_where_later_calls_cannot_be_listed_stopping_is_tried_again(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer
) -> None:
    handle = rings(phone, loop)
    server.becomes("no-answer")
    server.faults += [Fault(status=404), Fault(status=503)]
    sent = loop.run(phone.stop(handle))
    assert (sent.ok, sent.ambiguous) == (False, True)


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
def test_to_stop_what_has_ended_is_well(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, status: str
) -> None:
    handle = rings(phone, loop)
    server.becomes(status)
    assert loop.run(phone.stop(handle)).ok


@pytest.mark.parametrize("number", ["555 0100", "ana", "+1", "+0555010010", ""])
def test_what_is_no_number_with_its_country_is_not_even_called(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, number: str
) -> None:
    assert loop.run(phone.ring(number, KEY, WORDS)).error == "ring_refused"
    assert server.received == []


def test_a_number_that_nobody_has_is_refused_for_good(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer
) -> None:
    sent = loop.run(phone.ring(NOBODY, KEY, WORDS))
    assert (sent.error, sent.ambiguous) == ("ring_refused", False)


def test_a_country_that_may_not_be_called_is_that_numbers_fault_not_the_tokens(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer
) -> None:
    server.faults.append(Fault(status=403, body='{"code": 21215, "status": 403}'))
    assert loop.run(phone.ring(ANA, KEY, WORDS)).error == "ring_refused"


def test_a_number_of_ours_that_is_not_ours_is_ours_to_mend(
    loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    phone = Twilio(loop.wire, clock, Account(SID, TOKEN, "+15559999", "", server.url))
    assert loop.run(phone.ring(ANA, KEY, WORDS)).error == "ring_unauthorised"


def test_a_wrong_token_is_ours_to_mend(loop: OnTheLoop, server: TwilioServer, clock: FakeClock) -> None:
    phone = Twilio(loop.wire, clock, Account(SID, "wrong", OURS, "", server.url))
    assert loop.run(phone.ring(ANA, KEY, WORDS)).error == "ring_unauthorised"


def test_a_suspended_account_is_told_by_the_check(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer
) -> None:
    assert loop.run(phone.check()).ok
    server.account_status = "suspended"
    assert loop.run(phone.check()).error == "ring_unauthorised"


@pytest.mark.parametrize("handle", ["CA" + "0" * 32, "CA" + "0" * 32 + ".e30=", "?.x", "", "CA.W10="])
def test_a_handle_that_says_too_little_calls_nobody_and_stops_nobody_else(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, handle: str
) -> None:
    rings(phone, loop)
    rings(phone, loop)
    server.becomes("ringing")
    assert loop.run(phone.poll([handle])) == ()
    assert loop.run(phone.stop(handle)).ok
    assert server.calls[-1].status == "ringing"
    assert len(server.calls) == 2


def test_a_repeated_call_that_cannot_be_made_is_not_asked_for_every_five_seconds(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    handle = rings(phone, loop)
    server.becomes("busy")
    clock.advance(minutes=1)
    server.faults += [Fault(body=json.dumps({"calls": [server.calls[0].document]})), Fault(status=402)]
    with pytest.raises(PhoneAway) as away:
        loop.run(phone.poll([handle]))
    assert (away.value.error, away.value.retry_after) == ("ring_refused", 60.0)


def test_while_twilio_is_away_no_call_is_counted(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    handle = rings(phone, loop)
    server.faults.append(Fault(status=503))
    with pytest.raises(PhoneAway, match="http_503"):
        loop.run(phone.poll([handle]))
    unanswered(phone, loop, server, clock, handle)
    assert len(server.calls) == 2


def test_a_call_that_twilio_has_forgotten_keeps_no_other_from_being_repeated(
    phone: Twilio, loop: OnTheLoop, server: TwilioServer, clock: FakeClock
) -> None:
    forgotten = rings(phone, loop)
    handle = str(loop.run(phone.ring("+15550101", KEY, WORDS)).data["handle"])
    del server.calls[0]
    server.becomes("no-answer")
    clock.advance(seconds=31)
    loop.run(phone.poll([forgotten, handle]))
    assert [call.to for call in server.calls].count("+15550101") == 2


def test_the_token_shows_in_no_repr() -> None:
    assert TOKEN not in repr(Account(SID, TOKEN, OURS))

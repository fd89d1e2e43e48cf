"""Pushover: rings until it is acknowledged, tells by whom, and stops when somebody was faster elsewhere."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.ring.port import Answered, Gone, PhoneAway
from bot.ring.pushover import Pushover
from tests.support.providers.on_the_loop import OnTheLoop, on_the_loop
from tests.support.providers.pushover import ANA, TOKEN, PushoverServer
from tests.support.providers.server import Fault

WORDS = "SEV1 INC-142. Acknowledge."
KEY = "ring:INC-142:p1"


@pytest.fixture
def loop() -> Iterator[OnTheLoop]:
    with on_the_loop() as one:
        yield one


@pytest.fixture
def server() -> Iterator[PushoverServer]:
    with PushoverServer() as one:
        yield one


@pytest.fixture
def phone(loop: OnTheLoop, server: PushoverServer) -> Pushover:
    return Pushover(loop.wire, TOKEN, server.url)


def test_it_rings_as_an_emergency_with_the_words_and_no_more(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    assert loop.run(phone.ring(ANA, KEY, WORDS)).ok
    sent = server.received[0].form
    assert (sent["priority"], sent["retry"], sent["expire"]) == ("2", "30", "10800")
    assert sorted(sent) == ["expire", "message", "priority", "retry", "tags", "token", "user"]
    assert sent["message"] == WORDS
    assert "INC-142" not in sent["tags"]


def test_an_acknowledgement_is_found_with_who_and_when(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    handle = loop.run(phone.ring(ANA, KEY, WORDS)).data["handle"]
    assert loop.run(phone.poll([handle])) == []
    server.acknowledge(1772452920)
    at = datetime(2026, 3, 2, 12, 2, tzinfo=UTC)
    assert loop.run(phone.poll([handle])) == [Answered(handle, ANA, at)]


def test_it_stops_what_it_rang_a_try_whose_answer_was_lost_too(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    server.faults.append(Fault(status=503, after=True))
    lost = loop.run(phone.ring(ANA, KEY, WORDS))
    assert (lost.ok, lost.ambiguous) == (False, True)
    handle = loop.run(phone.ring(ANA, KEY, WORDS)).data["handle"]
    assert loop.run(phone.stop(handle)).ok
    assert [message.is_cancelled for message in server.messages] == [True, True]


def test_a_ring_whose_answer_never_came_is_stopped_and_not_asked_about(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    server.faults.append(Fault(status=503, after=True))
    loop.run(phone.ring(ANA, KEY, WORDS))
    found = loop.run(phone.find(ANA, KEY))
    assert found is not None
    handle = found.data["handle"]
    assert loop.run(phone.poll([handle])) == []
    assert loop.run(phone.stop(handle)).ok
    assert [message.is_cancelled for message in server.messages] == [True]
    assert server.paths() == ["/messages.json", f"/receipts/cancel_by_tag{handle.replace('.', '/')}.json"]


def test_a_user_who_is_unknown_there_is_refused_for_good(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    sent = loop.run(phone.ring("x" * 30, KEY, WORDS))
    assert (sent.error, sent.ambiguous) == ("ring_refused", False)


def test_what_is_no_users_key_is_not_even_sent(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    assert loop.run(phone.ring("../../etc", KEY, WORDS)).error == "ring_refused"
    assert server.received == []


def test_a_wrong_token_is_ours_to_mend(loop: OnTheLoop, server: PushoverServer) -> None:
    phone = Pushover(loop.wire, "wrong", server.url)
    assert loop.run(phone.ring(ANA, KEY, WORDS)).error == "ring_unauthorised"
    assert loop.run(phone.check()).error == "ring_unauthorised"
    with pytest.raises(PhoneAway, match="ring_unauthorised"):
        loop.run(phone.poll(["r1.tag"]))


def test_a_month_that_is_used_up_is_ours_to_mend(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    used_up = '{"status":0,"errors":["message limit reached"]}'
    server.faults.append(Fault(status=429, body=used_up))
    assert loop.run(phone.ring(ANA, KEY, WORDS)).error == "ring_unauthorised"


def test_a_receipt_that_has_expired_there_holds_up_no_other(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    handle = loop.run(phone.ring(ANA, KEY, WORDS)).data["handle"]
    server.acknowledge(1772452920)
    gone, answered = loop.run(phone.poll(["gone.tag", handle]))
    assert gone == Gone("gone.tag")
    assert answered.handle == handle


def test_the_check_asks_for_the_limits_and_rings_nobody(
    phone: Pushover, loop: OnTheLoop, server: PushoverServer
) -> None:
    assert loop.run(phone.check()).ok
    assert server.paths() == ["/apps/limits.json"]

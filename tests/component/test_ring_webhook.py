"""The signed webhook: the contract of docs/ringing.md, from our side of the wire."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.ring.port import Answered, PhoneAway
from bot.ring.webhook import Webhook
from tests.support.clock import FakeClock
from tests.support.providers.on_the_loop import OnTheLoop, on_the_loop
from tests.support.providers.server import Fault
from tests.support.providers.webhook import SECRET, WebhookServer

WORDS = "R-7KQ2. Acknowledge."
KEY = "ring:R-7KQ2:p1"
TWO_PAST = datetime(2026, 3, 2, 12, 2, tzinfo=UTC)


@pytest.fixture
def loop() -> Iterator[OnTheLoop]:
    with on_the_loop() as one:
        yield one


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    with WebhookServer() as one:
        yield one


@pytest.fixture
def phone(loop: OnTheLoop, server: WebhookServer, clock: FakeClock) -> Webhook:
    return Webhook(loop.wire, clock, server.url, SECRET)


def rings(phone: Webhook, loop: OnTheLoop) -> str:
    return str(loop.run(phone.ring("UANA", KEY, WORDS)).data["handle"])


def test_it_says_who_and_the_words_and_no_key_of_ours(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer
) -> None:
    rings(phone, loop)
    sent = server.received[0].json
    assert (sent["action"], sent["to"], sent["words"]) == ("ring", "UANA", WORDS)
    assert sorted(sent) == ["action", "id", "to", "words"]
    assert "7KQ2" not in sent["id"]


def test_what_is_signed_with_another_secret_is_refused_there(
    loop: OnTheLoop, server: WebhookServer, clock: FakeClock
) -> None:
    phone = Webhook(loop.wire, clock, server.url, "another")
    assert loop.run(phone.ring("UANA", KEY, WORDS)).error == "ring_unauthorised"
    assert loop.run(phone.check()).error == "ring_unauthorised"


def test_a_repeated_try_rings_once(phone: Webhook, loop: OnTheLoop, server: WebhookServer) -> None:
    server.faults.append(Fault(status=500, after=True))
    assert loop.run(phone.ring("UANA", KEY, WORDS)).ambiguous
    rings(phone, loop)
    assert len(server.rings) == 1


@pytest.mark.parametrize("at", [TWO_PAST.timestamp(), "2026-03-02T12:02:00Z", "2026-03-02T14:02:00+02:00"])
def test_an_acknowledgement_is_found_in_either_way_of_writing_time(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer, at: float | str
) -> None:
    handle = rings(phone, loop)
    server.acknowledge("UANA", at)
    assert loop.run(phone.poll([handle])) == [Answered(handle, "UANA", TWO_PAST)]


def test_all_handles_are_asked_about_in_one_request(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer
) -> None:
    loop.run(phone.poll(["a", "b", "c"]))
    assert [request.json["handles"] for request in server.received] == [["a", "b", "c"]]


def test_stopping_needs_no_words_in_answer(phone: Webhook, loop: OnTheLoop, server: WebhookServer) -> None:
    handle = rings(phone, loop)
    assert loop.run(phone.stop(handle)).ok
    assert server.stopped == [handle]
    server.faults.append(Fault(status=204))
    assert loop.run(phone.stop(handle)).ok


def test_a_ring_whose_answer_never_came_is_stopped_by_its_id(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer
) -> None:
    server.faults.append(Fault(status=500, after=True))
    loop.run(phone.ring("UANA", KEY, WORDS))
    found = loop.run(phone.find("UANA", KEY))
    assert found is not None
    assert loop.run(phone.poll([found.data["handle"]])) == []
    assert loop.run(phone.stop(found.data["handle"])).ok
    assert server.stopped == list(server.rings)


ODD = [
    '{"answered": "yes"}',
    '{"answered": null}',
    "{}",
    "[]",
    "ok",
]


@pytest.mark.parametrize("body", ODD)
def test_an_answer_that_is_none_leaves_it_ringing(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer, body: str
) -> None:
    handle = rings(phone, loop)
    server.faults.append(Fault(body=body))
    with pytest.raises(PhoneAway):
        loop.run(phone.poll([handle]))


ODD_ONES = [
    '{"answered": [1, null, "h", {"handle": 7}, {"by": "UANA"}, []]}',
    '{"answered": [{"handle": "somebody-elses", "by": "UANA", "at": 1772452920}]}',
]


@pytest.mark.parametrize("body", ODD_ONES)
def test_answers_to_what_was_not_asked_count_for_nothing(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer, body: str
) -> None:
    handle = rings(phone, loop)
    server.faults.append(Fault(body=body))
    assert loop.run(phone.poll([handle])) == []


@pytest.mark.parametrize(
    "at", ['"soon"', "0", "-1e9", "1e300", "true", "null", '"2026-03-02T12:02:00"', "{}"]
)
def test_a_time_that_is_none_is_left_out(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer, at: str
) -> None:
    handle = rings(phone, loop)
    server.faults.append(Fault(body=f'{{"answered": [{{"handle": "{handle}", "by": "UANA", "at": {at}}}]}}'))
    assert loop.run(phone.poll([handle])) == [Answered(handle, "UANA", None)]


@pytest.mark.parametrize("handle", ["7", "null", '""', f'"{"x" * 257}"', '"a\\u0000b"', '"a\\nb"', "{}"])
def test_a_handle_that_cannot_be_kept_is_an_unsure_ring(
    phone: Webhook, loop: OnTheLoop, server: WebhookServer, handle: str
) -> None:
    server.faults.append(Fault(body=f'{{"handle": {handle}}}'))
    sent = loop.run(phone.ring("UANA", KEY, WORDS))
    assert (sent.ok, sent.error, sent.ambiguous) == (False, "unreadable", True)

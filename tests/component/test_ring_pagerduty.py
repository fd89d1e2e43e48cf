"""PagerDuty: an incident for the person whom Meridian chose, once for each ring."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.ring.pagerduty import PagerDuty
from bot.ring.port import Answered, Gone, PhoneAway
from bot.sending import Sent
from tests.support.providers.on_the_loop import OnTheLoop, on_the_loop
from tests.support.providers.pagerduty import ANA, SENDER, SERVICE, TOKEN, PagerDutyServer
from tests.support.providers.server import Fault

WORDS = "SEV1 INC-142. Acknowledge."
KEY = "ring:INC-142:p1"
TWO_PAST = "2026-03-02T12:02:00Z"


@pytest.fixture
def loop() -> Iterator[OnTheLoop]:
    with on_the_loop() as one:
        yield one


@pytest.fixture
def server() -> Iterator[PagerDutyServer]:
    with PagerDutyServer() as one:
        yield one


@pytest.fixture
def phone(loop: OnTheLoop, server: PagerDutyServer) -> PagerDuty:
    return PagerDuty(loop.wire, TOKEN, SENDER, SERVICE, server.url)


def rings(phone: PagerDuty, loop: OnTheLoop) -> str:
    return str(loop.run(phone.ring(ANA, KEY, WORDS)).data["handle"])


def test_the_incident_is_the_persons_own_and_says_no_more_than_the_words(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    rings(phone, loop)
    made = server.received[0].json["incident"]
    assert made["assignments"] == [{"assignee": {"id": ANA, "type": "user_reference"}}]
    assert (made["title"], made["urgency"]) == (WORDS, "high")
    assert "INC-142" not in made["incident_key"]


def test_a_try_whose_answer_was_lost_is_found_and_not_doubled(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    server.faults.append(Fault(reset=True, after=True))
    assert loop.run(phone.ring(ANA, KEY, WORDS)).ambiguous
    assert rings(phone, loop) == server.incidents[0]["id"]
    assert len(server.incidents) == 1


def test_a_ring_whose_answer_never_came_is_found_while_it_is_open(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    assert loop.run(phone.find(ANA, KEY)) is None
    handle = rings(phone, loop)
    assert loop.run(phone.find(ANA, KEY)) == Sent(True, {"handle": handle})
    server.faults.append(Fault(status=503))
    unsure = loop.run(phone.find(ANA, KEY))
    assert unsure is not None
    assert unsure.ambiguous
    loop.run(phone.stop(handle))
    assert loop.run(phone.find(ANA, KEY)) is None


def test_where_it_cannot_be_found_either_it_stays_unsure(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    rings(phone, loop)
    refused = json.dumps({"error": {"errors": ["Open incident with matching dedup key already exists"]}})
    for fault in (Fault(status=503), Fault(body='{"incidents": null}'), Fault(body='{"incidents": [7, {}]}')):
        server.faults += [Fault(status=400, body=refused), fault]
        assert loop.run(phone.ring(ANA, KEY, WORDS)).ambiguous


def test_an_acknowledgement_is_found_with_who_and_when(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    handle = rings(phone, loop)
    assert loop.run(phone.poll([handle])) == []
    server.acknowledge(TWO_PAST)
    at = datetime(2026, 3, 2, 12, 2, tzinfo=UTC)
    assert loop.run(phone.poll([handle])) == [Answered(handle, ANA, at)]


def test_everybody_who_acknowledged_is_told_in_their_order(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    handle = rings(phone, loop)
    server.acknowledge(TWO_PAST, by="PBO0001")
    server.acknowledge(TWO_PAST)
    at = datetime(2026, 3, 2, 12, 2, tzinfo=UTC)
    assert loop.run(phone.poll([handle])) == [Answered(handle, "PBO0001", at), Answered(handle, ANA, at)]


def test_who_resolves_it_there_has_answered(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    handle = rings(phone, loop)
    server.resolve(TWO_PAST, by="PBO0001")
    at = datetime(2026, 3, 2, 12, 2, tzinfo=UTC)
    assert loop.run(phone.poll([handle])) == [Answered(handle, "PBO0001", at)]


@pytest.mark.parametrize("happens", ["acknowledge", "resolve"])
def test_what_a_service_does_by_itself_is_no_answer(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer, happens: str
) -> None:
    handle = rings(phone, loop)
    getattr(server, happens)(TWO_PAST, by=SERVICE, kind="service_reference")
    assert loop.run(phone.poll([handle])) == []


def test_stopping_resolves_and_may_be_repeated(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    handle = rings(phone, loop)
    assert loop.run(phone.stop(handle)).ok
    assert server.incidents[0]["status"] == "resolved"
    assert loop.run(phone.stop(handle)).ok
    assert loop.run(phone.stop("PGONE")).ok


def test_an_incident_that_is_gone_holds_up_no_other(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    handle = rings(phone, loop)
    server.acknowledge(TWO_PAST)
    gone, answered = loop.run(phone.poll(["PGONE", handle]))
    assert gone == Gone("PGONE")
    assert answered.handle == handle


def test_a_404_of_something_on_the_way_is_no_word_of_theirs(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    handle = rings(phone, loop)
    server.faults.append(Fault(status=404, body="<h1>Not found</h1>"))
    assert loop.run(phone.poll([handle])) == []


def test_an_unknown_user_is_refused_for_good(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    assert loop.run(phone.ring("PNOBODY", KEY, WORDS)).error == "ring_refused"


def test_a_user_id_cannot_lead_elsewhere(phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer) -> None:
    assert loop.run(phone.ring("../users/P1", KEY, WORDS)).error == "ring_refused"
    assert server.received == []


def test_its_own_header_says_how_long_to_wait(
    phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer
) -> None:
    server.faults.append(Fault(status=429, headers={"ratelimit-reset": "17"}))
    sent = loop.run(phone.ring(ANA, KEY, WORDS))
    assert (sent.error, sent.retry_after) == ("ratelimited", 17.0)


def test_a_wrong_token_is_ours_to_mend(loop: OnTheLoop, server: PagerDutyServer) -> None:
    phone = PagerDuty(loop.wire, "wrong", SENDER, SERVICE, server.url)
    assert loop.run(phone.ring(ANA, KEY, WORDS)).error == "ring_unauthorised"
    with pytest.raises(PhoneAway, match="ring_unauthorised"):
        loop.run(phone.poll(["P1"]))


def test_the_check_asks_for_the_service(phone: PagerDuty, loop: OnTheLoop, server: PagerDutyServer) -> None:
    assert loop.run(phone.check()).ok
    nowhere = PagerDuty(loop.wire, TOKEN, SENDER, "PNOWHERE", server.url)
    assert loop.run(nowhere.check()).error == "ring_gone"

"""Declaring over the web: signed, once for each dedup key, in somebody's name, with or without Slack."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bot.web.incidents import IncidentsDoor
from bot.web.routes import Answer, Incoming
from bot.web.signatures import sign
from incidents.effects import EffectKind
from incidents.model import Severity
from tests.support.clock import FakeClock
from tests.support.house import TestHouse

SECRET = "the secret of the monitors"


def _posted(
    there: TestHouse, body: bytes, stands_in: str = "dana", age_s: int = 0, beside: str = ""
) -> Answer:
    """`beside` stands in a header, which the signature does not cover."""
    clock = FakeClock(there.clock.now() + timedelta(seconds=age_s))
    stamp = str(int(there.clock.now().timestamp()))
    headers = {"x-meridian-timestamp": stamp, "x-meridian-signature": sign(SECRET, stamp, body)}
    door = IncidentsDoor(SECRET, clock, there.house, stands_in)
    return door.answer(Incoming("POST", "/incidents", headers | {"x-meridian-dedup": beside}, body))


def _declared(there: TestHouse, **wish: Any) -> tuple[int, dict[str, Any]]:
    answer = _posted(there, json.dumps({"title": "Login codes arrive late", **wish}).encode())
    return answer.status, json.loads(answer.body)


def test_what_is_asked_is_declared_and_paged_without_slack(there: TestHouse) -> None:
    status, told = _declared(there, severity="sev1", by="UPRIYA", harm="fraud")
    assert (status, told) == (201, {"key": "INC-1", "severity": "SEV1", "restricted": False})
    incident = there.incident("INC-1")
    assert (incident.title, incident.severity, incident.declared_by) == (
        "Login codes arrive late",
        Severity.SEV1,
        "UPRIYA",
    )
    claimed = there.store.write(lambda unit: unit.outbox.claim(there.clock.now(), "test", 100))
    assert EffectKind.SEND_PAGE in {one.effect.kind for one in claimed}


def test_the_same_dedup_key_is_the_same_incident(there: TestHouse) -> None:
    assert [_declared(there, dedup=key)[0] for key in ("a", "a", "b")] == [201, 200, 201]
    assert _declared(there, dedup_key="x")[0] == 422


@pytest.mark.parametrize("wish", [{"title": "x"}, {"title": "x", "dedup": "alert-7"}])
def test_a_request_sent_again_with_another_header_declares_nothing_anew(
    there: TestHouse, wish: dict[str, str]
) -> None:
    body = json.dumps(wish).encode()
    assert [_posted(there, body, beside=key).status for key in ("one", "two", "")] == [201, 200, 200]


def test_without_a_dedup_key_the_same_request_is_the_same_incident(there: TestHouse) -> None:
    assert [_declared(there)[0] for _ in range(2)] == [201, 200]
    there.clock.advance(seconds=1)
    assert _declared(there)[0] == 201


def test_fifty_at_once_under_one_dedup_key_are_one_incident(there: TestHouse) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: _declared(there, dedup="alert-7"), range(50)))
    assert {told["key"] for _, told in answers} == {"INC-1"}
    assert sorted(status for status, _ in answers) == [200] * 49 + [201]
    assert len(there.store.read(lambda unit: unit.incidents.listing())) == 1


@pytest.mark.parametrize("by", ["priya", "UPRIYA"])
def test_a_person_is_named_by_slack_id_or_by_the_schedules_file(there: TestHouse, by: str) -> None:
    _declared(there, by=by)
    assert there.incident("INC-1").declared_by == "UPRIYA"


@pytest.mark.parametrize("by", ["", "nobody", "UNOBODY"])
def test_for_somebody_unknown_the_one_who_stands_in_declares(there: TestHouse, by: str) -> None:
    assert _declared(there, by=by)[0] == 201
    assert there.incident("INC-1").declared_by == "UDANA"


def test_characters_that_no_database_takes_keep_no_incident_away(there: TestHouse) -> None:
    assert _declared(there, title="a \ud800 b\0", by="\ud83d\0", dedup="\udc00")[0] == 201
    assert _declared(there, title="again", dedup="\udc00")[0] == 200
    assert there.incident("INC-1").declared_by == "UDANA"


def test_where_nobody_can_stand_in_it_is_refused_aloud(there: TestHouse) -> None:
    answer = _posted(there, b'{"title": "x"}', stands_in="nobody")
    assert answer.status == 503
    assert b"INCIDENTS_BY" in answer.body


def test_a_restricted_one_has_a_key_that_tells_nothing(there: TestHouse) -> None:
    _, told = _declared(there, restricted=True)
    assert told["key"].startswith("R-")
    assert told["restricted"] is True


@pytest.mark.parametrize("severity", ["sev2", "SEV2", "2", 2])
def test_a_severity_is_said_in_one_of_four_ways(there: TestHouse, severity: object) -> None:
    assert _declared(there, severity=severity)[1]["severity"] == "SEV2"


@pytest.mark.parametrize(
    "fault",
    [
        {"title": ""},
        {"title": "  "},
        {"title": None},
        {"title": 7},
        {"title": "\u200b"},
        {"severity": "sev9"},
        {"severity": True},
        {"severity": []},
        {"harm": "goldfish"},
        {"harm": 3},
        {"restricted": "yes"},
        {"restrcted": True},
        {"by": 5},
        {"dedup": 5},
    ],
)
def test_what_cannot_be_declared_is_refused_with_the_reason(there: TestHouse, fault: dict[str, Any]) -> None:
    status, told = _declared(there, **fault)
    assert status == 422
    assert told["error"].endswith(".")
    assert not there.store.read(lambda unit: unit.incidents.listing())


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 100_000])
def test_what_is_no_json_is_refused(there: TestHouse, body: bytes) -> None:
    assert _posted(there, body).status == 400


@pytest.mark.parametrize("age_s", [301, -301])
def test_an_old_request_is_refused(there: TestHouse, age_s: int) -> None:
    assert _posted(there, b'{"title": "x"}', age_s=age_s).status == 401


def test_an_unsigned_request_is_refused(there: TestHouse) -> None:
    door = IncidentsDoor(SECRET, there.clock, there.house, "dana")
    assert door.answer(Incoming("POST", "/incidents", {}, b'{"title": "x"}')).status == 401


def test_slack_s_signature_is_no_signature_here(there: TestHouse) -> None:
    stamp, body = str(int(there.clock.now().timestamp())), b'{"title": "x"}'
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": sign(SECRET, stamp, body)}
    door = IncidentsDoor(SECRET, there.clock, there.house, "dana")
    assert door.answer(Incoming("POST", "/incidents", headers, body)).status == 401

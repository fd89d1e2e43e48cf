"""The phone leg in the core: when it rings, what an answer on it does, and when it stops."""

import pytest
from msgspec.structs import replace

from handlers.calls import Skip
from handlers.outbound import render
from incidents.effects import Effect, EffectKind, Outcome
from incidents.errors import IncidentError
from incidents.model import PageState, Severity
from incidents.operations import delivery, proving, responding
from incidents.operations.ringing import answered_by_phone
from incidents.people import Actor, Ask
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA, WAVE

RINGS = {EffectKind.RING, EffectKind.STOP_RING}
MUTED = {"dnd_from": "1700000000", "dnd_until": "1900000000"}


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    """Everybody's phone can be rung."""
    plain = example_house(store)
    return replace(plain, house=replace(plain.house, phone_of=lambda actor: f"webhook:{actor.user}"))


def rung(sent: list[Effect]) -> list[str]:
    return [effect.users[0] for effect in sent if effect.kind is EffectKind.RING]


def hung_up(sent: list[Effect]) -> list[str]:
    return [effect.users[0] for effect in sent if effect.kind is EffectKind.STOP_RING]


def test_a_sev0_leaves_on_both_legs_at_once(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV0)
    assert {ANA, BO} <= set(rung(there.slack()))


def test_a_sev1_rings_the_phone_after_a_minute_without_an_answer(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    assert rung(there.slack()) == []
    there.later(minutes=1)
    assert rung(there.slack()) == [ANA]
    assert "The phone of Ana Lima was rung." in there.sentences(key)


def test_who_answered_in_slack_in_time_is_not_rung(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    responding.acknowledge(there.house, Ask(ANA), key)
    there.later(minutes=5)
    assert not RINGS & {effect.kind for effect in there.slack()}


def test_whoever_is_muted_is_rung_at_once(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    page = there.incident(key).pages[0]
    look = Effect(EffectKind.READ_DND, "look", key, args={"page": page.id}, users=(ANA,))
    now = there.clock.now()
    there.store.write(lambda unit: delivery.record(there.house, unit, look, Outcome(True, MUTED), now))
    assert rung(there.slack()) == [ANA]
    assert "The phone of Ana Lima was rung: muted in Slack" in there.sentences(key)


def test_whom_slack_has_not_reached_for_a_minute_is_rung_at_every_severity(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV2)
    there.later(minutes=1)
    assert rung(there.slack()) == [ANA]


def test_whom_slack_has_reached_is_left_to_the_ladder(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV2)
    there.slack()
    there.later(minutes=2)
    assert rung(there.slack()) == []


def test_later_levels_are_rung_with_their_page(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV1)
    there.slack()
    there.later(minutes=1)
    there.slack()
    there.later(minutes=4)
    assert rung(there.slack()) == [BO]
    there.later(minutes=5)
    assert rung(there.slack()) == [DANA]


def test_an_answer_on_the_phone_is_an_acknowledgement_and_stops_every_leg(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack()
    page = next(page for page in there.incident(key).pages if page.user == BO)
    assert answered_by_phone(there.house, f"ring:{key}:{page.id}", "", there.clock.now())
    incident = there.incident(key)
    assert incident.manager == BO
    assert {p.user: p.state for p in incident.pages if p.call == 1} == {
        BO: PageState.ACKNOWLEDGED,
        ANA: PageState.STANDDOWN,
    }
    assert {ANA, BO} <= set(hung_up(there.slack()))
    assert "Bo Chen acknowledged by phone and is incident manager." in there.sentences(key)
    there.later(hours=1)
    assert not {ANA, BO} & set(rung(there.slack()))


def test_the_second_answer_changes_nothing(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack()
    pages = {page.user: page for page in there.incident(key).pages}
    assert answered_by_phone(there.house, f"ring:{key}:{pages[BO].id}", "", there.clock.now())
    assert not answered_by_phone(there.house, f"ring:{key}:{pages[BO].id}", "", there.clock.now())
    assert not answered_by_phone(there.house, f"ring:{key}:{pages[ANA].id}", "", there.clock.now())
    assert not answered_by_phone(there.house, "ring:INC-99:1.0.UANA", "", there.clock.now())
    assert there.incident(key).manager == BO


def test_an_answer_may_come_before_the_ring_is_on_record(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    page = there.incident(key).pages[0]
    assert answered_by_phone(there.house, f"ring:{key}:{page.id}", "", there.clock.now())
    assert there.incident(key).manager == ANA


def test_a_phone_that_cannot_be_rung_is_on_the_timeline_and_the_page_climbs_on(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack(refuse={EffectKind.RING: "ring_refused"})
    assert "The phone of Ana Lima could not be rung: ring_refused." in there.sentences(key)
    there.later(minutes=3)
    assert DANA in {page.user for page in there.incident(key).pages}


def test_without_phones_nothing_rings(store: SqlStore) -> None:
    there = example_house(store)
    there.declare(WAVE, severity=Severity.SEV0)
    assert not RINGS & {effect.kind for effect in there.slack()}


def test_a_test_page_is_answered_on_either_leg(there: TestHouse) -> None:
    proof = proving.ask_for_proof(there.house, Ask(DANA), ANA)
    assert rung(there.slack()) == [ANA]
    proving.answer_in_slack(there.house, Ask(BO), proof.id)
    assert there.store.read(lambda unit: unit.proofs.latest(ANA)) is None
    proving.answer_in_slack(there.house, Ask(ANA), proof.id)
    assert hung_up(there.slack()) == [ANA]
    assert answered_by_phone(there.house, f"ring:{proof.id}", "", there.clock.now())
    kept = there.store.read(lambda unit: unit.proofs.latest(ANA))
    assert kept is not None
    assert kept.slack_at is not None
    assert kept.phone_at is not None


def test_a_test_that_nobody_answers_stops_ringing_after_five_minutes(there: TestHouse) -> None:
    proving.ask_for_proof(there.house, Ask(DANA), ANA)
    assert rung(there.slack()) == [ANA]
    there.clock.advance(minutes=4, seconds=59)
    assert hung_up(there.slack()) == []
    there.clock.advance(seconds=1)
    assert hung_up(there.slack()) == [ANA]
    assert there.store.read(lambda unit: unit.rings.ringing()) == []


def test_a_test_that_could_not_leave_in_time_rings_nobody_later(there: TestHouse) -> None:
    proving.ask_for_proof(there.house, Ask(DANA), ANA)
    claimed = there.store.write(lambda unit: unit.outbox.claim(there.clock.now(), "test", 100))
    there.clock.advance(minutes=5)
    rendered = there.store.read(lambda unit: [render(one.effect, unit, there.house) for one in claimed])
    assert {one.effect.kind for one in claimed} == {EffectKind.TEST_PAGE, EffectKind.RING}
    assert [one.reason for one in rendered if isinstance(one, Skip)] == ["the test is over"] * 2


def test_nobody_who_is_gone_is_tested(there: TestHouse) -> None:
    gone = Actor(ANA, "Ana Lima", is_deactivated=True)
    there.store.write(lambda unit: unit.people.put_profiles([gone], there.clock.now()))
    with pytest.raises(IncidentError, match="nobody here by that name"):
        proving.ask_for_proof(there.house, Ask(DANA), ANA)


def test_a_test_that_is_delivered_twice_is_sent_once(there: TestHouse) -> None:
    first = proving.ask_for_proof(there.house, Ask(ANA, "press:1"))
    assert proving.ask_for_proof(there.house, Ask(ANA, "press:1")) == first
    assert rung(there.slack()) == [ANA]


def test_a_second_test_waits_for_the_answer_to_the_first(there: TestHouse) -> None:
    proof = proving.ask_for_proof(there.house, Ask(ANA))
    with pytest.raises(IncidentError, match="A test page to Ana Lima has just left"):
        proving.ask_for_proof(there.house, Ask(DANA), ANA)
    proving.answer_in_slack(there.house, Ask(ANA), proof.id)
    assert proving.ask_for_proof(there.house, Ask(DANA), ANA).id != proof.id
    there.clock.advance(minutes=5)
    assert proving.ask_for_proof(there.house, Ask(DANA), ANA).user == ANA


def test_others_are_tested_by_leads_alone(there: TestHouse) -> None:
    with pytest.raises(IncidentError, match="Only a lead can send a test page to somebody else"):
        proving.ask_for_proof(there.house, Ask(BO), ANA)
    assert proving.ask_for_proof(there.house, Ask(BO), BO).user == BO


def test_what_was_answered_of_late_is_found_the_newest_first(there: TestHouse) -> None:
    began = there.clock.now()
    first = proving.ask_for_proof(there.house, Ask(ANA))
    answered_by_phone(there.house, f"ring:{first.id}", "", began)
    there.clock.advance(minutes=10)
    second = proving.ask_for_proof(there.house, Ask(ANA))
    there.slack(refuse={EffectKind.RING: "ring_refused"})
    proving.answer_in_slack(there.house, Ask(ANA), second.id)
    found = there.store.read(lambda unit: unit.proofs.answered(ANA, began))
    assert [(test.id, test.phone_at) for test in found] == [(second.id, None), (first.id, began)]
    later = there.store.read(lambda unit: unit.proofs.answered(ANA, there.clock.now()))
    assert [test.id for test in later] == [second.id]


def test_the_newest_answer_of_each_is_found(there: TestHouse) -> None:
    proof = proving.ask_for_proof(there.house, Ask(ANA))
    assert proving.latest_of(there.house, (ANA, BO, ANA)) == {ANA: None, BO: None}
    proving.answer_in_slack(there.house, Ask(ANA), proof.id)
    found = proving.latest_of(there.house, (ANA,))[ANA]
    assert found is not None
    assert found.slack_at == there.clock.now()

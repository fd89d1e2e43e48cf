"""Phones where Slack fails or the ladder moves on: what was promised rings, and stops when it is answered."""

import pytest
from msgspec.structs import replace

from handlers.calls import RingOut, Skip
from handlers.outbound import render
from incidents.effects import Effect, EffectKind, Outcome
from incidents.model import PageState, Severity
from incidents.operations import closing, commanding, delivery, responding
from incidents.operations.ringing import answered_by_phone
from incidents.people import Ask
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA, PRIYA, WAVE

NO_MESSAGES = {EffectKind.SEND_PAGE: "messages_tab_disabled", EffectKind.TELL: "messages_tab_disabled"}


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    """Everybody's phone can be rung."""
    plain = example_house(store)
    return replace(plain, house=replace(plain.house, phone_of=lambda actor: f"webhook:{actor.user}"))


def users(sent: list[Effect], kind: EffectKind) -> list[str]:
    return [effect.users[0] for effect in sent if effect.kind is kind]


def become(there: TestHouse, user: str, **marks: bool) -> None:
    actor = there.store.read(lambda unit: unit.people.actor(user))
    assert actor is not None
    changed = replace(actor, **marks)  # type: ignore[arg-type]
    there.store.write(lambda unit: unit.people.put_profiles([changed], there.clock.now()))


def ringing(there: TestHouse) -> list[str]:
    return [ring.user for ring in there.store.read(lambda unit: unit.rings.ringing())]


# Slack refuses the message


def test_whom_slack_refuses_is_rung_at_once_at_every_severity(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    assert set(users(there.slack(NO_MESSAGES), EffectKind.RING)) == {ANA, BO, DANA}
    said = "The phone of Ana Lima was rung: Slack could not reach them"
    assert said in there.sentences(key)


def test_a_phone_that_rings_instead_of_slack_is_answered_like_any_other(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    there.slack(NO_MESSAGES)
    page = there.incident(key).pages[0]
    assert page.state is PageState.UNREACHABLE
    assert answered_by_phone(there.house, f"ring:{key}:{page.id}", "", there.clock.now())
    assert there.incident(key).manager == ANA
    assert set(users(there.slack(), EffectKind.STOP_RING)) == {ANA, BO, DANA}


def test_a_phone_that_rang_already_is_not_rung_again(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV0)
    assert users(there.slack(NO_MESSAGES), EffectKind.RING).count(ANA) == 1


def test_who_has_left_is_not_rung_when_slack_refuses_the_message(there: TestHouse) -> None:
    there.declare(WAVE, severity=Severity.SEV2)
    become(there, ANA, is_deactivated=True)
    assert users(there.slack(NO_MESSAGES), EffectKind.RING) == [BO, DANA]


def test_without_a_phone_the_page_only_climbs(store: SqlStore) -> None:
    there = example_house(store)
    key = there.declare(WAVE, severity=Severity.SEV2).key
    assert users(there.slack(NO_MESSAGES), EffectKind.RING) == []
    assert {page.user for page in there.incident(key).pages} == {ANA, BO, DANA}


def test_a_refusal_that_comes_when_the_page_is_passed_on_rings_too(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV2).key
    page = there.incident(key).pages[0]
    responding.escalate(there.house, Ask(PRIYA), key)
    late = Effect(EffectKind.SEND_PAGE, "late", key, args={"page": page.id}, users=(ANA,))
    refused, now = Outcome(False, error="restricted_action"), there.clock.now()
    there.store.write(lambda unit: delivery.record(there.house, unit, late, refused, now))
    passed = there.incident(key).pages[0]
    assert (passed.state, passed.rang_at) == (PageState.PASSED, now)


# Somebody has it


def test_phones_of_those_whom_slack_refused_stop_when_somebody_has_it(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack({EffectKind.SEND_PAGE: "user_not_found"})
    assert {ANA, BO} <= set(ringing(there))
    responding.acknowledge(there.house, Ask(PRIYA), key)
    there.slack()
    called = [page.id for page in there.incident(key).pages if page.call == 1]
    assert not [ring for ring in there.store.read(lambda u: u.rings.ringing()) if ring.page in called]
    assert there.incident(key).pages[0].state is PageState.UNREACHABLE


def test_every_phone_stops_when_the_incident_ends(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack({EffectKind.SEND_PAGE: "user_not_found"})
    assert ringing(there)
    closing.resolve(there.house, Ask(PRIYA), key, "It was a drill.")
    there.slack()
    assert ringing(there) == []


def test_an_earlier_page_of_whoever_answers_rings_no_longer(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.later(minutes=1)
    there.slack()
    assert ringing(there) == [ANA]
    for _ in range(60):
        if sum(page.user == ANA for page in there.incident(key).pages) > 1:
            break
        there.later(minutes=1)
        there.slack()
    responding.acknowledge(there.house, Ask(ANA), key)
    there.slack()
    assert ANA not in ringing(there)


def test_a_ring_that_has_not_left_when_somebody_has_it_never_leaves(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    page = there.incident(key).pages[0]
    ring = Effect(EffectKind.RING, f"ring:{key}:{page.id}", key, args={"page": page.id}, users=(ANA,))
    refusal = Effect(EffectKind.SEND_PAGE, "p", key, args={"page": page.id}, users=(ANA,))
    refused, now = Outcome(False, error="user_not_found"), there.clock.now()
    there.store.write(lambda unit: delivery.record(there.house, unit, refusal, refused, now))
    assert there.incident(key).pages[0].state is PageState.UNREACHABLE
    rendered = there.store.read(lambda unit: render(ring, unit, there.house))
    assert isinstance(rendered, RingOut)
    responding.acknowledge(there.house, Ask(PRIYA), key)
    rendered = there.store.read(lambda unit: render(ring, unit, there.house))
    assert isinstance(rendered, Skip)


def test_a_guest_whom_slack_refused_is_rung_no_longer_once_it_is_restricted(there: TestHouse) -> None:
    become(there, ANA, is_guest=True)
    key = there.declare(WAVE, severity=Severity.SEV0).key
    there.slack({EffectKind.SEND_PAGE: "user_not_found"})
    assert ANA in ringing(there)
    commanding.restrict(there.house, Ask(DANA), key)
    there.slack()
    assert ANA not in ringing(there)


# The ladder moves on


def test_escalating_by_hand_takes_no_ring_from_the_one_who_was_paged(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    there.later(seconds=30)
    responding.escalate(there.house, Ask(PRIYA), key)
    there.slack()
    there.later(seconds=30)
    assert users(there.slack(), EffectKind.RING) == [ANA]


def test_who_said_that_they_cannot_is_not_rung_afterwards(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    responding.decline(there.house, Ask(ANA), key)
    there.later(minutes=1)
    assert ANA not in users(there.slack(), EffectKind.RING)


def test_a_phone_that_waits_is_called_off_when_somebody_has_it(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.slack()
    responding.escalate(there.house, Ask(PRIYA), key)
    responding.acknowledge(there.house, Ask(BO), key)
    assert not any(timer.args.get("page") for timer in there.store.read(lambda unit: unit.timers.of(key)))

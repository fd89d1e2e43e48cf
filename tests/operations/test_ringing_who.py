"""Who answered a phone, and whether they may: the right one takes it or it climbs on; no answer is lost."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import EffectKind
from incidents.handoff import HandoffState
from incidents.model import Page, PageState, Role, Severity
from incidents.operations import commanding, proving, responding
from incidents.operations.ringing import answered_by_phone
from incidents.people import Actor, Ask
from incidents.ringing import Ring
from storage.opening import SqlStore
from tests.support.handoffs import LENA, of_id, waiting
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA, IRIS, KENJI, PRIYA, WAVE

TEAM = "pushover:the-team"


def place(actor: Actor) -> str:
    return f"webhook:{actor.user}"


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    """Everybody's phone can be rung."""
    plain = example_house(store)
    return replace(plain, house=replace(plain.house, phone_of=place))


def become(there: TestHouse, user: str, **marks: bool) -> None:
    actor = there.store.read(lambda unit: unit.people.actor(user))
    assert actor is not None
    changed = replace(actor, **marks)  # type: ignore[arg-type]
    there.store.write(lambda unit: unit.people.put_profiles([changed], there.clock.now()))


def rung(there: TestHouse, key: str, user: str) -> Page:
    return next(page for page in there.incident(key).pages if page.user == user)


def answer(there: TestHouse, key: str, user: str, by: str = "", ago: float = 0) -> bool:
    """The phone that rang for `user` was answered."""
    at = there.clock.now() - timedelta(seconds=ago)
    return answered_by_phone(there.house, f"ring:{key}:{rung(there, key, user).id}", by, at)


def declared(there: TestHouse, severity: Severity = Severity.SEV0) -> str:
    key = there.declare(WAVE, severity=severity).key
    there.slack()
    return key


def ringing(there: TestHouse) -> list[str]:
    return [ring.user for ring in there.store.read(lambda unit: unit.rings.ringing())]


def stops(there: TestHouse) -> set[str]:
    return {effect.users[0] for effect in there.slack() if effect.kind is EffectKind.STOP_RING}


# Somebody who may not


def test_a_phone_of_somebody_who_has_left_gives_them_no_command_and_the_ladder_goes_on(
    there: TestHouse,
) -> None:
    key = declared(there)
    become(there, ANA, is_deactivated=True)
    assert not answer(there, key, ANA)
    assert there.incident(key).manager == ""
    assert stops(there) == set()
    assert {ANA, BO} <= set(ringing(there))
    there.later(minutes=3)
    assert DANA in {page.user for page in there.incident(key).pages}


def test_a_guest_who_was_let_go_takes_no_restricted_incident_by_an_answer_that_arrives_later(
    there: TestHouse,
) -> None:
    become(there, ANA, is_guest=True)
    key = declared(there)
    commanding.restrict(there.house, Ask(DANA), key)
    assert not answer(there, key, ANA, ago=3)
    assert there.incident(key).manager == ""
    assert rung(there, key, ANA).state is PageState.STANDDOWN


def test_who_may_not_see_it_does_not_take_it_and_the_one_who_was_rung_still_can(there: TestHouse) -> None:
    key = there.declare("Grooming of a child reported", severity=Severity.SEV1).key
    there.later(minutes=1)
    there.slack()
    assert not answer(there, key, ANA, f"webhook:{KENJI}")
    assert ringing(there) == [ANA]
    assert answer(there, key, ANA, f"webhook:{ANA}")
    assert there.incident(key).manager == ANA


# Somebody else


def test_a_colleague_who_answers_a_phone_that_rings_for_another_takes_it_themselves(there: TestHouse) -> None:
    key = declared(there)
    assert answer(there, key, ANA, f"webhook:{PRIYA}")
    assert there.incident(key).manager == PRIYA
    assert "Priya Nair acknowledged by phone and is incident manager." in there.sentences(key)
    assert rung(there, key, ANA).state is PageState.STANDDOWN


def test_who_was_paged_beside_them_answers_their_own_page(there: TestHouse) -> None:
    key = declared(there)
    assert answer(there, key, ANA, f"webhook:{BO}")
    assert (rung(there, key, ANA).state, rung(there, key, BO).state) == (
        PageState.STANDDOWN,
        PageState.ACKNOWLEDGED,
    )
    assert there.incident(key).manager == BO


def test_whoever_cannot_be_told_apart_counts_as_the_one_who_was_rung(there: TestHouse) -> None:
    shared = replace(there.house, phone_of=lambda actor: place(actor) if actor.user == ANA else TEAM)
    there = replace(there, house=shared)
    key = declared(there)
    assert answer(there, key, ANA, TEAM)
    assert there.incident(key).manager == ANA


@pytest.mark.parametrize("by", ["", "webhook:night-desk", f"webhook:{ANA}"])
def test_a_human_who_is_not_known_to_be_somebody_else_is_the_one_who_was_rung(
    there: TestHouse, by: str
) -> None:
    key = declared(there)
    assert answer(there, key, ANA, by)
    assert there.incident(key).manager == ANA


def test_nobody_becomes_a_specialist_by_the_phone_of_one(there: TestHouse) -> None:
    key = declared(there)
    assert not answer(there, key, IRIS, f"webhook:{PRIYA}")
    assert there.incident(key).roles == ()
    assert answer(there, key, IRIS)
    assert there.incident(key).in_role(Role.LIAISON) == (IRIS,)


# When


def test_an_answer_counts_from_when_it_was_given(there: TestHouse) -> None:
    key = declared(there)
    there.later(minutes=2)
    given = there.clock.now() - timedelta(seconds=5)
    assert answer(there, key, ANA, ago=5)
    incident = there.incident(key)
    assert (rung(there, key, ANA).answered_at, incident.acknowledged_at) == (given, given)
    assert incident.watch is not None
    assert incident.watch.since == given


def test_no_answer_is_of_the_future(there: TestHouse) -> None:
    key = declared(there)
    assert answer(there, key, ANA, ago=-60)
    assert rung(there, key, ANA).answered_at == there.clock.now()


def test_an_answer_that_comes_too_late_ends_the_ring(there: TestHouse) -> None:
    key = declared(there)
    responding.acknowledge(there.house, Ask(PRIYA), key)
    assert not answer(there, key, ANA)
    assert ANA not in ringing(there)


# A test, a shift


def test_a_test_is_proof_for_nobody_but_the_one_whose_phone_rang(there: TestHouse) -> None:
    proof = proving.ask_for_proof(there.house, Ask(ANA))
    now = there.clock.now()
    assert not answered_by_phone(there.house, f"ring:{proof.id}", f"webhook:{BO}", now)
    assert there.store.read(lambda unit: unit.proofs.latest(ANA)) is None
    assert answered_by_phone(there.house, f"ring:{proof.id}", f"webhook:{ANA}", now)
    assert there.store.read(lambda unit: unit.proofs.latest(ANA)) is not None


@pytest.fixture
def handed_over(there: TestHouse) -> str:
    """A shift that nobody accepts; the backup's phone rings. The key of that ring."""
    there.later(hours=6)
    there.later(minutes=10)
    ring = next(effect for effect in there.slack() if effect.kind is EffectKind.RING)
    return ring.key


def test_a_shift_is_not_taken_by_the_phone_of_somebody_who_has_left(
    there: TestHouse, handed_over: str
) -> None:
    become(there, LENA, is_deactivated=True)
    assert not answered_by_phone(there.house, handed_over, "", there.clock.now())
    assert waiting(there).state is HandoffState.OFFERED


def test_a_shift_is_taken_by_whoever_answers_if_they_may(there: TestHouse, handed_over: str) -> None:
    handoff, now = waiting(there), there.clock.now()
    assert not answered_by_phone(there.house, handed_over, f"webhook:{BO}", now)
    assert ringing(there) == [LENA]
    assert answered_by_phone(there.house, handed_over, f"webhook:{KENJI}", now)
    assert of_id(there, handoff.id).accepted_by == KENJI
    assert ringing(there) == []


def test_a_ring_of_nothing_that_is_known_is_answered_and_over(there: TestHouse) -> None:
    now = there.clock.now()
    lost = Ring("ring:INC-99:1.0.UANA", "INC-99", "1.0.UANA", ANA, "webhook:1", now)
    there.store.write(lambda unit: unit.rings.add(lost))
    assert not answered_by_phone(there.house, lost.key, "", now)
    assert not answered_by_phone(there.house, "ring:handoff:gone:UANA", "", now)
    assert ringing(there) == []

"""A storm of pages to one person: their phone rings once for what has come, and an answer counts for all."""

from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from bot import rates
from handlers.calls import HangUp, Rendered, RingOut, Skip
from handlers.outbound import render
from incidents.bundles import bundled, keys_of
from incidents.effects import Effect, EffectKind, Outcome
from incidents.model import Severity
from incidents.operations import delivery, proving, responding
from incidents.operations.ringing import answered_by_phone
from incidents.people import Ask
from storage.claims import Claimed
from storage.opening import SqlStore
from storage.outbox import LEASE_S
from storage.traffic import Traffic
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA

Leave = Callable[[], Sequence[Claimed]]
RANG = Outcome(True, {"handle": "webhook:h1"})
PHONES = (EffectKind.RING, EffectKind.RINGS)


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    """Everybody's phone can be rung."""
    plain = example_house(store)
    return replace(plain, house=replace(plain.house, phone_of=lambda actor: f"webhook:{actor.user}"))


@pytest.fixture
def leave(there: TestHouse) -> Leave:
    """The rings that leave now, as the running bot lets them."""

    def claimed() -> Sequence[Claimed]:
        def work(unit: object) -> Sequence[Claimed]:
            traffic = Traffic(
                lambda effect: rates.bucket_for(effect, unit),  # type: ignore[arg-type]
                rates.rate_of,
                bundled,
                only_outside=True,
            )
            now = there.clock.now()
            return unit.outbox.claim(now, "test", 100, LEASE_S, traffic)  # type: ignore[attr-defined,no-any-return]

        return [one for one in there.store.write(work) if one.effect.kind in PHONES]

    return claimed


def storm(there: TestHouse, count: int = 12) -> list[str]:
    """So many incidents at once; a minute later Ana's phone is due for each."""
    keys = [there.declare(f"Fraud wave {n}", severity=Severity.SEV1).key for n in range(count)]
    there.later(minutes=1)
    return keys


def ring(there: TestHouse, key: str, user: str) -> None:
    """One more whose time has come."""
    one = Effect(EffectKind.RING, f"ring:{key}:1.0.{user}", key, {"page": f"1.0.{user}"}, (user,))
    there.store.write(lambda unit: unit.outbox.put([one], there.clock.now()))


def rendered(there: TestHouse, effect: Effect) -> Rendered:
    return there.store.read(lambda unit: render(effect, unit, there.house))


def rang(there: TestHouse, effect: Effect) -> None:
    """The provider has taken it."""
    now = there.clock.now()
    there.store.write(lambda unit: delivery.record(there.house, unit, effect, RANG, now))


def stops(there: TestHouse, keys: Sequence[str]) -> list[Rendered]:
    """What becomes of the wish that Ana's phone stops for these, all rendered before any is recorded."""
    wishes = [
        Effect(EffectKind.STOP_RING, f"stop:{key}", key, {"page": f"1.0.{ANA}"}, (ANA,)) for key in keys
    ]
    found = [rendered(there, wish) for wish in wishes]
    now = there.clock.now()
    for wish in wishes:
        there.store.write(lambda unit, wish=wish: delivery.record(there.house, unit, wish, RANG, now))  # type: ignore[misc]
    return found


def managers(there: TestHouse, keys: Sequence[str]) -> set[str]:
    return {there.incident(key).manager for key in keys}


def test_twelve_pages_at_once_ring_once_and_say_how_many(there: TestHouse, leave: Leave) -> None:
    keys = storm(there)
    [one] = leave()
    assert one.effect.kind is EffectKind.RINGS
    assert keys_of(one.effect) == tuple(f"ring:{key}:1.0.{ANA}" for key in keys)
    sent = rendered(there, one.effect)
    assert sent == RingOut(f"webhook:{ANA}", one.effect.key, "SEV1, 12 pages. Acknowledge all.")


def test_what_comes_while_a_phone_rings_waits_for_half_a_minute_and_shares_a_ring(
    there: TestHouse, leave: Leave
) -> None:
    storm(there, 1)
    [first] = leave()
    assert first.effect.kind is EffectKind.RING
    there.store.write(lambda unit: unit.outbox.finish(first, RANG, there.clock.now()))
    there.clock.advance(seconds=5)
    ring(there, "INC-8", ANA)
    assert leave() == []
    there.clock.advance(seconds=10)
    ring(there, "INC-9", ANA)
    assert leave() == []
    there.clock.advance(seconds=15)
    [later] = leave()
    assert keys_of(later.effect) == (f"ring:INC-8:1.0.{ANA}", f"ring:INC-9:1.0.{ANA}")


def test_a_test_and_a_shift_ring_beside_it(there: TestHouse, leave: Leave) -> None:
    storm(there, 1)
    assert len(leave()) == 1
    proving.ask_for_proof(there.house, Ask(DANA), ANA)
    [test] = leave()
    assert (test.effect.kind, test.bucket) == (EffectKind.RING, "")


def test_a_ring_that_was_tried_before_waits_for_nobody(there: TestHouse, leave: Leave) -> None:
    storm(there, 1)
    [first] = leave()
    now = there.clock.now()
    there.store.write(lambda unit: unit.outbox.retry(first, now, "http_503", ambiguous=True))
    [again] = leave()
    assert (again.effect.key, again.attempt, again.bucket) == (first.effect.key, 2, "")


def test_a_restricted_one_is_counted_without_its_severity(there: TestHouse, leave: Leave) -> None:
    for n in range(2):
        there.declare(f"Threat {n}", severity=Severity.SEV1, restricted=True)
    there.later(minutes=1)
    [one] = leave()
    sent = rendered(there, one.effect)
    assert isinstance(sent, RingOut)
    assert sent.words == "2 pages. Acknowledge all."


def test_what_was_answered_meanwhile_is_not_counted_and_one_alone_is_named(
    there: TestHouse, leave: Leave
) -> None:
    keys = storm(there, 3)
    [one] = leave()
    responding.acknowledge(there.house, Ask(ANA), keys[0])
    assert "SEV1, 2 pages" in str(rendered(there, one.effect))
    responding.acknowledge(there.house, Ask(ANA), keys[1])
    assert f"SEV1 {keys[2]}. Acknowledge." in str(rendered(there, one.effect))
    responding.acknowledge(there.house, Ask(ANA), keys[2])
    assert rendered(there, one.effect) == Skip(
        "nobody is waited for", RingOut(f"webhook:{ANA}", one.effect.key, "")
    )


def test_whoever_has_no_phone_any_more_is_not_rung(there: TestHouse, leave: Leave) -> None:
    storm(there, 2)
    [one] = leave()
    silent = replace(there, house=replace(there.house, phone_of=lambda actor: ""))
    assert rendered(silent, one.effect) == Skip("nobody is waited for")


@pytest.mark.parametrize("is_on_record", [True, False], ids=["as it rings", "before it is on record"])
def test_an_answer_to_the_one_ring_is_an_answer_to_each(
    there: TestHouse, leave: Leave, is_on_record: bool
) -> None:
    keys = storm(there, 3)
    [one] = leave()
    if is_on_record:
        rang(there, one.effect)
    assert answered_by_phone(there.house, one.effect.key, "", there.clock.now())
    assert managers(there, keys) == {ANA}
    assert there.store.read(lambda unit: unit.rings.ringing()) == []
    assert not answered_by_phone(there.house, one.effect.key, "", there.clock.now())


def test_each_page_of_it_is_polled_with_the_one_handle(there: TestHouse, leave: Leave) -> None:
    keys = storm(there, 3)
    [one] = leave()
    rang(there, one.effect)
    rings = there.store.read(lambda unit: unit.rings.ringing())
    assert {(ring.subject, ring.handle) for ring in rings} == {(key, "webhook:h1") for key in keys}


def test_it_rings_on_for_the_others_when_one_is_answered_in_slack(there: TestHouse, leave: Leave) -> None:
    keys = storm(there, 3)
    [one] = leave()
    rang(there, one.effect)
    responding.acknowledge(there.house, Ask(ANA), keys[0])
    assert stops(there, keys[:1]) == [HangUp(())]
    for key in keys[1:]:
        responding.acknowledge(there.house, Ask(BO), key)
    assert stops(there, keys[1:]) == [HangUp(("webhook:h1",))] * 2
    assert there.store.read(lambda unit: unit.rings.ringing()) == []


def test_a_refusal_is_on_the_timeline_of_each(there: TestHouse, leave: Leave) -> None:
    keys = storm(there, 2)
    [one] = leave()
    now = there.clock.now()
    refused = Outcome(False, error="ring_refused")
    there.store.write(lambda unit: delivery.record(there.house, unit, one.effect, refused, now))
    for key in keys:
        assert "The phone of Ana Lima could not be rung: ring_refused." in there.sentences(key)


def test_nobody_else_waits_for_anas_phone(there: TestHouse, leave: Leave) -> None:
    storm(there, 1)
    leave()
    there.clock.advance(seconds=1)
    ring(there, "INC-9", BO)
    assert [one.effect.users for one in leave()] == [(BO,)]


def test_at_sev0_a_ring_waits_for_no_milder_one(there: TestHouse, leave: Leave) -> None:
    storm(there, 1)
    leave()
    there.clock.advance(seconds=1)
    grave = there.declare("Somebody is in danger", severity=Severity.SEV0).key
    assert [one.effect.subject for one in leave() if one.effect.users == (ANA,)] == [grave]

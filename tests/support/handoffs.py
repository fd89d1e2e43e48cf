"""Handoffs in few words: what waits, who was written to, who was rung, an hour minute by minute."""

from msgspec.structs import replace

from incidents.effects import Effect, EffectKind
from incidents.handoff import Handoff
from incidents.model import Role, Severity
from incidents.operations import commanding
from incidents.people import Actor, Ask
from tests.support.house import TestHouse
from tests.support.incidents import PRIYA, WAVE

CHILD = "Grooming of a child reported"
LENA = "ULENA"
OWN = "Revoke batch 3; the risk is a second wave."


def waiting(there: TestHouse) -> Handoff:
    (handoff,) = there.store.read(lambda unit: unit.handoffs.waiting())
    return handoff


def drafted(there: TestHouse) -> Handoff:
    (handoff,) = there.store.read(lambda unit: unit.handoffs.drafted())
    return handoff


def of_id(there: TestHouse, handoff_id: str) -> Handoff:
    found = there.store.read(lambda unit: unit.handoffs.get(handoff_id))
    assert found is not None
    return found


def held(there: TestHouse, user: str, title: str = WAVE, severity: Severity = Severity.SEV1) -> str:
    key = there.declare(title, severity=severity).key
    commanding.assign(there.house, Ask(PRIYA), key, Role.MANAGER, user)
    return key


def passes(there: TestHouse, minutes: int) -> None:
    """Minute by minute, as the clock would have it."""
    for _ in range(minutes):
        there.later(minutes=1)


def letters(effects: list[Effect]) -> list[str]:
    return [effect.users[0] for effect in effects if effect.kind is EffectKind.HANDOFF_LETTER]


def rung(effects: list[Effect]) -> list[str]:
    """Whose phones ring for a handoff."""
    rings = (effect for effect in effects if effect.kind is EffectKind.RING)
    return [effect.users[0] for effect in rings if effect.subject.startswith("handoff:")]


def with_phones(there: TestHouse) -> TestHouse:
    house = replace(there.house, phone_of=lambda actor: f"twilio:{actor.user}")
    return TestHouse(house, there.clock, there.store)


def actor(there: TestHouse, user: str) -> Actor:
    found = there.store.read(lambda unit: unit.people.actor(user))
    assert found is not None
    return found

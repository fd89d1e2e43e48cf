"""The test page: does it ring? Asked for on demand, and of whoever takes a shift over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from incidents.access import Action, demand
from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.errors import NotAPerson, NothingToDo
from incidents.model import UserId
from incidents.operations.scene import known
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from incidents.ringing import SETUP, Proof

TEST = "test:"
ASKED, SHIFT = "asked", "shift"
ONCE_IN = timedelta(hours=24)
WAIT_FOR_ANSWER = timedelta(minutes=5)
NO_PHONE = "no phone is known"


def ask_for_proof(house: House, ask: Ask, user: UserId = "") -> Proof:
    """Send a test page to somebody, by default to the asker; to others only by a lead.

    A redelivery answers the same test. Raises NotAllowed, NotKnownYet, NotAPerson, NothingToDo.
    """

    def work(unit: Unit) -> Proof:
        now = house.clock.now()
        if (sent := _sent_before(unit, ask, now)) is not None:
            return sent
        actor = known(unit, ask.user)
        demand(actor, Action.TEST_ANY if user not in ("", actor.user) else Action.SEE_ROTA)
        to = unit.people.actor(user) if user else actor
        if to is None or to.is_deactivated or to.is_bot or to.is_stranger:
            raise NotAPerson("There is nobody here by that name. Pick somebody from the list.")
        _demand_rested(unit, to, now)
        proof = send_test(house, unit, to, actor.user, ASKED)
        if ask.delivery:
            unit.inbox.answered(ask.delivery, proof.id)
        unit.audit.write(now, actor.user, "test page", f"{TEST}{proof.id}", {"to": to.user})
        return proof

    return house.store.write(work)


def _sent_before(unit: Unit, ask: Ask, now: datetime) -> Proof | None:
    """The test that this very delivery has asked for."""
    if not ask.delivery or unit.inbox.first(ask.delivery, now):
        return None
    return unit.proofs.get(unit.inbox.subject(ask.delivery))


def _demand_rested(unit: Unit, to: Actor, now: datetime) -> None:
    """Nobody's phone is made to ring and ring: one test at a time."""
    last = unit.proofs.last_asked(to.user)
    if last is not None and is_waited_for(last, now):
        raise NothingToDo(f"A test page to {to.name} has just left. Wait for its answer.")


def is_waited_for(proof: Proof, now: datetime) -> bool:
    """Whether an answer would still come in time. Later nothing of the test is sent and nothing rings on; the
    button of a message that was sent still counts."""
    return proof.answered_at is None and now - proof.asked_at < WAIT_FOR_ANSWER


def latest_of(house: House, users: Iterable[UserId]) -> dict[UserId, Proof | None]:
    """The newest test of each that was answered; None where none ever was."""
    named = tuple(dict.fromkeys(users))
    return house.store.read(lambda unit: {user: unit.proofs.latest(user) for user in named})


def test_on_shift(house: House, unit: Unit, to: Actor) -> None:
    """Whoever takes a shift over proves that a page reaches them, once a day at most."""
    last = unit.proofs.last_asked(to.user)
    if last is None or house.clock.now() - last.asked_at >= ONCE_IN:
        send_test(house, unit, to, to.user, SHIFT)


def send_test(house: House, unit: Unit, to: Actor, by: UserId, why: str) -> Proof:
    """Both legs at once; a person without a phone is told so in the test itself."""
    phone = house.phone_of(to)
    now = house.clock.now()
    proof = Proof(
        id=house.ids.new(),
        user=to.user,
        asked_at=now,
        why=why,
        by=by,
        rang_at=now if phone else None,
        no_phone="" if phone else NO_PHONE,
    )
    unit.proofs.add(proof)
    page, ring = _effect(EffectKind.TEST_PAGE, proof), _effect(EffectKind.RING, proof)
    unit.outbox.put([page, ring, _stop(proof, now + WAIT_FOR_ANSWER)] if phone else [page], now)
    return proof


def answer_in_slack(house: House, ask: Ask, proof_id: str) -> None:
    """The person who was tested pressed Acknowledge; anybody else's press changes nothing."""

    def work(unit: Unit) -> None:
        proof = unit.proofs.get(proof_id, lock=True)
        if proof is not None and proof.user == ask.user and proof.slack_at is None:
            now = house.clock.now()
            end_test(unit, replace(proof, slack_at=now), now)

    house.store.write(work)


def end_test(unit: Unit, answered: Proof, now: datetime) -> None:
    """Keep an answer; the message shows it, and the phone stops. The one that ends the set-up is told."""
    unit.proofs.save(answered)
    if answered.why == SETUP:
        unit.outbox.put([_setup_done(answered)], now)
    edit = replace(_effect(EffectKind.UPDATE_TEST, answered), after=(_key(EffectKind.TEST_PAGE, answered),))
    unit.outbox.put([edit, _stop(answered, now)] if answered.rang_at else [edit], now)


def _stop(proof: Proof, at: datetime) -> Effect:
    """Once the ring itself has left. One of its own for each end: answered, and nobody came."""
    stop = _effect(EffectKind.STOP_RING, proof)
    return replace(stop, after=(_key(EffectKind.RING, proof),), not_before=at)


def _setup_done(answered: Proof) -> Effect:
    about = Tell.SETUP_DONE.value
    name, subject = f"tell:{about}:{answered.id}", f"{TEST}{answered.id}"
    return Effect(EffectKind.TELL, name, subject, {"about": about}, (answered.by,), priority=Priority.STATUS)


def test_of(unit: Unit, subject: str) -> Proof | None:
    """The test that an effect is about."""
    return unit.proofs.get(subject.removeprefix(TEST)) if subject.startswith(TEST) else None


def _key(kind: EffectKind, proof: Proof) -> str:
    return f"{kind.value}:{proof.id}"


def _effect(kind: EffectKind, proof: Proof) -> Effect:
    answers = f":{proof.slack_at is not None}{proof.phone_at is not None}"
    name = _key(kind, proof) + (answers if kind in (EffectKind.UPDATE_TEST, EffectKind.STOP_RING) else "")
    return Effect(kind, name, f"{TEST}{proof.id}", users=(proof.user,), priority=Priority.PAGE)

"""The set-up in chat: writes what applying a file would, and ends with a test page that must be answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from incidents.access import Action, demand, may
from incidents.effects import Effect, EffectKind, Priority, Tell
from incidents.errors import NotAllowed, NothingToDo
from incidents.first_schedule import SetupWish, organisation_of
from incidents.model import UserId
from incidents.operations.proving import TEST, send_test
from incidents.operations.scene import known
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from incidents.ringing import SETUP, Proof
from rotations.model import Organisation, Seat
from rotations.revision import revised
from rotations.shifts import resolver_of

TEST_FACT = "setup.test"
WAITS = timedelta(minutes=5)


class Standing(Struct, frozen=True):
    """What is set up. `proof` is the test page that ends the set-up, `proven` the name of who has it."""

    actor: Actor
    organisation: Organisation | None
    is_set_up: bool
    may_set_up: bool
    proof: Proof | None
    proven: str
    now: datetime


class SetUp(Struct, frozen=True):
    """What was written, and who has to answer the test page."""

    organisation: Organisation
    to: Actor
    proof: Proof


def standing(house: House, user: UserId) -> Standing:
    """Raises NotKnownYet, NotAllowed."""

    def work(unit: Unit) -> Standing:
        actor = known(unit, user)
        demand(actor, Action.SEE_ROTA)
        organisation = unit.schedules.organisation()
        proof = unit.proofs.get(unit.facts.get(TEST_FACT))
        proven = unit.people.actor(proof.user) if proof else None
        name = proven.name if proven else ""
        is_ready = is_set_up(organisation)
        first = _may_set_up(actor, organisation)
        return Standing(actor, organisation, is_ready, first, proof, name, house.clock.now())

    return house.store.read(work)


def is_set_up(organisation: Organisation | None) -> bool:
    """There is a schedule: from then on it is changed, by leads or a file, and not begun anew."""
    return organisation is not None and organisation.paged_schedule() is not None


def set_up(house: House, ask: Ask, wish: SetupWish) -> SetUp:
    """Until somebody is set up anybody of the team may do it; afterwards the schedule is changed by leads.

    The test page goes to whoever is on call at this moment. Raises NotASetup, NotAllowed, NothingToDo.
    """

    def work(unit: Unit) -> SetUp:
        unit.schedules.hold()
        now = house.clock.now()
        actor = known(unit, ask.user)
        standing = unit.schedules.organisation()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return _before(unit, standing, actor)
        if is_set_up(standing):
            raise NothingToDo("Meridian is set up already. /incident setup shows what a lead can change.")
        if not _may_set_up(actor, standing):
            raise NotAllowed("Guests cannot set Meridian up. Ask somebody of the team.")
        made = organisation_of(wish, {one.user: one for one in unit.people.everybody()}, now)
        unit.schedules.apply(revised(standing or Organisation(), made, now), now, actor.user)
        unit.audit.write(now, actor.user, "set up", "schedules", {"people": str(len(made.people))})
        return _tested(house, unit, made, actor)

    return house.store.write(work)


def test_again(house: House, ask: Ask) -> SetUp:
    """Another test page, to whoever is on call now: the set-up ends with one that was answered.

    By a lead. Raises NotAllowed, NothingToDo.
    """

    def work(unit: Unit) -> SetUp:
        actor = known(unit, ask.user)
        demand(actor, Action.TEST_ANY)
        organisation = unit.schedules.organisation()
        if organisation is None or not is_set_up(organisation):
            raise NothingToDo("Meridian is not set up yet. /incident setup does it in five minutes.")
        if ask.delivery and not unit.inbox.first(ask.delivery, house.clock.now()):
            return _before(unit, organisation, actor)
        return _tested(house, unit, organisation, actor)

    return house.store.write(work)


def _tested(house: House, unit: Unit, organisation: Organisation, actor: Actor) -> SetUp:
    """A test page to whoever is on call now, and a word to the asker when nobody answers it."""
    now = house.clock.now()
    to = _on_call(unit, organisation, now) or actor
    proof = send_test(house, unit, to, actor.user, SETUP)
    unit.facts.put(TEST_FACT, proof.id)
    unit.outbox.put([_reminder(proof)], now)
    unit.audit.write(now, actor.user, "test page", f"{TEST}{proof.id}", {"to": to.user})
    return SetUp(organisation, to, proof)


def _may_set_up(actor: Actor, standing: Organisation | None) -> bool:
    return not is_set_up(standing) and not actor.is_outside and may(actor, Action.OVERRIDE_OWN)


def _before(unit: Unit, standing: Organisation | None, actor: Actor) -> SetUp:
    """What the first delivery of the same form has done."""
    proof = unit.proofs.get(unit.facts.get(TEST_FACT))
    if standing is None or proof is None:
        raise NothingToDo("That form was sent before. /incident setup shows what is set up.")
    return SetUp(standing, unit.people.actor(proof.user) or actor, proof)


def _on_call(unit: Unit, organisation: Organisation, now: datetime) -> Actor | None:
    """Whoever is primary now, as far as Slack knows them."""
    rows = resolver_of(organisation).at(now)
    keys: Sequence[str] = [key for row in rows if row.seat is Seat.PRIMARY for key in row.people]
    ids = unit.schedules.slack_ids()
    return next((actor for key in keys if (actor := unit.people.actor(ids.get(key, "")))), None)


def _reminder(proof: Proof) -> Effect:
    """To whoever set it up, when the test is not answered in time; it is not sent when it was."""
    about = Tell.SETUP_SILENT.value
    return Effect(
        EffectKind.TELL,
        f"tell:{about}:{proof.id}",
        f"{TEST}{proof.id}",
        {"about": about},
        (proof.by,),
        priority=Priority.STATUS,
        not_before=proof.asked_at + WAITS,
    )

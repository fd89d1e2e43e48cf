"""How long a terminal rings where no bot runs: while anybody who was called may still come by themselves."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.alive import ALIVE
from bot.cli.waited_for import still_at_work, waited_for
from incidents.decision import stamp
from incidents.model import Severity, Target
from incidents.operations import proving, responding
from incidents.operations.ringing import answered_by_phone
from incidents.people import Ask
from storage.opening import SqlStore
from tests.support.house import TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA, PRIYA, WAVE

Waits = Callable[[str], Sequence[str]]


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    plain = example_house(store)
    return replace(plain, house=replace(plain.house, phone_of=lambda actor: f"webhook:{actor.user}"))


@pytest.fixture
def waits(there: TestHouse) -> Waits:
    return lambda key: there.store.read(lambda unit: waited_for(unit, key, there.clock.now()))


def ring(there: TestHouse) -> None:
    """The phones that are due ring, as they do while Slack is away."""
    there.slack()


def test_it_waits_for_whoever_was_called_though_somebody_has_the_incident(
    there: TestHouse, waits: Waits
) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    responding.acknowledge(there.house, Ask(ANA), key)
    assert waits(key) == ()
    responding.bring_in(there.house, Ask(PRIYA), key, Target(seat="backup"))
    assert waits(key) == ("INC-1 waits for Bo Chen.",)
    there.later(minutes=1)
    ring(there)
    page = next(page for page in there.incident(key).pages if page.user == BO)
    answered_by_phone(there.house, f"ring:{key}:{page.id}", "", there.clock.now())
    ring(there)
    assert waits(key) == ()


def test_it_waits_for_the_people_of_every_open_incident(there: TestHouse, waits: Waits) -> None:
    first = there.declare(WAVE, severity=Severity.SEV1).key
    there.declare("Another one altogether", severity=Severity.SEV1)
    responding.acknowledge(there.house, Ask(ANA), first)
    assert waits(first) == ("INC-2 waits for Ana Lima.",)
    responding.acknowledge(there.house, Ask(ANA), "INC-2")
    assert waits(first) == ()


def test_it_waits_for_legal_whose_phone_rings_on(there: TestHouse, waits: Waits) -> None:
    key = there.declare(WAVE, severity=Severity.SEV0).key
    ring(there)
    responding.acknowledge(there.house, Ask(DANA), key)
    ring(there)
    assert waits(key) == ("INC-1 waits for Iris Falk.",)


def test_it_waits_until_phones_that_are_to_stop_have_stopped(there: TestHouse, waits: Waits) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    there.later(minutes=1)
    ring(there)
    responding.acknowledge(there.house, Ask(ANA), key)
    assert waits(key) == ("A phone has still to ring or to stop.",)
    ring(there)
    assert waits(key) == ()


def test_it_waits_for_somebody_to_have_its_own_incident_though_nobody_is_left_to_page(
    there: TestHouse, waits: Waits
) -> None:
    silent = replace(there.house, phone_of=lambda actor: "")
    there = replace(there, house=silent)
    key = there.declare(WAVE, severity=Severity.SEV1).key
    for _ in range(40):
        there.slack()
        there.later(minutes=5)
    assert waits(key) == ("Nobody has INC-1 yet.",)
    assert waits("INC-404") == ()


def test_a_mild_one_that_has_reached_its_person_in_slack_holds_no_terminal(
    there: TestHouse, waits: Waits
) -> None:
    there.declare("A slow queue", severity=Severity.SEV3)
    there.slack()
    there.later(minutes=1)
    assert waits("INC-404") == ()


def test_a_test_that_nobody_answers_holds_no_terminal(there: TestHouse, waits: Waits) -> None:
    proving.ask_for_proof(there.house, Ask(DANA), ANA)
    ring(there)
    assert waits("INC-404") == ()


class TestWhetherAnotherKeepsTime:
    """A process that was killed is still on record for half a minute."""

    def test_what_was_killed_is_not_believed(self, there: TestHouse) -> None:
        there.store.write(lambda unit: unit.facts.put(ALIVE, stamp(there.clock.now())))
        began = there.clock.now()
        assert not still_at_work(there.store, there.clock, lambda s: there.clock.advance(seconds=s))
        assert there.clock.now() - began <= timedelta(seconds=31)

    def test_what_says_so_again_is(self, there: TestHouse) -> None:
        def pause(seconds: float) -> None:
            there.clock.advance(seconds=seconds)
            there.store.write(lambda unit: unit.facts.put(ALIVE, stamp(there.clock.now())))

        there.store.write(lambda unit: unit.facts.put(ALIVE, stamp(there.clock.now())))
        assert still_at_work(there.store, there.clock, pause)

    def test_who_was_never_heard_is_not_waited_for(self, there: TestHouse) -> None:
        assert not still_at_work(there.store, there.clock, lambda s: pytest.fail("nothing to wait for"))

"""The set-up in chat: it writes what a file would, and is finished when the test page is answered."""

from datetime import datetime, time

import pytest
from msgspec.structs import replace

from incidents.effects import EffectKind, Tell
from incidents.errors import NotAllowed, NothingToDo, NotKnownYet
from incidents.first_schedule import NotASetup, RegionWish, SetupWish
from incidents.operations import proving, setting_up
from incidents.operations.setting_up import SetUp, Standing
from incidents.people import Ask
from rotations.model import Organisation, Person
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse, example_house, example_people
from tests.support.incidents import ANA, BO, DANA, PRIYA, told

AMER = RegionWish("AMER", (ANA, BO), "America/New_York", time(12))
WISH = SetupWish((AMER,), (DANA,), announce="C1", team="C2")


@pytest.fixture
def empty(store: SqlStore) -> TestHouse:
    """A workspace whose people are known, and nothing else."""
    there = example_house(store)
    store.write(lambda unit: unit.schedules.apply(Organisation(), MONDAY, "test"))
    return there


def sends(there: TestHouse, by: str = DANA, wish: SetupWish = WISH, delivery: str = "") -> SetUp:
    return setting_up.set_up(there.house, Ask(by, delivery), wish)


def seen(there: TestHouse, by: str = DANA) -> Standing:
    return setting_up.standing(there.house, by)


def test_anybody_of_the_team_may_set_an_empty_workspace_up(empty: TestHouse) -> None:
    assert seen(empty, BO).may_set_up
    done = sends(empty, BO)
    stored = empty.store.read(lambda unit: unit.schedules.organisation())
    assert stored == done.organisation
    assert not seen(empty, DANA).may_set_up
    assert seen(empty, DANA).actor.is_lead


def test_the_test_page_goes_to_whoever_is_on_call_now_and_its_answer_is_told(empty: TestHouse) -> None:
    done = sends(empty)
    assert done.to.user == ANA
    assert [e.users for e in empty.slack() if e.kind is EffectKind.TEST_PAGE] == [(ANA,)]
    assert (_answered(empty), seen(empty).proven) == (None, "Ana Lima")
    proving.answer_in_slack(empty.house, Ask(ANA), done.proof.id)
    assert told(empty.slack(), Tell.SETUP_DONE) == {DANA}
    assert _answered(empty) == MONDAY


def _answered(there: TestHouse) -> datetime | None:
    proof = seen(there).proof
    assert proof is not None
    return proof.answered_at


def test_silence_of_five_minutes_is_told_and_the_test_can_be_sent_again(empty: TestHouse) -> None:
    first = sends(empty)
    assert told(empty.slack(), Tell.SETUP_SILENT) == set()
    empty.clock.advance(minutes=5)
    assert told(empty.slack(), Tell.SETUP_SILENT) == {DANA}
    again = setting_up.test_again(empty.house, Ask(DANA))
    assert again.proof.id != first.proof.id
    assert seen(empty).proof == again.proof
    with pytest.raises(NotAllowed):
        setting_up.test_again(empty.house, Ask(BO))


def test_where_nobody_on_call_is_known_the_test_goes_to_who_asked(empty: TestHouse) -> None:
    sends(empty)
    empty.store.write(lambda unit: unit.schedules.apply(_nameless(unit.schedules.organisation()), MONDAY, ""))
    empty.store.write(lambda unit: unit.people.link_addresses({"dana@example.com": DANA}))
    assert setting_up.test_again(empty.house, Ask(DANA)).to.user == DANA


def _nameless(organisation: Organisation | None) -> Organisation:
    """Everybody but Dana is known by an address that Slack does not know."""
    assert organisation is not None
    people = (replace(one, slack=one.slack if one.lead else "x@example.com") for one in organisation.people)
    return replace(organisation, people=tuple(people))


def test_a_form_that_comes_twice_sets_up_once(empty: TestHouse) -> None:
    first = sends(empty, delivery="view:1")
    again = sends(empty, delivery="view:1")
    assert again.proof == first.proof
    assert [e.users for e in empty.slack() if e.kind is EffectKind.TEST_PAGE] == [(ANA,)]
    second = setting_up.test_again(empty.house, Ask(DANA, "press:1"))
    assert setting_up.test_again(empty.house, Ask(DANA, "press:1")).proof == second.proof


def test_what_is_set_up_is_not_set_up_again(store: SqlStore) -> None:
    there = example_house(store)
    assert not seen(there, ANA).may_set_up
    with pytest.raises(NothingToDo, match="set up already"):
        sends(there)


def test_guests_strangers_and_forms_that_cannot_work_set_nothing_up(empty: TestHouse) -> None:
    guest = next(replace(one, is_guest=True) for one in example_people() if one.user == PRIYA)
    empty.store.write(lambda unit: unit.people.put_profiles([guest], MONDAY))
    with pytest.raises(NotAllowed):
        sends(empty, PRIYA)
    with pytest.raises(NotAllowed):
        seen(empty, PRIYA)
    with pytest.raises(NotKnownYet):
        sends(empty, "UNOBODY")
    with pytest.raises(NotASetup):
        sends(empty, wish=replace(WISH, leads=()), delivery="view:2")
    assert sends(empty, delivery="view:2").to.user == ANA


def test_before_the_set_up_there_is_nothing_to_test(empty: TestHouse) -> None:
    lead = Organisation((Person("dana", "Dana Ortiz", DANA, lead=True),))
    empty.store.write(lambda unit: unit.schedules.apply(lead, MONDAY, "test"))
    with pytest.raises(NothingToDo, match="not set up yet"):
        setting_up.test_again(empty.house, Ask(DANA))


def test_a_delivery_that_was_for_something_else_says_so(empty: TestHouse) -> None:
    empty.store.write(lambda unit: unit.inbox.first("view:3", MONDAY))
    with pytest.raises(NothingToDo, match="sent before"):
        sends(empty, delivery="view:3")

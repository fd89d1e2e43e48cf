"""User groups on both databases: they hold whoever has the seat; an empty seat leaves the last holder in."""

from datetime import time, timedelta

import pytest
from msgspec.structs import replace

from handlers.calls import Call, Skip
from handlers.outbound import render
from incidents.effects import Effect, EffectKind
from incidents.operations import handoff_groups
from incidents.ports import Unit
from rotations.model import Mode, Organisation, Override, OverrideKind, Seat
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse, example_house
from tests.support.incidents import ANA, CY, KENJI

GROUPS = {"oncall": ("S1", ()), "oncall-amer": ("S2", (ANA,)), "marketing": ("S9", (CY,))}


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    house = example_house(store)
    handoff_groups.keep_known(house.house, GROUPS)
    return house


def set_groups(there: TestHouse) -> dict[str, str]:
    """What is sent now: group → its people."""
    sent = [effect for effect in there.slack() if effect.kind is EffectKind.SET_USER_GROUP]
    calls = [rendered(there, effect) for effect in sent]
    return {one.args["usergroup"]: one.args["users"] for one in calls if isinstance(one, Call)}


def rendered(there: TestHouse, effect: Effect) -> object:
    return there.store.read(lambda unit: render(effect, unit, there.house))


def override(there: TestHouse, kind: OverrideKind, *people: str) -> None:
    kept = Override("o", "safety", "AMER", Seat.PRIMARY, kind, people, MONDAY, MONDAY + timedelta(hours=2))

    def work(unit: Unit) -> None:
        unit.schedules.hold()
        unit.schedules.add_override(kept, there.clock.now())

    there.store.write(work)


def test_a_group_that_is_there_gets_whoever_has_the_seat_and_one_that_has_them_is_left_alone(
    there: TestHouse,
) -> None:
    assert set_groups(there) == {"S1": ANA}


def test_it_follows_the_shift_change_at_once(there: TestHouse) -> None:
    there.slack()
    there.later(hours=6)
    assert set_groups(there) == {"S1": KENJI}


def test_it_follows_an_override_and_asks_once(there: TestHouse) -> None:
    there.slack()
    override(there, OverrideKind.REPLACE, "cy")
    handoff_groups.follow_all(there.house)
    handoff_groups.follow_all(there.house)
    assert set_groups(there) == {"S1": CY, "S2": CY}


def test_an_empty_seat_leaves_the_last_holder_in_the_group_and_says_so_once(there: TestHouse) -> None:
    there.slack()
    there.store.write(lambda unit: unit.facts.put("channel.operations", "C0OPS"))
    override(there, OverrideKind.REMOVE, "ana")
    handoff_groups.follow_all(there.house)
    handoff_groups.follow_all(there.house)
    sent = there.slack()
    assert EffectKind.SET_USER_GROUP not in {effect.kind for effect in sent}
    said = [rendered(there, effect) for effect in sent if effect.kind is EffectKind.NOTICE]
    assert len(said) == 2
    assert "@oncall still reaches Ana Lima: nobody is scheduled" in str(said[0])


def test_a_group_that_somebody_changed_by_hand_follows_the_seat_again(there: TestHouse) -> None:
    there.slack()
    there.clock.advance(minutes=1)
    handoff_groups.keep_known(there.house, {"oncall": ("S1", (CY,))})
    assert set_groups(there) == {"S1": ANA}


def test_a_change_that_slack_refuses_is_told_once_asked_again_and_given_up_only_once(
    there: TestHouse,
) -> None:
    there.store.write(lambda unit: unit.facts.put("channel.operations", "C0OPS"))
    sent: list[Effect] = []
    for _ in range(3):
        sent += there.slack({EffectKind.SET_USER_GROUP: "permission_denied"})
        there.clock.advance(minutes=1)
        handoff_groups.keep_known(there.house, GROUPS)
    [notice] = [effect for effect in sent if effect.kind is EffectKind.NOTICE]
    assert "@oncall still reaches whoever was in it" in str(rendered(there, notice))
    [given_up] = there.store.read(lambda unit: unit.dead_letters.listed())
    assert given_up.key == sent[-1].key
    assert set_groups(there) == {"S1": ANA}


def test_a_group_that_is_gone_is_not_set_any_more(there: TestHouse) -> None:
    sent = [effect for effect in there.slack() if effect.kind is EffectKind.SET_USER_GROUP]
    handoff_groups.keep_known(there.house, {})
    assert isinstance(rendered(there, sent[0]), Skip)
    there.later(hours=6)
    assert set_groups(there) == {}


def test_without_schedules_no_group_is_asked_for(sqlite_store: SqlStore) -> None:
    there = example_house(sqlite_store)
    sqlite_store.write(lambda unit: unit.schedules.apply(Organisation(), MONDAY, "test"))
    assert handoff_groups.handles(there.house) == ()
    handoff_groups.keep_known(there.house, GROUPS)
    assert set_groups(there) == {}


def test_a_handle_is_made_of_the_regions_name(there: TestHouse) -> None:
    assert handoff_groups.handles(there.house) == ("oncall", "oncall-amer", "oncall-apac", "oncall-emea")
    assert handoff_groups.handle_of("EU (West)") == "oncall-eu-west"


def test_where_no_region_holds_the_common_group_keeps_its_last_people(there: TestHouse) -> None:
    there.slack()
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    first = organisation.schedules[0]
    morning = replace(first.regions[0], starts=time(9), ends=time(10))
    windows = replace(first, mode=Mode.WINDOWS, regions=(morning,))
    kept = replace(organisation, schedules=(windows, *organisation.schedules[1:]))
    there.store.write(lambda unit: unit.schedules.apply(kept, there.clock.now(), "test"))
    handoff_groups.follow_all(there.house)
    assert set_groups(there) == {}

"""Changes in chat at their worst: slow fingers, files applied in between, turns under other things."""

from datetime import time, timedelta

import pytest
from msgspec.structs import replace

from bot.applying import EXAMPLE, read_file
from incidents.errors import NothingToDo
from incidents.operations import rota_changes, swapping, taking_back
from incidents.people import Ask
from rotations.model import Hours, Layer, OverrideKind, Region, Seat
from rotations.questions import OverrideRequest
from rotations.revision import revised
from rotations.wishes import NamedShift, SwapWish
from storage.unit_of_work import SqlUnit
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import ANA, BO, DANA
from tests.support.schedules import rotation


def wish(person: str, start: float, hours: float) -> OverrideRequest:
    begins = MONDAY + timedelta(hours=start)
    ends = begins + timedelta(hours=hours)
    return OverrideRequest(
        (person,), "safety", "AMER", Seat.PRIMARY, begins, ends, "UTC", "dentist", OverrideKind.REPLACE
    )


def on_call(there: TestHouse, hours: float) -> tuple[str, ...]:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    at = MONDAY + timedelta(hours=hours)
    sits = there.house.rotas.resolver(organisation, "safety").seat_at("AMER", Seat.PRIMARY, at)
    assert sits is not None
    return sits.people


def test_an_override_from_now_on_is_confirmed_by_slow_fingers_too(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo", start=0, hours=2))
    there.clock.advance(seconds=40)
    change = rota_changes.confirm(there.house, Ask(ANA), change.id, 0)
    there.clock.advance(seconds=40)
    assert rota_changes.confirm(there.house, Ask(ANA), change.id, 1).is_done
    assert on_call(there, 0.1) == ("bo",)


def test_taking_back_what_runs_is_confirmed_by_slow_fingers_too(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo", start=0, hours=2))
    for step in (0, 1):
        rota_changes.confirm(there.house, Ask(ANA), change.id, step)
    there.clock.advance(minutes=30)
    undoing = taking_back.undo(there.house, Ask(ANA))
    for step in (0, 1):
        there.clock.advance(seconds=40)
        undoing = rota_changes.confirm(there.house, Ask(ANA), undoing.id, step)
    assert undoing.is_done
    assert (on_call(there, 0.2), on_call(there, 1)) == (("bo",), ("ana",))


def test_what_was_taken_back_stays_so_through_files_applied_before_and_after(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(DANA), wish("bo", start=48, hours=2))
    rota_changes.confirm(there.house, Ask(DANA), change.id, 0)
    reapply(there)
    assert on_call(there, 49) == ("bo",)
    undoing = taking_back.undo(there.house, Ask(DANA))
    rota_changes.confirm(there.house, Ask(DANA), undoing.id, 0)
    assert on_call(there, 49) == ("ana",)
    reapply(there)
    assert on_call(there, 49) == ("ana",)


def test_what_is_over_before_it_is_confirmed_changes_no_past(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo", start=0, hours=0.5))
    rota_changes.confirm(there.house, Ask(ANA), change.id, 0)
    there.clock.advance(minutes=31)
    with pytest.raises(NothingToDo, match="passed"):
        rota_changes.confirm(there.house, Ask(ANA), change.id, 1)
    assert on_call(there, 0.2) == ("ana",)


def test_a_turn_that_begins_under_a_layer_is_swapped_all_the_same(there: TestHouse) -> None:
    lunch = Layer("lunch", Seat.PRIMARY, rotation("cy"), (Hours((0,), time(11), time(14)),))
    reapply(there, lunch)
    made = swapping.offer(there.house, Ask(ANA), SwapWish("bo", "safety", "UTC", at(29 * 24), at(8 * 24)))
    swapping.accept(there.house, Ask(BO), made.id)
    assert (on_call(there, 8 * 24), on_call(there, 29 * 24)) == (("ana",), ("bo",))
    assert on_call(there, 7 * 24 - 1) == ("cy",)


def at(hours: float) -> NamedShift:
    return NamedShift(MONDAY + timedelta(hours=hours), MONDAY + timedelta(hours=hours))


def reapply(there: TestHouse, *layers: Layer) -> None:
    """The same file again, as `apply` does it: what stands is kept. With layers over AMER."""
    file = read_file(EXAMPLE)
    schedules = tuple(
        replace(one, regions=tuple(_laid(region, layers) for region in one.regions)) for one in file.schedules
    )

    def work(unit: SqlUnit) -> None:
        now, standing = there.clock.now(), unit.schedules.organisation()
        assert standing is not None
        unit.schedules.apply(revised(standing, replace(file, schedules=schedules), now), now, "test")

    there.store.write(work)


def _laid(region: Region, layers: tuple[Layer, ...]) -> Region:
    return replace(region, layers=layers) if region.name == "AMER" else region


def test_an_override_that_began_before_it_was_made_leaves_the_past_as_it_was(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(ANA), wish("bo", start=-3, hours=6))
    for step in (0, 1):
        there.clock.advance(minutes=10)
        rota_changes.confirm(there.house, Ask(ANA), change.id, step)
    assert [on_call(there, hours) for hours in (-1, 0.3, 0.4)] == [("ana",), ("ana",), ("bo",)]

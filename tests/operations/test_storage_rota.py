"""What was changed in chat as rows: withdrawn, as it stood at an instant, and never two changes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.operations import rota_changes
from incidents.people import Ask
from incidents.ports import House
from rotations.model import Absence, Organisation, Override, OverrideKind, Seat, Swap, TurnRef
from rotations.refusals import OverlappingOverride
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit
from tests.operations.test_operations_rota_changes import wish
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import DANA
from tests.support.rota import overridden

HOUR = timedelta(hours=1)
MADE = Override(
    "o1", "safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE, ("bo",), MONDAY, MONDAY + 4 * HOUR, by=DANA
)
TURN = TurnRef("AMER", Seat.PRIMARY, 47, "ana")
SWAP = Swap("s1", "safety", TURN, replace(TURN, number=48, person="bo"), DANA, "wedding")
AWAY = Absence("a1", "ana", MONDAY, MONDAY + 24 * HOUR, "flu", DANA)


def organisation(store: SqlStore) -> Organisation:
    found = store.read(lambda unit: unit.schedules.organisation())
    assert found is not None
    return found


def made_all(there: TestHouse) -> None:
    there.store.write(lambda unit: unit.schedules.add_override(MADE, MONDAY))
    there.store.write(lambda unit: unit.schedules.add_swap(SWAP, MONDAY))
    there.store.write(lambda unit: unit.schedules.add_absence(AWAY, MONDAY))


def ids_of(found: Organisation | None) -> list[str]:
    assert found is not None
    overrides, swaps = [one.id for one in found.overrides], [one.id for one in found.swaps]
    return [*overrides, *swaps, *(one.id for one in found.absences)]


def test_what_was_made_is_read_back_as_it_was_made(there: TestHouse) -> None:
    made_all(there)
    found = organisation(there.store)
    assert (found.overrides, found.swaps, found.absences) == ((MADE,), (SWAP,), (AWAY,))


def test_what_is_withdrawn_is_gone_and_the_past_of_an_override_stays(there: TestHouse) -> None:
    made_all(there)
    there.store.write(lambda unit: unit.schedules.withdraw(("o1", "s1", "a1"), MONDAY + HOUR))
    found = organisation(there.store)
    assert (found.overrides, found.swaps, found.absences) == ((replace(MADE, end=MONDAY + HOUR),), (), ())
    there.store.write(lambda unit: unit.schedules.withdraw(("o1",), MONDAY + 2 * HOUR))
    assert organisation(there.store).overrides[0].end == MONDAY + HOUR


def test_a_withdrawal_counts_for_the_copies_in_an_applied_version_too(there: TestHouse) -> None:
    made_all(there)
    there.store.write(lambda unit: unit.schedules.apply(organisation(there.store), MONDAY, "test"))
    there.store.write(lambda unit: unit.schedules.withdraw(("o1", "s1", "a1"), MONDAY))
    assert ids_of(organisation(there.store)) == []


@pytest.mark.parametrize(
    ("hours", "known"), [(-1, None), (0, []), (1, ["o1", "s1", "a1"]), (2, ["s1", "a1"]), (9, ["s1", "a1"])]
)
def test_it_is_read_as_it_stood_at_an_instant(
    there: TestHouse, hours: float, known: list[str] | None
) -> None:
    def change(unit: SqlUnit) -> None:
        unit.schedules.add_override(replace(MADE, start=MONDAY + 3 * HOUR), MONDAY + HOUR)
        unit.schedules.add_swap(SWAP, MONDAY + HOUR)
        unit.schedules.add_absence(AWAY, MONDAY + HOUR)
        unit.schedules.withdraw(("o1",), MONDAY + 2 * HOUR)

    there.store.write(change)
    found = there.store.read(lambda unit: unit.schedules.organisation_at(MONDAY + hours * HOUR))
    assert (None if found is None else ids_of(found)) == known


def test_another_process_sees_every_change_at_once(there: TestHouse, other: SqlStore) -> None:
    assert ids_of(organisation(other)) == []
    made_all(there)
    assert ids_of(organisation(other)) == ["o1", "s1", "a1"]
    there.store.write(lambda unit: unit.schedules.withdraw(("s1",), MONDAY))
    assert ids_of(organisation(other)) == ["o1", "a1"]
    assert organisation(other) is organisation(other)


def test_two_changes_at_once_never_overlap(there: TestHouse, other: SqlStore) -> None:
    second = House(other, there.clock, there.house.ids, there.house.runbooks)
    proposed = [rota_changes.override(there.house, Ask(DANA), wish(name, start=48)) for name in ("bo", "cy")]

    def confirm(number: int) -> bool:
        house = (there.house, second)[number]
        try:
            return rota_changes.confirm(house, Ask(DANA), proposed[number].id, 0).is_done
        except OverlappingOverride:
            return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, range(2))) == [False, True]
    assert len(organisation(other).overrides) == 1


def test_the_last_change_is_the_newest_of_this_person(there: TestHouse) -> None:
    overridden(there, DANA, wish("bo", start=48))
    there.clock.advance(minutes=1)
    newest = overridden(there, DANA, wish("cy", start=72))
    assert there.store.read(lambda unit: unit.requests.last_change(DANA)) == newest
    assert there.store.read(lambda unit: unit.requests.last_change("UANA")) is None


def test_what_is_rolled_back_is_not_remembered(there: TestHouse) -> None:
    def fails(unit: SqlUnit) -> None:
        unit.schedules.add_override(MADE, MONDAY)
        assert ids_of(unit.schedules.organisation()) == ["o1"]
        raise KeyError

    with pytest.raises(KeyError):
        there.store.write(fails)
    assert ids_of(organisation(there.store)) == []

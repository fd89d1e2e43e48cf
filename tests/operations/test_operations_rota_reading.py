"""What is read to word a change of the rota: names and zones, what speaks against somebody, what is ahead."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.operations import rota_changes
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.rota_reading import objections, shifts_in, swappable, view_of
from incidents.people import Ask
from rotations.model import Organisation, OverrideKind, Person, Seat
from rotations.wishes import AbsenceWish
from storage.opening import SqlStore
from tests.operations.test_operations_rota_changes import wish
from tests.support.house import MONDAY, TestHouse, example_house
from tests.support.incidents import ANA, DANA


@pytest.fixture
def there(sqlite_store: SqlStore) -> TestHouse:
    return example_house(sqlite_store)


def test_people_are_named_and_read_in_the_zone_of_their_profile(there: TestHouse) -> None:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    new = replace(organisation, people=(*organisation.people, Person("zed", "Zed Ng", zone="Asia/Tokyo")))
    there.store.write(lambda unit: unit.schedules.apply(new, MONDAY, "test"))
    view = view_of(there.house, Ask(ANA), ("nothing",))
    assert (view.name("bo"), view.zone("bo")) == ("Bo Chen", "America/Los_Angeles")
    assert (view.name("zed"), view.zone("zed")) == ("Zed Ng", "Asia/Tokyo")
    assert (view.name("who"), view.zone("who")) == ("who", "UTC")
    assert (view.me, view.requests) == ("ana", ())


def test_before_any_schedule_there_is_nothing_to_change(there: TestHouse) -> None:
    there.store.write(lambda unit: unit.schedules.apply(Organisation(), MONDAY, "test"))
    with pytest.raises(NoScheduleYet):
        view_of(there.house, Ask(ANA))


def test_what_speaks_against_somebody_stands_beside_the_question(there: TestHouse) -> None:
    change = rota_changes.override(there.house, Ask(DANA), wish("bo", start=48))
    assert objections(there.house, Ask(DANA), change) == {"bo": ("Is on call then: AMER backup.",)}
    off = rota_changes.override(there.house, Ask(DANA), wish("ana", start=48, kind=OverrideKind.REMOVE))
    assert objections(there.house, Ask(DANA), off) == {}
    free = rota_changes.override(there.house, Ask(DANA), wish("priya", start=48))
    assert objections(there.house, Ask(DANA), free) == {}


def test_the_shifts_under_an_absence_are_their_own(there: TestHouse) -> None:
    away = AbsenceWish(None, MONDAY - timedelta(hours=3), MONDAY + timedelta(days=1), "UTC")
    (absence,) = rota_changes.absent(there.house, Ask(ANA), away).edit.absences
    shifts = shifts_in(there.house, Ask(ANA), absence)
    assert {(shift.person, shift.seat) for shift in shifts} == {("ana", Seat.PRIMARY)}
    assert shifts[0].start == MONDAY


def test_two_without_a_common_schedule_have_nothing_to_swap(there: TestHouse) -> None:
    found = swappable(there.house, Ask(ANA), "iris")
    assert found.schedule == "safety"
    assert not found.theirs

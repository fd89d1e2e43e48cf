"""An import is taken back as a whole: the plan is as it was; what was served and said in chat stays."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from incidents.errors import NotAllowed
from incidents.moves import NeedsSecondLook
from incidents.operations import importing, rota_editing
from incidents.operations.importing import How, TakenBack
from incidents.operations.rota_editing import Weighed, weigh
from incidents.people import Ask
from incidents.ports import Unit
from incidents.rota_imports import NothingImported
from rotations.model import Organisation, Override, OverrideKind, Person, RosterShift, Seat
from rotations.putting_back import ChangedSince
from rotations.replanning import NewOrder, NewShifts, Place, replanned
from rotations.shifts import resolver_of
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import ANA, DANA

PLACE = ("AMER", Seat.PRIMARY)
LATER = MONDAY + timedelta(days=10)


def imports(
    there: TestHouse, person: str, days: int = 10, *, is_sure: bool = True, dry_run: bool = False
) -> Weighed:
    """Five days of one person, from so many days on."""
    start = MONDAY + timedelta(days=days)
    shifts = NewShifts("safety", {PLACE: (RosterShift((person,), start, start + timedelta(days=5)),)})

    def weighing(unit: Unit) -> Weighed:
        now, standing = there.house.clock.now(), unit.schedules.organisation()
        assert standing is not None
        return weigh(standing, replanned(standing, shifts, now), now)

    return importing.put_import(there.house, weighing, "old.ics", How("us", dry_run, is_sure))


def undoes(there: TestHouse, *, is_sure: bool = True, dry_run: bool = False) -> TakenBack:
    return importing.undo(there.house, "us", is_sure=is_sure, dry_run=dry_run)


def standing(there: TestHouse) -> Organisation:
    found = there.store.read(lambda unit: unit.schedules.organisation())
    assert found is not None
    return found


def year(there: TestHouse, days: int = 0) -> list[object]:
    """Who is on which seat, when, from so many days on."""
    start = MONDAY + timedelta(days=days)
    rows, gaps = resolver_of(standing(there), "safety").between(start, MONDAY + timedelta(days=200))
    return [*((row.region, row.seat, row.people, row.start, row.end) for row in rows), *gaps]


def test_an_import_is_taken_back_as_a_whole(there: TestHouse) -> None:
    before = year(there)
    imports(there, "bo")
    assert year(there) != before
    assert undoes(there).was.source == "old.ics"
    assert year(there) == before


def test_what_was_served_by_an_import_stays(there: TestHouse) -> None:
    imports(there, "bo", days=0)
    before_undo = year(there)
    there.clock.advance(days=2)
    undoes(there)
    rows, _ = resolver_of(standing(there), "safety").between(MONDAY, MONDAY + timedelta(days=2))
    assert {row.people for row in rows if (row.region, row.seat) == PLACE} == {("bo",)}
    assert year(there, days=3) != before_undo


def test_imports_are_taken_back_one_after_the_other(there: TestHouse) -> None:
    first = year(there, days=2)
    imports(there, "bo")
    second = year(there, days=2)
    imports(there, "cy", days=12)
    there.clock.advance(days=1)
    undoes(there)
    assert year(there, days=2) == second
    undoes(there)
    assert year(there, days=2) == first
    with pytest.raises(NothingImported):
        undoes(there)


def test_a_plan_that_was_changed_since_is_not_taken_back(there: TestHouse) -> None:
    imports(there, "bo")
    order = NewOrder(Place("safety", "EMEA", Seat.PRIMARY), (("niamh",),), date(2026, 12, 28))
    rota_editing.carry_out(there.house, Ask(DANA), order, is_sure=True)
    with pytest.raises(ChangedSince):
        undoes(there)


def test_what_was_said_in_chat_since_stays(there: TestHouse) -> None:
    imports(there, "bo")
    made = Override(
        "o1",
        "safety",
        "AMER",
        Seat.PRIMARY,
        OverrideKind.REPLACE,
        ("cy",),
        LATER,
        LATER + timedelta(1),
        by=DANA,
    )
    there.store.write(lambda unit: unit.schedules.add_override(made, MONDAY))
    undoes(there)
    assert made in standing(there).overrides


def test_what_comes_soon_is_confirmed_before_it_is_taken_back(there: TestHouse) -> None:
    imports(there, "bo", days=0)
    imported = year(there)
    with pytest.raises(NeedsSecondLook):
        undoes(there, is_sure=False)
    assert year(there) == imported
    undoes(there)


def test_a_look_takes_nothing_back(there: TestHouse) -> None:
    imports(there, "bo")
    imported = year(there)
    assert undoes(there, dry_run=True).weighed.moved
    assert year(there) == imported


def test_a_look_at_an_import_keeps_nothing(there: TestHouse) -> None:
    imports(there, "bo", dry_run=True)
    with pytest.raises(NothingImported):
        undoes(there)


def test_an_import_that_changes_nothing_is_not_kept(there: TestHouse) -> None:
    imports(there, "bo")
    imports(there, "bo")
    undoes(there)
    with pytest.raises(NothingImported):
        undoes(there)


def test_people_who_came_with_an_import_stay_known(there: TestHouse) -> None:
    def weighing(unit: Unit) -> Weighed:
        was = unit.schedules.organisation()
        assert was is not None
        more = replace(was, people=(*was.people, Person("zoe", "Zoe")))
        return weigh(was, more, there.house.clock.now())

    importing.put_import(there.house, weighing, "export.json", How("us", is_sure=True))
    undoes(there)
    assert standing(there).person("zoe") is not None


def test_a_lead_takes_back_what_was_shown_and_once(there: TestHouse) -> None:
    before = year(there)
    imports(there, "bo")
    shown = importing.look(there.house, DANA).was
    with pytest.raises(NotAllowed):
        importing.look(there.house, ANA)
    with pytest.raises(NotAllowed):
        importing.take_back(there.house, Ask(ANA), shown.id, is_sure=True)
    assert importing.take_back(there.house, Ask(DANA, "d1"), shown.id, is_sure=False).was == shown
    assert year(there) == before
    assert importing.take_back(there.house, Ask(DANA, "d1"), shown.id, is_sure=False).was.id == shown.id
    with pytest.raises(NothingImported):
        importing.take_back(there.house, Ask(DANA, "d2"), shown.id, is_sure=True)


def test_another_import_since_is_not_taken_back_in_its_place(there: TestHouse) -> None:
    imports(there, "bo")
    shown = importing.look(there.house, DANA).was
    there.clock.advance(minutes=1)
    imports(there, "cy", days=12)
    stood = year(there)
    with pytest.raises(NothingImported):
        importing.take_back(there.house, Ask(DANA), shown.id, is_sure=True)
    assert year(there) == stood

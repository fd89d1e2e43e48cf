"""Leads change the plan: weighed first, confirmed where it is soon, told to everybody whose shift moves."""

from datetime import date, timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from handlers.calls import Call, Skip
from handlers.outbound import render
from incidents.effects import Effect, Tell
from incidents.errors import NotAllowed, NothingToDo
from incidents.moves import NeedsSecondLook
from incidents.operations import rota_editing
from incidents.operations.moved_shifts import tell_moved
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.rota_editing import Proposal
from incidents.operations.rota_importing import import_roster, paste_roster
from incidents.people import Ask
from rotations.changes import Moved
from rotations.model import Organisation, Person, Seat
from rotations.replanning import NewOrder, NewPerson, Place
from rotations.roster_csv import RosterWish
from rotations.shifts import resolver_of
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse
from tests.support.incidents import ANA, BO, DANA, PRIYA, told

PLACE = Place("safety", "AMER", Seat.PRIMARY)
LATER = NewOrder(PLACE, (("priya",), ("bo",), ("ana",), ("cy",)), date(2026, 12, 14))
NOW = NewOrder(PLACE, (("bo",), ("ana",), ("cy",), ("priya",)), date(2026, 11, 30))
SHADOWS = "person,start,end,zone,seat\nkenji,2026-12-03 09:00,2026-12-03 17:00,Europe/Dublin,EMEA shadow"
BACKUPS = "person,start,end,zone,seat\nkenji,2026-12-03 09:00,2026-12-03 17:00,Europe/Dublin,EMEA backup"


def does(
    there: TestHouse, edit: NewOrder | NewPerson, by: str = DANA, delivery: str = "", is_sure: bool = False
) -> Proposal:
    return rota_editing.carry_out(there.house, Ask(by, delivery), edit, is_sure)


def primary(there: TestHouse, **later: float) -> tuple[str, ...]:
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    rows = resolver_of(organisation).at(MONDAY + timedelta(**later))
    return next(row.people for row in rows if row.seat is Seat.PRIMARY)


def test_an_order_for_later_is_carried_out_at_once_and_told(there: TestHouse) -> None:
    shown = rota_editing.propose(there.house, DANA, LATER)
    assert shown.weighed.alarming == ()
    assert primary(there, days=14) == ("cy",)
    done = does(there, LATER)
    assert done.weighed.moved == shown.weighed.moved
    assert primary(there, days=14) == ("priya",)
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {BO, PRIYA, "UCY"}


def test_what_is_soon_is_asked_back_and_nothing_is_stored_before(there: TestHouse) -> None:
    with pytest.raises(NeedsSecondLook, match="Bo Chen instead of Ana Lima") as refused:
        does(there, NOW)
    assert refused.value.rows[0].before == ("ana",)
    assert (primary(there, minutes=1), told(there.slack(), Tell.SHIFTS_MOVED)) == (("ana",), set())
    does(there, NOW, is_sure=True)
    assert primary(there, minutes=1) == ("bo",)


def test_the_lead_who_answers_for_it_is_told_when_another_does_it(there: TestHouse) -> None:
    does(there, NOW, by="UHARUKA", is_sure=True)
    assert DANA in told(there.slack(), Tell.SHIFTS_MOVED)


def test_a_redelivery_changes_nothing_more(there: TestHouse) -> None:
    does(there, LATER, delivery="view:1")
    there.slack()
    does(there, replace(LATER, since_on=date(2026, 12, 21)), delivery="view:1")
    assert (primary(there, days=14), told(there.slack(), Tell.SHIFTS_MOVED)) == (("priya",), set())


def test_what_is_so_already_says_so(there: TestHouse) -> None:
    does(there, LATER)
    with pytest.raises(NothingToDo, match="how it is already"):
        does(there, LATER)


def test_nobody_but_a_lead_changes_the_plan(there: TestHouse) -> None:
    for work in (partial(does, there, LATER, by=ANA), partial(rota_editing.plan_of, there.house, ANA)):
        with pytest.raises(NotAllowed):
            work()
    with pytest.raises(NotAllowed):
        paste_roster(there.house, Ask(ANA), SHADOWS, RosterWish())


def test_without_a_schedule_there_is_nothing_to_change(there: TestHouse) -> None:
    lead = Organisation((Person("dana", "Dana", DANA, lead=True),))
    there.store.write(lambda unit: unit.schedules.apply(lead, MONDAY, "test"))
    with pytest.raises(NoScheduleYet):
        rota_editing.propose(there.house, DANA, LATER)
    with pytest.raises(NoScheduleYet):
        import_roster(there.house, SHADOWS, RosterWish(), "test")


def test_a_person_more_moves_nobody_before_their_first_turn(there: TestHouse) -> None:
    joining = NewPerson(Person("joyce", "Joyce Day", "UJOYCE"), (PLACE,), date(2026, 12, 1))
    done = does(there, joining)
    assert next(row.after for row in done.weighed.moved) == ("joyce",)
    assert done.weighed.names()["joyce"] == "Joyce Day"
    assert primary(there, days=28) == ("joyce",)


def test_paging_another_schedule_is_asked_back_though_no_shift_moves(there: TestHouse) -> None:
    before, _, now = rota_editing.plan_of(there.house, DANA)
    weighed = rota_editing.weigh(before, replace(before, paged="legal"), now)
    assert weighed.moved == ()
    assert [(row.schedule, row.seat, row.before, row.after) for row in weighed.alarming] == [
        ("legal", Seat.PRIMARY, ("ana",), ("iris",))
    ]
    nothing = rota_editing.weigh(before, replace(before, schedules=(), paged=None), now)
    assert {row.after for row in nothing.alarming} == {()}


def test_a_schedule_that_goes_leaves_its_people_off_and_is_asked_back(there: TestHouse) -> None:
    before, _, now = rota_editing.plan_of(there.house, DANA)
    gone = rota_editing.weigh(before, replace(before, schedules=before.schedules[:1]), now)
    assert {(row.schedule, row.after) for row in gone.alarming} >= {("legal", ()), ("policy", ())}
    assert any("Legal primary" in sentence for sentence in gone.sentences(gone.alarming))


def test_many_alarms_are_named_and_counted(there: TestHouse) -> None:
    everywhere = NewOrder(PLACE, (("bo",),), date(2026, 11, 30))
    proposal = rota_editing.propose(there.house, DANA, everywhere)
    alarms = proposal.weighed.alarming * 9
    with pytest.raises(NeedsSecondLook, match="And 3 more"):
        there.store.write(
            lambda unit: rota_editing.put_plan(
                there.house, unit, replace(proposal.weighed, alarming=alarms[:9]), DANA, False
            )
        )


def test_a_pasted_roster_is_imported_once_and_by_its_own_delivery(there: TestHouse) -> None:
    seen = paste_roster(there.house, Ask(DANA, "view:1"), SHADOWS, RosterWish(), dry_run=True)
    assert seen.weighed.is_change
    done = paste_roster(there.house, Ask(DANA, "view:1"), SHADOWS, RosterWish())
    assert done.weighed.is_change
    again = paste_roster(there.house, Ask(DANA, "view:1"), BACKUPS, RosterWish())
    assert not again.weighed.is_change
    with pytest.raises(NeedsSecondLook, match="nobody instead of"):
        paste_roster(there.house, Ask(DANA, "view:2"), BACKUPS, RosterWish())
    assert paste_roster(there.house, Ask(DANA, "view:2"), BACKUPS, RosterWish(), is_sure=True).report.shifts


def test_the_message_says_who_comes_and_goes_in_the_readers_own_zone(there: TestHouse) -> None:
    does(there, NOW, is_sure=True)
    effects = _told(there)
    (to_bo,) = (effect for effect in effects if effect.users == (BO,))
    call = there.store.read(lambda unit: render(to_bo, unit, there.house))
    assert isinstance(call, Call)
    said = str(call.args["blocks"])
    assert "AMER primary: *Bo Chen* instead of Ana Lima" in said
    assert "Mon 30 Nov 11:00–Sun 6 Dec 17:00 Los Angeles" in said
    assert "Changed by Dana Ortiz." in said
    there.clock.advance(days=90)
    assert isinstance(there.store.read(lambda unit: render(to_bo, unit, there.house)), Skip)


def _told(there: TestHouse) -> list[Effect]:
    return [one for one in there.slack() if one.args.get("about") == Tell.SHIFTS_MOVED.value]


def test_a_long_change_is_told_in_part_and_counted_and_says_why(there: TestHouse) -> None:
    rows = [
        Moved("safety", "AMER", Seat.PRIMARY, start, start + timedelta(hours=1), ("ana",), ("bo",))
        for start in (MONDAY + timedelta(hours=2 * number) for number in range(15))
    ]
    tell = partial(tell_moved, moved=rows, by="the command line", why="holidays", now=MONDAY, key="k1")
    assert set(there.store.write(lambda unit: tell(unit))) == {ANA, BO, DANA}
    (to_ana,) = (one for one in _told(there) if one.users == (ANA,))
    call = there.store.read(lambda unit: render(to_ana, unit, there.house))
    assert isinstance(call, Call)
    assert "and 3 more changes" in str(call.args["blocks"])
    assert "Changed by the command line. Reason: holidays." in str(call.args["blocks"])
    there.store.write(lambda unit: tell(unit))
    assert _told(there) == []


def test_where_nothing_is_planned_nobody_is_told(sqlite_store: SqlStore) -> None:
    assert sqlite_store.write(lambda unit: tell_moved(unit, (), DANA, "", MONDAY, "k")) == ()

"""Overrides, and the roster that pages are made from: who holds which seat at an instant, and why."""

from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import Tell
from incidents.errors import NoOneOnCall, NotAllowed, NotAPerson, NothingToDo, NotKnownYet
from incidents.ladder import ALL_LEADS, LEAD, PRIMARY, Roster
from incidents.model import PageState, Severity, Target
from incidents.operations import handing_over, oncall, responding
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.scene import roster_of
from incidents.people import Actor, Ask
from rotations.model import Mode, Organisation, Override, Rotation, Seat
from rotations.questions import OverrideRequest
from rotations.refusals import UnknownSeat
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse, example_house, example_people
from tests.support.incidents import ANA, BO, DANA, ELENA, HARUKA, IRIS, JOY, KENJI, PRIYA, WAVE, told, users
from tests.support.rota import overridden


def wish(person: str, start: float = 0, hours: float = 2, seat: Seat = Seat.PRIMARY) -> OverrideRequest:
    """This person on AMER's seat, `start` hours from Monday 19:00 UTC on."""
    begins = MONDAY + timedelta(hours=start)
    ends = begins + timedelta(hours=hours)
    return OverrideRequest((person,), "safety", "AMER", seat, begins, ends, "UTC", "dentist")


def put(there: TestHouse, by: str, what: OverrideRequest) -> Override:
    return overridden(there, by, what).edit.overrides[0]


def roster(there: TestHouse) -> Roster:
    return there.store.read(lambda unit: roster_of(there.house, unit, there.clock.now()))


def on(there: TestHouse, target: Target) -> list[tuple[str, str]]:
    return [(candidate.actor.user, candidate.why) for candidate in roster(there).find(target)]


def test_the_person_concerned_puts_somebody_else_on_and_the_other_is_told(there: TestHouse) -> None:
    made = put(there, ANA, wish("bo"))
    assert (made.people, made.by, made.reason) == (("bo",), ANA, "dentist")
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {BO, DANA}
    assert [user for user, _ in on(there, PRIMARY)] == [BO]


def test_a_lead_does_it_for_others_and_both_are_told(there: TestHouse) -> None:
    put(there, DANA, wish("bo"))
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {ANA, BO}


def test_the_page_says_why_in_the_readers_own_zone(there: TestHouse) -> None:
    put(there, ANA, wish("bo"))
    ((user, why),) = on(there, PRIMARY)
    assert user == BO
    assert why.startswith("You are AMER primary until Mon 30 Nov 13:00 Los Angeles.")
    assert "dentist" in why


def test_an_override_outside_the_hours_of_a_region_is_told_to_who_holds_the_seat(there: TestHouse) -> None:
    put(there, DANA, wish("bo", start=7, hours=1))
    assert told(there.slack(), Tell.SHIFTS_MOVED) == {ANA, BO}


def test_a_seat_that_a_region_has_not_cannot_be_filled(there: TestHouse) -> None:
    with pytest.raises(UnknownSeat, match="no AMER shadow"):
        put(there, ANA, wish("bo", seat=Seat.SHADOW))


def test_what_is_asked_is_read_in_the_askers_zone(there: TestHouse) -> None:
    asked = oncall.ask(there.house, KENJI, "override <@UBO> primary 06:00–07:00")
    assert isinstance(asked.question, OverrideRequest)
    assert asked.question.zone == "Asia/Tokyo"
    assert asked.actors["ana"].user == ANA
    with pytest.raises(NotKnownYet):
        oncall.ask(there.house, "UNOBODY", "")


def test_guests_learn_nothing_of_the_rota(there: TestHouse) -> None:
    _marked(there, BO, is_guest=True)
    with pytest.raises(NotAllowed):
        oncall.ask(there.house, BO, "")


def test_before_the_first_schedule_the_answer_says_what_to_do(sqlite_store: SqlStore) -> None:
    there = _without_schedules(sqlite_store)
    with pytest.raises(NoScheduleYet, match="apply"):
        oncall.ask(there.house, ANA, "")
    with pytest.raises(NoScheduleYet):
        put(there, DANA, wish("bo"))


def test_before_the_first_schedule_declaring_pages_nobody_and_says_so(sqlite_store: SqlStore) -> None:
    there = _without_schedules(sqlite_store)
    key = there.declare(WAVE, severity=Severity.SEV1).key
    assert there.incident(key).pages == ()
    assert told(there.slack(), Tell.NOBODY_PAGED) == {PRIYA}
    assert "Nobody is scheduled for any seat: no schedule is set up." in there.sentences(key)
    assert responding.acknowledge(there.house, Ask(ANA), key).manager == ANA


def test_a_person_can_be_asked_for_where_no_schedule_is_kept(sqlite_store: SqlStore) -> None:
    there = _without_schedules(sqlite_store)
    key = there.declare(WAVE, severity=Severity.SEV1).key
    asked = responding.bring_in(there.house, Ask(PRIYA), key, Target(person=BO))
    assert users(asked.pages) == [BO]
    assert asked.pages[0].why == "Priya Nair asks you to come."


def test_a_schedule_without_any_lead_is_not_set_up_yet(sqlite_store: SqlStore) -> None:
    there = example_house(sqlite_store)
    full = sqlite_store.read(lambda unit: unit.schedules.organisation())
    assert full is not None
    nobody = tuple(replace(person, lead=False) for person in full.people)
    safety = full.schedules[0]
    seats: list[dict[Seat, Rotation]] = [
        {seat: held for seat, held in one.seats.items() if seat is not Seat.LEAD} for one in safety.regions
    ]
    regions = tuple(replace(one, seats=kept) for one, kept in zip(safety.regions, seats, strict=True))
    bare = replace(full, people=nobody, schedules=(replace(safety, regions=regions),), specialists={})
    sqlite_store.write(lambda unit: unit.schedules.apply(bare, MONDAY, "test"))
    assert not roster(there).is_set_up


def _without_schedules(store: SqlStore) -> TestHouse:
    there = example_house(store)
    store.write(lambda unit: unit.schedules.apply(Organisation(), MONDAY, "test"))
    return there


def _marked(there: TestHouse, user: str, **marks: bool) -> None:
    actor: Actor = next(one for one in example_people() if one.user == user)
    changed = replace(actor, **marks)  # type: ignore[arg-type]
    there.store.write(lambda unit: unit.people.put_profiles([changed], there.clock.now()))


def test_every_lead_is_reached_once_whatever_region_holds(there: TestHouse) -> None:
    assert [user for user, _ in on(there, ALL_LEADS)] == [DANA, HARUKA, ELENA]
    assert [user for user, _ in on(there, LEAD)] == [DANA]


def test_a_lead_without_a_seat_is_a_lead_all_the_same(sqlite_store: SqlStore) -> None:
    there = example_house(sqlite_store)
    full = sqlite_store.read(lambda unit: unit.schedules.organisation())
    assert full is not None
    people = tuple(replace(one, lead=one.lead or one.key == "bo") for one in full.people)
    sqlite_store.write(lambda unit: unit.schedules.apply(replace(full, people=people), MONDAY, "test"))
    assert on(there, ALL_LEADS)[-1] == (BO, "You are a lead.")


def test_the_next_region_can_be_asked_for(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    asked = responding.bring_in(there.house, Ask(PRIYA), key, Target("primary", "next"))
    assert asked.pages[-1].user == KENJI
    assert "Priya Nair asked for APAC primary to come." in there.sentences(key)


def test_who_cannot_be_asked_for_is_said_plainly(there: TestHouse) -> None:
    key = there.declare(WAVE, severity=Severity.SEV1).key
    restricted = there.declare("Grooming of a child reported").key
    _marked(there, BO, is_deactivated=True)
    with pytest.raises(NotAPerson, match="nobody here by that name"):
        responding.bring_in(there.house, Ask(PRIYA), key, Target(person=BO))
    with pytest.raises(NotAPerson, match="Joy Santos is from outside"):
        responding.bring_in(there.house, Ask(PRIYA), restricted, Target(person=JOY))
    with pytest.raises(NothingToDo, match="Ana Lima is being paged for INC-1 already"):
        responding.bring_in(there.house, Ask(PRIYA), key, Target(person=ANA))
    with pytest.raises(NoOneOnCall, match="Nobody is scheduled for Comms primary"):
        responding.bring_in(there.house, Ask(PRIYA), key, Target("primary", schedule="comms"))


def test_a_schedule_that_is_not_named_is_asked_for_by_its_own_name(
    sqlite_store: SqlStore,
) -> None:
    there = example_house(sqlite_store)
    full = sqlite_store.read(lambda unit: unit.schedules.organisation())
    assert full is not None
    sqlite_store.write(lambda unit: unit.schedules.apply(replace(full, specialists={}), MONDAY, "test"))
    assert [user for user, _ in on(there, Target("primary", schedule="legal"))] == [IRIS]


def test_a_sev3_at_night_waits_for_morning_or_the_next_shift(there: TestHouse) -> None:
    there.clock.set(datetime(2026, 12, 5, 7, 0, tzinfo=UTC))  # 16:00 in Tokyo, whose shift it is
    assert users(there.declare(WAVE.replace("Account-takeover", "Odd"), severity=Severity.SEV3).pages) != []
    nights = _night_house(there)
    key = nights.declare("Odd wave", severity=Severity.SEV3).key
    assert nights.incident(key).pages == ()
    nights.later(hours=12)
    (page, *_) = nights.incident(key).pages
    assert page.state is PageState.WAITING


def test_seats_of_the_next_region_and_of_specialists_have_a_night_of_their_own(there: TestHouse) -> None:
    mornings = roster(there).mornings  # 14:00 in New York, 04:00 in Tokyo, 19:00 in London
    assert mornings[Target("primary", "next")] == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert mornings[Target("primary", schedule="legal")] is None
    assert PRIMARY not in mornings


def _night_house(there: TestHouse) -> TestHouse:
    """The same people with EMEA holding the whole day: its night is nobody else's day."""
    full = there.store.read(lambda unit: unit.schedules.organisation())
    assert full is not None
    safety = full.schedules[0]
    emea = tuple(one for one in safety.regions if one.name == "EMEA")
    one_region = replace(full, schedules=(replace(safety, regions=emea), *full.schedules[1:]))
    there.store.write(lambda unit: unit.schedules.apply(one_region, there.clock.now(), "test"))
    there.clock.set(datetime(2026, 12, 5, 23, 30, tzinfo=UTC))
    assert roster(there).quiet_until == datetime(2026, 12, 6, 8, 0, tzinfo=UTC)
    there.clock.set(datetime(2026, 12, 6, 2, 30, tzinfo=UTC))
    assert roster(there).quiet_until == datetime(2026, 12, 6, 8, 0, tzinfo=UTC)
    return there


def test_where_hours_leave_a_gap_nobody_holds_and_leads_are_paged(there: TestHouse) -> None:
    full = there.store.read(lambda unit: unit.schedules.organisation())
    assert full is not None
    safety = full.schedules[0]
    emea = tuple(replace(one, ends=time(17)) for one in safety.regions if one.name == "EMEA")
    gap = replace(safety, mode=Mode.WINDOWS, regions=emea)
    with_gap = replace(full, schedules=(gap, *full.schedules[1:]))
    there.store.write(lambda unit: unit.schedules.apply(with_gap, there.clock.now(), "test"))
    assert on(there, PRIMARY) == []
    incident = there.declare(WAVE, severity=Severity.SEV2)
    assert set(users(incident.pages)) == {DANA, HARUKA, ELENA}
    there.later(hours=1)
    assert handing_over.offer_due(there.house) is not None

"""The shift change on both databases: offered once, outgoing until accepted, nobody forgotten on the way."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from incidents.effects import EffectKind, Tell
from incidents.errors import IncidentError, NotAllowed, NothingToDo
from incidents.handoff import Handoff, HandoffState
from incidents.model import EntryKind, Role, Severity, Status
from incidents.operations import commanding, handing_over, handoff_taking, responding
from incidents.operations.handoff_taking import UnknownHandoff
from incidents.people import Ask
from incidents.ports import Unit
from rotations.model import Organisation, Override, OverrideKind, Rotation, Seat
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse, example_house, example_people
from tests.support.incidents import ANA, BO, DANA, JOY, KENJI, NIAMH, PRIYA, WAVE, told

CHILD = "Grooming of a child reported"


def waiting(there: TestHouse) -> list[Handoff]:
    return list(there.store.read(lambda unit: unit.handoffs.waiting()))


def in_command(there: TestHouse, user: str, title: str = WAVE) -> str:
    """An open incident that this person holds; its key."""
    key = there.declare(title, severity=Severity.SEV1).key
    commanding.assign(there.house, Ask(PRIYA), key, Role.MANAGER, user)
    return key


def accepts(there: TestHouse, user: str, delivery: str = "") -> Handoff:
    """This person takes the waiting handoff over, and says every incident in their own words."""
    (handoff,) = waiting(there)
    return taken(there, user, handoff.id, delivery)


def taken(there: TestHouse, user: str, handoff_id: str, delivery: str = "") -> Handoff:
    live = there.store.read(lambda unit: unit.incidents.listing())
    words = {one.key: "Revoke batch 3; the risk is a second wave." for one in live}
    return handoff_taking.accept(there.house, Ask(user, delivery), handoff_id, words)


def posts(there: TestHouse, kind: EffectKind = EffectKind.POST_HANDOFF) -> int:
    return len([effect for effect in there.slack() if effect.kind is kind])


def test_a_quiet_shift_is_offered_by_one_post_and_taken_by_one_tap(there: TestHouse) -> None:
    there.later(hours=6)
    assert posts(there) == 1
    taken(there, KENJI, waiting(there)[0].id)
    assert waiting(there) == []
    assert posts(there, EffectKind.UPDATE_HANDOFF) == 1


def test_a_handoff_says_who_leaves_who_comes_until_when_and_what_is_open(there: TestHouse) -> None:
    key = in_command(there, ANA)
    there.later(hours=6, minutes=3)
    (handoff,) = waiting(there)
    assert (handoff.from_region, handoff.to_region) == ("AMER", "APAC")
    assert (handoff.outgoing, handoff.incoming) == ((ANA,), (KENJI,))
    assert handoff.at == MONDAY + timedelta(hours=6)
    assert handoff.posted_at == MONDAY + timedelta(hours=6, minutes=3)
    assert handoff.until == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert handoff.incidents == (key,)


def test_looking_again_and_starting_again_offers_nothing_twice(there: TestHouse) -> None:
    there.later(hours=6)
    assert posts(there) == 1
    for minutes in (0, 1, 30, 60):
        there.later(minutes=minutes)
    assert posts(there) == 0
    assert len(waiting(there)) == 1


def test_the_first_start_offers_nothing_of_the_past(there: TestHouse) -> None:
    assert waiting(there) == []


def test_after_days_away_only_the_present_shift_change_is_offered(there: TestHouse) -> None:
    there.later(days=3, hours=7)
    assert posts(there) == 1
    (handoff,) = waiting(there)
    assert handoff.incoming == (KENJI,)
    missed = there.store.read(lambda unit: unit.handoffs.get("safety:2026-12-01T01:00:00Z"))
    assert missed is not None
    assert missed.state is HandoffState.LAPSED


def test_who_was_never_relieved_hands_over_with_the_next_change(there: TestHouse) -> None:
    key = in_command(there, ANA)
    there.later(hours=6)
    there.later(hours=8)  # EMEA's turn, and APAC has never accepted
    (handoff,) = waiting(there)
    assert handoff.outgoing == (KENJI, ANA)
    taken(there, NIAMH, handoff.id)
    assert there.incident(key).manager == NIAMH


def test_who_was_never_relieved_during_an_outage_hands_over_too(there: TestHouse) -> None:
    key = in_command(there, ANA)
    there.later(hours=14)
    (handoff,) = waiting(there)
    assert handoff.outgoing == (KENJI, ANA)
    taken(there, DANA, handoff.id)
    assert there.incident(key).manager == DANA


def test_who_has_nothing_left_to_hand_over_is_not_carried_along(there: TestHouse) -> None:
    there.later(hours=6)
    there.later(hours=8)
    assert waiting(there)[0].outgoing == (KENJI,)


def test_a_clock_that_is_moved_back_and_comes_by_again_changes_nothing(there: TestHouse) -> None:
    there.later(hours=6)
    there.later(hours=8)
    assert posts(there) == 2
    before = [handoff.id for handoff in waiting(there)]
    there.clock.advance(hours=-9)
    there.later(minutes=0)
    there.later(hours=10)
    assert [handoff.id for handoff in waiting(there)] == before
    assert posts(there) == 0


def test_a_handoff_whose_time_has_gone_by_cannot_be_accepted(there: TestHouse) -> None:
    there.later(hours=6)
    (old,) = waiting(there)
    there.slack()
    there.later(hours=8)
    assert posts(there, EffectKind.UPDATE_HANDOFF) == 1
    with pytest.raises(NothingToDo, match="next shift change has come since"):
        taken(there, KENJI, old.id)


def test_only_the_incoming_their_backup_or_a_lead_accepts_and_only_once(there: TestHouse) -> None:
    there.later(hours=6)
    (handoff,) = waiting(there)
    with pytest.raises(IncidentError, match="the person it names, their backup or a lead"):
        taken(there, BO, handoff.id)
    backup = handoff.backup_in[0]
    assert taken(there, backup, handoff.id).accepted_by == backup
    with pytest.raises(NothingToDo, match="accepted already"):
        taken(there, KENJI, handoff.id)
    with pytest.raises(UnknownHandoff):
        taken(there, KENJI, "safety:never")


def test_a_guest_accepts_nothing(there: TestHouse) -> None:
    there.later(hours=6)
    guest = replace(next(p for p in example_people() if p.user == KENJI), is_guest=True)
    there.store.write(lambda unit: unit.people.put_profiles([guest], there.clock.now()))
    with pytest.raises(NotAllowed):
        taken(there, KENJI, waiting(there)[0].id)


def test_an_acceptance_that_is_delivered_twice_moves_command_once(there: TestHouse) -> None:
    key = in_command(there, ANA)
    there.later(hours=6)
    (handoff,) = waiting(there)
    first = taken(there, KENJI, handoff.id, "press:1")
    again = taken(there, KENJI, handoff.id, "press:1")
    assert first == again
    assert there.incident(key).handoffs == 1


def test_only_what_the_shift_that_ends_holds_moves(there: TestHouse) -> None:
    anas, bos, priyas = (in_command(there, user) for user in (ANA, BO, PRIYA))
    there.later(hours=6)
    accepted = taken(there, KENJI, waiting(there)[0].id)
    assert set(accepted.incidents) == {anas, bos}
    managers = [there.incident(key).manager for key in (anas, bos, priyas)]
    assert managers == [KENJI, KENJI, PRIYA]
    assert "Kenji Mori took over from Ana Lima" in "\n".join(there.sentences(anas))


def test_a_restricted_incident_is_in_no_post_and_the_two_read_of_it_directly(there: TestHouse) -> None:
    key = in_command(there, ANA, CHILD)
    there.slack()
    there.later(hours=6)
    sent = there.slack()
    assert [effect.kind for effect in sent].count(EffectKind.POST_HANDOFF) == 1
    assert told(sent, Tell.HANDOFF) == {ANA, KENJI}
    taken(there, KENJI, waiting(there)[0].id)
    assert there.incident(key).manager == KENJI


def test_who_stays_for_a_restricted_incident_alone_is_in_no_post_and_still_hands_it_over(
    there: TestHouse,
) -> None:
    key = in_command(there, ANA, CHILD)
    there.later(hours=6)
    there.later(hours=8)
    (handoff,) = waiting(there)
    assert ANA not in handoff.outgoing
    assert handoff.discreet == (ANA,)
    assert ANA in told(there.slack(), Tell.HANDOFF)
    taken(there, NIAMH, handoff.id)
    assert there.incident(key).manager == NIAMH


def test_who_stays_for_an_open_incident_is_named(there: TestHouse) -> None:
    in_command(there, ANA, CHILD)
    in_command(there, ANA)
    there.later(hours=6)
    there.later(hours=8)
    (handoff,) = waiting(there)
    assert ANA in handoff.outgoing
    assert handoff.discreet == ()


def test_whoever_takes_a_shift_over_gets_a_test_page_once_a_day(there: TestHouse) -> None:
    there.later(hours=6)
    taken(there, KENJI, waiting(there)[0].id)
    tests = [effect for effect in there.slack() if effect.kind is EffectKind.TEST_PAGE]
    assert [effect.users for effect in tests] == [(KENJI,)]
    there.later(hours=8)
    taken(there, DANA, waiting(there)[0].id)
    there.later(hours=8)
    there.slack()
    taken(there, DANA, waiting(there)[0].id)
    assert EffectKind.TEST_PAGE not in {effect.kind for effect in there.slack()}


def override(there: TestHouse, person: str, seat: Seat, region: str, start: datetime, hours: float) -> None:
    end = start + timedelta(hours=hours)
    kept = Override(f"o-{person}", "safety", region, seat, OverrideKind.REPLACE, (person,), start, end)

    def work(unit: Unit) -> None:
        unit.schedules.hold()
        unit.schedules.add_override(kept, there.clock.now())

    there.store.write(work)


def test_a_vendor_who_takes_over_gets_the_open_incidents_and_no_restricted_one(there: TestHouse) -> None:
    override(there, "joy", Seat.PRIMARY, "APAC", MONDAY + timedelta(hours=6), 8)
    open_one, restricted = in_command(there, ANA), in_command(there, ANA, CHILD)
    there.slack()
    there.later(hours=6)
    assert told(there.slack(), Tell.HANDOFF) == {ANA}
    accepted = taken(there, JOY, waiting(there)[0].id)
    assert accepted.incidents == (open_one,)
    assert there.incident(restricted).manager == ANA


def test_who_stays_on_through_a_change_of_region_hands_nothing_over(there: TestHouse) -> None:
    override(there, "ana", Seat.PRIMARY, "APAC", MONDAY + timedelta(hours=6), 8)
    there.later(hours=5, minutes=40)
    there.later(hours=1)
    assert waiting(there) == []
    assert there.store.read(lambda unit: unit.handoffs.drafted()) == []


def test_who_is_always_on_call_hands_over_to_nobody(sqlite_store: SqlStore) -> None:
    there = example_house(sqlite_store)
    organisation = there.store.read(lambda unit: unit.schedules.organisation())
    assert organisation is not None
    region = organisation.schedules[0].regions[0]
    turns = region.seats[Seat.PRIMARY]
    assert isinstance(turns, Rotation)
    alone = replace(turns, versions=(replace(turns.versions[0], members=(("ana",),)),))
    one = replace(organisation.schedules[0], regions=(replace(region, seats={Seat.PRIMARY: alone}),))
    kept = replace(organisation, schedules=(one,), specialists={})
    sqlite_store.write(lambda unit: unit.schedules.apply(kept, there.clock.now(), "test"))
    assert handing_over.offer_due(there.house) is None


def test_who_takes_over_from_themselves_later_keeps_command_without_a_word(there: TestHouse) -> None:
    key = in_command(there, KENJI)
    there.later(hours=6)
    taken(there, KENJI, waiting(there)[0].id)
    kinds = [entry.kind for entry in there.store.read(lambda unit: unit.timeline.of(key))]
    assert EntryKind.HANDOFF not in kinds


def test_an_override_counts_at_once_and_nobody_has_to_accept_it(there: TestHouse) -> None:
    """Its start has a fraction of a second; the search for shift changes must still end."""
    there.clock.advance(seconds=0.25)
    override(there, "bo", Seat.PRIMARY, "AMER", there.clock.now(), 2)
    there.later(minutes=1)
    assert waiting(there) == []
    assert {page.user for page in there.declare(WAVE, severity=Severity.SEV1).pages} == {BO}
    there.later(hours=2)
    assert waiting(there) == []


def test_the_shift_of_whoever_stands_in_is_handed_over_at_its_end(there: TestHouse) -> None:
    override(there, "bo", Seat.PRIMARY, "AMER", there.clock.now(), 12)
    there.later(hours=7)
    assert [(handoff.outgoing, handoff.incoming) for handoff in waiting(there)] == [((BO,), (KENJI,))]


def test_a_shift_is_summed_up_from_its_beginning_whoever_stood_in_for_a_while(there: TestHouse) -> None:
    override(there, "bo", Seat.PRIMARY, "AMER", there.clock.now(), 4)
    there.later(hours=6)
    (handoff,) = waiting(there)
    assert handoff.outgoing == (ANA,)
    assert handoff.summary is not None
    assert handoff.summary.since == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_why_they_take_over_is_said_where_it_is_not_the_rotation_alone(there: TestHouse) -> None:
    there.later(hours=6)
    assert waiting(there)[0].why == ""
    override(there, "niamh", Seat.PRIMARY, "EMEA", there.clock.now() + timedelta(days=7), 12)
    there.later(days=7, hours=8)
    assert "The rotation says Tom Becker." in waiting(there)[0].why


def test_while_a_handoff_waits_pages_ring_both_and_afterwards_only_the_new_one(there: TestHouse) -> None:
    there.later(hours=6)
    first = there.declare(WAVE, severity=Severity.SEV1)
    assert {page.user for page in first.pages} == {KENJI, ANA}
    assert first.pages[1].why == "Your handoff is not accepted yet, so you are paged too."
    taken(there, KENJI, waiting(there)[0].id)
    assert {page.user for page in there.declare(WAVE, severity=Severity.SEV1).pages} == {KENJI}


def test_without_schedules_nothing_is_offered_and_nothing_is_due(sqlite_store: SqlStore) -> None:
    there = example_house(sqlite_store)
    sqlite_store.write(lambda unit: unit.schedules.apply(Organisation(), MONDAY, "test"))
    there.later(hours=7)
    assert handing_over.offer_due(there.house) is None
    assert waiting(there) == []


def test_schedules_that_go_away_leave_the_waiting_handoff_to_be_accepted(sqlite_store: SqlStore) -> None:
    there = example_house(sqlite_store)
    key = in_command(there, ANA)
    there.later(hours=6)
    sqlite_store.write(lambda unit: unit.schedules.apply(Organisation(), MONDAY, "test"))
    there.later(hours=8)
    taken(there, KENJI, waiting(there)[0].id)
    assert there.incident(key).manager == KENJI


def test_an_ended_incident_is_not_handed_over(there: TestHouse) -> None:
    key = in_command(there, ANA)
    there.later(hours=6)
    commanding.change_status(there.house, Ask(ANA), key, Status.DISMISSED, "a load test")
    assert taken(there, KENJI, waiting(there)[0].id).incidents == ()
    with pytest.raises(IncidentError):
        responding.acknowledge(there.house, Ask(KENJI), key)

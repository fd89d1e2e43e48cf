"""People and schedules on both databases: Slack's part and the schedules file's part of each person."""

from datetime import date, datetime, time, timedelta

import pytest

from incidents.people import Actor
from rotations.model import (
    Mode,
    Organisation,
    Override,
    OverrideKind,
    Person,
    Region,
    Rotation,
    RotationVersion,
    Schedule,
    Seat,
    Turn,
    TurnUnit,
)
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

ANA = Person("ana", "Ana Lima", slack="ana@example.com", lead=True, phone="+1 555 0100", region="AMER")
BO = Person("bo", "Bo Ek", slack="U0BO", vendor=True)
CY = Person("cy", "Cy Oh")
TURNS = RotationVersion((("ana",), ("bo", "cy")), Turn(1, TurnUnit.WEEK), date(2026, 3, 2), time(9))
AMER = Region("AMER", "America/New_York", time(9), {Seat.PRIMARY: Rotation((TURNS,))})
TOLD = {"Ana@Example.com": "U0ANA", "eve@example.com": "U0EVE"}
ORGANISATION = Organisation((ANA, BO, CY), (Schedule("safety", Mode.CHAIN, (AMER,)),), paged="safety")


def override(id_: str, at: datetime) -> Override:
    end = at + timedelta(hours=3)
    return Override(id_, "safety", "AMER", Seat.PRIMARY, OverrideKind.REPLACE, ("cy",), at, end, "dentist")


@pytest.fixture
def applied(store: SqlStore, now: datetime) -> SqlStore:
    store.write(lambda unit: unit.schedules.apply(ORGANISATION, now, "UANA"))
    return store


class TestPeople:
    def test_a_person_slack_was_not_asked_about_is_unknown(self, applied: SqlStore) -> None:
        assert applied.read(lambda unit: unit.people.actor("U0BO")) is None

    def test_an_actor_has_both_parts(self, applied: SqlStore, now: datetime) -> None:
        profile = Actor("U0BO", "Bo", "Europe/Oslo", is_guest=True)
        applied.write(lambda unit: unit.people.put_profiles([profile], now))
        expected = Actor("U0BO", "Bo", "Europe/Oslo", is_vendor=True, is_guest=True)
        assert applied.read(lambda unit: unit.people.actor("U0BO")) == expected

    def test_a_newer_profile_replaces_slacks_part_only(self, applied: SqlStore, now: datetime) -> None:
        applied.write(lambda unit: unit.people.put_profiles([Actor("U0BO", "B")], now))
        gone = Actor("U0BO", "Bo", is_deactivated=True)
        applied.write(lambda unit: unit.people.put_profiles([gone], now))
        found = applied.read(lambda unit: unit.people.actors(["U0BO", "U0NO"]))
        assert found == {"U0BO": Actor("U0BO", "Bo", is_vendor=True, is_deactivated=True)}

    def test_an_address_is_linked_once_slack_has_told_its_id(self, applied: SqlStore) -> None:
        assert applied.read(lambda unit: unit.people.unlinked()) == {"ana": "ana@example.com"}
        applied.write(lambda unit: unit.people.link_addresses(TOLD))
        assert applied.read(lambda unit: unit.people.unlinked()) == {}
        assert applied.read(lambda unit: unit.schedules.slack_id("ana")) == "U0ANA"
        assert applied.read(lambda unit: unit.schedules.person_key("U0ANA")) == "ana"
        assert applied.read(lambda unit: unit.schedules.slack_ids()) == {"ana": "U0ANA", "bo": "U0BO"}

    def test_a_link_outlives_the_next_apply(self, applied: SqlStore, now: datetime) -> None:
        applied.write(lambda unit: unit.people.link_addresses(TOLD))
        applied.write(lambda unit: unit.schedules.apply(ORGANISATION, now, "UANA"))
        assert applied.read(lambda unit: unit.schedules.slack_id("ana")) == "U0ANA"

    def test_a_person_without_slack_is_nobody_there(self, applied: SqlStore) -> None:
        assert applied.read(lambda unit: unit.schedules.slack_id("cy")) == ""
        assert applied.read(lambda unit: unit.schedules.person_key("")) == ""

    def test_everybody_is_listed_by_name(self, store: SqlStore, now: datetime) -> None:
        store.write(lambda unit: unit.people.put_profiles([Actor("U2", "Bo"), Actor("U1", "Ana")], now))
        assert [actor.name for actor in store.read(lambda unit: unit.people.everybody())] == ["Ana", "Bo"]

    def test_it_is_known_when_slack_was_last_asked(self, store: SqlStore, now: datetime) -> None:
        store.write(lambda unit: unit.people.put_profiles([Actor("U1", "Ana")], now))
        assert store.read(lambda unit: unit.people.seen_at("U1")) == now
        assert store.read(lambda unit: unit.people.seen_at("U2")) is None


class TestSchedules:
    def test_before_the_first_apply_there_is_no_organisation(self, store: SqlStore) -> None:
        assert store.read(lambda unit: unit.schedules.organisation()) is None

    def test_an_organisation_comes_back_as_it_was_applied(self, applied: SqlStore) -> None:
        assert applied.read(lambda unit: unit.schedules.organisation()) == ORGANISATION

    def test_an_override_made_in_chat_is_part_of_it_at_once(self, applied: SqlStore, now: datetime) -> None:
        applied.read(lambda unit: unit.schedules.organisation())
        applied.write(lambda unit: unit.schedules.add_override(override("o1", now), now))
        found = applied.read(lambda unit: unit.schedules.organisation())
        assert found is not None
        assert found.overrides == (override("o1", now),)

    def test_overrides_of_the_file_come_first_and_none_twice(self, store: SqlStore, now: datetime) -> None:
        filed = Organisation(overrides=(override("o2", now),))
        store.write(lambda unit: unit.schedules.apply(filed, now, "UANA"))
        store.write(lambda unit: unit.schedules.add_override(override("o1", now), now))
        store.write(lambda unit: unit.schedules.add_override(override("o2", now), now))
        found = store.read(lambda unit: unit.schedules.organisation())
        assert found is not None
        assert [one.id for one in found.overrides] == ["o2", "o1"]

    def test_a_linked_person_has_the_slack_id_in_it(self, applied: SqlStore) -> None:
        applied.read(lambda unit: unit.schedules.organisation())
        applied.write(lambda unit: unit.people.link_addresses(TOLD))
        found = applied.read(lambda unit: unit.schedules.organisation())
        assert found is not None
        assert [person.slack for person in found.people] == ["U0ANA", "U0BO", None]

    def test_it_is_parsed_once_while_nothing_changes(self, applied: SqlStore) -> None:
        first = applied.read(lambda unit: unit.schedules.organisation())
        assert applied.read(lambda unit: unit.schedules.organisation()) is first

    def test_what_was_rolled_back_is_not_remembered(self, applied: SqlStore, now: datetime) -> None:
        def refused(unit: SqlUnit) -> None:
            unit.schedules.apply(Organisation(), now, "UEVE")
            assert unit.schedules.organisation() == Organisation()
            raise LookupError("refused")

        with pytest.raises(LookupError):
            applied.write(refused)
        other = Organisation(paged="other")
        applied.write(lambda unit: unit.schedules.apply(other, now, "UANA"))
        assert applied.read(lambda unit: unit.schedules.organisation()) == other

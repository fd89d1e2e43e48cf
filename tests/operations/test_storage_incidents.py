"""Incidents and their timeline on both databases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incidents.model import (
    Channel,
    Entry,
    EntryKind,
    Harm,
    Incident,
    MessageRef,
    Role,
    RoleHolding,
    Severity,
    Status,
)
from storage.chain import Break
from storage.errors import StoreUnavailable
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit


class Verified(Exception):
    """Carries the answer out of a unit that is to be rolled back."""

    def __init__(self, breaks: Sequence[Break]) -> None:
        self.breaks = breaks


def incident(key: str, at: datetime, **changes: object) -> Incident:
    plain = Incident(key, "Fraud wave", Severity.SEV1, Status.TRIAGE, Harm.FRAUD, False, "UANA", at)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def declared(store: SqlStore, now: datetime) -> Incident:
    first = incident("INC-1", now, channel=Channel("C1", "inc-1-fraud"))
    store.write(lambda unit: unit.incidents.add(first))
    return first


def test_an_incident_comes_back_as_it_was_stored(store: SqlStore, declared: Incident) -> None:
    assert store.read(lambda unit: unit.incidents.get("INC-1")) == declared


def test_a_key_is_found_in_any_case(store: SqlStore, declared: Incident) -> None:
    assert store.read(lambda unit: unit.incidents.get("inc-1")) == declared


def test_a_channel_leads_to_its_incident(store: SqlStore, declared: Incident) -> None:
    assert store.read(lambda unit: unit.incidents.in_channel("C1")) == declared
    assert store.read(lambda unit: unit.incidents.in_channel("C2")) is None


def test_the_thread_it_opened_in_leads_to_it_though_it_has_a_channel_now(
    store: SqlStore, declared: Incident
) -> None:
    root = MessageRef("CALL", "1700000000.000100")
    store.write(lambda unit: unit.incidents.save(replace(declared, thread=root)))
    found = store.read(lambda unit: unit.incidents.in_thread(root))
    assert found is not None
    assert found.key == declared.key
    assert store.read(lambda unit: unit.incidents.in_thread(replace(root, ts="1700000000.000200"))) is None


def test_every_save_raises_the_version_by_one(store: SqlStore, declared: Incident) -> None:
    store.write(lambda unit: unit.incidents.save(replace(declared, summary="Contained")))
    saved = store.read(lambda unit: unit.incidents.get("INC-1"))
    assert saved == replace(declared, summary="Contained", version=1)


def test_a_save_of_what_somebody_else_has_changed_each_time_saves_nothing(
    store: SqlStore, declared: Incident
) -> None:
    store.write(lambda unit: unit.incidents.save(replace(declared, summary="first")))
    with pytest.raises(StoreUnavailable, match="too many changes"):
        store.write(lambda unit: unit.incidents.save(replace(declared, summary="second")))


def test_a_unit_that_meets_a_conflict_runs_again_from_fresh_state(
    store: SqlStore, declared: Incident
) -> None:
    stale = [declared]

    def work(unit: SqlUnit) -> None:
        known = stale.pop() if stale else unit.incidents.get("INC-1")
        assert known is not None
        unit.incidents.save(replace(known, summary=known.summary + "+"))

    store.write(lambda unit: unit.incidents.save(replace(declared, summary="first")))
    store.write(work)
    saved = store.read(lambda unit: unit.incidents.get("INC-1"))
    assert saved is not None
    assert saved.summary == "first+"


def test_numbers_are_given_once_and_a_rollback_gives_its_number_back(store: SqlStore) -> None:
    def refused(unit: SqlUnit) -> None:
        unit.incidents.next_number()
        raise LookupError("refused by the domain")

    assert store.write(lambda unit: unit.incidents.next_number()) == 1
    with pytest.raises(LookupError):
        store.write(refused)
    assert store.write(lambda unit: unit.incidents.next_number()) == 2


def test_the_listing_is_newest_first_and_by_status(store: SqlStore, now: datetime) -> None:
    def work(unit: SqlUnit) -> None:
        unit.incidents.add(incident("INC-9", now))
        unit.incidents.add(incident("INC-10", now, status=Status.ACTIVE))
        unit.incidents.add(incident("INC-11", now, status=Status.CLOSED))

    store.write(work)
    every = store.read(lambda unit: unit.incidents.listing())
    active = store.read(lambda unit: unit.incidents.listing([Status.ACTIVE]))
    assert [found.key for found in every] == ["INC-11", "INC-10", "INC-9"]
    assert [found.key for found in active] == ["INC-10"]


def test_managers_are_those_of_grave_open_incidents(store: SqlStore, now: datetime) -> None:
    held = (RoleHolding(Role.MANAGER, "UBO", now),)

    def work(unit: SqlUnit) -> None:
        unit.incidents.add(incident("INC-1", now, roles=held, severity=Severity.SEV1))
        unit.incidents.add(incident("INC-2", now, roles=held, severity=Severity.SEV1, status=Status.RESOLVED))
        unit.incidents.add(incident("INC-3", now, severity=Severity.SEV0))
        unit.incidents.add(incident("INC-4", now, roles=held, severity=Severity.SEV2))

    store.write(work)
    found = store.read(lambda unit: unit.incidents.managers(Severity.SEV1))
    assert list(found) == [("INC-1", "UBO", False)]


def test_the_same_title_is_found_however_it_is_written(store: SqlStore, now: datetime) -> None:
    def work(unit: SqlUnit) -> None:
        unit.incidents.add(incident("INC-1", now - timedelta(minutes=11), title="Wave in EU"))
        unit.incidents.add(incident("INC-2", now, title="WAVE  in eu"))
        unit.incidents.add(incident("INC-3", now, title="Wave in EU", status=Status.DISMISSED))
        unit.incidents.add(incident("INC-4", now, title="Another wave"))

    store.write(work)
    found = store.read(lambda unit: unit.incidents.titled("wave in EU", now - timedelta(minutes=10)))
    assert list(found) == ["INC-2"]


def test_a_read_cannot_write(store: SqlStore, declared: Incident) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        store.read(lambda unit: unit.incidents.save(declared))


class TestTimeline:
    def test_entries_come_back_in_the_order_they_happened(
        self, store: SqlStore, declared: Incident, now: datetime
    ) -> None:
        later = Entry(EntryKind.NOTE, now.replace(hour=13), "UBO", "later")
        earlier = Entry(EntryKind.NOTE, now, "UBO", "earlier <!channel>", {"a": "b"})
        store.write(lambda unit: unit.timeline.append("INC-1", [later], now))
        store.write(lambda unit: unit.timeline.append("INC-1", [earlier], now))
        found = store.read(lambda unit: unit.timeline.of("INC-1"))
        assert list(found) == [
            replace(earlier, seq=2, recorded_at=now),
            replace(later, seq=1, recorded_at=now),
        ]

    def test_the_same_message_enters_once(self, store: SqlStore, declared: Incident, now: datetime) -> None:
        pinned = Entry(EntryKind.MESSAGE, now, "UBO", "look", dedup="msg:C1:1.0")
        store.write(lambda unit: unit.timeline.append("INC-1", [pinned, pinned], now))
        store.write(lambda unit: unit.timeline.append("INC-1", [pinned], now))
        assert len(store.read(lambda unit: unit.timeline.of("INC-1"))) == 1

    def test_an_entry_without_an_incident_is_refused(self, store: SqlStore, now: datetime) -> None:
        with pytest.raises(KeyError):
            store.write(lambda unit: unit.timeline.append("INC-7", [Entry(EntryKind.NOTE, now)], now))

    @pytest.mark.parametrize("change", ["UPDATE timeline SET body = '{}'", "DELETE FROM timeline"])
    def test_the_database_refuses_to_change_an_entry(
        self, store: SqlStore, declared: Incident, now: datetime, change: str
    ) -> None:
        store.write(lambda unit: unit.timeline.append("INC-1", [Entry(EntryKind.NOTE, now)], now))
        with pytest.raises(DBAPIError, match="append-only"):
            store.write(lambda unit: unit.timeline.tx.run(text(change)))

    @pytest.mark.parametrize("change", ["UPDATE audit SET by = 'x'", "DELETE FROM audit"])
    def test_the_database_refuses_to_change_the_audit(
        self, store: SqlStore, now: datetime, change: str
    ) -> None:
        store.write(lambda unit: unit.audit.write(now, "UANA", "declare", "INC-1", {"severity": "SEV1"}))
        with pytest.raises(DBAPIError, match="append-only"):
            store.write(lambda unit: unit.audit.tx.run(text(change.replace("by =", '"by" ='))))


class TestChain:
    @pytest.fixture
    def noted(self, store: SqlStore, declared: Incident, now: datetime) -> SqlStore:
        notes = [Entry(EntryKind.NOTE, now, "UBO", word) for word in ("one", "two", "three")]
        store.write(lambda unit: unit.timeline.append("INC-1", notes[:2], now))
        store.write(lambda unit: unit.timeline.append("INC-1", notes[2:], now))
        return store

    def test_an_untouched_chain_holds(self, noted: SqlStore) -> None:
        assert noted.read(lambda unit: unit.timeline.verify_all()) == []

    @pytest.mark.parametrize(
        ("change", "seq"),
        [
            ("UPDATE timeline SET body = '{}' WHERE seq = 2", 2),
            ("UPDATE timeline SET \"by\" = 'UEVE' WHERE seq = 3", 3),
            ("DELETE FROM timeline WHERE seq = 2", 2),
            ("DELETE FROM timeline WHERE seq = 3", 3),
            ("UPDATE timeline SET seq = seq + 10 WHERE seq = 1", 1),
        ],
    )
    def test_a_changed_row_is_found_at_its_place(self, noted: SqlStore, change: str, seq: int) -> None:
        def tamper(unit: SqlUnit) -> None:
            for drop in _drop_triggers(unit):
                unit.timeline.tx.run(text(drop))
            unit.timeline.tx.run(text(change))
            raise Verified(unit.timeline.verify_all())

        with pytest.raises(Verified) as verified:
            noted.write(tamper)
        (found,) = verified.value.breaks
        assert (found.incident, found.seq) == ("INC-1", seq)


def _drop_triggers(unit: SqlUnit) -> list[str]:
    if unit.timeline.tx.is_postgresql:
        return [
            "DROP TRIGGER timeline_append_only ON timeline",
            "DROP TRIGGER timeline_no_update ON timeline",
        ]
    return ["DROP TRIGGER timeline_no_update", "DROP TRIGGER timeline_no_delete"]

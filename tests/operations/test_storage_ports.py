"""The SQL store is what the core's ports ask for, and a declare is one durable transaction of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from incidents.effects import Effect, EffectKind, Timer, TimerKind
from incidents.model import Entry, EntryKind, Harm, Incident, Severity, Status
from incidents.ports import Store, Unit
from storage.opening import SqlStore, open_store


def declaring(key: str, now: datetime) -> Callable[[Unit], str]:
    """What a declare writes: delivery, incident, four entries, nine effects, two timers, audit."""

    def work(unit: Unit) -> str:
        if not unit.inbox.first(f"cmd:{key}", now):
            return unit.inbox.subject(f"cmd:{key}")
        plain = Incident(key, "Fraud wave", Severity.SEV1, Status.TRIAGE, Harm.FRAUD, False, "UANA", now)
        unit.incidents.add(plain)
        unit.timeline.append(key, [Entry(EntryKind.NOTE, now, "UANA", str(n)) for n in range(4)], now)
        unit.outbox.put([Effect(EffectKind.TELL, f"{key}:{n}", key) for n in range(9)], now)
        unit.timers.put([Timer(TimerKind.CALL_LEVEL, f"{key}:{n}", key, now) for n in range(2)])
        unit.audit.write(now, "UANA", "declare", key, {"severity": "SEV1"})
        unit.inbox.answered(f"cmd:{key}", key)
        return key

    return work


@pytest.fixture
def port(store: SqlStore) -> Store:
    """The same store under the type that the core knows; the type checker compares the two."""
    return store


def test_a_declare_is_one_transaction_and_its_redelivery_gets_the_same_answer(
    port: Store, store: SqlStore, now: datetime
) -> None:
    assert port.write(declaring("INC-1", now)) == "INC-1"
    assert port.write(declaring("INC-1", now + timedelta(seconds=3))) == "INC-1"
    assert store.read(lambda unit: unit.outbox.pending_count()) == 9
    assert len(port.read(lambda unit: unit.timeline.of("INC-1"))) == 4
    assert len(port.read(lambda unit: unit.timers.of("INC-1"))) == 2


def test_a_declare_that_fails_half_way_leaves_nothing(port: Store, store: SqlStore, now: datetime) -> None:
    def work(unit: Unit) -> None:
        declaring("INC-1", now)(unit)
        raise LookupError("refused at the end")

    with pytest.raises(LookupError):
        port.write(work)
    assert port.read(lambda unit: unit.incidents.get("INC-1")) is None
    assert port.read(lambda unit: unit.inbox.subject("cmd:INC-1")) == ""
    assert store.read(lambda unit: unit.outbox.pending_count()) == 0


def test_what_was_committed_is_there_when_the_store_is_opened_again(database_url: str, now: datetime) -> None:
    first = open_store(database_url)
    first.write(declaring("INC-1", now))
    first.close()
    second = open_store(database_url)
    found = second.read(lambda unit: unit.incidents.get("INC-1"))
    second.close()
    assert found is not None
    assert found.title == "Fraud wave"

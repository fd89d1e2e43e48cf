"""Several stores on one database: nothing is done twice, nothing is lost, everybody is woken."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event

import psycopg
import pytest
from sqlalchemy import make_url

from incidents.effects import Effect, EffectKind, Timer, TimerKind
from incidents.model import Entry, EntryKind, Harm, Incident, Severity, Status
from storage.errors import StoreUnavailable
from storage.opening import SqlStore, open_store
from storage.unit_of_work import SqlUnit

WAIT_S = 10


@pytest.fixture
def other(database_url: str) -> Iterator[SqlStore]:
    """A second store on the same database, as another process has it."""
    store = open_store(database_url)
    yield store
    store.close()


def effects(count: int) -> list[Effect]:
    return [Effect(EffectKind.TELL, f"e{number}", "INC-1") for number in range(count)]


def test_two_claimers_at_once_never_get_the_same_effect(
    store: SqlStore, other: SqlStore, now: datetime
) -> None:
    def drain(owner: int) -> list[str]:
        mine: list[str] = []
        while got := (store, other)[owner % 2].write(lambda unit: unit.outbox.claim(now, str(owner), 3)):
            mine.extend(claimed.effect.key for claimed in got)
        return mine

    store.write(lambda unit: unit.outbox.put(effects(40), now))
    with ThreadPoolExecutor(4) as pool:
        claimed = [key for keys in pool.map(drain, range(4)) for key in keys]
    assert len(claimed) == len(set(claimed))
    rest = store.write(lambda unit: unit.outbox.claim(now, "last", 40))
    assert sorted([*claimed, *(one.effect.key for one in rest)]) == sorted(e.key for e in effects(40))


def test_two_processes_at_once_never_fire_the_same_timer(
    store: SqlStore, other: SqlStore, now: datetime
) -> None:
    timers = [Timer(TimerKind.UPDATE_DUE, f"t{number}", f"INC-{number % 9}", now) for number in range(30)]
    store.write(lambda unit: unit.timers.put(timers))

    def drain(one: SqlStore) -> list[str]:
        mine: list[str] = []
        while got := one.write(lambda unit: unit.timers.claim_due(now, 4)):
            mine.extend(timer.key for timer in got)
        return mine

    with ThreadPoolExecutor(2) as pool:
        fired = [key for keys in pool.map(drain, (store, other)) for key in keys]
    assert len(fired) == len(set(fired))


def test_entries_from_many_threads_make_one_chain(store: SqlStore, other: SqlStore, now: datetime) -> None:
    plain = Incident("INC-1", "Fraud", Severity.SEV1, Status.TRIAGE, Harm.FRAUD, False, "U1", now)
    store.write(lambda unit: unit.incidents.add(plain))

    def note(number: int) -> None:
        entry = Entry(EntryKind.NOTE, now, "U1", str(number))
        (store, other)[number % 2].write(lambda unit: unit.timeline.append("INC-1", [entry], now))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(40)))
    entries = store.read(lambda unit: unit.timeline.of("INC-1"))
    assert [entry.seq for entry in entries] == list(range(1, 41))
    assert store.read(lambda unit: unit.timeline.verify("INC-1")) is None


def test_one_delivery_on_two_processes_at_once_is_taken_once(
    store: SqlStore, other: SqlStore, now: datetime
) -> None:
    def take(one: SqlStore) -> bool:
        return one.write(lambda unit: unit.inbox.first("evt:1", now))

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, [store, other] * 4))
    assert taken.count(True) == 1


class TestWaking:
    @pytest.mark.parametrize("put", ["effects", "timers"])
    def test_a_commit_that_put_something_wakes(self, store: SqlStore, now: datetime, put: str) -> None:
        woken = Event()
        store.on_commit(woken.set)
        store.write(lambda unit: _put(unit, put, now))
        assert woken.wait(WAIT_S)

    def test_a_commit_that_put_nothing_new_wakes_nobody(self, sqlite_store: SqlStore, now: datetime) -> None:
        sqlite_store.write(lambda unit: _put(unit, "effects", now))
        woken = Event()
        sqlite_store.on_commit(woken.set)
        sqlite_store.write(lambda unit: _put(unit, "effects", now))
        sqlite_store.write(lambda unit: unit.facts.put("name", "value"))
        assert not woken.is_set()

    @pytest.mark.postgres
    def test_a_commit_wakes_the_other_processes_too(self, postgres_url: str, now: datetime) -> None:
        here, there = open_store(postgres_url), open_store(postgres_url)
        woken = Event()
        there.on_commit(woken.set)
        assert woken.wait(WAIT_S)  # once when it begins to listen
        woken.clear()
        here.write(lambda unit: _put(unit, "effects", now))
        assert woken.wait(WAIT_S)
        here.close()
        there.close()


@pytest.mark.postgres
class TestPostgresFaults:
    def test_a_connection_killed_in_a_unit_runs_the_unit_again(
        self, postgres_store: SqlStore, postgres_url: str
    ) -> None:
        runs: list[int] = []

        def work(unit: SqlUnit) -> int:
            runs.append(1)
            number = unit.incidents.next_number()
            if len(runs) == 1:
                _end_others(postgres_url)
            unit.facts.put("number", str(number))
            return number

        assert postgres_store.write(work) == 1
        assert len(runs) == 2
        assert postgres_store.read(lambda unit: unit.facts.get("number")) == "1"

    def test_idle_connections_killed_are_replaced_unseen(
        self, postgres_store: SqlStore, postgres_url: str
    ) -> None:
        postgres_store.check()
        _end_others(postgres_url)
        postgres_store.check()

    def test_a_server_that_is_not_there_saves_nothing(self, postgres_url: str) -> None:
        nowhere = make_url(postgres_url).update_query_dict({"host": "/nonexistent"})
        store = open_store(nowhere.render_as_string(hide_password=False))
        with pytest.raises(StoreUnavailable, match="connection failed"):
            store.write(lambda unit: unit.facts.put("name", "value"))
        store.close()

    def test_a_standby_that_only_reads_saves_nothing_and_is_not_well(self, postgres_store: SqlStore) -> None:
        def work(unit: SqlUnit) -> None:
            unit.facts.tx.connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            unit.facts.put("name", "value")

        with pytest.raises(StoreUnavailable, match="read-only"):
            postgres_store.write(work)
        with pytest.raises(StoreUnavailable, match="read-only"):
            postgres_store.check()
        postgres_store.write(lambda unit: unit.facts.put("name", "value"))
        postgres_store.check()

    def test_two_units_that_lock_crosswise_both_succeed(self, postgres_store: SqlStore) -> None:
        met = [Event(), Event()]

        def work(unit: SqlUnit, mine: int) -> None:
            unit.facts.put(f"f{mine}", "1")
            met[mine].set()
            met[1 - mine].wait(WAIT_S)
            unit.facts.put(f"f{1 - mine}", "1")

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda mine: postgres_store.write(lambda unit: work(unit, mine)), (0, 1)))
        assert postgres_store.read(lambda unit: unit.facts.get("f1")) == "1"


def _put(unit: SqlUnit, what: str, now: datetime) -> None:
    if what == "effects":
        unit.outbox.put(effects(1), now)
    else:
        unit.timers.put([Timer(TimerKind.UPDATE_DUE, "t", "INC-1", now)])


def _end_others(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

"""One SQLite file: one writer, shared commits, refusals that save nothing, one long-running process."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from storage.errors import SchemaTooNew, StoreInUse, StoreUnavailable
from storage.lock_file import is_held
from storage.migrating import head_matches
from storage.opening import SqlStore, open_store
from storage.unit_of_work import SqlUnit

WAIT_S = 10
LOCK_AND_WAIT = """
import sys
from storage.opening import open_store
store = open_store(sys.argv[1], exclusive=True)
print("held", flush=True)
sys.stdin.read()
"""
HOLD_UNMIGRATED = """
import sys
from pathlib import Path
from storage.lock_file import hold
lock = hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def impatient(sqlite_url: str) -> Iterator[SqlStore]:
    """A store that waits for a lock for a tenth of a second only."""
    store = open_store(sqlite_url, busy_timeout_ms=100)
    yield store
    store.close()


def put(name: str) -> Callable[[SqlUnit], None]:
    return lambda unit: unit.facts.put(name, "1")


def fact(store: SqlStore, name: str) -> str:
    return store.read(lambda unit: unit.facts.get(name))


class Held:
    """Keeps the writer busy inside one unit until it is let go, so that others queue behind it."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()

    def __call__(self, unit: SqlUnit) -> None:
        unit.facts.put("held", "1")
        self.begun.set()
        assert self.go_on.wait(WAIT_S)


def poison(unit: SqlUnit) -> None:
    unit.facts.put("poison", "1")
    raise LookupError("poison")


class TestSharedCommit:
    def test_a_unit_that_fails_in_a_shared_commit_fails_alone(self, sqlite_store: SqlStore) -> None:
        held = Held()
        with ThreadPoolExecutor(4) as pool:
            first = pool.submit(sqlite_store.write, held)
            held.begun.wait(WAIT_S)
            bad = pool.submit(sqlite_store.write, poison)
            good = pool.submit(sqlite_store.write, put("good"))
            held.go_on.set()
            first.result(WAIT_S)
            good.result(WAIT_S)
            with pytest.raises(LookupError):
                bad.result(WAIT_S)
        assert [fact(sqlite_store, name) for name in ("held", "good", "poison")] == ["1", "1", ""]

    def test_many_writers_at_once_all_succeed(self, sqlite_store: SqlStore) -> None:
        with ThreadPoolExecutor(16) as pool:
            numbers = list(
                pool.map(lambda _: sqlite_store.write(lambda unit: unit.incidents.next_number()), range(200))
            )
        assert sorted(numbers) == list(range(1, 201))

    def test_a_reader_sees_the_last_commit_while_a_unit_is_open(self, sqlite_store: SqlStore) -> None:
        sqlite_store.write(put("before"))
        held = Held()
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(sqlite_store.write, held)
            held.begun.wait(WAIT_S)
            assert (fact(sqlite_store, "before"), fact(sqlite_store, "held")) == ("1", "")
            held.go_on.set()
            first.result(WAIT_S)
        assert fact(sqlite_store, "held") == "1"

    def test_a_unit_inside_a_unit_is_refused(self, sqlite_store: SqlStore) -> None:
        with pytest.raises(RuntimeError, match="cannot open another"):
            sqlite_store.write(lambda unit: sqlite_store.write(put("inner")))


class TestRefusals:
    def test_a_file_locked_by_another_program_saves_nothing(self, impatient: SqlStore, file: Path) -> None:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked by another program"):
            impatient.write(put("fact"))
        other.execute("ROLLBACK")
        other.close()
        impatient.write(put("fact"))
        assert fact(impatient, "fact") == "1"

    def test_everybody_who_waited_for_the_lock_is_told_at_once(self, sqlite_url: str, file: Path) -> None:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        store = open_store(sqlite_url, busy_timeout_ms=500)
        with ThreadPoolExecutor(40) as pool:
            refused = [pool.submit(store.write, put(str(number))) for number in range(40)]
            wait(refused, timeout=WAIT_S)
        assert {type(future.exception(0)) for future in refused} == {StoreUnavailable}
        store.close()
        other.close()

    def test_a_full_disk_saves_nothing_and_reads_go_on(self, sqlite_store: SqlStore) -> None:
        def fill(unit: SqlUnit) -> None:
            pages = unit.facts.tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            unit.facts.tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")

        sqlite_store.write(put("before"))
        sqlite_store.write(fill)
        with pytest.raises(StoreUnavailable, match="disk is full"):
            sqlite_store.write(lambda unit: unit.facts.put("big", "x" * 100_000))
        assert (fact(sqlite_store, "before"), fact(sqlite_store, "big")) == ("1", "")
        sqlite_store.write(put("small"))

    def test_after_a_refusal_the_store_is_well_once_something_was_saved_again(
        self, sqlite_url: str, file: Path
    ) -> None:
        store = open_store(sqlite_url, busy_timeout_ms=50)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="locked"):
                store.write(put("fact"))
        with pytest.raises(StoreUnavailable, match="locked"):
            store.check()
        store.write(lambda unit: None)  # saves nothing, and would go through on a full disk
        with pytest.raises(StoreUnavailable, match="locked"):
            store.check()
        store.write(put("fact"))
        store.check()
        store.close()

    def test_one_unit_that_finds_the_disk_full_among_others_is_a_refusal(
        self, sqlite_store: SqlStore
    ) -> None:
        def limit(unit: SqlUnit) -> None:
            unit.facts.tx.connection.exec_driver_sql("PRAGMA max_page_count = 1")

        sqlite_store.write(limit)
        with pytest.raises(StoreUnavailable, match="disk is full"):
            sqlite_store.write(lambda unit: unit.facts.put("big", "x" * 100_000))
        with pytest.raises(StoreUnavailable, match="disk is full"):
            sqlite_store.check()

    def test_a_read_only_database_saves_nothing(self, sqlite_store: SqlStore) -> None:
        def freeze(unit: SqlUnit) -> None:
            unit.facts.tx.connection.exec_driver_sql("PRAGMA query_only = ON")

        sqlite_store.write(freeze)
        with pytest.raises(StoreUnavailable, match="read-only"):
            sqlite_store.write(put("fact"))

    def test_a_file_that_cannot_be_opened_says_so(self, tmp_path: Path) -> None:
        store = open_store(f"sqlite:///{tmp_path}/nowhere/meridian.sqlite")
        with pytest.raises(StoreUnavailable, match="cannot be opened"):
            store.write(put("fact"))
        with pytest.raises(StoreUnavailable, match="cannot be opened"):
            store.check()
        store.close()

    def test_a_writer_that_dies_is_noticed_and_nobody_waits_for_it(self, sqlite_store: SqlStore) -> None:
        def deadly(unit: SqlUnit) -> None:
            unit.facts.put("deadly", "1")
            raise SystemExit

        with pytest.raises(StoreUnavailable, match="has died"):
            sqlite_store.write(deadly)
        with pytest.raises(StoreUnavailable, match="has died"):
            sqlite_store.write(put("fact"))
        with pytest.raises(StoreUnavailable, match="has died"):
            sqlite_store.check()
        assert fact(sqlite_store, "deadly") == ""

    def test_a_closed_store_refuses_at_once(self, sqlite_url: str) -> None:
        store = open_store(sqlite_url)
        store.check()
        store.close()
        with pytest.raises(StoreUnavailable, match="closed"):
            store.write(put("fact"))


class TestOneProcess:
    def test_a_second_long_running_process_is_refused_by_name(self, sqlite_url: str, file: Path) -> None:
        command = [sys.executable, "-c", LOCK_AND_WAIT, sqlite_url]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            assert holder.stdin is not None
            assert holder.stdout.readline() == b"held\n"
            with pytest.raises(StoreInUse, match=f"process {holder.pid}"):
                open_store(sqlite_url, exclusive=True)
            assert is_held(file)
            beside = open_store(sqlite_url)
            beside.write(put("one-shot"))
            beside.close()
            holder.kill()
        assert not is_held(file)
        open_store(sqlite_url, exclusive=True).close()

    def test_a_refused_process_leaves_the_schema_as_it_is(self, tmp_path: Path) -> None:
        file = tmp_path / "older.sqlite"
        url = f"sqlite:///{file}"
        command = [sys.executable, "-c", HOLD_UNMIGRATED, str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            with pytest.raises(StoreInUse):
                open_store(url, exclusive=True)
            assert not file.exists()
            holder.kill()
        open_store(url, exclusive=True).close()
        assert head_matches(url)

    def test_a_newer_schema_is_refused_and_the_lock_given_back(self, sqlite_url: str, file: Path) -> None:
        newer = sqlite3.connect(file)
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
        newer.close()
        for _ in range(2):
            with pytest.raises(SchemaTooNew, match="schema 9999"):
                open_store(sqlite_url, exclusive=True)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_an_address_that_cannot_serve_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        open_store(url)


def test_there_is_news_when_another_process_has_saved_something_and_else_none(sqlite_url: str) -> None:
    with closing(open_store(sqlite_url)) as mine, closing(open_store(sqlite_url)) as theirs:
        mine.write(put("at first"))
        mine.has_news()
        assert not mine.has_news()
        theirs.write(put("by them"))
        assert mine.has_news()
        assert not mine.has_news()
        fact(theirs, "by them")
        assert not mine.has_news()

"""`backup`, `restore`, `restored`: whole copies, refusals that change nothing, marks that page nobody."""

import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from bot.alive import ALIVE
from bot.restored import Restored, mark_restored
from incidents.decision import stamp
from incidents.effects import Effect, EffectKind, Priority, Timer, TimerKind
from incidents.model import EntryKind, Severity
from incidents.operations.notices import OPERATIONS
from incidents.restoring import DOUBTED
from storage.lock_file import hold
from storage.opening import SqlStore, open_store
from storage.tables import OUTBOX, TIMER
from tests.support.command_line import CommandLine
from tests.support.house import TestHouse, example_house

WAVE = "Account-takeover wave in EU"


@pytest.fixture
def bot(commands: CommandLine) -> CommandLine:
    return commands


def facts(file: Path) -> dict[str, str]:
    with closing(sqlite3.connect(file)) as database:
        return dict(database.execute("SELECT name, value FROM fact").fetchall())


class TestFiles:
    """On SQLite, the file in hand."""

    @pytest.fixture
    def database(self, bot: CommandLine, sqlite_url: str) -> Path:
        bot.given(DATABASE_URL=sqlite_url)
        store = open_store(sqlite_url)
        store.write(lambda unit: unit.facts.put("day", "one"))
        store.close()
        return Path(sqlite_url.removeprefix("sqlite:///"))

    @pytest.fixture
    def copy(self, bot: CommandLine, database: Path, tmp_path: Path) -> Path:
        copy = tmp_path / "copy.sqlite"
        assert bot("backup", copy).code == 0
        return copy

    @pytest.fixture
    def later(self, database: Path) -> None:
        """The day goes on after the copy."""
        store = open_store(f"sqlite:///{database}")
        store.write(lambda unit: unit.facts.put("day", "two"))
        store.close()

    def test_a_copy_is_one_plain_file_that_its_owner_alone_can_read(self, copy: Path) -> None:
        assert facts(copy)["day"] == "one"
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert [path.name for path in copy.parent.glob("copy.sqlite*")] == ["copy.sqlite"]

    def test_a_copy_is_made_beside_a_running_bot_with_its_last_commit(
        self, bot: CommandLine, database: Path, tmp_path: Path
    ) -> None:
        running = open_store(f"sqlite:///{database}", exclusive=True)
        running.write(lambda unit: unit.facts.put("day", "now"))
        assert bot("backup", tmp_path / "beside.sqlite").code == 0
        running.close()
        assert facts(tmp_path / "beside.sqlite")["day"] == "now"

    def test_no_file_is_replaced_without_force(self, bot: CommandLine, copy: Path, later: None) -> None:
        told = bot("backup", copy)
        assert (told.code, told.out, facts(copy)["day"]) == (1, "", "one")
        assert "--force" in told.err
        assert bot("backup", copy, "--force").code == 0
        assert facts(copy)["day"] == "two"

    def test_the_database_itself_is_never_replaced(self, bot: CommandLine, database: Path) -> None:
        told = bot("backup", database, "--force")
        assert (told.code, facts(database)["day"]) == (1, "one")
        assert "--force" not in told.err

    @pytest.mark.parametrize("force", [(), ("--force",)])
    def test_without_a_database_no_file_is_replaced(
        self, bot: CommandLine, tmp_path: Path, force: tuple[str, ...]
    ) -> None:
        there = tmp_path / "notes.txt"
        there.write_text("mine")
        told = bot.given(DATABASE_URL=f"sqlite:///{tmp_path / 'none.sqlite'}")("backup", there, *force)
        assert (told.code in (1, 3), told.out, there.read_text()) == (True, "", "mine")
        assert told.err

    @pytest.mark.parametrize("place", ["nowhere/copy.sqlite", "meridian.sqlite/copy.sqlite"])
    def test_a_folder_that_cannot_take_it_is_said(
        self, bot: CommandLine, database: Path, tmp_path: Path, place: str
    ) -> None:
        told = bot("backup", tmp_path / place)
        assert (told.code, told.out) == (3, "")
        assert "cannot be" in told.err

    def test_going_back_keeps_what_was_there(
        self, bot: CommandLine, database: Path, copy: Path, later: None
    ) -> None:
        told = bot("restore", copy)
        assert (told.code, told.err, facts(database)["day"]) == (0, "", "one")
        [aside] = database.parent.glob("meridian.sqlite.before-*Z")
        assert facts(aside)["day"] == "two"
        assert aside.name in told.out
        assert facts(copy)["day"] == "one"  # and the copy is still one

    def test_a_log_that_was_left_by_a_kill_goes_aside_with_its_database(
        self, bot: CommandLine, database: Path, copy: Path
    ) -> None:
        for end in ("-wal", "-shm"):
            Path(f"{database}{end}").write_bytes(b"left by a kill")
        assert bot("restore", copy).code == 0
        assert facts(database)["day"] == "one"
        assert len(list(database.parent.glob("meridian.sqlite.before-*-wal"))) == 1

    def test_what_was_marked_is_in_the_one_file_and_in_no_log(
        self, bot: CommandLine, database: Path, copy: Path
    ) -> None:
        assert bot("restore", copy).code == 0
        assert not Path(f"{database}-wal").exists()
        with closing(sqlite3.connect(f"{database.as_uri()}?immutable=1", uri=True)) as alone:
            [(said,)] = alone.execute("SELECT value FROM fact WHERE name = 'alive'").fetchall()
        assert said.endswith("Z")

    def test_while_a_bot_runs_nothing_is_put_back(self, bot: CommandLine, database: Path, copy: Path) -> None:
        with closing(hold(database)):
            told = bot("restore", copy)
        assert (told.code, told.out) == (3, "")
        assert told.err.startswith("Another Meridian (process ")

    def test_what_is_no_database_is_refused(self, bot: CommandLine, database: Path, tmp_path: Path) -> None:
        (tmp_path / "text").write_text("not a database at all\n" * 99)
        for name in ("text", "nothing"):
            told = bot("restore", tmp_path / name)
            assert (told.code, told.out) == (3, "")
        assert facts(database)["day"] == "one"
        assert not list(database.parent.glob("*.restoring*"))

    def test_a_damaged_copy_is_refused(self, bot: CommandLine, database: Path, copy: Path) -> None:
        content = bytearray(copy.read_bytes())
        content[8192:12288] = b"\xff" * 4096
        copy.write_bytes(content)
        assert bot("restore", copy).code == 3
        assert not list(database.parent.glob("*.before-*"))

    def test_a_copy_of_a_newer_meridian_is_refused(
        self, bot: CommandLine, database: Path, copy: Path
    ) -> None:
        with closing(sqlite3.connect(copy)) as newer, newer:
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
        told = bot("restore", copy)
        assert told.code == 3
        assert "Start the newer Meridian" in told.err

    def test_a_broken_timeline_is_named_and_taken_only_by_force(
        self, bot: CommandLine, database: Path, copy: Path, store_of_copy: Callable[[Path], TestHouse]
    ) -> None:
        store_of_copy(copy).declare(WAVE, severity=Severity.SEV1)
        with closing(sqlite3.connect(copy)) as forged, forged:
            forged.execute("DROP TRIGGER timeline_no_update")
            forged.execute("UPDATE timeline SET body = replace(body, 'EU', 'US') WHERE seq = 1")
        told = bot("restore", copy)
        assert (told.code, facts(database).get("day")) == (1, "one")
        assert "INC-1, entry 1: the text was changed." in told.err
        assert bot("restore", copy, "--force").code == 0

    @pytest.fixture
    def store_of_copy(self) -> Iterator[Callable[[Path], TestHouse]]:
        opened: list[SqlStore] = []

        def house(file: Path) -> TestHouse:
            opened.append(open_store(f"sqlite:///{file}"))
            return example_house(opened[-1])

        yield house
        for store in opened:
            store.close()


@pytest.mark.postgres
def test_on_postgresql_its_own_tools_are_named(bot: CommandLine, postgres_url: str, tmp_path: Path) -> None:
    bot.given(DATABASE_URL=postgres_url)
    for words in (("backup", tmp_path / "copy"), ("restore", tmp_path / "copy")):
        told = bot(*words)
        assert (told.code, told.out) == (1, "")
        assert "python -m bot restored" in told.err


@pytest.mark.postgres
def test_the_marks_are_not_made_while_somebody_works(
    bot: CommandLine, postgres_url: str, postgres_store: SqlStore
) -> None:
    bot.given(DATABASE_URL=postgres_url)
    assert bot("restored").code == 0  # it says itself that it was there just now
    told = bot("restored")
    assert (told.code, told.out) == (1, "")
    assert "Stop every one of them first" in told.err


class TestMarks:
    """What an older copy holds, on both databases."""

    @pytest.fixture
    def there(self, store: SqlStore) -> TestHouse:
        there = example_house(store)
        there.store.write(lambda unit: unit.facts.put(OPERATIONS, "COPS"))
        there.store.write(lambda unit: unit.facts.put(ALIVE, stamp(there.clock.now())))
        return there

    def mark(self, there: TestHouse, hours: float = 1) -> Restored:
        there.clock.advance(hours=hours)
        return there.store.write(lambda unit: mark_restored(unit, there.clock.now()))

    def rows(self, there: TestHouse, key: str) -> tuple[str, bool, bool]:
        found = there.store.read(lambda unit: unit.outbox.tx.one(select(OUTBOX).where(OUTBOX.c.key == key)))
        assert found is not None
        return found["state"], found["ambiguous"], DOUBTED in found["args"]

    def put(self, there: TestHouse, *effects: Effect) -> None:
        there.store.write(lambda unit: unit.outbox.put(effects, there.clock.now()))

    def test_a_page_is_looked_for_first_and_never_sent_unseen(self, there: TestHouse) -> None:
        there.declare(WAVE, severity=Severity.SEV1)
        found = self.mark(there)
        assert self.rows(there, "page:INC-1:1.0.UANA") == ("pending", True, True)
        assert found.looked_for > 1

    def test_one_that_was_in_hand_is_free_and_looked_for_too(self, there: TestHouse) -> None:
        there.declare(WAVE, severity=Severity.SEV1)
        there.store.write(lambda unit: unit.outbox.claim(there.clock.now(), "the only one", 99))
        self.mark(there)
        assert self.rows(there, "page:INC-1:1.0.UANA") == ("pending", True, True)

    def test_what_is_for_show_keeps_its_ordinary_rule(self, there: TestHouse) -> None:
        self.put(there, Effect(EffectKind.SET_TOPIC, "topic", "INC-1", priority=Priority.COSMETIC))
        self.mark(there)
        assert self.rows(there, "topic") == ("pending", True, False)

    @pytest.mark.parametrize("kind", [EffectKind.RING, EffectKind.MAIL, EffectKind.READ_DND])
    def test_what_cannot_be_looked_for_is_not_done_again(self, there: TestHouse, kind: EffectKind) -> None:
        self.put(there, Effect(kind, "call", "INC-1", priority=Priority.PAGE))
        assert self.mark(there).dropped == 1
        assert self.rows(there, "call")[0] == "skipped"

    @pytest.mark.parametrize(
        ("kind", "fires"),
        [
            (TimerKind.CALL_LEVEL, False),
            (TimerKind.RING, False),
            (TimerKind.SILENCE, False),
            (TimerKind.UPDATE_DUE, False),
            (TimerKind.UPDATE_LATE, False),
            (TimerKind.CARE_ENDS, True),
        ],
    )
    def test_what_fell_due_since_the_copy_does_not_fire_and_what_comes_does(
        self, there: TestHouse, kind: TimerKind, fires: bool
    ) -> None:
        past = Timer(kind, "past", "INC-1", there.clock.now() + timedelta(minutes=5))
        there.store.write(
            lambda unit: unit.timers.put(
                [past, replace(past, key="next", due_at=past.due_at + timedelta(hours=1))]
            )
        )
        self.mark(there)
        states = there.store.read(
            lambda unit: {row["key"]: row["state"] for row in unit.outbox.tx.all(select(TIMER))}
        )
        assert states == {"past": "pending" if fires else "cancelled", "next": "pending"}

    def test_nobody_is_paged_again_though_an_hour_has_gone_by(self, there: TestHouse) -> None:
        there.declare(WAVE, severity=Severity.SEV1)
        there.slack()  # Ana's page has left
        self.mark(there)
        there.later(minutes=1)
        assert [e.kind for e in there.slack() if e.priority is Priority.PAGE and "page" in e.key] == []
        assert {page.user for page in there.incident("INC-1").pages} == {"UANA"}

    def test_an_incident_that_nobody_has_taken_is_named_and_others_are_not(self, there: TestHouse) -> None:
        there.declare(WAVE, severity=Severity.SEV1)
        found = self.mark(there)
        assert found.waiting == ("INC-1",)
        [told] = [effect.args for effect in there.slack() if effect.kind is EffectKind.NOTICE]
        assert told == {"about": "restored", "copy_at": "2026-11-30T19:00:00Z", "waiting": "INC-1"}

    def test_the_timeline_of_an_open_incident_says_from_when_on_it_may_lack_something(
        self, there: TestHouse
    ) -> None:
        there.declare(WAVE, severity=Severity.SEV1)
        self.mark(there)
        entries = there.store.read(lambda unit: unit.timeline.of("INC-1"))
        [noted] = [entry for entry in entries if entry.kind is EntryKind.RESTORED]
        assert noted.data == {"copy_at": "2026-11-30T19:00:00Z"}
        assert there.store.read(lambda unit: unit.timeline.verify_all()) == []

    def test_no_incident_number_is_given_twice(self, there: TestHouse) -> None:
        there.declare(WAVE)
        self.mark(there)
        assert there.declare("Card-testing wave").key == "INC-102"

    def test_marking_twice_does_no_harm(self, there: TestHouse) -> None:
        there.declare(WAVE, severity=Severity.SEV1)
        self.mark(there)
        assert self.mark(there, hours=0).lapsed == 0
        assert self.rows(there, "page:INC-1:1.0.UANA") == ("pending", True, True)

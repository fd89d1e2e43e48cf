"""`outbox list|retry|drop`: what was given up is shown, tried again with what hung on it, or dropped."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from incidents.effects import Effect, EffectKind, Outcome, Timer, TimerKind
from storage.dead_letters import MOST_LISTED
from storage.opening import SqlStore, open_store
from tests.support.clock import NOON, FakeClock
from tests.support.command_line import CommandLine


@pytest.fixture
def bot(commands: CommandLine, sqlite_url: str) -> CommandLine:
    return commands.given(DATABASE_URL=sqlite_url)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    """As a bot has it that runs beside the command."""
    store = open_store(sqlite_url)
    yield store
    store.close()


def effect(key: str, *after: str) -> Effect:
    return Effect(EffectKind.TELL, key, "INC-1", after=after)


def lose(store: SqlStore, *effects: Effect, error: str = "is_archived") -> None:
    """Put them all; the first is refused for good."""
    store.write(lambda unit: unit.outbox.put(effects, NOON))
    first = store.write(lambda unit: unit.outbox.claim(NOON, "one", 1))[0]
    store.write(lambda unit: unit.outbox.fail(first, error, NOON))
    store.write(lambda unit: unit.outbox.claim(NOON, "one", 0))  # what hangs on it falls with it


def state(store: SqlStore, key: str) -> str:
    return store.read(lambda unit: unit.outbox.state(key))


def test_where_nothing_was_given_up_it_says_so(bot: CommandLine) -> None:
    told = bot("outbox", "list")
    assert (told.code, told.out) == (0, "Nothing was given up; 0 effects on the way.\n")


def test_what_was_given_up_is_listed_with_its_reason(bot: CommandLine, store: SqlStore) -> None:
    lose(store, effect("a"), effect("b", "a"))
    assert bot("outbox", "list").out.splitlines() == [
        "b",
        "  tell of INC-1: after something that failed; never sent, 2026-03-02T12:00:00Z",
        "a",
        "  tell of INC-1: is_archived; given up after 1 attempt, 2026-03-02T12:00:00Z",
        "2 dead letters; 0 effects on the way.",
    ]


def test_the_list_is_one_document_for_programs(bot: CommandLine, store: SqlStore) -> None:
    lose(store, effect("a"))
    document = bot("outbox", "list", "--json").document()
    assert document == {
        "dead_letters": [
            {
                "key": "a",
                "kind": "tell",
                "subject": "INC-1",
                "state": "dead",
                "error": "is_archived",
                "attempts": 1,
                "at": "2026-03-02T12:00:00Z",
            }
        ],
        "waiting": 0,
    }


class TestRetry:
    def test_it_is_tried_again_with_all_that_hung_on_it(self, bot: CommandLine, store: SqlStore) -> None:
        lose(store, effect("a"), effect("b", "a"), effect("c", "b"), effect("other", "gone"))
        assert bot("outbox", "retry", "a").out == "a is tried again, with 2 that waited for it.\n"
        now = NOON + timedelta(days=5000)
        claimed = store.write(lambda unit: unit.outbox.claim(now, "one", 9))
        assert [(one.effect.key, one.attempt, one.ambiguous) for one in claimed] == [
            ("a", 1, True),
            ("other", 1, False),
        ]
        store.write(lambda unit: unit.outbox.finish(claimed[0], Outcome(True), now))
        (after,) = store.write(lambda unit: unit.outbox.claim(now, "one", 9))
        assert (after.effect.key, after.ambiguous) == ("b", False)

    def test_what_waits_for_another_lost_one_too_is_lost_again(
        self, bot: CommandLine, store: SqlStore
    ) -> None:
        lose(store, effect("z"))
        lose(store, effect("a"), effect("b", "a", "z"))
        bot("outbox", "retry", "a")
        store.write(lambda unit: unit.outbox.claim(NOON, "one", 0))
        assert (state(store, "a"), state(store, "b")) == ("pending", "failed")

    @pytest.mark.parametrize(("key", "words"), [("nothing", "There is no nothing."), ("a", "it is done")])
    def test_what_was_not_given_up_is_refused(
        self, bot: CommandLine, store: SqlStore, key: str, words: str
    ) -> None:
        store.write(lambda unit: unit.outbox.put([effect("a")], NOON))
        (one,) = store.write(lambda unit: unit.outbox.claim(NOON, "one", 1))
        store.write(lambda unit: unit.outbox.finish(one, Outcome(True), NOON))
        for command in ("retry", "drop"):
            told = bot("outbox", command, key)
            assert (told.code, words in told.err) == (1, True)

    def test_it_is_found_however_much_was_given_up_since(self, bot: CommandLine, store: SqlStore) -> None:
        lose(store, effect("a"))
        for newer in range(MOST_LISTED):
            lose(store, effect(f"{newer}"))
        assert bot("outbox", "retry", "a").out == "a is tried again.\n"

    def test_it_is_on_record_who_did_it(self, bot: CommandLine, store: SqlStore) -> None:
        lose(store, effect("a"))
        assert bot("outbox", "retry", "a", "--json").document() == {"retried": "a", "brought_back": 1}
        (entry,) = store.read(lambda unit: unit.audit.of("INC-1"))
        assert (entry.action, entry.detail) == ("outbox retry", {"effect": "a"})
        assert entry.by.endswith("the command line")


class TestDrop:
    def test_it_is_sent_never_and_by_whom_is_kept(self, bot: CommandLine, store: SqlStore) -> None:
        lose(store, effect("a"), effect("b", "a"))
        assert bot("outbox", "drop", "a").out == "a is dropped.\n"
        assert state(store, "a") == "skipped"
        assert [letter.key for letter in store.read(lambda unit: unit.dead_letters.listed())] == ["b"]
        (entry,) = store.read(lambda unit: unit.audit.of("INC-1"))
        assert entry.action == "outbox drop"

    def test_for_programs_it_names_who(self, bot: CommandLine, store: SqlStore) -> None:
        lose(store, effect("a"))
        assert bot("outbox", "drop", "a", "--json").document()["dropped"] == "a"


class TestBuriedTimers:
    @pytest.fixture
    def buried(self, store: SqlStore) -> str:
        timer = Timer(TimerKind.UPDATE_DUE, "due:INC-1", "INC-1", NOON)
        store.write(lambda unit: unit.timers.put([timer]))
        store.write(lambda unit: unit.timers.bury("due:INC-1", "KeyError"))
        return "due:INC-1"

    def test_they_are_listed_too(self, bot: CommandLine, buried: str) -> None:
        assert (
            "a timer, buried after 0 attempts; it was due, 2026-03-02T12:00:00Z" in bot("outbox", "list").out
        )

    def test_one_that_is_tried_again_fires(self, bot: CommandLine, store: SqlStore, buried: str) -> None:
        assert bot("outbox", "retry", buried).code == 0
        later = FakeClock().advance(days=5000)
        assert [timer.key for timer in store.write(lambda unit: unit.timers.claim_due(later, 5))] == [buried]

    def test_one_that_is_dropped_never_fires(self, bot: CommandLine, store: SqlStore, buried: str) -> None:
        assert bot("outbox", "drop", buried).code == 0
        assert bot("outbox", "list").out.startswith("Nothing was given up")


def test_a_word_too_few_is_a_matter_of_usage(bot: CommandLine) -> None:
    assert bot("outbox", "retry").code == 2

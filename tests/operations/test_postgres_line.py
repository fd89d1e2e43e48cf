"""The line to PostgreSQL breaks: in the midst of a unit, at its COMMIT, for as long as a restart. What was
asked for is done once, and everybody works on when it is back."""

from collections.abc import Iterator
from contextlib import closing
from socket import (
    IPPROTO_TCP,
    SO_KEEPALIVE,
    SOL_SOCKET,
    TCP_KEEPCNT,
    TCP_KEEPIDLE,
    TCP_KEEPINTVL,
    TCP_USER_TIMEOUT,
)
from threading import Event

import pytest
from sqlalchemy import text

from bot.scheduler import TimerThread
from incidents.effects import EffectKind
from incidents.errors import StoreUnavailable
from incidents.operations import declaring, timers
from incidents.operations.declaring import Request
from incidents.people import Ask
from storage.opening import SqlStore, open_store
from storage.unit_of_work import SqlUnit
from tests.support.command_line import CommandLine
from tests.support.house import TestHouse
from tests.support.incidents import PRIYA, WAVE
from tests.support.postgres_line import PostgresLine, postgres_line

WAIT_S = 15.0
LEFT_OPEN = "idle_in_transaction_session_timeout"
GIVES_UP = {
    (SOL_SOCKET, SO_KEEPALIVE): 1,
    (IPPROTO_TCP, TCP_KEEPIDLE): 5,
    (IPPROTO_TCP, TCP_KEEPINTVL): 2,
    (IPPROTO_TCP, TCP_KEEPCNT): 3,
    (IPPROTO_TCP, TCP_USER_TIMEOUT): 10_000,
}

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]


@pytest.fixture
def line(postgres_url: str) -> Iterator[PostgresLine]:
    with postgres_line(postgres_url) as line:
        yield line


@pytest.fixture
def store(line: PostgresLine) -> Iterator[SqlStore]:
    store = open_store(line.url)
    yield store
    store.close()


def declare(there: TestHouse) -> str:
    return declaring.declare(there.house, Ask(PRIYA, "trigger:1"), Request(WAVE)).key


def keys(there: TestHouse) -> list[str]:
    return [each.key for each in there.store.read(lambda unit: unit.incidents.listing())]


def test_a_commit_whose_answer_was_lost_is_known_when_it_runs_again(
    there: TestHouse, line: PostgresLine
) -> None:
    line.lose_answers(1)
    key = declare(there)
    assert (line.lost, keys(there)) == (1, [key])
    pages = [one for one in there.slack() if one.kind is EffectKind.SEND_PAGE]
    assert len(pages) == 1
    assert there.store.read(lambda unit: unit.timeline.verify(key)) is None


def test_what_is_declared_at_the_command_line_counts_once_though_the_answer_to_its_commit_is_lost(
    there: TestHouse, line: PostgresLine, commands: CommandLine
) -> None:
    line.lose_answers(1)
    told = commands.given(DATABASE_URL=line.url)("declare", WAVE, "--by", PRIYA)
    pages = [one.subject for one in there.slack() if one.kind is EffectKind.SEND_PAGE]
    assert (told.code, line.lost, keys(there), pages) == (0, 1, ["INC-1"], ["INC-1"])


def test_answers_lost_again_and_again_are_told_and_the_next_try_finds_what_was_saved(
    there: TestHouse, line: PostgresLine
) -> None:
    line.lose_answers(5)
    with pytest.raises(StoreUnavailable):
        there.store.write(lambda unit: unit.facts.put("name", "value"))
    line.lose_answers(0)
    assert there.store.read(lambda unit: unit.facts.get("name")) == "value"


def test_every_line_gives_up_a_server_that_has_vanished_within_seconds(
    there: TestHouse, line: PostgresLine
) -> None:
    heard = Event()
    there.store.on_commit(heard.set)
    assert heard.wait(WAIT_S)  # the listener has its line, besides those of the units
    found = line.asked(lambda end: tuple(end.getsockopt(*option) for option in GIVES_UP))
    assert len(found) >= 2
    assert set(found) == {tuple(GIVES_UP.values())}


def test_a_server_that_vanishes_in_the_midst_of_a_unit_is_given_up_and_what_was_asked_for_saved(
    line: PostgresLine,
) -> None:
    runs: list[str] = []

    def work(unit: SqlUnit) -> None:
        runs.append(unit.facts.get("name"))
        if len(runs) == 1:
            line.vanish()
        unit.facts.put("name", "value")

    with closing(open_store(f"{line.url}?tcp_user_timeout=500&keepalives_idle=1")) as store:
        store.write(work)
        assert (runs, store.read(lambda unit: unit.facts.get("name"))) == (["", ""], "value")


def test_the_server_ends_a_unit_of_somebody_who_has_vanished_and_holds_its_rows(there: TestHouse) -> None:
    limit = there.store.read(lambda unit: unit.facts.tx.run(text(f"SHOW {LEFT_OPEN}")).scalar_one())
    assert limit == "30s"


def test_a_line_cut_in_the_midst_of_a_unit_saves_it_once(there: TestHouse, line: PostgresLine) -> None:
    runs: list[int] = []

    def work(unit: SqlUnit) -> int:
        number = unit.incidents.next_number()
        runs.append(number)
        if len(runs) == 1:
            line.cut()
        unit.facts.put("number", str(number))
        return number

    number = there.store.write(work)
    assert runs == [number, number]


def test_while_the_server_restarts_nothing_is_saved_and_then_everything_goes_on(
    there: TestHouse, line: PostgresLine
) -> None:
    woken = Event()
    there.store.on_commit(woken.set)
    fired, tried = Event(), Event()

    def fire() -> None:
        tried.set()
        timers.fire_due(there.house)
        fired.set()

    thread = TimerThread(there.clock, fire)
    thread.start()
    assert fired.wait(WAIT_S)
    line.down()
    with pytest.raises(StoreUnavailable):
        declare(there)
    tried.clear()
    thread.wake()
    assert tried.wait(WAIT_S)
    line.up()
    fired.clear()
    woken.clear()
    key = declare(there)
    assert fired.wait(WAIT_S)
    assert woken.wait(WAIT_S)
    assert (thread.is_alive(), there.store.is_alive(), keys(there)) == (True, True, [key])
    thread.stop()

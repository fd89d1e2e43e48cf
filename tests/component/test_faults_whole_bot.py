"""The whole bot in trouble: Slack answers slowly, another program holds the database, a delivery comes five
times. People are answered in time, nothing is lost, and it goes on by itself."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.http_bot import HttpBot, command, event, http_bot
from tests.support.order import late_pages, pages_in
from tests.support.web import until
from tests.support.whole_bot import WholeBot, is_ready
from tests.support.workspace import Json, Workspace

INCIDENTS, SLOW_MS, IN_TIME_MS = 50, 5000.0, 3000

pytestmark = pytest.mark.timeout(120)


@contextmanager
def locked(sqlite_url: str) -> Iterator[None]:
    """Another program, for example a backup, holds the file."""
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        until("the file is ours", lambda: _begins(other))
        yield
        other.execute("ROLLBACK")


def _begins(other: sqlite3.Connection) -> bool:
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


def calls(workspace: Workspace, seen: int) -> list[Json]:
    return [entry for entry in workspace.get(f"journal?after={seen}")["entries"] if entry["kind"] == "call"]


def test_fifty_incidents_while_slack_takes_five_seconds_are_acknowledged_and_page_first(
    bot: WholeBot,
) -> None:
    workspace = bot.workspace
    workspace.post("settings", latency_ms=SLOW_MS, tiers=False)
    seen = int(workspace.journal()[-1]["seq"])

    def declare(number: int) -> Json:
        return workspace.person("UPRIYA").types(f"/incident declare sev2 Wave {number}")

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(declare, range(INCIDENTS)))
    assert [each["acked"] and each["ack_ms"] < IN_TIME_MS for each in answered] == [True] * INCIDENTS
    keys = {each.key for each in bot.bot.store.read(lambda unit: unit.incidents.listing(None, 100))}
    assert len(keys) == INCIDENTS

    def pages() -> Counter[str]:
        return pages_in(calls(workspace, seen))

    workspace.eventually("a page for each has left", lambda: set(pages()) == keys, within=60)
    assert set(pages().values()) == {1}
    assert late_pages(calls(workspace, seen), workspace.channels(), keys) == []


def test_a_file_that_is_locked_for_long_refuses_in_time_and_is_used_again_by_itself(
    bot: WholeBot, sqlite_url: str
) -> None:
    workspace, priya = bot.workspace, bot.workspace.person("UPRIYA")
    priya.types("/incident declare sev2 Before the lock")
    name = workspace.eventually("the channel", workspace.incident_channels)[0]
    workspace.eventually("Priya is in it", lambda: "UPRIYA" in workspace.channels()[name]["members"])
    with locked(sqlite_url):
        refused = priya.types("/incident declare sev2 Behind the lock")
        said = priya.says("while nothing can be saved", name)
        until("that is told to machines", lambda: not is_ready(bot))
    assert refused["acked"]
    assert refused["ack_ms"] < IN_TIME_MS
    assert "Nothing was saved" in str(refused["response"])
    assert not said["acked"]  # so Slack sends it again
    workspace.eventually("what was said is kept", lambda: _is_kept(bot, said))
    assert "declared" in str(priya.types("/incident declare sev2 After the lock")["response"])
    until("machines are told that all is well", lambda: is_ready(bot))


def _is_kept(bot: WholeBot, said: Json) -> bool:
    place = said["response"]
    kept = bot.bot.store.read(lambda unit: unit.history.of("INC-1"))
    return place["ts"] in [each.ref.ts for each in kept]


def test_a_short_lock_is_waited_out(bot: WholeBot, sqlite_url: str) -> None:
    priya = bot.workspace.person("UPRIYA")
    with ThreadPoolExecutor(1) as pool:
        with locked(sqlite_url):
            declaring = pool.submit(priya.types, "/incident declare sev2 Behind a short lock")
            until("it waits", lambda: _deliveries(bot.workspace) > 0)
        answered = declaring.result(30)
    assert "declared" in str(answered["response"])


def _deliveries(workspace: Workspace) -> int:
    return sum(entry["kind"] == "delivery" for entry in workspace.journal())


def test_a_delivery_that_comes_five_times_at_once_is_one_message(sqlite_url: str, tmp_path: Path) -> None:
    with http_bot(sqlite_url, tmp_path) as bot:
        channel = _incident_channel(bot)
        message = {"type": "message", "channel": channel, "user": "UPRIYA", "text": "x", "ts": "5.000001"}
        envelope = {"type": "event_callback", "team_id": "T0SANDBOX", "event_id": "Ev5", "event": message}
        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(lambda age_s: bot.posts(event(envelope, age_s=age_s)), range(5)))
        assert {answer.status for answer in answers} == {200}
        kept = bot.bot.store.read(lambda unit: unit.history.of("INC-1"))
        assert [each.ref.ts for each in kept].count("5.000001") == 1


def _incident_channel(bot: HttpBot) -> str:
    bot.posts(command("declare sev2 Fraud wave", "1.five"))
    name = bot.workspace.eventually("the channel", bot.workspace.incident_channels)[0]
    channel = str(bot.workspace.channels()[name]["id"])
    heard = bot.bot.store
    bot.workspace.eventually(
        "the bot knows its channel", lambda: heard.read(lambda unit: unit.incidents.in_channel(channel))
    )
    return channel

"""chaos.*: ten thousand effects while the bot is killed and Slack refuses, cuts lines and delivers twice.

Seeded (`CHAOS_SEED`); what is counted at the end is read from the database and from Slack's own history.
The bot runs at twenty times Slack's pace (`hasty.py`), or the tiers alone would make it an hour."""

import os
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from msgspec import Struct, field
from slack_sdk import WebClient

from tests.bench.processes import running
from tests.bench.rows import Aim, Row
from tests.support.processes import Running
from tests.support.workspace import Json, Refused, Workspace

EFFECTS = int(os.environ.get("CHAOS_EFFECTS", "10000"))
SEED = int(os.environ.get("CHAOS_SEED", "20261122"))
DECLARERS, CHANGES = 4, 3
LIVES_S = (1.5, 3.5)  # between one kill and the next
FAULT_EVERY_S = 0.15
DRAINS_WITHIN_S = float(os.environ.get("CHAOS_DRAIN", "300"))
CLOCK_EVERY_S, CLOCK_BY_S = 0.2, 0.4  # a lease of 30 s is still longer than two looks with their waits
HASTY = "tests.bench.hasty"
METHODS = ("chat.postMessage", "chat.update", "conversations.create", "conversations.invite", "bookmarks.add")


class Told(Struct):
    """What people were told: keys of incidents whose declaration was answered."""

    keys: set[str] = field(default_factory=set)
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)


def rows(run: str) -> Iterator[Row]:
    chance, told, over = random.Random(SEED), Told(), threading.Event()
    with running() as started:
        started.workspace.post("settings", tiers=False)
        with ThreadPoolExecutor(DECLARERS + 2) as pool, _hurrying(started.workspace):
            pool.submit(_disturb, started.workspace, random.Random(SEED + 1), told, over)
            for number in range(DECLARERS):
                pool.submit(_declare, started.workspace, number, told, over)
            _kill_now_and_then(started, chance, told)
            over.set()
            started.workspace.post("faults", clear=True)
            put = _drained(started)
        sent = _count(started, "SELECT count(*) FROM outbox WHERE state = 'done'")
        lost, twice = _lost(started, told), seen_twice(started.workspace)
    faults = ", ".join(f"{name} {count}" for name, count in sorted(told.faults.items()))
    note = f"seed {SEED}: {sent} sent, the rest replaced by newer ones; {told.kills} kills, {faults}"
    yield Row("chaos.effects", put, "n", run, EFFECTS, Aim("ratio", ">=", 1.0), note)
    yield Row("chaos.lost", len(lost), "n", run, put, Aim("value", "<=", 0), ", ".join(lost[:5]))
    yield Row("chaos.twice", len(twice), "n", run, put, Aim("value", "<=", 0), ", ".join(twice[:5]))


@contextmanager
def _hurrying(workspace: Workspace) -> Iterator[None]:
    """Time runs so much faster, so that pages climb and reminders fall due meanwhile."""
    over = threading.Event()

    def hurry() -> None:
        while not over.wait(CLOCK_EVERY_S):
            workspace.move_clock(seconds=CLOCK_BY_S)

    hurrying = threading.Thread(target=hurry)
    hurrying.start()
    try:
        yield
    finally:
        over.set()
        hurrying.join()


def _disturb(workspace: Workspace, chance: random.Random, told: Told, over: threading.Event) -> None:
    """One fault after another, on the next call of some method or on the next envelopes."""
    kinds: tuple[Json, ...] = (
        {"retry_after": 1},
        {"reset_before": True},
        {"reset_after": True},
        {"html_500": True},
        {"error": "fatal_error"},
        {"delay_ms": 400},
    )
    while not over.wait(FAULT_EVERY_S):
        if chance.random() < 0.15:
            fault: Json = {chance.choice(("ack_lost", "duplicate_envelope")): 1}
        else:
            fault = {"method": chance.choice(METHODS), **chance.choice(kinds)}
        workspace.post("faults", **fault)
        told.faults[next(name for name in fault if name != "method")] += 1


def _declare(workspace: Workspace, number: int, told: Told, over: threading.Event) -> None:
    """One incident after another; a pinned message and a change of severity in each."""
    count = 0
    while not over.is_set():
        count += 1
        title = f"Wave {number}.{count}"
        try:
            answered = workspace.person("UPRIYA").types(f"/incident declare sev3 {title}", "general")
        except Refused:
            continue
        if answered["acked"] and (key := _key(answered)):
            told.keys.add(key)
            for change in range(CHANGES):
                _type(workspace, f"/incident sev {2 + change % 2} {key} it changes")
                _type(workspace, f"/incident update {key} told {change} times")
        else:
            over.wait(0.2)


def _type(workspace: Workspace, words: str) -> None:
    """Refused or unheard is no matter here: nothing was promised then."""
    with suppress(Refused):
        workspace.person("UPRIYA").types(words, "general")


def _key(answered: Json) -> str:
    words = str(answered["response"])
    at = words.find("INC-")
    return words[at:].split(" ", 1)[0] if at >= 0 else ""


def _kill_now_and_then(started: Running, chance: random.Random, told: Told) -> None:
    while _count(started, "SELECT count(*) FROM outbox") < EFFECTS:
        time.sleep(chance.uniform(*LIVES_S))
        started.kill()
        told.kills += 1
        started.start(HASTY)


def _drained(started: Running) -> int:
    """How many effects were put, once none of them waits any more but for somebody's morning."""
    waiting = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND kind <> 'shift_notice'"
    try:
        started.workspace.eventually(
            "all is sent", lambda: _count(started, waiting) == 0, within=DRAINS_WITHIN_S
        )
    except AssertionError as late:
        with _database(started) as database:
            rows = database.execute(
                f"{waiting.replace('count(*)', 'key, state, not_before, last_error')} LIMIT 20"
            )
            raise AssertionError(f"{late}: {[*rows]}") from None
    return _count(started, "SELECT count(*) FROM outbox")


def _lost(started: Running, told: Told) -> list[str]:
    """Declarations that were answered and are not there; effects that were given up."""
    with _database(started) as database:
        known = {key for (key,) in database.execute("SELECT key FROM incident")}
        given_up = database.execute("SELECT key, last_error FROM outbox WHERE state IN ('dead', 'failed')")
        return sorted(told.keys - known) + [f"{key}: {error}" for key, error in given_up]


def seen_twice(workspace: Workspace) -> list[str]:
    """Marks of ours that stand on two messages, and incidents with two channels: read as Slack has them."""
    client = WebClient("xoxb-sandbox-meridian", base_url=f"{workspace.url}api/", retry_handlers=[])
    channels = list(_paged(client, "users.conversations", "channels", types="public_channel,private_channel"))
    people = [each["id"] for each in _paged(client, "users.list", "members") if not each["is_bot"]]
    direct = [client.conversations_open(users=user)["channel"] for user in people if user != "USLACKBOT"]
    marks: Counter[str] = Counter()
    for each in (*channels, *direct):
        for message in _paged(
            client, "conversations.history", "messages", channel=each["id"], include_all_metadata=1
        ):
            mark = (message.get("metadata") or {}).get("event_payload")
            marks.update([str(mark)] if mark else [])
    names = (str(each["name"]) for each in channels if each.get("name", "").startswith("inc-"))
    keys = Counter("-".join(name.split("-")[:2]) for name in names)
    return [mark for mark, seen in (marks + keys).items() if seen > 1] if keys else ["no channel at all"]


def _paged(client: WebClient, method: str, name: str, **args: Any) -> Iterator[Json]:
    cursor = ""
    while True:
        answer = client.api_call(
            method, params={**args, "limit": 200, **({"cursor": cursor} if cursor else {})}
        )
        yield from answer[name]
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def _database(started: Running) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{started.home / 'meridian.sqlite'}?mode=ro", uri=True)


def _count(started: Running, query: str) -> int:
    with _database(started) as database:
        return int(database.execute(query).fetchone()[0])

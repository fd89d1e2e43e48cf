"""chaos.*: ten thousand effects while the bot is killed and Slack refuses, cuts lines and delivers twice.

Seeded (`CHAOS_SEED`). At the end the database and Slack's own history are held against each other: what was
answered is on record, what is said to be sent can be seen, once.
The bot runs at twenty times Slack's pace (`hasty.py`), or the tiers alone would make it an hour."""

import json
import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from msgspec import Struct, field

from tests.bench.database import WAITING, asked, count, waiting
from tests.bench.processes import running
from tests.bench.read_back import Place, Shown, shown
from tests.bench.rows import Aim, Row
from tests.support.processes import Running
from tests.support.workspace import Json, Refused, Workspace

EFFECTS = int(os.environ.get("CHAOS_EFFECTS", "10000"))
SEED = int(os.environ.get("CHAOS_SEED", "20261122"))
DECLARERS, CHANGES = 4, 3
LIVES = (150, 600)  # effects that are sent between one kill and the next
MOST_WAITING = 400  # more than that are not wished for at once
FAULT_EVERY_S = 0.15
DRAINS_WITHIN_S = float(os.environ.get("CHAOS_DRAIN", "300"))
CLOCK_EVERY_S, CLOCK_BY_S = 0.2, 0.4  # a lease of 30 s is still longer than two looks with their waits
HASTY = "tests.bench.hasty"
SENT = "SELECT count(*) FROM outbox WHERE state = 'done'"
POSTS = "('post_card', 'announce', 'send_page', 'send_pages', 'tell', 'post_update')"
OF_EACH = ("create_channel", "post_card", "announce")  # every incident has one, and somebody to page
METHODS = ("chat.postMessage", "chat.update", "conversations.create", "conversations.invite", "bookmarks.add")


class Told(Struct):
    """What people were told: keys of incidents whose declaration was answered, updates by key and words."""

    keys: set[str] = field(default_factory=set)
    updates: set[tuple[str, str]] = field(default_factory=set)
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)


def rows(run: str) -> Iterator[Row]:
    chance, told, over = random.Random(SEED), Told(), threading.Event()
    with running() as started:
        started.workspace.post("settings", tiers=False)
        with ThreadPoolExecutor(DECLARERS + 1) as pool, _hurrying(started.workspace):
            others = [pool.submit(_disturb, started.workspace, random.Random(SEED + 1), told, over)]
            for number in range(DECLARERS):
                others.append(pool.submit(_declare, started, number, told, over))
            try:
                _kill_now_and_then(started, chance, told)
            finally:
                over.set()
            for other in others:
                other.result()
            started.workspace.post("faults", clear=True)
            _drained(started)
        sent, put = count(started, SENT), count(started, "SELECT count(*) FROM outbox")
        seen = shown(started.workspace)
        lost = _lost(started, told, seen)
    faults = ", ".join(f"{name} {times}" for name, times in sorted(told.faults.items()))
    note = f"seed {SEED}: {put} put, some replaced by newer ones; {told.kills} kills, {faults}"
    is_void = not (told.kills and told.faults)
    yield Row("chaos.effects", sent, "n", run, EFFECTS, Aim("ratio", ">=", 1.0), note, is_void)
    note = f"of {len(told.keys)} incidents and {len(told.updates)} updates answered: {', '.join(lost[:5])}"
    yield Row("chaos.lost", len(lost), "n", run, sent, Aim("value", "<=", 0), note)
    twice = seen.twice()
    yield Row("chaos.twice", len(twice), "n", run, sent, Aim("value", "<=", 0), ", ".join(twice[:5]))


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


def _declare(started: Running, number: int, told: Told, over: threading.Event) -> None:
    """One incident after another; updates and changes of severity in each."""
    workspace, nth = started.workspace, 0
    while not over.is_set():
        if waiting(started) > MOST_WAITING:
            over.wait(0.1)
            continue
        nth += 1
        title = f"Wave {number}.{nth}"
        try:
            answered = workspace.person("UPRIYA").types(f"/incident declare sev3 {title}", "general")
        except Refused:
            continue
        if answered["acked"] and (key := _key(answered)):
            told.keys.add(key)
            for change in range(CHANGES):
                _type(workspace, f"/incident sev {2 + change % 2} {key} it changes")
                words = f"told {change} times"
                if _type(workspace, f"/incident update {key} {words}"):
                    told.updates.add((key, words))
        else:
            over.wait(0.2)


def _type(workspace: Workspace, words: str) -> bool:
    """Whether it was taken. Refused or unheard is no matter here: nothing was promised then."""
    try:
        return bool(workspace.person("UPRIYA").types(words, "general")["acked"])
    except Refused:
        return False


def _key(answered: Json) -> str:
    words = str(answered["response"])
    at = words.find("INC-")
    return words[at:].split(" ", 1)[0] if at >= 0 else ""


def _kill_now_and_then(started: Running, chance: random.Random, told: Told) -> None:
    while (sent := count(started, SENT)) < EFFECTS:
        lives = partial(_has_sent, started, sent + chance.randint(*LIVES))
        started.workspace.eventually("it works", lives, within=DRAINS_WITHIN_S)
        started.kill()
        told.kills += 1
        started.start(HASTY)


def _has_sent(started: Running, effects: int) -> bool:
    return count(started, SENT) >= effects


def _drained(started: Running) -> None:
    """Until nothing waits any more but for somebody's morning."""
    try:
        started.workspace.eventually("all is sent", lambda: waiting(started) == 0, within=DRAINS_WITHIN_S)
    except AssertionError as late:
        rows = asked(started, f"SELECT key, state, not_before, last_error {WAITING} LIMIT 20")
        raise AssertionError(f"{late}: {rows}") from None


def _lost(started: Running, told: Told, seen: Shown) -> list[str]:
    """What was answered and is not on record; what was given up; what is said to be sent and is not there."""
    known = {key for (key,) in asked(started, "SELECT key FROM incident")}
    given_up = asked(started, "SELECT key, last_error FROM outbox WHERE state IN ('dead', 'failed')")
    updates = asked(started, "SELECT incident, body FROM timeline WHERE kind = 'update'")
    done = {kind: _done(started, kind) for kind in OF_EACH}
    return [
        *sorted(told.keys - known),
        *(f"{key}: {error}" for key, error in given_up),
        *(f"update {key} {words}" for key, words in told.updates if not _is_told(updates, key, words)),
        *_unseen(started, seen),
        *(f"{kind} of {key}" for kind, keys in done.items() for key in sorted(known - keys)),
        *(f"channel of {key}" for key in sorted(known) if key not in seen.channels),
    ]


def _unseen(started: Running, seen: Shown) -> list[str]:
    """Posts said to be sent that cannot be read. A page of a bundle stands in its bundle's message."""
    done = f"SELECT key, result, after FROM outbox WHERE state = 'done' AND kind IN {POSTS}"
    posted = {key: (json.loads(result), json.loads(after)) for key, result, after in asked(started, done)}

    def place(key: str) -> Place:
        result, after = posted.get(key, ({}, []))
        bundles = [each for each in after if each in posted]
        return (
            place(bundles[0])
            if bundles and not result
            else (str(result.get("channel")), str(result.get("ts")))
        )

    return [f"unseen {key}" for key in posted if place(key) not in seen.places]


def _is_told(updates: list[tuple[str, str]], key: str, words: str) -> bool:
    return any(incident == key and words in body for incident, body in updates)


def _done(started: Running, kind: str) -> set[str]:
    query = "SELECT subject FROM outbox WHERE state = 'done' AND kind = ?"
    return {subject for (subject,) in asked(started, query, kind)}

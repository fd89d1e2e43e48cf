"""`make soak [MINUTES=30]`: fifty messages a second and incidents among them, while fault follows fault.

At the end every message that Slack accepted is in the database, nothing is lost or seen twice, and the bot's
memory is where it was after its first minutes. Seeded (`SOAK_SEED`)."""

import argparse
import asyncio
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator

import aiohttp
from msgspec import Struct, field

from tests.bench.database import WAITING, asked
from tests.bench.hearing import Hearing
from tests.bench.processes import bot_pid, memory_mb, running
from tests.bench.read_back import Place, shown
from tests.bench.rows import Aim, Row, table
from tests.support.processes import Running
from tests.support.workspace import Json, Refused, Workspace

PER_SECOND = 50
SEED = int(os.environ.get("SOAK_SEED", "20261122"))
CHANNELS, PEOPLE = 5, ("UANA", "UBO", "UDANA", "UPRIYA")
EDITED = 0.05  # of the messages
FAULT_EVERY_S, INCIDENT_EVERY_S = 2.0, 10.0
WARM_UP, WARM_UP_MOST_S = 0.25, 180.0  # of the time; caches and pools fill in it
DRAINS_WITHIN_S, READS_BACK_AFTER_S = 150.0, 20.0
GROWS_MB = 20.0
SLACK_WAITS_S, HEARD_AGAIN_S, HEARD_LATE = 3.0, 10.0, 0.02  # of the messages
AT_ONCE = 400  # an act waits up to three seconds for its acknowledgement
METHODS = ("chat.postMessage", "chat.update", "conversations.create", "conversations.invite", "*")


class Told(Struct):
    """What Slack took: messages, edits among them, incidents whose declaration was answered."""

    said: list[Place] = field(default_factory=list)
    edited: set[Place] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)


def rows(run: str, minutes: float) -> Iterator[Row]:
    told, over = Told(), threading.Event()
    with running() as started:
        channels = _incident_channels(started.workspace)
        fresh = memory_mb(bot_pid(started))
        others = [
            threading.Thread(target=_disturb, args=(started.workspace, random.Random(SEED), told, over)),
            threading.Thread(target=_declare, args=(started.workspace, told, over)),
        ]
        for other in others:
            other.start()
        try:
            with Hearing(started.workspace) as hearing:
                before = _spoken(started, channels, minutes * 60, told)
        finally:
            over.set()
            for other in others:
                other.join()
        started.workspace.post("faults", clear=True)
        missing = _drained(started, told)
        after = memory_mb(bot_pid(started))
        started.workspace.post("settings", tiers=False)  # reading everything back is not the bot's doing
        lost, twice = [*missing, *_lost(started, told)], shown(started.workspace).twice()
    faults = ", ".join(f"{name} {count}" for name, count in sorted(told.faults.items()))
    wanted = minutes * 60 * PER_SECOND
    note = f"{minutes:g} min, seed {SEED}: {len(told.keys)} incidents; {faults}"
    yield Row("soak.events", len(told.said), "n", run, wanted, Aim("ratio", ">=", 0.9), note)
    late, unheard = hearing.later_than(HEARD_AGAIN_S), hearing.later_than(SLACK_WAITS_S)
    note = f"later than {HEARD_AGAIN_S:g} s; {unheard} later than Slack's {SLACK_WAITS_S:g} s"
    yield Row("soak.late", late, "n", run, len(hearing.waits_s), Aim("ratio", "<=", HEARD_LATE), note)
    yield Row("soak.lost", len(lost), "n", run, len(told.said), Aim("value", "<=", 0), ", ".join(lost[:5]))
    yield Row("soak.twice", len(twice), "n", run, None, Aim("value", "<=", 0), ", ".join(twice[:5]))
    note = f"{fresh:.1f} MB at the start, {before:.1f} MB after warming up, {after:.1f} MB at the end"
    yield Row("soak.memory", after - before, "MB", run, before, Aim("value", "<=", GROWS_MB), note)


def _incident_channels(workspace: Workspace) -> list[str]:
    for number in range(CHANNELS):
        workspace.person("UPRIYA").types(f"/incident declare sev3 Long wave {number}", "general")
    workspace.eventually("the channels", lambda: len(_inhabited(workspace)) == CHANNELS, within=60)
    return _inhabited(workspace)


def _inhabited(workspace: Workspace) -> list[str]:
    """Ids of the incident channels in which somebody can speak."""
    theirs = (workspace.channels()[name] for name in workspace.incident_channels())
    return [each["id"] for each in theirs if "UPRIYA" in each["members"]]


def _spoken(started: Running, channels: list[str], for_s: float, told: Told) -> float:
    """Speak for so many seconds; the bot's memory in MB after warming up."""
    found: list[float] = []
    warm = threading.Timer(
        min(for_s * WARM_UP, WARM_UP_MOST_S), lambda: found.append(memory_mb(bot_pid(started)))
    )
    warm.start()
    asyncio.run(_speak(started, channels, for_s, told))
    warm.join()
    return found[0]


async def _speak(started: Running, channels: list[str], for_s: float, told: Told) -> None:
    url, chance = started.workspace.url, random.Random(SEED + 1)
    gate, began = asyncio.Semaphore(AT_ONCE), time.monotonic()
    limits = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(
        timeout=limits, connector=aiohttp.TCPConnector(limit=AT_ONCE)
    ) as session:

        async def act(name: str, **body: str) -> Json:
            async with session.post(f"{url}_control/{name}", json=body) as answer:
                return dict(await answer.json())

        async def one(number: int, is_edited: bool) -> None:
            channel = channels[number % len(channels)]
            async with gate:
                done = await act("say", **{"as": "UPRIYA"}, channel=channel, text=f"line {number}")
                if "response" not in done:
                    return  # Slack was down: nothing was said
                place = (channel, str(done["response"]["ts"]))
                told.said.append(place)
                if is_edited:
                    words = f"line {number}, edited"
                    edit = await act("edit", **{"as": "UPRIYA"}, channel=channel, ts=place[1], text=words)
                    told.edited |= {place} if "response" in edit else set()

        async with asyncio.TaskGroup() as group:
            for number in range(round(for_s * PER_SECOND)):
                if started.is_dead:
                    raise AssertionError(f"the bot has ended: {_last_words(started)}")
                group.create_task(one(number, chance.random() < EDITED))
                await asyncio.sleep(max(began + (number + 1) / PER_SECOND - time.monotonic(), 0))


def _last_words(started: Running) -> str:
    return (started.home / "meridian.log").read_text()[-4000:]


def _disturb(workspace: Workspace, chance: random.Random, told: Told, over: threading.Event) -> None:
    """One fault after another: of calls, of sockets, of the token, of Slack as a whole."""
    of_calls: tuple[Json, ...] = (
        {"retry_after": 2},
        {"reset_before": True},
        {"reset_after": True},
        {"html_500": True},
        {"error": "fatal_error"},
        {"delay_ms": 3000},
        {"delay_after_ms": 3000},
    )
    of_all: tuple[Json, ...] = (
        {"ack_lost": 5},
        {"duplicate_envelope": 5},
        {"disconnect": "warning"},
        {"disconnect": "refresh_requested"},
        {"disconnect": "abort"},
        {"half_open_one": True},
        {"refuse_connections": 1},
        {"dead_token": 4},
        {"down": 3},
    )
    while not over.wait(FAULT_EVERY_S):
        is_small = chance.random() < 0.6
        fault = {"method": chance.choice(METHODS), **chance.choice(of_calls)} if is_small else None
        fault = fault or chance.choice(of_all)
        workspace.post("faults", **fault)
        told.faults[next(name for name in fault if name != "method")] += 1


def _declare(workspace: Workspace, told: Told, over: threading.Event) -> None:
    """Incidents that live and end beside the talk: each new one resolves the one before."""
    number, before = 0, ""
    while not over.wait(INCIDENT_EVERY_S):
        number += 1
        answered = _type(workspace, f"/incident declare sev{2 + number % 3} Short wave {number}")
        key = _key(answered)
        told.keys |= {key} if key else set()
        if before:
            _type(workspace, f"/incident update {before} it ebbs")
            _type(workspace, f"/incident resolve {before} it is over")
        before = key or before


def _type(workspace: Workspace, words: str) -> Json:
    try:
        return workspace.person("UPRIYA").types(words, "general")
    except Refused:
        return {}


def _key(answered: Json) -> str:
    words = str(answered.get("response")) if answered.get("acked") else ""
    at = words.find("INC-")
    return words[at:].split(" ", 1)[0].strip("*_.,:") if at >= 0 else ""


def _drained(started: Running, told: Told) -> list[str]:
    """Wait until everything said is stored and everything decided is sent; what is still missing then.

    What was delivered four times in vain is read back when the bot connects anew."""
    began, asked = time.monotonic(), False
    while (missing := _missing(started, told)) and time.monotonic() < began + DRAINS_WITHIN_S:
        if not asked and time.monotonic() > began + READS_BACK_AFTER_S:
            started.workspace.post("faults", disconnect="refresh_requested")
            asked = True
        time.sleep(0.5)
    return missing


def _missing(started: Running, told: Told) -> list[str]:
    kept = {
        (channel, ts): edited
        for channel, ts, edited in asked(started, "SELECT channel, ts, edited_at FROM message")
    }
    unsaid = [f"message {place}" for place in told.said if place not in kept]
    unedited = [f"edit of {place}" for place in told.edited if not kept.get(place)]
    return unsaid + unedited + [f"unsent {key}" for (key,) in asked(started, f"SELECT key {WAITING}")]


def _lost(started: Running, told: Told) -> list[str]:
    """Declarations that were answered and are not there; effects that were given up."""
    known = {key for (key,) in asked(started, "SELECT key FROM incident")}
    given_up = asked(started, "SELECT key, last_error FROM outbox WHERE state IN ('dead', 'failed')")
    return sorted(told.keys - known) + [f"{key}: {error}" for key, error in given_up]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak")
    parser.add_argument("--minutes", type=float, default=30.0)
    found = list(rows("soak", parser.parse_args(words).minutes))
    print(table(found))
    return 0 if all(row.holds for row in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""ack.*: how soon a delivery is acknowledged after its commit, over both ways, and after a silence."""

import asyncio
import statistics
import time
from collections.abc import Iterator

import aiohttp

from tests.bench.database import count
from tests.bench.processes import bot_pid, memory_mb, running, running_over_http
from tests.bench.rows import Aim, Row
from tests.support.processes import Running
from tests.support.workspace import Json, Workspace

PER_SECOND, FOR_S, FRAMES = 200, 10, 5000
AT_ONCE = 32
STORED = "SELECT count(*) FROM message"
NOT_SLOWER = 0.95  # or it was another question than the one that was asked


def rows(run: str) -> Iterator[Row]:
    with running() as started:
        channel = _incident_channel(started.workspace)
        yield _steady_row("ack.p99", run, started.workspace, channel)
        before = memory_mb(bot_pid(started))
        acked, stored, took_s = _after_silence(started, channel)
        grown = f"{memory_mb(bot_pid(started)) - before:+.0f} MB"
        note = f"{acked} of {FRAMES} acked, {stored} stored, in {took_s:.1f} s after the connection; {grown}"
        yield Row("ack.burst", min(acked, stored), "ev", run, FRAMES, Aim("ratio", ">=", 1.0), note)
    with running_over_http() as workspace:
        yield _steady_row("ack.http", run, workspace, _incident_channel(workspace))


def _steady_row(name: str, run: str, workspace: Workspace, channel: str) -> Row:
    events = _steadily(workspace, channel)
    acks = sorted(float(each["ack_ms"]) for each in events)
    came = sorted(float(each["t_start"]) for each in events)
    pace = (len(came) - 1) / (came[-1] - came[0])
    note = f"{pace:.0f}/s for {FOR_S} s, median {statistics.median(acks):.1f}, slowest {acks[-1]:.0f} ms"
    p99, is_void = acks[round(len(acks) * 0.99) - 1], pace < PER_SECOND * NOT_SLOWER
    return Row(name, p99, "ms", run, 3000.0, Aim("value", "<=", 25.0), note, is_void)


def _incident_channel(workspace: Workspace) -> str:
    workspace.person("UPRIYA").types("/incident declare sev2 Fraud wave under load", "general")
    name = workspace.eventually("the channel", workspace.incident_channels, within=20)[0]
    workspace.eventually("Priya is in it", lambda: "UPRIYA" in workspace.channels()[name]["members"])
    return str(workspace.channels()[name]["id"])


def _steadily(workspace: Workspace, channel: str) -> list[Json]:
    """The deliveries of messages that come at a steady rate, all acknowledged."""
    seen = int(workspace.journal()[-1]["seq"])
    asyncio.run(_say(workspace, channel, PER_SECOND * FOR_S, PER_SECOND))
    return _events(workspace, seen, PER_SECOND * FOR_S)


def _after_silence(started: Running, channel: str) -> tuple[int, int, float]:
    """What was said while the bot was down reaches it as one burst: acked, stored, after how many s."""
    before = count(started, STORED)
    started.kill()
    seen = int(started.workspace.journal()[-1]["seq"])
    asyncio.run(_say(started.workspace, channel, FRAMES, 0))
    began = time.monotonic()
    started.start()
    acked = len(_events(started.workspace, seen, FRAMES))
    took_s = time.monotonic() - began
    return acked, count(started, STORED) - before, took_s


def _events(workspace: Workspace, seen: int, awaited: int) -> list[Json]:
    def acked() -> list[Json] | None:
        entries = workspace.get(f"journal?after={seen}")["entries"]
        found = [
            e for e in entries if e["kind"] == "delivery" and e.get("event") == "message" and e.get("acked")
        ]
        return found if len(found) >= awaited else None

    return list(workspace.eventually(f"{awaited} acknowledged messages", acked, within=120))


async def _say(workspace: Workspace, channel: str, count: int, per_second: int) -> None:
    """`per_second` 0: as fast as it goes."""
    gate = asyncio.Semaphore(AT_ONCE)
    began = time.monotonic()
    limits = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(
        timeout=limits, connector=aiohttp.TCPConnector(limit=AT_ONCE)
    ) as session:

        async def one(number: int) -> None:
            body = {"as": "UPRIYA", "channel": channel, "text": f"line {number}"}
            async with gate, session.post(f"{workspace.url}_control/say", json=body) as answer:
                await answer.read()
                assert answer.status == 200

        async with asyncio.TaskGroup() as group:
            for number in range(count):
                group.create_task(one(number))
                if per_second:
                    await asyncio.sleep(max(began + (number + 1) / per_second - time.monotonic(), 0))

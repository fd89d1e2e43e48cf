"""open.*: from the command's envelope to a usable channel, beside the same work as eight calls in a row.

The processes are those of `make run`, commits are durable, latency is 100 ms a call, tiers are off."""

import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from slack_sdk import WebClient

from tests.bench.rows import Aim, Row
from tests.bench.spread import SPREAD, page_ten_people
from tests.support.processes import Running
from tests.support.workspace import Json, Workspace

LATENCY_MS = 100.0
OPENINGS, BURST, BURSTS = 20, 30, 5
ROUND_TRIPS = 2


def new_run() -> str:
    return uuid.uuid4().hex[:12]


def rows(run: str) -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder,
        Running(Path(folder) / "home") as running,
    ):
        workspace = running.workspace
        page_ten_people(running)  # one person alone could not be paged so often at Slack's rates
        workspace.post("settings", latency_ms=LATENCY_MS, tiers=False)
        openings = [_opening(workspace, number) for number in range(OPENINGS)]
        serial = statistics.median(_serial(workspace, number) for number in range(5))
        bursts = [_burst(workspace, number) for number in range(BURSTS)]
    ready = statistics.median(opening["ready"] for opening in openings)
    page = statistics.median(opening["page"] for opening in openings)
    early = all(opening["page_before_channel"] for opening in openings)
    floor = ROUND_TRIPS * LATENCY_MS
    yield Row("open.ready", ready, "ms", run, floor, Aim("ratio", "<=", 1.2), f"median of {OPENINGS}")
    yield Row(
        "open.vs_serial", ready, "ms", run, serial, Aim("ratio", "<=", 0.5), "baseline: eight calls in a row"
    )
    yield Row(
        "open.page",
        page,
        "ms",
        run,
        LATENCY_MS,
        Aim("ratio", "<=", 1.0),
        f"it leaves before the channel exists: {'every time' if early else 'NOT every time'}",
    )
    p99 = statistics.median(sorted(acks)[max(0, round(BURST * 0.99) - 1)] for acks in bursts)
    note = f"{BURST} at once, median of {BURSTS} bursts, slowest of all {max(map(max, bursts)):.0f} ms"
    yield Row("open.ack_p99", p99, "ms", run, 3000.0, Aim("value", "<=", 150.0), note)


def _opening(workspace: Workspace, number: int) -> Json:
    """Times in ms from the envelope: page called, invitation and first message both answered."""
    seen = _seq(workspace)
    workspace.person("UPRIYA").types(
        f"/incident declare {SPREAD[number % len(SPREAD)]} number {number}", "general"
    )
    calls = workspace.eventually("the opening is done", lambda: _calls_of_opening(workspace, seen), within=20)
    began = calls["command"]["t_start"]
    ends = [calls["card"]["t_end"], calls["invite"]["t_end"]]
    time.sleep(0.25)  # what follows at low priority leaves before the next one is measured
    return {
        "ready": (max(ends) - began) * 1000,
        "page": (calls["page"]["t_start"] - began) * 1000,
        "page_before_channel": calls["page"]["t_start"] < calls["create"]["t_end"],
    }


def _calls_of_opening(workspace: Workspace, seen: int) -> Json | None:
    told = workspace.get(f"journal?after={seen}")
    entries = told["entries"] if isinstance(told, dict) else told
    done = [e for e in entries if "t_end" in e and e.get("ok", True)]
    command = next((e for e in done if e["kind"] == "delivery"), None)
    creates = [e for e in done if e.get("method") == "conversations.create"]
    invites = [e for e in done if e.get("method") == "conversations.invite"]
    posts = [e for e in done if e.get("method") == "chat.postMessage"]
    if not (command and creates and invites):
        return None
    channel = invites[0]["args"]["channel"]
    cards = [e for e in posts if e["args"]["channel"] == channel]
    pages = [e for e in posts if "acknowledge by" in str(e["args"].get("text", ""))]
    if not (cards and pages):
        return None
    return {
        "command": command,
        "create": creates[0],
        "invite": invites[0],
        "card": cards[0],
        "page": pages[0],
    }


def _seq(workspace: Workspace) -> int:
    entries = workspace.journal()
    return int(entries[-1]["seq"]) if entries else 0


def _serial(workspace: Workspace, number: int) -> float:
    """The same work as eight calls in a row, as the closest open-source bot makes them; in ms."""
    client = WebClient("xoxb-sandbox-meridian", base_url=f"{workspace.url}api/", retry_handlers=[])
    announce = next(c["id"] for c in workspace.state()["channels"] if c["name"] == "incidents")
    began = time.perf_counter()
    channel = client.conversations_create(name=f"serial-{number}")["channel"]["id"]
    client.chat_postMessage(channel=announce, text=f"Serial {number} declared")
    client.conversations_setTopic(channel=channel, topic="Severity: 2")
    for text in ("Details", "Welcome", "Roles"):
        client.chat_postMessage(channel=channel, text=text)
    client.conversations_members(channel=channel)
    client.conversations_invite(channel=channel, users="UPRIYA,UANA", force=True)
    return (time.perf_counter() - began) * 1000


def _burst(workspace: Workspace, burst: int) -> list[float]:
    """Thirty people declare at once; the acknowledgement times in ms, each after its commit."""

    def declare(number: int) -> float:
        told = workspace.person("UPRIYA").types(f"/incident declare sev3 Burst {burst}.{number}", "general")
        assert told["acked"], told
        return float(told["ack_ms"])

    with ThreadPoolExecutor(BURST) as pool:
        acks = list(pool.map(declare, range(BURST)))
    time.sleep(2.0)  # their effects leave before the next burst is measured
    return acks

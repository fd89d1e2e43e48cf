"""burst.*: a hundred incidents in a minute at Slack's own rates: over ten people on call, then over one.

Each is timed from its command; a page counts when Slack has answered the message that names its key."""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from msgspec import Struct, field

from tests.bench.database import waiting
from tests.bench.processes import running
from tests.bench.rows import Aim, Row
from tests.bench.spread import SPREAD, page_ten_people
from tests.support.processes import Running
from tests.support.workspace import Json, Workspace

INCIDENTS, IN_S = 100, 60.0
LATENCY_MS = 50.0
TIER, BURST = 20, 40  # conversations.create: a minute, and at once
KEY = re.compile(r"(?:INC-\d+|R-[A-Z0-9]+)")


class Storm(Struct):
    """What a hundred declarations led to, in seconds after each. `refused`: answers of 429."""

    pages: list[float] = field(default_factory=list)
    first_dm: float = 0.0
    messages: int = 0
    channels: list[float] = field(default_factory=list)
    makespan: float = 0.0
    acks_ms: list[float] = field(default_factory=list)
    refused: int = 0


def rows(run: str) -> Iterator[Row]:
    with _at_slacks_rates(is_spread=True) as started:
        many = _storm(started, SPREAD)
    with _at_slacks_rates(is_spread=False) as started:
        one = _storm(started, ["sev2 Fraud wave"])
    yield Row(
        "burst.pages", _p99(many.pages), "s", run, _p99(many.channels), Aim("value", "<=", 2.0),
        f"p99 over ten people, {many.messages} messages; baseline: had each waited for its channel",
    )  # fmt: skip
    bound = (INCIDENTS - BURST) * 60 / TIER
    yield Row(
        "burst.channels", many.makespan, "s", run, bound, Aim("ratio", "<=", 1.1),
        "the last channel after the first command; baseline: what the tier allows",
    )  # fmt: skip
    yield Row(
        "burst.first_dm", one.first_dm, "s", run, None, Aim("value", "<=", 2.0), "one person, the first page"
    )
    yield Row(
        "burst.one_person", max(one.pages), "s", run, float(INCIDENTS - 5), Aim("value", "<=", 5.0),
        f"the last key named, {one.messages} messages; baseline: one message a second",
    )  # fmt: skip
    acks = many.acks_ms + one.acks_ms
    yield Row(
        "burst.ack", _p99(acks), "ms", run, 3000.0, Aim("value", "<=", 150.0),
        f"p99 of {len(acks)} declarations, each after its commit; slowest {max(acks):.0f} ms",
    )  # fmt: skip
    refused = many.refused + one.refused
    yield Row(
        "burst.refused",
        refused,
        "429",
        run,
        None,
        Aim("value", "<=", 0.0),
        "calls that Slack refused until nothing waited",
    )


@contextmanager
def _at_slacks_rates(is_spread: bool) -> Iterator[Running]:
    with running() as started:
        if is_spread:
            page_ten_people(started)
        started.workspace.post("settings", latency_ms=LATENCY_MS, tiers=True)
        yield started


def _storm(started: Running, wishes: Sequence[str]) -> Storm:
    workspace = started.workspace
    seen = int(workspace.journal()[-1]["seq"]) if workspace.journal() else 0
    declared = _declare(workspace, wishes)
    began = min(declared.values())

    def settled() -> bool:
        done = _calls(workspace, seen)
        is_there = len(_named(done)) >= INCIDENTS and len(_created(done)) >= INCIDENTS
        return is_there and waiting(started) == 0

    workspace.eventually("every page and channel, and nothing that waits", settled, within=600)
    calls = _calls(workspace, seen)
    named, created = _named(calls), _created(calls)
    return Storm(
        pages=[named[key] - at for key, at in declared.items()],
        first_dm=min(named.values()) - began,
        messages=sum(_is_page(call) for call in calls),
        channels=[created[key] - at for key, at in declared.items() if key in created],
        makespan=max(created.values(), default=began) - began,
        acks_ms=[each["ack_ms"] for each in _all(workspace, seen) if each.get("ack_ms") is not None],
        refused=sum(call.get("status") == 429 for call in _all(workspace, seen)),
    )


def _declare(workspace: Workspace, wishes: Sequence[str]) -> dict[str, float]:
    """Key → when its command was sent, evenly over the minute."""
    declared: dict[str, float] = {}
    begin = time.monotonic()

    def one(number: int) -> None:
        threading.Event().wait(max(0.0, begin + number * IN_S / INCIDENTS - time.monotonic()))
        at = time.monotonic()
        told = workspace.person("UPRIYA").types(
            f"/incident declare {wishes[number % len(wishes)]} {number}", "general"
        )
        found = KEY.search(str(told["response"]))
        assert found, told
        declared[found[0]] = at

    with ThreadPoolExecutor(INCIDENTS) as pool:
        list(pool.map(one, range(INCIDENTS)))
    return declared


def _all(workspace: Workspace, seen: int) -> list[Json]:
    return list(workspace.get(f"journal?after={seen}")["entries"])


def _calls(workspace: Workspace, seen: int) -> list[Json]:
    return [e for e in _all(workspace, seen) if e["kind"] == "call" and e.get("ok") and "t_end" in e]


def _is_page(call: Json) -> bool:
    to = str(call["args"].get("channel", ""))
    return call["method"] == "chat.postMessage" and to.startswith("U") and "page.acknowledge" in str(call)


def _named(calls: list[Json]) -> dict[str, float]:
    """Key → when the first message with its button had been answered."""
    found: dict[str, float] = {}
    for call in filter(_is_page, calls):
        for key in KEY.findall(str(call["args"]["blocks"])):
            found[key] = min(call["t_end"], found.get(key, call["t_end"]))
    return found


def _created(calls: list[Json]) -> dict[str, float]:
    made = (call for call in calls if call["method"] == "conversations.create")
    return {_key_in(call["args"]["name"]): call["t_end"] for call in made}


def _key_in(name: str) -> str:
    found = KEY.match(name.upper())
    return found[0] if found else name


def _p99(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.99) - 1)]

"""SIGKILL during an opening: the next start finishes it, and nobody sees anything twice.

`make test` kills at a seeded sample of the points, `make check` and CI at all of them."""

import os
import random  # noqa: TID251 – seeded, so that a run can be repeated
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.processes import Running
from tests.support.whole_bot import MONDAY
from tests.support.workspace import Json, Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

SEED, SAMPLE = 20261122, 3
TITLE = "Account-takeover wave in EU"
FINISHED_WITHIN_S = 30.0
Moment = Callable[[Workspace], bool]


def _called(method: str, count: int = 1) -> Moment:
    """The call has been made; nobody has answered it."""
    return lambda workspace: len(workspace.journal(method)) >= count


def _channel_exists(workspace: Workspace) -> bool:
    return bool(workspace.incident_channels())


def _card_is_there(workspace: Workspace) -> bool:
    return any(_cards(workspace))


def _somebody_was_paged(workspace: Workspace) -> bool:
    return any("acknowledge by" in m["text"] for m in _bot_dms(workspace))


def _announced(workspace: Workspace) -> bool:
    return any(TITLE in readable(m) for m in workspace.channels()["incidents"]["messages"])


# Each point: the fault that holds Slack's answer back, and what must have happened when the kill comes.
POINTS: dict[str, tuple[Json, Moment]] = {
    "declared, nothing sent": ({"settings": {"latency_ms": 3000}}, lambda workspace: True),
    "page on its way": ({"method": "chat.postMessage", "delay_ms": 2500}, _called("chat.postMessage")),
    "page seen, answer lost": ({"settings": {"latency_ms": 2000}}, _somebody_was_paged),
    "channel on its way": (
        {"method": "conversations.create", "delay_ms": 2500},
        _called("conversations.create"),
    ),
    "channel made, answer lost": ({"settings": {"latency_ms": 2000}}, _channel_exists),
    "invitation on its way": (
        {"method": "conversations.invite", "delay_ms": 2500},
        _called("conversations.invite"),
    ),
    "card on its way": (
        {"method": "chat.postMessage", "delay_ms": 2500, "times": 9},
        _called("conversations.invite"),
    ),
    "card seen, answer lost": ({"settings": {"latency_ms": 1500}}, _card_is_there),
    "announcement seen, answer lost": ({"settings": {"latency_ms": 1500}}, _announced),
    "bookmark on its way": ({"method": "bookmarks.add", "delay_ms": 2500}, _called("bookmarks.add")),
    "pin on its way": ({"method": "pins.add", "delay_ms": 2500}, _called("pins.add")),
}


def _chosen() -> list[str]:
    if os.environ.get("MERIDIAN_ALL_KILL_POINTS"):
        return list(POINTS)
    return sorted(random.Random(SEED).sample(sorted(POINTS), SAMPLE))


@pytest.mark.parametrize("point", _chosen())
def test_a_killed_opening_is_finished_once(point: str, tmp_path: Path) -> None:
    fault, moment = POINTS[point]
    running = Running(tmp_path / "home", begins=MONDAY).start()
    try:
        workspace = running.workspace
        _order(workspace, fault)
        declared = workspace.person("UPRIYA").types(f"/incident declare sev1 {TITLE}", "general")
        assert declared["acked"]
        workspace.eventually(f"the moment {point!r}", lambda: moment(workspace))
        running.kill()
        workspace.post("settings", latency_ms=0)
        workspace.post("faults", clear=True)
        running.start()
        workspace.eventually("the opening is whole", lambda: _is_whole(workspace), within=FINISHED_WITHIN_S)
        _settle(workspace)
        assert _seen_once(workspace) == EXPECTED
    finally:
        running.stop()


def _order(workspace: Workspace, fault: Json) -> None:
    if "settings" in fault:
        workspace.post("settings", **fault["settings"])
    else:
        workspace.post("faults", **fault)


EXPECTED = {
    "channels": 1,
    "cards": 1,
    "announcements": 1,
    "pages": 1,
    "joined twice": [],
    "links": 1,
    "bookmarks": 1,
}


def _seen_once(workspace: Workspace) -> Json:
    name = workspace.incident_channels()[0]
    channel = workspace.channels()[name]
    joins = [m["user"] for m in channel["messages"] if m.get("subtype") == "channel_join"]
    announced = [m for m in workspace.channels()["incidents"]["messages"] if m.get("bot_id")]
    return {
        "channels": len(workspace.incident_channels()),
        "cards": len(_cards(workspace)),
        "announcements": len(announced),
        "pages": len([m for m in _bot_dms(workspace) if "acknowledge by" in m["text"]]),
        "joined twice": sorted({user for user in joins if joins.count(user) > 1}),
        "links": len([m for m in _bot_dms(workspace) if m["to"] == "UPRIYA"]),
        "bookmarks": len(channel.get("bookmarks", ())),
    }


def _is_whole(workspace: Workspace) -> bool:
    if not workspace.incident_channels():
        return False
    seen = _seen_once(workspace)
    members = workspace.channels()[workspace.incident_channels()[0]]["members"]
    least = {**EXPECTED, "joined twice": seen["joined twice"]}
    paged = {m["to"] for m in _bot_dms(workspace) if "acknowledge by" in m["text"]}
    return all(seen[what] >= count for what, count in least.items() if what != "joined twice") and (
        {"UPRIYA", *paged} <= set(members)
    )


def _settle(workspace: Workspace) -> None:
    """Wait until a late request has landed and nothing more is being called."""
    quiet: list[int] = []

    def is_quiet() -> bool:
        quiet.append(len([e for e in workspace.journal() if e.get("method") not in ("api.test", None)]))
        return len(quiet) > 100 and len(set(quiet[-100:])) == 1  # about three seconds without a call

    workspace.eventually("no more calls", is_quiet, within=30)


def _cards(workspace: Workspace) -> list[Json]:
    names = workspace.incident_channels()
    return [
        m for n in names for m in workspace.channels()[n]["messages"] if m.get("bot_id") and m.get("blocks")
    ]


def _bot_dms(workspace: Workspace) -> list[Json]:
    return [
        {**message, "to": next(u for u in dm["members"] if u != message["user"])}
        for dm in workspace.state()["dms"]
        for message in dm["messages"]
        if message.get("bot_id")
    ]

"""SIGKILL right after the declaration: the lead still has the page within four minutes, or eleven."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.processes import Running
from tests.support.whole_bot import MONDAY
from tests.support.workspace import Json, Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

DEAD_FOR_S = 60
LONGEST_SILENCE = timedelta(minutes=3)
# Severity → minutes after the declaration at which the lead's telephone rings, and the most until she has it.
NIGHTS = {"sev0": (3, 4), "sev1": (10, 11)}


@pytest.mark.parametrize("severity", list(NIGHTS))
def test_the_lead_has_it_in_time_though_the_bot_was_killed(severity: str, tmp_path: Path) -> None:
    rings_at, at_most = NIGHTS[severity]
    running = Running(tmp_path / "home", begins=MONDAY).start()
    try:
        workspace = running.workspace
        workspace.post("dnd", user="UANA", on=True)
        began = _now(workspace)
        assert workspace.person("UPRIYA").types(f"/incident declare {severity} Somebody is in danger")[
            "acked"
        ]
        running.kill()
        workspace.move_clock(seconds=DEAD_FOR_S)
        running.start()
        first = workspace.eventually("the primary's telephone rings", lambda: _rings(workspace, "UANA"))[0]
        assert datetime.fromisoformat(first["rang_at"]) - began <= LONGEST_SILENCE
        for minute in range(2, rings_at + 1):
            workspace.move_clock(minutes=1)
            if severity == "sev1" and minute == 5:
                workspace.eventually("the backup's telephone rings", lambda: _rings(workspace, "UBO"))
        workspace.eventually("the lead's telephone rings", lambda: _rings(workspace, "UDANA"))
        workspace.post("answer_phone", **{"as": "UDANA"})
        workspace.eventually("it is hers", lambda: "Dana Ortiz, acknowledged" in _card(workspace), within=30)
        assert _now(workspace) - began <= timedelta(minutes=at_most)
        assert len(_all_rings(workspace, "UANA")) == 1, "nobody is rung twice by one page"
        workspace.eventually("the others stop", lambda: not _rings(workspace, "UANA"), within=20)
    finally:
        running.stop()


def _now(workspace: Workspace) -> datetime:
    return datetime.fromisoformat(workspace.get("clock")["now"])


def _all_rings(workspace: Workspace, user: str) -> list[Json]:
    return list(workspace.state(user)["phone"])


def _rings(workspace: Workspace, user: str) -> list[Json]:
    return [ring for ring in _all_rings(workspace, user) if ring["state"] == "ringing"]


def _card(workspace: Workspace) -> str:
    channels = [workspace.channels()[name] for name in workspace.incident_channels()]
    return "\n".join(readable(m) for each in channels for m in each["messages"] if m.get("bot_id"))

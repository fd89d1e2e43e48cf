"""SIGTERM with effects on their way: it ends well, and nothing is lost or seen twice.

A stop that takes longer than ten seconds ends itself with another status."""

from pathlib import Path

import pytest

from tests.support.processes import Running
from tests.support.whole_bot import MONDAY
from tests.support.workspace import Json, Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

TITLE = "Account-takeover wave in EU"


def once(workspace: Workspace) -> dict[str, int]:
    """How often each thing of the opening is seen."""
    channels = workspace.incident_channels()
    messages = workspace.channels()[channels[0]]["messages"] if channels else []
    dms = [m for user in ("UANA", "UBO") for m in workspace.person(user).direct_messages()]
    lines = workspace.channels()["incidents"]["messages"]
    return {
        "channels": len(channels),
        "cards": len([m for m in messages if m.get("bot_id") and TITLE in readable(m)]),
        "pages": len([m for m in dms if "INC-1" in readable(m)]),
        "announcements": len([m for m in lines if m.get("bot_id") and TITLE in readable(m)]),
    }


@pytest.mark.parametrize(
    "fault",
    [{"settings": {"latency_ms": 2000}}, {"faults": {"method": "*", "delay_ms": 20_000, "times": 40}}],
    ids=["what ends soon is waited for", "what takes too long is given back"],
)
def test_what_is_on_its_way_at_a_stop_is_seen_once(tmp_path: Path, fault: Json) -> None:
    running = Running(tmp_path / "home", begins=MONDAY).start()
    try:
        workspace = running.workspace
        for act, order in fault.items():
            workspace.post(act, **order)
        workspace.person("UPRIYA").types(f"/incident declare sev1 {TITLE}")
        workspace.eventually("the page is on its way", lambda: workspace.journal("chat.postMessage"))
        code = running.stop()
        running.start()
        workspace.eventually("the opening is whole", lambda: min(once(workspace).values()), within=40)
        assert (code, running.complaints()) == (0, "")
        assert set(once(workspace).values()) == {1}
    finally:
        running.stop()

"""A copy is made while the bot works, and going back to it pages nobody a second time."""

from pathlib import Path

import pytest

from tests.support.processes import Running
from tests.support.started import Ended, ended
from tests.support.whole_bot import MONDAY
from tests.support.workspace import Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


def bot(home: Path, *words: object) -> Ended:
    return ended(("python", "-m", "bot", *map(str, words)), {"MERIDIAN_HOME": str(home)})


def pages(workspace: Workspace, user: str) -> int:
    read = workspace.person(user).direct_messages()
    return len([message for message in read if "INC-1" in readable(message)])


def test_going_back_an_hour_pages_nobody_again(tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with Running(tmp_path / "home", begins=MONDAY) as running:
        workspace = running.workspace
        workspace.post("settings", latency_ms=3000)
        workspace.person("UPRIYA").types("/incident declare sev1 Account-takeover wave in EU")
        copied = bot(running.home, "backup", copy)  # Ana's page is on its way
        workspace.post("settings", latency_ms=0)
        workspace.person("UANA").waits_for_dm("Acknowledge by")
        workspace.move_clock(minutes=6)
        workspace.person("UBO").waits_for_dm("Acknowledge by")
        refused = bot(running.home, "restore", copy)
        running.kill()
        workspace.move_clock(hours=1)
        restored = bot(running.home, "restore", copy)
        running.start()
        workspace.person("UDANA").waits_for_message("INC-1", "meridian-ops")
        assert (copied.code, refused.code, restored.code) == (0, 3, 0), restored.err
        assert "Another Meridian (process " in refused.err
        assert "By the copy nobody has taken INC-1." in restored.out
        assert [pages(workspace, user) for user in ("UANA", "UBO", "UDANA")] == [1, 1, 0]
        assert "went back to a copy" in bot(running.home, "export", "incident", "INC-1").out
        assert bot(running.home, "audit", "verify").code == 0

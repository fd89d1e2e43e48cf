"""What people do while the bot is down is not lost: it is on the timeline after the next start."""

from pathlib import Path

import pytest

from tests.support.processes import Running
from tests.support.started import ended

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


def test_a_pushpin_set_while_the_bot_was_down_is_on_the_timeline(tmp_path: Path) -> None:
    with Running(tmp_path / "home") as running:
        workspace = running.workspace
        priya = workspace.person("UPRIYA")
        priya.types("/incident declare sev2 Account-takeover wave in EU")
        channel = workspace.eventually("the channel", workspace.incident_channels)[0]
        priya.waits_for_message("Account-takeover", channel)
        running.kill()
        priya.says("The extension is called QuickSave", channel)
        priya.reacts("pushpin", priya.waits_for_message("QuickSave", channel))
        running.start()
        export = ("python", "-m", "bot", "export", "incident", "INC-1")
        home = {"MERIDIAN_HOME": str(running.home)}
        assert workspace.eventually(
            "the message in the record", lambda: "QuickSave" in ended(export, home).out, within=30
        )

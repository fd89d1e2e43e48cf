"""What people do while the bot is down is not lost: it is on the timeline after the next start."""

from pathlib import Path

import pytest

from tests.support.processes import Running
from tests.support.started import ended
from tests.support.whole_bot import MONDAY

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


def test_after_an_absence_the_operations_channel_reads_what_was_late(tmp_path: Path) -> None:
    running = Running(tmp_path / "home", begins=MONDAY).start()
    try:
        workspace = running.workspace
        workspace.person("UPRIYA").types("/incident declare sev1 Account-takeover wave in EU")
        workspace.person("UANA").waits_for_dm("Acknowledge by")
        status, home = ("python", "-m", "bot", "status"), {"MERIDIAN_HOME": str(running.home)}
        workspace.eventually(
            "her page is on record", lambda: "Nothing waits to be sent." in ended(status, home).out, within=30
        )
        running.kill()
        workspace.move_clock(minutes=13)
        running.start()
        told = workspace.person("UDANA").waits_for_message("Meridian was away", "meridian-ops")
        assert "–19:13 UTC. 1 page left late." in told["text"]
        workspace.person("UBO").waits_for_dm("8 min late")
    finally:
        running.stop()

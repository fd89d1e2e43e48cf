"""Commands that are cut short: a reader that has seen enough, a stop while Slack is away, a moved port."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.processes import Running, free_ports
from tests.support.started import ROOT, ended, environment
from tests.support.workspace import Workspace

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

RUN = ("python", "-m", "bot", "run")


def test_a_reader_that_has_seen_enough_ends_a_command_quietly(tmp_path: Path) -> None:
    example, years = "bot/example/organisation.yaml", ("2026-02-01T00:00:00Z", "2029-02-01T00:00:00Z")
    words = ("python", "-m", "bot", "oncall", "--file", example, "--schedule", "safety", "--json")
    given = environment({"MERIDIAN_HOME": str(tmp_path)})
    with subprocess.Popen(
        (*words, "--between", *years), cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline() == b"{\n"
        command.stdout.close()
        assert (command.wait(60), command.stderr.read()) == (0, b"")


def test_a_stop_while_slack_is_away_is_heeded_at_once(tmp_path: Path) -> None:
    given = {
        "MERIDIAN_HOME": str(tmp_path),
        "SLACK_BOT_TOKEN": "xoxb-sandbox-1",
        "SLACK_APP_TOKEN": "xapp-sandbox-1",
        "SLACK_API_URL": f"http://127.0.0.1:{free_ports()}/api/",
    }
    with subprocess.Popen(RUN, cwd=ROOT, env=environment(given), stdout=subprocess.PIPE) as bot:
        Workspace("").eventually("its pid file", (tmp_path / "bot.pid").exists)
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(30) == 0
        assert bot.stdout is not None
        assert bot.stdout.read() == b""


def test_a_workspace_that_outlived_its_bot_is_not_doubled_on_another_port(tmp_path: Path) -> None:
    with Running(tmp_path / "home") as running:
        running.kill()
        given = {"MERIDIAN_HOME": str(running.home), "MERIDIAN_PORT": str(free_ports())}
        told = ended(RUN, given)
        assert told.code == 3
        assert f"still runs on port {running.port}" in told.err
        assert running.workspace.get("clock")

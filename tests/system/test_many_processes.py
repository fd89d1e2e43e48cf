"""Procfile.many: one process takes deliveries in, another does the work, PostgreSQL between them."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.applying import EXAMPLE
from bot.local_workspace import SEED
from tests.support.processes import free_ports
from tests.support.started import ROOT, Started, ended, procfile
from tests.support.workspace import Workspace

pytestmark = [pytest.mark.system, pytest.mark.postgres, pytest.mark.timeout(120)]

LINES = procfile("Procfile.many")


@pytest.fixture
def given(empty_postgres_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    port = free_ports()
    words = (sys.executable, "-m", "sandbox", "--port", str(port), "--seed", str(SEED))
    with Started((*words, "--manifest", str(ROOT / "manifest.yaml")), {}, "ready", tmp_path / "sandbox"):
        yield {
            "MERIDIAN_HOME": str(tmp_path / "home"),
            "DATABASE_URL": empty_postgres_url.replace("postgresql://", "postgres://"),
            "SLACK_BOT_TOKEN": "xoxb-sandbox-many",
            "SLACK_APP_TOKEN": "xapp-sandbox-many",
            "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
            "MERIDIAN_CLOCK_URL": f"http://127.0.0.1:{port}/_control/clock",
        }


def test_what_one_process_takes_in_the_other_carries_out(given: dict[str, str], tmp_path: Path) -> None:
    workspace = Workspace(given["SLACK_API_URL"].removesuffix("api/"))
    workspace.set_clock("2026-11-30T19:00:00Z")  # Ana is primary
    assert ended(LINES["release"], given).code == 0
    assert ended(("python", "-m", "bot", "apply", str(EXAMPLE)), given).code == 0
    with ExitStack() as stack:
        both = [
            stack.enter_context(Started(LINES[name], given, "ready", tmp_path / name))
            for name in ("work", "serve")
        ]
        workspace.person("UPRIYA").types("/incident declare sev1 Account-takeover wave in EU")
        workspace.person("UANA").waits_for_dm("Acknowledge by")
        workspace.eventually("the channel", workspace.incident_channels)
        assert [process.end().code for process in both] == [0, 0]


def test_serve_without_postgresql_says_what_it_needs(tmp_path: Path) -> None:
    given = {
        "MERIDIAN_HOME": str(tmp_path),
        "SLACK_BOT_TOKEN": "xoxb-sandbox-1",
        "SLACK_APP_TOKEN": "xapp-sandbox-1",
    }
    told = ended(LINES["serve"], given)
    assert (told.code, told.out) == (3, "")
    assert (
        told.err == "serve needs PostgreSQL: set DATABASE_URL, or use run, which does all in one process.\n"
    )

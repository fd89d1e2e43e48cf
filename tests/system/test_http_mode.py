"""Slack over HTTP as the command line runs it: in one process, and in several on PostgreSQL."""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.applying import EXAMPLE
from bot.local_workspace import SEED
from tests.support.http_bot import SECRET, command
from tests.support.processes import free_ports
from tests.support.started import ROOT, Started, ended, procfile
from tests.support.web import Site
from tests.support.workspace import Workspace

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

LINES = procfile("Procfile.many")
RUN = ("python", "-m", "bot", "run")
APPLY = ("python", "-m", "bot", "apply", str(EXAMPLE))


@pytest.fixture
def given(tmp_path: Path) -> Iterator[dict[str, str]]:
    port = free_ports()
    words = (sys.executable, "-m", "sandbox", "--port", str(port), "--seed", str(SEED))
    with Started((*words, "--manifest", str(ROOT / "manifest.yaml")), {}, "ready", tmp_path / "sandbox"):
        Workspace(f"http://127.0.0.1:{port}/").set_clock("2026-11-30T19:00:00Z")  # Ana is primary
        yield {
            "MERIDIAN_HOME": str(tmp_path / "home"),
            "PORT": str(free_ports()),
            "SLACK_BOT_TOKEN": "xoxb-sandbox-http",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
            "MERIDIAN_CLOCK_URL": f"http://127.0.0.1:{port}/_control/clock",
        }


def _workspace(given: dict[str, str]) -> Workspace:
    return Workspace(given["SLACK_API_URL"].removesuffix("api/"))


def _delivers_over_http(given: dict[str, str]) -> None:
    url = f"http://127.0.0.1:{given['PORT']}/slack/events"
    workspace = _workspace(given)
    workspace.post("settings", delivery="http", request_url=url, signing_secret=SECRET)
    workspace.eventually("the address is confirmed", lambda: workspace.state()["http"]["verified"])


def test_one_process_takes_slack_in_over_http(given: dict[str, str], tmp_path: Path) -> None:
    assert ended(APPLY, given).code == 0
    with Started(RUN, given, "ready", tmp_path / "run") as run:
        assert (
            run.line == f"Meridian is ready. Slack reaches it on port {given['PORT']}, path /slack/events.\n"
        )
        site = Site(int(given["PORT"]))
        assert site.get("/readyz").status == 200
        request = command("declare sev2 Account-takeover wave in EU", "1.system")
        assert b"declared as SEV2" in site.post("/slack/events", request.body, request.headers).body
        _workspace(given).eventually("the channel", _workspace(given).incident_channels)
        stopped = run.end()
    assert stopped.code == 0
    assert stopped.after_s < 10


@pytest.mark.postgres
def test_what_one_process_takes_in_over_http_another_carries_out(
    given: dict[str, str], empty_postgres_url: str, tmp_path: Path
) -> None:
    given = {**given, "DATABASE_URL": empty_postgres_url}
    assert ended(APPLY, given).code == 0
    work_port = str(free_ports())
    with ExitStack() as stack:
        work = {**given, "PORT": work_port}
        both = [
            stack.enter_context(Started(LINES["work"], work, "ready", tmp_path / "work")),
            stack.enter_context(Started(LINES["serve"], given, "ready", tmp_path / "serve")),
        ]
        _delivers_over_http(given)
        workspace = _workspace(given)
        assert workspace.person("UPRIYA").types("/incident declare sev1 Account-takeover wave in EU")["acked"]
        workspace.person("UANA").waits_for_dm("Acknowledge by")
        workspace.eventually("the channel", workspace.incident_channels)
        workspace.eventually("the work counts", lambda: _counts_a_page(Site(int(work_port))))
        assert Site(int(work_port)).post("/slack/events", b"", {}).status == 404
        assert [process.end().code for process in both] == [0, 0]


def _counts_a_page(site: Site) -> bool:
    return b'meridian_pages_total{level="1",leg="slack"} 1' in site.get("/metrics").body


def test_a_port_that_is_taken_is_named(given: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(given["PORT"]))):
        told = ended(RUN, given)
    assert told.code == 3
    assert told.err.startswith(f"Port {given['PORT']} cannot be used: ")


@pytest.mark.parametrize("secret", ["", "   "])
def test_it_does_not_start_without_a_signing_secret(given: dict[str, str], secret: str) -> None:
    told = ended(RUN, {**given, "SLACK_SIGNING_SECRET": secret})
    assert (told.code, told.out) == (3, "")
    assert "SLACK_SIGNING_SECRET" in told.err

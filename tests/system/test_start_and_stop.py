"""Starting and stopping as people do: twice by mistake, by signals, and again the next day."""

import signal
import socket
import sys
from pathlib import Path

import pytest
from msgspec import Struct

from tests.support.processes import free_ports
from tests.support.started import Ended, Started, ended, is_running
from tests.support.workspace import Workspace, readable

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("start and stop"), pytest.mark.timeout(120)]

RUN = ("python", "-m", "bot", "run")
PARTS = "import slack_bolt, sqlmodel, aiohttp, apscheduler, pydantic_settings, websocket"


class Lived(Struct, frozen=True):
    """What was seen on two days of one home."""

    line: str
    second_run: Ended
    first_still_answers: bool
    taken_port: Ended
    term: Ended
    left_by_term: list[int]
    channels_before: list[str]
    channels_after: list[str]
    listing: str
    second_start_s: float
    imports_s: float
    interrupt: Ended
    left_by_interrupt: list[int]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("days")
    home, port, log = folder / "home", free_ports(), folder / "complaints"
    given = {"MERIDIAN_HOME": str(home), "MERIDIAN_PORT": str(port)}
    workspace = Workspace(f"http://127.0.0.1:{port}/")
    with Started(RUN, given, "http://127.0.0.1:", log) as first:
        line = first.line
        workspace.person("UPRIYA").types("/incident declare sev2 Account-takeover wave in EU")
        workspace.eventually("the channel", workspace.incident_channels)
        second_run = ended(RUN, {**given, "MERIDIAN_PORT": str(free_ports())})
        first_still_answers = workspace.person("UPRIYA").types("/incident list")["acked"]
        taken_port = ended(RUN, {**given, "MERIDIAN_HOME": str(folder / "other")})
        before, pids = workspace.incident_channels(), _pids(home)
        term = first.end(signal.SIGTERM)
        left = [pid for pid in pids if is_running(pid)]
    with Started(RUN, given, "http://127.0.0.1:", log) as second:
        after, pids = workspace.incident_channels(), _pids(home)
        listing = workspace.person("UPRIYA").types("/incident list")["response"]
        interrupt = second.end(signal.SIGINT)
        left_too = [pid for pid in pids if is_running(pid)]
    return Lived(
        line, second_run, first_still_answers, taken_port, term, left, before, after, readable(listing),
        second.ready_after_s, _imports_s(folder), interrupt, left_too,
    )  # fmt: skip


def _pids(home: Path) -> list[int]:
    return [int((home / name).read_text()) for name in ("bot.pid", "sandbox.pid")]


def _imports_s(folder: Path) -> float:
    """How long this machine, as busy as it is now, takes to load the parts that the bot stands on."""
    with Started((sys.executable, "-c", f"{PARTS}; print('loaded')"), {}, "loaded", folder / "log") as loaded:
        return loaded.ready_after_s


def test_one_line_with_one_address_is_printed_when_it_is_usable(lived: Lived) -> None:
    assert lived.line.count("http://127.0.0.1:") == 1
    assert lived.term.out == ""


def test_a_second_run_in_one_home_is_refused_with_a_sentence(lived: Lived) -> None:
    assert (lived.second_run.code, lived.second_run.out) == (3, "")
    assert lived.second_run.err.startswith("Another Meridian (process ")
    assert lived.second_run.err.count("\n") == 1


def test_a_refused_second_run_leaves_the_first_alone(lived: Lived) -> None:
    assert lived.first_still_answers


def test_a_taken_port_is_named_with_the_way_out(lived: Lived) -> None:
    assert (lived.taken_port.code, lived.taken_port.out) == (3, "")
    assert "is taken by another program. Set MERIDIAN_PORT to a free one." in lived.taken_port.err


def test_sigterm_ends_both_processes_well_within_ten_seconds(lived: Lived) -> None:
    assert (lived.term.code, lived.left_by_term) == (0, [])
    assert lived.term.after_s < 10


def test_sigint_ends_both_processes_well_within_ten_seconds(lived: Lived) -> None:
    assert (lived.interrupt.code, lived.left_by_interrupt) == (0, [])
    assert lived.interrupt.after_s < 10


def test_yesterdays_incidents_and_channels_are_there_after_a_restart(lived: Lived) -> None:
    assert lived.channels_before
    assert lived.channels_after == lived.channels_before
    assert "Account-takeover wave in EU" in lived.listing


def test_a_second_start_is_quick(lived: Lived) -> None:
    """Under three seconds on a quiet machine; here as a ratio, for this one may be busy."""
    print(f"second start {lived.second_start_s:.2f} s, its imports alone {lived.imports_s:.2f} s")  # noqa: T201
    assert lived.second_start_s < 8 * lived.imports_s


def test_a_port_held_by_something_that_speaks_no_http_is_named_too(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        given = {"MERIDIAN_HOME": str(tmp_path), "MERIDIAN_PORT": str(holder.getsockname()[1])}
        told = ended(RUN, given)
    assert told.code == 3
    assert "is taken by another program" in told.err


def test_make_run_starts_just_this() -> None:
    told = ended(("make", "--dry-run", "--no-print-directory", "run"), {"MAKEFLAGS": "", "MAKELEVEL": ""})
    assert told.out.strip().splitlines()[-1] == "exec .venv/bin/python -m bot run"

"""No file and no connection can be opened any more: what is open serves on, and later all is well again."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.limits import limited
from tests.support.processes import Running
from tests.support.whole_bot import MONDAY

IN_WORDS = re.compile("declared|Nothing was saved")

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with Running(tmp_path / "home", begins=MONDAY) as running:
        yield running


@contextmanager
def without_room(running: Running) -> Iterator[None]:
    """The bot may open no file and no connection beyond those it has."""
    pid = int((running.home / "bot.pid").read_text())
    open_now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    with limited(pid, resource.RLIMIT_NOFILE, open_now):
        yield


def test_without_any_file_to_open_people_are_answered_and_later_it_works_again(running: Running) -> None:
    workspace, priya = running.workspace, running.workspace.person("UPRIYA")
    priya.types("/incident declare sev2 Before")
    workspace.person("UANA").waits_for_dm("Before")
    with without_room(running):
        answers = [priya.types(f"/incident declare sev2 Meanwhile {number}") for number in range(3)]
        workspace.post("faults", disconnect="abort")  # and what breaks now has to be opened again
    assert all(each["acked"] and IN_WORDS.search(str(each["response"])) for each in answers), answers
    workspace.eventually("it is declared", lambda: "declared" in _answer(running), within=45)
    assert workspace.person("UANA").waits_for_dm("Afterwards")
    assert not running.is_dead


def _answer(running: Running) -> str:
    act = running.workspace.person("UPRIYA").types("/incident declare sev2 Afterwards")
    return str(act["response"]) if act["acked"] else ""

"""A neighbour takes the processor: people are answered, pages leave before what is only for the eye."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.order import late_pages, pages_in
from tests.support.replicas import Replicas, replicas
from tests.support.workspace import Json, Workspace

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

BOT, NEIGHBOURS, INCIDENTS = "bot-a", 4, 4  # as many as may page one person at once
BUSY = (sys.executable, "-c", "while True: pass")


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Replicas]:
    with replicas(f"sqlite:///{tmp_path}/meridian.sqlite", tmp_path) as found:
        found.workspace.post(
            "settings", limit_s=20
        )  # this one is about order: ours is a fifth of a processor
        found.start(BOT)
        yield found


@contextmanager
def beside_busy_neighbours(pid: int) -> Iterator[None]:
    """Every thread of the process on one processor, together with programs that never rest."""
    core = {min(os.sched_getaffinity(pid))}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), core)
    busy = [subprocess.Popen(BUSY) for _ in range(NEIGHBOURS)]
    try:
        for each in busy:
            os.sched_setaffinity(each.pid, core)
        yield
    finally:
        for each in busy:
            each.kill()
            each.wait()


def test_beside_busy_neighbours_people_are_answered_and_pages_leave_first(one: Replicas) -> None:
    workspace = one.workspace

    def declares(number: int) -> Json:
        return workspace.person("UPRIYA").types(f"/incident declare sev2 Wave {number}")

    with beside_busy_neighbours(one.up[BOT].pid):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(declares, range(INCIDENTS)))
        assert all("declared" in str(each["response"]) for each in answers), answers
        workspace.eventually("all are open", lambda: _opened(workspace) == INCIDENTS, within=120)
    keys = {f"INC-{number}" for number in range(1, INCIDENTS + 1)}
    calls = [entry for entry in workspace.journal() if entry["kind"] == "call"]
    assert pages_in(calls) == dict.fromkeys(keys, 1)
    assert late_pages(calls, workspace.channels(), keys) == []
    assert not one.up[BOT].is_dead


def _opened(workspace: Workspace) -> int:
    """Those that have their last touches, too."""
    return sum(bool(each["bookmarks"]) for each in workspace.channels().values())

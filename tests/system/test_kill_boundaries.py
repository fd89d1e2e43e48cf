"""SIGKILL at every commit and every call of opening, paging, acknowledging, handing over and resolving.

Each story is played once for each of its boundaries: the bot dies there, starts again, and at the end nothing
is lost and nobody has seen anything twice. `make test` dies at a seeded few, `make kills` and CI at all."""

import os
import random  # noqa: TID251 – seeded, so that a run can be repeated
import signal
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from storage.opening import open_store
from tests.support.dying import NEVER, goes_on, plays
from tests.support.kill_stories import STORIES
from tests.support.processes import Running
from tests.support.started import ended
from tests.support.whole_bot import MONDAY

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

SEED, SAMPLE, PARTS = 20261122, 1, 2


def _is_everything() -> bool:
    return bool(os.environ.get("MERIDIAN_ALL_KILL_POINTS"))


def _parts() -> list[tuple[str, int]]:
    return [(name, part) for name in STORIES for part in range(PARTS if _is_everything() else 1)]


def _boundaries(name: str, part: int) -> list[int]:
    """The boundaries that this part dies at: parts run side by side."""
    every = range(STORIES[name].most)
    if _is_everything():
        return list(every)[part::PARTS]
    return sorted(random.Random(f"{SEED}{name}").sample(every[:12], SAMPLE))


@pytest.mark.parametrize(("name", "part"), _parts())
def test_dying_there_loses_nothing_and_shows_nothing_twice(name: str, part: int, tmp_path: Path) -> None:
    story, log, numbers = STORIES[name], tmp_path / "passed", _boundaries(name, part)
    running = Running(tmp_path / "home", begins=MONDAY)
    try:
        _start(running, numbers[0], log)
        for number, upcoming in pairwise([*numbers, NEVER]):
            log.write_text("")
            title = f"Fraud wave {number}"
            is_heard = plays(running.workspace, story, title, partial(_arm, running), lambda: running.is_dead)
            if not running.is_dead:
                break  # the story has no such boundary, and none after it
            running.kill()  # collected
            with closing(open_store(f"sqlite:///{running.home / 'meridian.sqlite'}")) as store:
                _start(running, upcoming, log)
                goes_on(running.workspace, store, story, title, is_heard, log)
        else:
            assert not _is_everything(), f"{name} has more than {story.most} boundaries"
        assert (
            ended(("python", "-m", "bot", "audit", "verify"), {"MERIDIAN_HOME": str(running.home)}).code == 0
        )
    finally:
        running.stop()


def _start(running: Running, crash_at: int, log: Path) -> None:
    """The bot, which dies at this boundary once it is armed."""
    running.start("tests.support.crashing", CRASH_AT=str(crash_at), CRASH_LOG=str(log))
    running.workspace.post("settings", tiers=False)


def _arm(running: Running) -> None:
    running.signal(signal.SIGUSR1)

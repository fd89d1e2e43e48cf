"""SIGKILL at the boundaries of the same stories, on PostgreSQL, where another process takes over.

One kind of process dies in the story: the one that sends and keeps time, or the one that listens. Its name
stays dead; a second one, which knows nothing of it, has to wait for its leases. `make test` dies at one
boundary of some stories, CI at a few of each, `make kills-replicas` at all."""

import os
import random  # noqa: TID251 – seeded, so that a run can be repeated
import signal
from collections.abc import Iterator
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path

import pytest

from storage.opening import SqlStore, open_store
from tests.support.dying import NEVER, goes_on, plays
from tests.support.kill_stories import STORIES
from tests.support.replicas import LEASE_IS_OVER_S, Replicas
from tests.support.replicas import replicas as many
from tests.support.started import Started, ended

pytestmark = [pytest.mark.system, pytest.mark.postgres, pytest.mark.timeout(3600)]

SEED = 20261122
MOST = {"work": 120, "serve": 40}  # boundaries; a story that grows beyond it says so
BEFORE_MIDNIGHT = 15  # each takes a quarter of an hour
OTHER = {"work": "serve-a", "serve": "work-a"}
IS_EVERYTHING = bool(os.environ.get("MERIDIAN_ALL_REPLICA_KILL_POINTS"))
IS_CI = bool(os.environ.get("MERIDIAN_ALL_KILL_POINTS"))
HEARD_IN = [name for name in STORIES if name not in ("paging", "the shift changes")]  # those need no listener


def _stories() -> list[tuple[str, str, list[int]]]:
    every = [("work", name) for name in STORIES] + [("serve", name) for name in HEARD_IN]
    chosen = every if IS_EVERYTHING or IS_CI else [("work", "answering at once"), ("serve", "opening")]
    return [(*each, part) for each in chosen for part in _parts(*each)]


def _parts(kind: str, name: str) -> list[list[int]]:
    """Each with a database and an evening of its own, which must not end before the part does."""
    numbers = _boundaries(kind, name)
    size = BEFORE_MIDNIGHT if name == "paging" else len(numbers)
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def _boundaries(kind: str, name: str) -> list[int]:
    if IS_EVERYTHING:
        return list(range(MOST[kind]))
    chance = random.Random(f"{SEED}{kind}{name}")
    first, sample = (12, 2) if kind == "work" else (2, 1)
    return sorted(chance.sample(range(first), sample if IS_CI else 1))


@pytest.fixture
def replicas(empty_postgres_url: str, tmp_path: Path) -> Iterator[Replicas]:
    with many(empty_postgres_url, tmp_path) as found:
        yield found


@pytest.fixture
def store(replicas: Replicas) -> Iterator[SqlStore]:
    store = open_store(replicas.given["DATABASE_URL"])
    yield store
    store.close()


@pytest.mark.parametrize(("kind", "name", "numbers"), _stories())
def test_another_process_goes_on_and_everything_is_seen_once(
    kind: str, name: str, numbers: list[int], replicas: Replicas, store: SqlStore, tmp_path: Path
) -> None:
    story, log, names = STORIES[name], tmp_path / "passed", cycle((f"{kind}-a", f"{kind}-b"))
    replicas.start(OTHER[kind])
    victim = next(names)
    _start(replicas, victim, numbers[0], log)
    for number, upcoming in pairwise([*numbers, NEVER]):
        log.write_text("")
        title = f"Fraud wave {number}"
        process = replicas.up[victim]
        arm = partial(os.kill, process.pid, signal.SIGUSR1)
        is_heard = plays(replicas.workspace, story, title, arm, partial(_is_dead, process))
        if not process.is_dead:
            break  # the story has no such boundary, and none after it
        replicas.kill(victim)  # collected
        victim = next(names)
        _start(replicas, victim, upcoming, log)
        replicas.workspace.move_clock(seconds=LEASE_IS_OVER_S)
        goes_on(replicas.workspace, store, story, title, is_heard, log)
    else:
        assert numbers[-1] < MOST[kind] - 1, f"{name} has more than {MOST[kind]} boundaries"
    assert ended(("python", "-m", "bot", "audit", "verify"), replicas.given).code == 0


def _start(replicas: Replicas, name: str, crash_at: int, log: Path) -> None:
    replicas.start(name, "tests.support.crashing", CRASH_AT=str(crash_at), CRASH_LOG=str(log))


def _is_dead(process: Started) -> bool:
    return process.is_dead
